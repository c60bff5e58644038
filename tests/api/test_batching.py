"""One batched query a level: how many things a level holds changes nothing; documents are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from graphql import parse
from neo4j import AsyncDriver

from graphsvc.access.principal import Principal, Role
from graphsvc.api import documents
from graphsvc.api.context import Context
from graphsvc.api.documents import Documents
from graphsvc.api.execute import answer
from graphsvc.api.gate import Request
from graphsvc.api.loaders import Loaders
from graphsvc.api.schema import EXECUTABLE
from graphsvc.api.seal import Seal
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader

TEXT = """query ($ring: ID!, $first: Int!) { ring(id: $ring) {
  kinds { kind }
  members(first: $first) { edges { node {
    tier reasons { kind identifier { id } }
    seller { handle rings { ringId }
      identifiers(first: 5) { edges { cursor } }
      listings(first: 5) { edges { cursor } } } } } } } }"""


class Counting(Reader):
    """A reader that counts what it asks the real server."""

    def __init__(self, driver: AsyncDriver) -> None:
        super().__init__(driver)
        self.asked = 0

    async def values(self, text: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        self.asked += 1
        async for row in super().values(text, **parameters):
            yield row


def asked(settings: Settings, first: int) -> tuple[int, int]:
    """Return how many queries the text takes for so many members, and how many came."""

    async def whole() -> tuple[int, int]:
        async with connect(local.resolve(settings)) as driver:
            reader = Counting(driver)
            principal = Principal("k", "test", Role.ANALYST)
            context = Context(reader, principal, Loaders(reader), Seal(b"s" * 32))
            request = Request(TEXT, {"ring": "ring-1", "first": first}, None)
            found = await answer(Documents(EXECUTABLE), request, context, seconds=30)
            assert "errors" not in found, found
            return reader.asked, len(found["data"]["ring"]["members"]["edges"])

    return asyncio.run(whole())


def test_four_members_take_as_many_queries_as_two(outside: Settings) -> None:
    (few, two), (many, four) = asked(outside, 2), asked(outside, 4)
    assert (two, four) == (2, 4)
    assert few == many
    assert many <= 16


def test_a_document_is_parsed_once_and_a_refusal_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def counted(text: str, **how: Any) -> Any:
        seen.append(text)
        return parse(text, **how)

    monkeypatch.setattr(documents, "parse", counted)
    kept = Documents(EXECUTABLE)
    assert kept.get("{ __typename }") is kept.get("{ __typename }")
    for _ in range(2):
        with pytest.raises(documents.DocumentInvalid):
            kept.get("{ nothing }")
    assert seen == ["{ __typename }", "{ nothing }"]
