"""Documents: parsed, measured and validated once each, refusals too, in a bounded cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from graphsvc.api import documents
from graphsvc.api.documents import Documents, prepare
from graphsvc.api.errors import CostLimit, DocumentInvalid, PageLimit, SyntaxRefused
from graphsvc.api.schema import EXECUTABLE
from graphsvc.errors import BadRequest

GOOD = "{ __typename }"
SIZED = "query ($n: Int!) { rings(first: $n) { edges { node { members { edges { cursor } } } } } }"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often something was parsed and validated."""
    done = {"parse": 0, "validate": 0}

    def counted(name: str, really: Callable[..., Any]) -> Callable[..., Any]:
        def instead(*given: Any, **named: Any) -> Any:
            done[name] += 1
            return really(*given, **named)

        return instead

    for name in done:
        monkeypatch.setattr(documents, name, counted(name, getattr(documents, name)))
    return done


def test_a_second_identical_document_is_neither_parsed_nor_validated(work: dict[str, int]) -> None:
    kept = Documents(EXECUTABLE)
    assert kept.get(GOOD) is kept.get(GOOD)
    assert work == {"parse": 1, "validate": 1}
    kept.get(GOOD + " ")
    assert work == {"parse": 2, "validate": 2}


@pytest.mark.parametrize(
    ("text", "error"),
    [("{ nothing }", DocumentInvalid), ("{ rings", SyntaxRefused), ("{ ...F }", DocumentInvalid)],
)
def test_a_refusal_is_kept_as_well(
    work: dict[str, int], text: str, error: type[BadRequest]
) -> None:
    kept = Documents(EXECUTABLE)
    with pytest.raises(error) as first:
        kept.get(text)
    after = dict(work)
    with pytest.raises(error) as second:
        kept.get(text)
    assert work == after
    assert str(first.value) == str(second.value)
    assert first.value is not second.value, "an exception that is raised twice grows"


def test_the_cache_is_bounded_in_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 3)
    kept = Documents(EXECUTABLE)
    first = kept.get(GOOD)
    for number in range(3):
        kept.get(f"{GOOD} # {number}")
    assert kept.get(GOOD) is not first, "the oldest went"
    latest = kept.get(f"{GOOD} # 2")
    monkeypatch.setattr(documents, "MOST_TEXT", 400)
    for number in range(3):
        kept.get(f"{GOOD} # {number}" + "x" * 150)
    assert kept.get(f"{GOOD} # 2") is not latest
    long = f"{GOOD} #" + "x" * 400
    assert kept.get(long) is not kept.get(long), "longer than all that may be kept"


def test_an_operation_is_the_only_one_or_the_one_that_is_named() -> None:
    prepared = prepare(EXECUTABLE, "query A { __typename } query B { a: __typename }")
    for name in ("A", "B"):
        found = prepared.operation(name).name
        assert found is not None
        assert found.value == name
    for name in (None, "C", ""):
        with pytest.raises(BadRequest, match="operationName"):
            prepared.operation(name)
    only = prepare(EXECUTABLE, GOOD)
    assert only.operation(None)
    with pytest.raises(BadRequest):
        only.operation("A")


def test_what_an_operation_costs_depends_on_the_sizes_that_are_sent() -> None:
    prepared = prepare(EXECUTABLE, SIZED)
    operation = prepared.operation(None)
    assert prepared.shape(operation, {"n": 3}).cost == 1 + 3 * (2 + 1 + 20 * 2)
    assert prepared.shape(operation, {"n": 3, "m": 9}) is prepared.shape(operation, {"n": 3})
    for number in range(1, 50):
        assert prepared.shape(operation, {"n": number}).cost == 1 + number * 43
    with pytest.raises(CostLimit):
        prepared.shape(operation, {"n": 100})
    with pytest.raises(PageLimit):
        prepared.shape(operation, {"n": 101})


@pytest.mark.parametrize(
    "text",
    [
        "subscription { __typename }",
        "query A { __typename } subscription B { __typename }",
        "{ __typename } { __typename }",
        "query A { __typename } query A { __typename }",
        "fragment F on Query { __typename }",
        "type Query { a: Int }",
        "{ __typename } type Query { a: Int }",
        "{ rings }",
        "{ ringz { id } }",
        "{ __typename @defer }",
        "{ ... @defer { __typename } }",
    ],
)
def test_what_is_no_query_of_this_schema_is_refused(text: str) -> None:
    with pytest.raises(DocumentInvalid):
        prepare(EXECUTABLE, text)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("{ ringz { edges { cursor } } }", "rings"),
        ("{ rings(frist: 1) { edges { cursor } } }", "first"),
        ("{ rings(filter: { tiers: ban }) { edges { cursor } } }", "tier'"),
        ("{ rings(filter: { tier: bam }) { edges { cursor } } }", "ban"),
        ('{ node(id: "x") { ... on Sellers { id } } }', "Seller'"),
        ("{ __typename @skipp(if: true) }", "skip'"),
    ],
)
def test_a_near_miss_does_not_read_the_schema_out(text: str, hidden: str) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        prepare(EXECUTABLE, text)
    assert hidden not in str(caught.value)
