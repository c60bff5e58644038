"""A feed of odd values in every column of every kind: rows or rejects come of it, never a crash.

The other tests say what each single case comes to.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from graphsvc.settings import Settings
from ingest.jobs.catalogue import JOBS
from tests.graph.driving import PLATFORM, Cli, wipe
from tests.graph.odd_rows import feed


def load_all(cli: Cli, order: str, batch_rows: int) -> dict[str, int]:
    """Load every kind; return how many rows of each were refused."""
    refused = {}
    for kind in JOBS:
        words = ("load", kind, f"{kind}.{order}.jsonl", "--platform", PLATFORM)
        told = cli.json(*words, GRAPHSVC_BATCH_ROWS=str(batch_rows))
        assert told["in"] == told["loaded"] + told["unchanged"] + told["rejected"]
        assert told["loaded"] + told["unchanged"] > 0, kind
        refused[kind] = told["rejected"]
    return refused


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3, 4))])
def test_nothing_in_a_row_breaks_a_load(empty_graph: Settings, tmp_path: Path, seed: int) -> None:
    cli, dice = Cli(empty_graph, tmp_path), random.Random(seed)
    for kind in JOBS:
        rows = list(feed(kind, dice, 200))
        for order in ("given", "mixed"):
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{kind}.{order}.jsonl").write_text(text, "utf-8")
            dice.shuffle(rows)
    refused = load_all(cli, "given", 150)
    assert all(number > 0 for number in refused.values())
    digest = cli.digest()
    load_all(cli, "given", 1000)
    assert cli.digest() == digest, "the same again changes nothing"
    wipe(empty_graph)
    load_all(cli, "mixed", 60)
    assert cli.digest() == digest, "nor does another order"
    assert cli.call("link", "images").returncode == 0
    assert cli.call("rings", "detect").returncode == 0
    assert cli.call("rings", "list").returncode == 0
