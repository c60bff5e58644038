"""Constraints and indexes are made together, and one by one where another comes between."""

from __future__ import annotations

import asyncio

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.migrate import Drift, drift
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.ddl import rules
from tests.graph.driving import cypher, kept


def test_what_another_made_meanwhile_holds_up_none_of_the_others(empty_graph: Settings) -> None:
    # As it is asked by who looked before the other made it.
    late = rules()[0].text.replace("IF NOT EXISTS ", "")

    async def made() -> Drift:
        async with connect(local.resolve(empty_graph)) as driver:
            await Writer(driver).schema([late, kept("make_probe")])
            return await drift(Reader(driver))

    try:
        assert asyncio.run(made()) == Drift(missing=(), different=(), foreign=("probe_index",))
    finally:
        cypher(empty_graph, kept("drop_probe"))
