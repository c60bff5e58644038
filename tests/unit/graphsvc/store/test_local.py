"""The managed server's bookkeeping without a server: whose process, whose database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.errors import DatabaseAway, DatabaseRefused, NotWritable
from graphsvc.settings import Settings, load_settings
from graphsvc.store import configure, local

SLEEP = "import sys; sys.stdin.read()"


@pytest.fixture
def home_settings(tmp_path: Path) -> Settings:
    return load_settings(None, home=tmp_path / "home", cache=tmp_path / "cache", neo4j_uri=None)


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us, alive until the test ends."""
    with subprocess.Popen([sys.executable, "-c", SLEEP], stdin=subprocess.PIPE) as process:
        yield process


def _note(settings: Settings, **values: object) -> Path:
    place = settings.home / "neo4j"
    place.mkdir(parents=True, exist_ok=True)
    note = place / "server.json"
    note.write_text(json.dumps({"port": 1, "version": "5", "edition": "community", **values}))
    return note


def test_a_stale_note_never_ends_a_stranger(
    home_settings: Settings, stranger: subprocess.Popen[bytes]
) -> None:
    note = _note(home_settings, pid=stranger.pid)
    assert local.status(home_settings) is None
    with pytest.raises(DatabaseAway):
        local.resolve(home_settings)
    assert local.stop(home_settings) is False
    assert not note.exists()
    assert stranger.poll() is None, "the stranger must live"


def test_a_server_of_another_home_is_a_stranger(home_settings: Settings, tmp_path: Path) -> None:
    other = configure.home_argument(tmp_path / "elsewhere" / "neo4j")
    command = [sys.executable, "-c", SLEEP, configure.MAIN, other]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        _note(home_settings, pid=process.pid)
        assert local.stop(home_settings) is False
        assert process.poll() is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"pid": "x", "port": 1}', '{"pid": -1, "port": 1}', '{"a": 1}']
)
def test_a_broken_note_counts_as_none(home_settings: Settings, text: str) -> None:
    _note(home_settings, pid=1).write_text(text)
    assert local.status(home_settings) is None
    assert local.stop(home_settings) is False


def test_nothing_is_made_by_asking_or_stopping(home_settings: Settings) -> None:
    assert local.status(home_settings) is None
    assert local.stop(home_settings) is False
    with pytest.raises(DatabaseAway, match="graphsvc neo4j start"):
        local.resolve(home_settings)
    assert not home_settings.home.exists()


def test_a_home_under_a_file_is_not_writable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = load_settings(None, home=tmp_path / "file" / "home", neo4j_uri=None)
    with pytest.raises(NotWritable) as refused:
        local.start(settings)
    assert refused.value.exit_code == 3


def test_a_database_of_somebody_else_is_left_alone(
    home_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = home_settings.home / "neo4j" / "data" / "databases" / "system"
    system.mkdir(parents=True)
    monkeypatch.setattr(local, "assemble", lambda *_: tmp_path)
    with pytest.raises(DatabaseRefused, match="password"):
        local.start(home_settings)
    assert list(system.iterdir()) == []
    assert not (home_settings.home / "neo4j" / "password").exists()


def test_an_outside_server_is_resolved_without_connecting(tmp_path: Path) -> None:
    settings = load_settings(
        None, home=tmp_path, neo4j_uri="bolt://127.0.0.1:1", neo4j_password="not-to-be-shown"
    )
    server = local.resolve(settings)
    assert (server.uri, server.user, server.managed) == ("bolt://127.0.0.1:1", "neo4j", False)
    assert server.password == "not-to-be-shown"
    assert "not-to-be-shown" not in repr(server)


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    settings = load_settings(None, home=tmp_path, neo4j_uri="nonsense")
    with pytest.raises(DatabaseRefused, match="NEO4J_URI"):
        local.start(settings)
