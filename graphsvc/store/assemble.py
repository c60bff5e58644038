"""The server's files: fetched once a version into the user's cache, each held against a lock.

The committed lock names every jar by coordinates and SHA-256. Nothing that differs, is missing or
was added is ever run; nothing is fetched that the lock does not name.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jgo.maven import MavenContext
from requests import RequestException

from graphsvc.errors import AssemblyFailed, JarRefused, NotWritable
from graphsvc.store.place import folder, held

Tell = Callable[[str], None]
LANES = 8
TRIES = 3


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the server: its coordinates and the SHA-256 of its bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    packaging: str
    sha256: str

    @property
    def name(self) -> str:
        """Return its file name."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.{self.packaging}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The server's version, all its files, and a digest that names this very set."""

    version: str
    jars: tuple[Jar, ...]
    digest: str


@cache
def committed_lock() -> Lock:
    """Return the lock that is part of this package."""
    return lock_of((files("graphsvc.store") / "neo4j.lock.toml").read_bytes())


def lock_of(source: bytes) -> Lock:
    """Return the lock that is written in a file."""
    read = tomllib.loads(source.decode())
    jars = tuple(
        Jar(
            group=row["groupId"],
            artifact=row["artifactId"],
            version=row["version"],
            classifier=row.get("classifier", ""),
            packaging=row["packaging"],
            sha256=row["sha256"],
        )
        for row in read["jars"]
    )
    return Lock(read["version"], jars, hashlib.sha256(source).hexdigest())


def assemble(cache_folder: Path, tell: Tell) -> Path:
    """Return the folder of the server's jars, fetched if need be and verified at every call.

    Raises AssemblyFailed where the fetch fails, JarRefused where a file is not that of the lock.
    """
    lock = committed_lock()
    return fetched(lock, folder(cache_folder / "neo4j"), f"Neo4j {lock.version} (126 MB)", tell)


def fetched(lock: Lock, root: Path, title: str, tell: Tell) -> Path:
    """Return the folder below `root` that holds exactly the files of a lock; raises as `assemble`.

    `title` is what a user is told is fetched.
    """
    ready = root / f"{lock.version}-{lock.digest[:12]}"
    with held(root / "lock", lambda: tell(f"waiting for another process that fetches {title}")):
        if not ready.is_dir():
            tell(f"fetching {title}: {len(lock.jars)} files, this once")
            _fetch_all(lock, root, ready, tell)
    verify(ready, lock.jars)
    return ready


def verify(found: Path, jars: Sequence[Jar]) -> None:
    """Raise JarRefused unless the folder holds exactly these jars, byte for byte."""
    wanted = {jar.name: jar.sha256 for jar in jars}
    present = {path.name for path in found.iterdir()}
    if extra := sorted(present - wanted.keys()):
        raise JarRefused(f"{found}: {extra[0]} is not in the lock")
    if missing := sorted(wanted.keys() - present):
        raise JarRefused(f"{found}: {missing[0]} is missing")
    for name, sha256 in wanted.items():
        if digest(found / name) != sha256:
            raise JarRefused(f"{found}: {name} differs from the lock")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _fetch_all(lock: Lock, root: Path, ready: Path, tell: Tell) -> None:
    """Fetch into a fresh folder and rename it, so that a half-fetched one is never found."""
    for left in root.glob("fetching-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="fetching-", dir=root))
    try:
        jars = work / "jars"
        jars.mkdir()
        _fetch(lock.jars, MavenContext(repo_cache=work / "repository", timeout=30), jars, tell)
        verify(jars, lock.jars)
        jars.rename(ready)
    except OSError as error:
        raise NotWritable(f"{root}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fetch(jars: Sequence[Jar], maven: MavenContext, into: Path, tell: Tell) -> None:
    with ThreadPoolExecutor(LANES) as lanes:
        waiting = [lanes.submit(_fetch_one, jar, maven, into) for jar in jars]
        try:
            for number, done in enumerate(as_completed(waiting), start=1):
                done.result()
                if number % 40 == 0 or number == len(waiting):
                    tell(f"fetched {number} of {len(waiting)} files")
        except BaseException:
            lanes.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch_one(jar: Jar, maven: MavenContext, into: Path) -> None:
    component = maven.project(jar.group, jar.artifact).at_version(jar.version)
    artifact = component.artifact(jar.classifier, jar.packaging)
    for attempt in range(1, TRIES + 1):
        try:
            shutil.move(artifact.resolve(), into / jar.name)
        except (RequestException, RuntimeError) as error:
            if artifact.cached_path:
                artifact.cached_path.unlink(missing_ok=True)
            if attempt == TRIES:
                raise AssemblyFailed(f"cannot fetch {jar.name}: {_plain(error)}") from None
        else:
            return


def _plain(error: Exception) -> str:
    """Return what kind of failure it was, without the address that was asked."""
    return "not offered" if isinstance(error, RuntimeError) else type(error).__name__
