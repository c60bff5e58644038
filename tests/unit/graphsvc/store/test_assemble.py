"""The server's files against the lock, fetched from a folder behind a real HTTP server."""

from __future__ import annotations

import gc
import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jgo.maven import _core

from benchmarks import peer_server
from graphsvc.errors import AssemblyFailed, JarRefused, NotWritable
from graphsvc.store import assemble
from graphsvc.store.assemble import Jar, Lock

Offer = Callable[..., Jar]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is served as the only Maven repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    served = threading.Thread(target=server.serve_forever, args=(0.01,))
    served.start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(_core, "DEFAULT_REMOTE_REPOS", {"only": address})
    yield folder
    server.shutdown()
    served.join()
    server.server_close()


@pytest.fixture
def offer(repository: Path) -> Offer:
    """Put a file into the repository and return its entry of a lock."""

    def put(name: str, content: bytes, *, classifier: str = "", wanted: bytes | None = None) -> Jar:
        sha256 = hashlib.sha256(content if wanted is None else wanted).hexdigest()
        jar = Jar("example.parts", name, "1.0", classifier, "jar", sha256)
        place = repository / "example" / "parts" / name / "1.0"
        place.mkdir(parents=True, exist_ok=True)
        (place / jar.name).write_bytes(content)
        return jar

    return put


def _assemble(monkeypatch: pytest.MonkeyPatch, cache: Path, *jars: Jar) -> tuple[Path, list[str]]:
    said: list[str] = []
    monkeypatch.setattr(assemble, "committed_lock", lambda: Lock("1.0", jars, "f" * 64))
    return assemble.assemble(cache, said.append), said


def test_the_committed_lock_names_every_file_once_and_no_address() -> None:
    lock = assemble.committed_lock()
    names = [jar.name for jar in lock.jars]
    assert lock.version == "5.26.30"
    assert f"neo4j-{lock.version}.jar" in names
    assert len(set(names)) == len(names) == 216
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) for jar in lock.jars)
    source = Path(assemble.__file__).with_name("neo4j.lock.toml").read_text("utf-8")
    assert "//" not in source


def test_the_lock_of_the_peer_names_only_what_the_server_lacks() -> None:
    server = {(jar.group, jar.artifact) for jar in assemble.committed_lock().jars}
    source = peer_server.LOCK.read_bytes()
    peer = assemble.lock_of(source)
    names = {jar.name for jar in peer.jars}
    assert {f"proc-{peer.version}.jar", f"opengds-extension-{peer.version}.jar"} < names
    assert len(names) == len(peer.jars)
    assert server.isdisjoint((jar.group, jar.artifact) for jar in peer.jars)
    assert b"//" not in source


def test_files_are_fetched_once_and_then_found(
    tmp_path: Path, offer: Offer, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = (offer("alpha", b"one"), offer("beta", b"two", classifier="linux"))
    found, said = _assemble(monkeypatch, tmp_path / "cache", *jars)
    assert sorted(path.name for path in found.iterdir()) == ["alpha-1.0.jar", "beta-1.0-linux.jar"]
    assert (found / "beta-1.0-linux.jar").read_bytes() == b"two"
    assert said
    assert sorted(path.name for path in found.parent.iterdir()) == [found.name, "lock"]
    (repository / "example" / "parts" / "alpha" / "1.0" / "alpha-1.0.jar").unlink()
    assert _assemble(monkeypatch, tmp_path / "cache", *jars) == (found, [])


def test_a_fetched_file_that_differs_is_refused_and_nothing_is_kept(
    tmp_path: Path, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    jars = (offer("alpha", b"one"), offer("beta", b"twO", wanted=b"two"))
    with pytest.raises(JarRefused, match=r"beta-1\.0\.jar differs"):
        _assemble(monkeypatch, tmp_path / "cache", *jars)
    assert [path.name for path in (tmp_path / "cache" / "neo4j").iterdir()] == ["lock"]


# The library leaves the connection of a refused file to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_file_that_is_not_offered_fails_without_an_address(
    tmp_path: Path, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Jar("example.parts", "gamma", "1.0", "", "jar", "0" * 64)
    with pytest.raises(AssemblyFailed, match=r"gamma-1\.0\.jar") as refused:
        _assemble(monkeypatch, tmp_path / "cache", offer("alpha", b"one"), gone)
    assert "http" not in str(refused.value)
    assert refused.value.exit_code == 4
    assert [path.name for path in (tmp_path / "cache" / "neo4j").iterdir()] == ["lock"]
    del refused
    gc.collect()


def test_what_a_killed_fetch_left_is_done_again(
    tmp_path: Path, offer: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "cache" / "neo4j" / "fetching-dead" / "jars"
    left.mkdir(parents=True)
    (left / "alpha-1.0.jar").write_bytes(b"half")
    found, _ = _assemble(monkeypatch, tmp_path / "cache", offer("alpha", b"one"))
    assert (found / "alpha-1.0.jar").read_bytes() == b"one"
    assert not left.parent.exists()


def _flip(folder: Path) -> None:
    target = folder / "alpha-1.0.jar"
    content = bytearray(target.read_bytes())
    content[0] ^= 1
    target.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_flip, r"alpha-1\.0\.jar differs"),
        (lambda folder: (folder / "alpha-1.0.jar").unlink(), r"alpha-1\.0\.jar is missing"),
        (lambda folder: (folder / "zeta.jar").write_bytes(b"z"), r"zeta\.jar is not in the lock"),
    ],
)
def test_a_harmed_cache_is_refused_at_the_next_start(
    tmp_path: Path,
    offer: Offer,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path], object],
    message: str,
) -> None:
    jar = offer("alpha", b"one")
    found, _ = _assemble(monkeypatch, tmp_path / "cache", jar)
    harm(found)
    with pytest.raises(JarRefused, match=message) as refused:
        _assemble(monkeypatch, tmp_path / "cache", jar)
    assert refused.value.exit_code == 3


def test_a_cache_under_a_file_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable):
        assemble.assemble(tmp_path / "file" / "cache", lambda _: None)
