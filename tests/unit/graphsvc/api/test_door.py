"""The door: an outsider's answer waits for its record, and those from inside leave none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import Headers

from graphsvc.access.policy import USUAL
from graphsvc.access.principal import Principal, Role, Standing
from graphsvc.access.scoped import ScopedReader
from graphsvc.api.door import Door, Visit
from graphsvc.api.errors import CostLimit
from graphsvc.api.execute import Answer
from graphsvc.api.gate import Request
from graphsvc.audit.journal import Journal
from graphsvc.audit.ledger import Ledger
from graphsvc.errors import CaseMissing, JournalAway, NotOpen
from graphsvc.store.reader import Reader
from queries.catalogue import Query
from queries.grants import OPENED, OpenedRow
from queries.schema.casework import Purpose
from queries.search import EXACT
from queries.sellers import SELLERS_BY_ID, SELLERS_OF_PLATFORM

ASKED = Request("{ node }", {}, None)
PURPOSE = Purpose.CUSTOMS_ENFORCEMENT.value
FEED = Standing(platform="shopnest")


class Unasked(Reader):
    """A reader that must not be asked."""

    def __init__(self) -> None:
        pass


class Holding(Reader):
    """A reader of one grant over so many sellers, who use nothing."""

    def __init__(self, sellers: int) -> None:
        self._names = [f"p:s-{place:05}" for place in range(sellers)]

    async def stream(self, query: Query[Any], **parameters: Any) -> AsyncIterator[Any]:
        """Answer for the grant alone."""
        del parameters
        if query is OPENED:
            yield OpenedRow("g-1", "c-1", PURPOSE, [], 1, self._names, [], [], [])


def principal(role: Role, standing: Standing) -> Principal:
    return Principal("0123abcd", "test", role, USUAL[role], standing)


def entries(folder: Path) -> list[dict[str, Any]]:
    ledger = Ledger.readable(folder)
    try:
        return [json.loads(entry.body) for entry in ledger.entries()]
    finally:
        ledger.close()


@pytest.mark.parametrize(("sellers", "reach"), [(1_000, "whole"), (1_001, "cut")])
def test_a_partner_is_told_where_its_reach_was_cut(
    tmp_path: Path, sellers: int, reach: str
) -> None:
    named = Headers({"case-id": "c-1", "purpose": PURPOSE})
    officer = principal(Role.PARTNER, Standing(agency="customs-north", officer="o-17"))

    async def headers() -> dict[str, str]:
        door = Door(journal, b"secret")
        return door.witnessed(await door.visit(Holding(sellers), officer, named))

    journal = Journal.open(tmp_path)
    try:
        assert asyncio.run(headers())["Reach"] == reach
    finally:
        journal.close()


async def told() -> Answer:
    return Answer({"data": {"node": None}})


async def refused() -> Answer:
    raise CostLimit("too much")


async def visit(door: Door, role: Role, standing: Standing) -> Visit:
    return await door.visit(Unasked(), principal(role, standing), Headers({}))


def test_an_answer_waits_for_its_record(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    door = Door(journal, b"k" * 32)

    async def ask() -> None:
        inside = await visit(door, Role.PLATFORM, FEED)
        assert (await door.recorded(inside, ASKED, told())).status == 200
        with pytest.raises(CostLimit):
            await door.recorded(inside, ASKED, refused())
        with pytest.raises(CaseMissing):
            await visit(door, Role.PARTNER, Standing("customs-north", "o-17"))

    asyncio.run(ask())
    journal.close()
    found = entries(tmp_path)
    assert [(each["action"], each["outcome"]) for each in found] == [
        ("read", "done"),
        ("read", "COST_LIMIT"),
        ("read", "CASE_MISSING"),
    ]
    assert found[2]["officer"] == "o-17"
    with pytest.raises(JournalAway):
        asyncio.run(ask())


def test_those_from_inside_leave_no_record(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.close()
    door = Door(journal, b"k" * 32)

    async def ask() -> None:
        inside = await visit(door, Role.ANALYST, Standing())
        assert isinstance(inside.reader, Unasked)
        assert (await door.recorded(inside, ASKED, told())).status == 200

    asyncio.run(ask())
    assert entries(tmp_path) == []


def test_a_question_without_a_scope_and_a_scope_from_outside_are_refused(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    inside = asyncio.run(visit(Door(journal, b"k" * 32), Role.PLATFORM, FEED))
    journal.close()
    reader = inside.reader
    assert isinstance(reader, ScopedReader)
    for query, parameters in (
        (EXACT, {"id": "p:a"}),
        (SELLERS_OF_PLATFORM, {"platform": "p", "after": "", "limit": 1}),
        (SELLERS_BY_ID, {"ids": ["p:a"], "scope": None}),
    ):
        with pytest.raises(NotOpen):
            asyncio.run(reader.rows(query, **parameters))  # type: ignore[arg-type]

    async def text() -> None:
        async for _ in reader.values(SELLERS_BY_ID.text, ids=["p:a"]):
            raise AssertionError("a text has no scope")

    with pytest.raises(NotOpen):
        asyncio.run(text())
