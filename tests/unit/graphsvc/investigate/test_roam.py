"""A walk that gives what it finds: lazily, whole, or cut off by a typed error."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from graphsvc.errors import BadRequest
from graphsvc.investigate.expand import Node
from graphsvc.investigate.roam import CHUNK, TooLarge, roam
from graphsvc.investigate.walk import ROWS, Tie
from graphsvc.store.reader import Reader
from queries.neighbourhood import HANDLES, STEPS_FROM_IDENTIFIERS, NamedRow, StepRow


class Chains(Reader):
    """Each seller n shares a phone with n + width: `width` chains without an end."""

    def __init__(self, width: int) -> None:
        self.width, self.asked = width, 0

    async def stream(self, query: Any, **parameters: Any) -> AsyncIterator[Any]:
        self.asked += 1
        if query is HANDLES:
            rows = [NamedRow(name, None) for name in parameters["ids"]]
        elif query is STEPS_FROM_IDENTIFIERS:
            told = [int(key["id"]) for key in parameters["keys"]]
            rows = [self._row(user, n) for n in told for user in (n, n + self.width)]
        else:
            told = [int(name) for name in parameters["sellers"]]
            rows = [self._row(n, n + step) for n in told for step in (0, -self.width)]
        for row in rows[: parameters.get("limit")]:
            yield row

    def _row(self, seller: int, phone: int) -> StepRow:
        return StepRow(str(seller), "Phone", str(phone), None, None, 2, None, None, [], [])


KINDS = ("phone",)


async def found(reader: Reader, starts: int, most: int = 50_000) -> list[Node | Tie]:
    names = map(str, range(starts))
    return [each async for each in roam(reader, names, hops=3, kinds=KINDS, most=most)]


def test_each_node_and_each_tie_comes_once() -> None:
    parts = asyncio.run(found(Chains(250), 250))
    nodes = [each.ref for each in parts if isinstance(each, Node)]
    ties = [(each.seller, each.identifier) for each in parts if isinstance(each, Tie)]
    assert len(nodes) == len(set(nodes)) == 250 * (7 + 6)
    assert len(ties) == len(set(ties)) == 250 * 12


def test_little_is_asked_before_the_first_part_is_taken() -> None:
    reader = Chains(5_000)

    async def first() -> None:
        parts = roam(reader, map(str, range(5_000)), hops=3, kinds=KINDS)
        await anext(parts)

    asyncio.run(first())
    assert reader.asked == 1


def test_what_is_full_is_asked_for_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = asyncio.run(found(Chains(CHUNK), CHUNK))
    monkeypatch.setattr("graphsvc.investigate.walk.ROWS", 9)
    halves = asyncio.run(found(Chains(CHUNK), CHUNK))
    assert {repr(each) for each in halves} == {repr(each) for each in whole}
    monkeypatch.setattr("graphsvc.investigate.walk.ROWS", 2)
    with pytest.raises(TooLarge):
        asyncio.run(found(Chains(CHUNK), CHUNK))
    assert ROWS > 2 * CHUNK


def test_bounds_are_typed_errors() -> None:
    with pytest.raises(TooLarge):
        asyncio.run(found(Chains(9), 9, most=50))

    async def far() -> None:
        await anext(roam(Chains(1), ["1"], hops=4))

    with pytest.raises(BadRequest):
        asyncio.run(far())
