"""Four loaders at once on one address: nothing twice, nothing refused, next to nothing run again.

A lease serialises their transactions, rows are sorted by key and nodes come before relations.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, Rows, cypher, kept, wipe, write_csv

LOADERS = 4
BATCH_ROWS = 50
MOST_RETRIED = 0.001  # of the transactions


def tenants(sellers: int, loader: int) -> Rows:
    """Return every other seller: each is told of by two loaders, in another order."""
    own = list(range(loader % 2, sellers, 2))
    random.Random(loader).shuffle(own)
    place = {"address": "1 Quay Road, Leeds LS1 4DT", "country": "GB", "seen_at": "2024-01-01"}
    return [{"seller_id": f"s-{n:06}", **place} for n in own]


@pytest.mark.parametrize(
    "sellers",
    [2_000, pytest.param(50_000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])],
)
def test_four_loaders_at_once_on_one_address(
    empty_graph: Settings, tmp_path: Path, sellers: int
) -> None:
    cli = Cli(empty_graph, tmp_path)
    files = [f"{loader}.csv" for loader in range(LOADERS)]
    for loader, file in enumerate(files):
        write_csv(tmp_path / file, tenants(sellers, loader))
    words = ("load", "addresses", "--platform", PLATFORM, "--json")
    slow = {"GRAPHSVC_BATCH_ROWS": str(BATCH_ROWS)}
    loaders = [cli.start(*words, file, **slow) for file in files]
    done = [loader.communicate(timeout=1500) for loader in loaders]
    assert [loader.returncode for loader in loaders] == [0] * LOADERS, done
    told = [json.loads(out) for out, _ in done]
    assert [one["rejected"] for one in told] == [0] * LOADERS
    assert sum(one["loaded"] for one in told) == sellers
    assert sum(one["in"] for one in told) == LOADERS * sellers // 2
    transactions, retried = (sum(one[name] for one in told) for name in ("transactions", "retried"))
    print(f"{transactions} transactions, {retried} retried")  # noqa: T201 - shown by pytest -s
    assert transactions > sum(one["in"] for one in told) / BATCH_ROWS
    assert retried <= MOST_RETRIED * transactions
    assert cypher(cli.settings, kept("count_hub")) == [
        {"uses": sellers, "sellers": sellers, "addresses": 1}
    ]
    together = cli.digest()
    wipe(cli.settings)
    for file in files:
        cli.json(*words[:-1], file)
    assert cli.digest() == together
