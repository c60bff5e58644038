"""The guard: what a document costs, by the formula; the work it takes is linear in the document."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from graphsvc.api import guard
from graphsvc.api.errors import (
    CostLimit,
    DepthLimit,
    DocumentInvalid,
    FieldLimit,
    PageLimit,
    QueryTooLong,
    TokenLimit,
)
from graphsvc.api.guard import Meter, Shape, check_cost, check_counts, check_text
from graphsvc.api.schema import EXECUTABLE


def measured(text: str, **variables: Any) -> tuple[Shape, Meter]:
    """Return the shape of the first operation of a document, and the meter that took it."""
    document = parse(text)
    meter = Meter(EXECUTABLE, document)
    operation = next(d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    return meter.measure(operation, variables), meter


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{ __typename }", 1),
        ('{ node(id: "x") { id } }', 2),
        # 1 + 1 x (edges: 1 + 1 x (node: 1 + ringId))
        ("{ rings(first: 1) { edges { node { ringId } } } }", 1 + 1 * 3),
        ("{ rings(first: 100) { edges { node { ringId } } } }", 1 + 100 * 3),
        ("{ rings { edges { node { ringId } } } }", 1 + 20 * 3),
        ("{ rings(first: 10) { edges { node { members(first: 5) { edges { node { tier"
         " } } } } } } }",
         1 + 10 * (2 + 1 + 5 * 3)),
        # A list that nothing bounds counts as ten.
        ('{ ring(id: "x") { kinds { kind identifiers } } }', 1 + 1 + 10 * 2),
        ('{ paths(from: "a", to: "b", k: 2) { chains { hops { left { shown } } } } }',
         1 + 2 * (1 + 1 + 10 * 2)),
        ('{ paths(from: "a", to: "b", k: 5) { complete } }', 1 + 5 * 1),
        ('{ neighbourhood(id: "a", first: 7) { nodes { id } ties { kind } } }', 1 + 7 * 4),
        ("{ a: rings(first: 2) { edges { cursor } } b: rings(first: 3) { edges { cursor } } }",
         1 + 2 * 2 + 1 + 3 * 2),
        ("{ ...F ...F } fragment F on Query { rings(first: 2) { edges { cursor } } }",
         2 * (1 + 2 * 2)),
        ("{ ... on Query { rings(first: 2) { edges { cursor } } } }", 1 + 2 * 2),
        ("{ __schema { types { fields { name } } } }", 1),
    ],
)  # fmt: skip
def test_the_cost_of_a_document(text: str, cost: int) -> None:
    assert measured(text)[0].cost == cost


@pytest.mark.parametrize(
    ("declared", "variables", "size"),
    [
        ("$n: Int!", {"n": 5}, 5),
        ("$n: Int! = 7", {}, 7),
        ("$n: Int! = 7", {"n": 3}, 3),
        ("$n: Int!", {}, 100),  # not known yet: the most
        ("$n: Int!", {"n": "5"}, 100),
        ("$n: Int!", {"n": True}, 100),
        ("$n: Int", {"n": None}, 100),
    ],
)
def test_a_size_in_a_variable(declared: str, variables: dict[str, Any], size: int) -> None:
    text = f"query ({declared}) {{ rings(first: $n) {{ edges {{ cursor }} }} }}"
    shape, meter = measured(text, **variables)
    assert shape.cost == 1 + size * 2
    assert meter.size_variables == {"n"}


@pytest.mark.parametrize("size", [0, -1, 101, 10**40])
def test_a_size_outside_its_bounds_names_them(size: int) -> None:
    with pytest.raises(PageLimit, match="first must be from 1 to 100"):
        measured(f"{{ rings(first: {size}) {{ edges {{ cursor }} }} }}")
    with pytest.raises(PageLimit, match="first must be from 1 to 100"):
        measured("query ($n: Int!) { rings(first: $n) { edges { cursor } } }", n=size)
    with pytest.raises(PageLimit, match="k must be from 1 to 5"):
        measured(f'{{ paths(from: "a", to: "b", k: {size}) {{ complete }} }}')


def test_depth_fields_aliases_and_directives_are_counted_with_fragments_spread_out() -> None:
    shape, _ = measured(
        """query Q($b: Boolean! @skip(if: true)) @include(if: true) {
             a: rings { edges @skip(if: $b) { node { ...R @include(if: true) } } } ...F ...F }
           fragment R on Ring { x: ringId members { edges { cursor } } }
           fragment F on Query @skip(if: true) { b: __typename }"""
    )
    assert (shape.depth, shape.fields, shape.aliases, shape.directives) == (6, 9, 4, 6)
    assert not shape.introspects


@pytest.mark.parametrize("name", ["__schema { __typename }", '__type(name: "X") { name }'])
def test_introspection_is_noticed_wherever_it_stands(name: str) -> None:
    for text in (
        f"{{ {name} }}",
        f"{{ ... on Query {{ a: {name} }} }}",
        f"{{ ...F }} fragment F on Query {{ ...G }} fragment G on Query {{ {name} }}",
    ):
        assert measured(text)[0].introspects, text


def chain(length: int, width: int) -> str:
    """Return a document of few letters whose fields, spread out, are width ** length."""
    links = (f"fragment F{n} on Query {{ {f'...F{n + 1} ' * width} }}" for n in range(length))
    return "{ ...F0 } " + " ".join(links) + f" fragment F{length} on Query {{ __typename }}"


def test_a_chain_of_fragments_is_measured_in_as_many_visits_as_it_has_selections() -> None:
    shape, meter = measured(chain(100, 2))
    assert meter.visits == 1 + 100 * 2 + 1
    assert shape.fields == guard._HUGE
    with pytest.raises(FieldLimit):
        check_counts(shape)
    with pytest.raises(CostLimit):
        check_cost(shape)


@pytest.mark.parametrize(
    "text",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ... on Query { ...A } }",
        "{ ...A }",
    ],
)
def test_a_fragment_in_itself_or_nowhere_is_refused(text: str) -> None:
    with pytest.raises(DocumentInvalid):
        measured(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{ a }" + " " * guard.MOST_BYTES, QueryTooLong),
        ("# " + "é" * (guard.MOST_BYTES // 2), QueryTooLong),  # bytes, not letters
        ("{ " + "a " * guard.MOST_TOKENS + "}", TokenLimit),
        ("{ a " * 33, DepthLimit),
        ("{ a(x: " + "[" * 32, DepthLimit),
        ("{ a(x: " + "{a:" * 32, DepthLimit),
    ],
)
def test_a_text_that_is_not_worth_parsing(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_text(text)


def test_a_text_at_the_limits_passes() -> None:
    check_text("{ " + "a " * (guard.MOST_TOKENS - 2) + "}")
    check_text("{ a " * guard.MOST_BRACKETS)
    check_text("#" + "x" * (guard.MOST_BYTES - 1))
    check_cost(Shape(cost=guard.MOST_COST))
    limits = (guard.MOST_DEPTH, guard.MOST_FIELDS, guard.MOST_ALIASES, guard.MOST_DIRECTIVES)
    check_counts(Shape(0, *limits))
