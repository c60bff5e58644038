"""The verb `load` before it meets a database: how files, options and reports go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from graphsvc.cli.main import app
from graphsvc.errors import InputRefused, UsageError
from ingest.errors import SourceMissing

GOOD, MIXED = "seller_id,risk\ns-1,0.5\n", "seller_id,risk\ns-1,0.5\ns-2,9\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAPHSVC_HOME", str(tmp_path / "home"))
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "mixed.csv").write_text(MIXED)
    return tmp_path


def check(*words: str) -> Result:
    """Run `load sellers … --dry-run`, which needs neither key nor database."""
    asked = ["load", "sellers", *words, "--dry-run", "--json"]
    return CliRunner().invoke(app, asked)


def told(done: Result) -> list[tuple[str, int, int]]:
    """Return file, rows in and rows rejected of each line that was printed."""
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return [(line["file"], line["in"], line["rejected"]) for line in lines]


def test_each_file_is_told_of_once_it_is_done(folder: Path) -> None:
    done = check("good.csv", "gone.csv", "mixed.csv", "--platform", "p")
    assert isinstance(done.exception, SourceMissing)
    assert told(done) == [("good.csv", 1, 0)]


def test_strict_looks_at_every_file(folder: Path) -> None:
    done = check("mixed.csv", "good.csv", "--platform", "p", "--strict")
    assert isinstance(done.exception, InputRefused)
    assert told(done) == [("mixed.csv", 2, 1), ("good.csv", 1, 0)]
    assert check("good.csv", "--platform", "p", "--strict").exit_code == 0


def test_rejects_go_where_they_are_wanted_or_into_the_home(folder: Path) -> None:
    check("mixed.csv", "mixed.csv", "--platform", "p", "--rejects", "out/r.ndjson")
    assert len((folder / "out" / "r.ndjson").read_text().splitlines()) == 2
    done = check("mixed.csv", "--platform", "p")
    place = Path(json.loads(done.stdout)["rejects"])
    assert place.parent == folder / "home" / "rejects"
    assert json.loads(place.read_text())["line"] == 3


def test_a_file_without_rejects_makes_no_rejects_file(folder: Path) -> None:
    done = check("good.csv", "--platform", "p", "--rejects", "r.ndjson")
    assert json.loads(done.stdout)["rejects"] is None
    assert not (folder / "r.ndjson").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no platform column"),
        (("--platform", "a:b"), "colon"),
        (("--platform", "p", "--rejects", "./good.csv"), "one of the files to read"),
        (("--platform", "p", "--rejects", "link.csv"), "one of the files to read"),
        (("--platform", "p", "--mapping", "m.yml"), "the mapping is for listings"),
        (("--platform", "p", "--mapping", "m.yml", "--rejects", "m.yml"), "files to read"),
        (("--platform", "p", "--pictures", "gone"), "gone: no such folder"),
        (("--platform", "p", "--pictures", "good.csv"), "good.csv: no such folder"),
        (("--platform", "p", "--source", "x" * 201), "--source: 201 characters"),
        (("--platform", "p", "--source", "a\x00b"), "--source: holds a control character"),
    ],
)
def test_options_that_contradict_or_harm_are_refused(
    folder: Path, words: tuple[str, ...], said: str
) -> None:
    (folder / "link.csv").symlink_to("good.csv")
    (folder / "m.yml").write_text("kind: listings\n")
    done = check("good.csv", *words)
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)
    assert (folder / "good.csv").read_text() == GOOD
    assert (folder / "m.yml").read_text() == "kind: listings\n"


def test_a_mapping_speaks_before_the_option(folder: Path) -> None:
    (folder / "m.yml").write_text("platform: mapped\n")
    done = check("mixed.csv", "--platform", "asked", "--mapping", "m.yml", "--rejects", "r")
    assert done.exit_code == 0
    assert json.loads((folder / "r").read_text())["row"]["platform"] == "mapped"
