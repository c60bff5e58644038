"""The verbs `runs list` and `runs show`: the newest run by its name, and what is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, write_csv


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph, tmp_path)


def test_latest_is_the_newest_run(cli: Cli) -> None:
    told = []
    for name in ("a.csv", "b.csv"):
        write_csv(cli.folder / name, [{"seller_id": name[0]}])
        told.append(cli.json("load", "sellers", name, "--platform", PLATFORM)["run"])
    newest = cli.json("runs", "list", "--first", "1")["items"][0]["id"]
    assert newest == told[-1]
    shown = cli.json("runs", "show", "latest")
    assert shown == cli.json("runs", "show", newest)
    assert newest in cli.call("runs", "show", "latest").stdout.splitlines()[0]


def test_without_a_run_there_is_no_latest(cli: Cli) -> None:
    assert cli.json("runs", "list") == {"items": []}
    done = cli.call("runs", "show", "latest")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no ingest run latest" in done.stderr
