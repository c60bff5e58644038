"""What is written reaches Neo4j, and no log of the driver on its way there."""

from __future__ import annotations

import asyncio
import logging

import pytest

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.writer import Transaction, Writer
from queries.merge import create_text
from queries.schema import NODES
from queries.schema.actors import Platform
from tests.graph.driving import cypher

COLUMNS = ("id", "name", "seen_at", "digest", "source")


def test_the_driver_spells_no_column_out_even_where_all_is_logged(
    empty_graph: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    columns = {name: [f"canary-{name}-1", f"canary-{name}-2"] for name in COLUMNS}
    marks = {"run": "run-1", "now": "2026-01-01T00:00:00Z"}

    async def make(transaction: Transaction) -> tuple[int, int]:
        return await transaction.made(create_text(NODES[Platform]), {**columns, **marks})

    async def made() -> tuple[int, int]:
        async with connect(local.resolve(empty_graph)) as driver:
            return await Writer(driver).within(make)

    with caplog.at_level(logging.DEBUG, logger="neo4j"):
        assert asyncio.run(made()) == (2, 0)
    assert "C: RUN" in caplog.text
    assert "<2 values>" in caplog.text
    assert "canary" not in caplog.text
    held = cypher(empty_graph, "MATCH (p:Platform) RETURN p.name AS name ORDER BY name")
    assert [row["name"] for row in held] == columns["name"]
