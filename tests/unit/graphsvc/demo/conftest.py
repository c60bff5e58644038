"""One small market on disk and one in memory for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.demo.generate import Summary, generate
from graphsvc.demo.market import Market, Seller
from graphsvc.demo.rings import plant
from graphsvc.demo.traps import lay

SELLERS = 500
SEED = 11


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    """Return the summary of a market of 500 sellers on disk."""
    return generate(tmp_path_factory.mktemp("demo") / "world", sellers=SELLERS, seed=SEED)


@pytest.fixture(scope="session")
def folder(world: Summary) -> Path:
    """Return the folder of that market."""
    return world.out


@pytest.fixture(scope="session")
def planted() -> tuple[Market, list[list[Seller]]]:
    """Return a market of 3,000 sellers in memory with its rings and traps."""
    market = Market(3000, SEED)
    rings = plant(market)
    lay(market, rings)
    market.complete()
    return market, rings
