"""What is read straight is what graphql-core would have answered, errors and their places too."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, Generic, TypeVar

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute, parse, validate

from graphsvc.api.straight import StraightExecutor

T = TypeVar("T")


@strawberry.enum
class Colour(Enum):
    """A colour."""

    RED = "red"


@strawberry.interface
class Thing:
    """A thing."""

    id: strawberry.ID


@strawberry.type
class Part(Thing):
    """A part."""

    name: str | None
    colour: Colour
    size: int
    share: float
    whole: bool
    tags: list[str | None] | None = None
    below: list[Part] | None = None

    @strawberry.field
    async def late(self) -> str:
        """Return what is not there at once."""
        await asyncio.sleep(0)
        return f"late {self.id}"


@strawberry.type
class Page(Generic[T]):
    """A page of items."""

    items: list[T]
    first: T | None


def part(of: str, **other: Any) -> Part:
    values = {"name": of, "colour": Colour.RED, "size": 1, "share": 0.5, "whole": True, **other}
    return Part(id=strawberry.ID(of), **values)


GOOD = [part("a", tags=["x", None], below=[part("b"), part("c", size=-(2**31))]), part("d")]
BAD: dict[str, Any] = {
    "size": [part("a"), part("b", size=2**31)],
    "share": [part("a", share=float("nan"))],
    "missing": [part("a", colour=None)],
    "stranger": [part("a"), object()],
    "nobody": [part("a"), None],
    "word": [part("a", whole="yes")],
    "number": [part("a", size=1.0), part("b", share=3)],
    "no list": part("a"),
    "tuple": (part("a"),),
    "error": [part("a", name=ValueError("an error for a value"))],
    "below": [part("a", below=[part("b", size="many")])],
}


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    async def good(self) -> Page[Part]:
        """Return parts."""
        return Page(items=GOOD, first=None)

    @strawberry.field
    def bad(self, how: str) -> Page[Part] | None:
        """Return parts of which one cannot be shown."""
        return Page(items=BAD[how], first=None)

    @strawberry.field
    def things(self) -> list[Thing]:
        """Return parts as things."""
        return list(GOOD)


SCHEMA: GraphQLSchema = strawberry.Schema(Query)._schema
ALL = "id name colour size share whole tags"
DOCUMENTS = [
    f"{{ good {{ items {{ {ALL} below {{ {ALL} }} }} first {{ id }} }} }}",
    "{ good { __typename items { __typename kind: __typename other: id id } } }",
    "{ good { items { id late below { late id } } } }",
    "{ good { items { ...F ... on Part { size } ... on Thing { id } } } } "
    "fragment F on Part { name below { ...G } } fragment G on Part { id }",
    "query ($on: Boolean = false) { good { items { id name @skip(if: $on) "
    "size @include(if: $on) below @include(if: $on) { id } } } }",
    "{ things { id ... on Part { name } } }",
    "{ good { items { id } items { name below { id } } items { below { name } } } }",
]


def told(document: str, executor: type[StraightExecutor] | None) -> ExecutionResult:
    async def ask() -> ExecutionResult:
        parsed = parse(document)
        assert not validate(SCHEMA, parsed)
        found = execute(SCHEMA, parsed, executor_class=executor)
        return found if isinstance(found, ExecutionResult) else await found

    return asyncio.run(ask())


def same(document: str) -> ExecutionResult:
    straight, plain = told(document, StraightExecutor), told(document, None)
    assert straight.formatted == plain.formatted
    return straight


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_is_answered_as_graphql_core_does(document: str) -> None:
    assert not same(document).errors


@pytest.mark.parametrize("how", BAD)
def test_what_cannot_be_shown_is_told_of_where_it_is(how: str) -> None:
    document = f'{{ bad(how: "{how}") {{ items {{ {ALL} below {{ id size }} }} }} }}'
    found = same(document)
    assert bool(found.errors) == (how not in {"number", "tuple"})


def test_plain_attributes_are_not_resolved_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[str] = []
    execute_field = StraightExecutor.execute_field

    def counted(self: StraightExecutor, kind: Any, *more: Any) -> Any:
        resolved.append(kind.name)
        return execute_field(self, kind, *more)

    monkeypatch.setattr(StraightExecutor, "execute_field", counted)
    assert not same(DOCUMENTS[0]).errors
    assert resolved == ["Query"]
