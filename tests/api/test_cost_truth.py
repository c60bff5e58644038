"""No answer holds more objects than its document was said to cost."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
)

from graphsvc.api.schema import EXECUTABLE
from tests.api.conftest import Api
from tests.graph.small_world import SHA

IDS = ["p:a", "p:b", "p:c", "p:e", "p:g", "p:l-a1", "p:l-d", "ring-1", "ring-2"]
TEXTS = {
    "platform": ["p"],
    "sellerId": ["a", "b", "c", "g"],
    "text": ["vase", "shop", "ring"],
    "hash": [SHA["c"], SHA["stock"]],
}
DEPTH = 8


def objects(value: Any) -> int:
    """Return how many objects a JSON value holds, itself among them."""
    if isinstance(value, dict):
        return 1 + sum(map(objects, value.values()))
    return sum(map(objects, value)) if isinstance(value, list) else 0


class Writer:
    """Writes documents that the schema allows: any fields, small pages, eight fields deep."""

    def __init__(self, dice: Random, ids: list[str]) -> None:
        self._dice = dice
        self._ids = ids

    def document(self) -> str:
        root = EXECUTABLE.query_type
        assert root is not None
        name = self._dice.choice(list(root.fields))
        return f"{{ {self._field(name, root.fields[name], DEPTH)} }}"

    def _field(self, name: str, asked: GraphQLField, depth: int) -> str:
        told = [f"{each}: {self._value(each, arg.type)}" for each, arg in asked.args.items()
                if isinstance(arg.type, GraphQLNonNull) or each in ("kinds", "first")]  # fmt: skip
        sent = f"({', '.join(told)})" if told else ""
        kind = get_named_type(asked.type)
        return f"{name}{sent}{self._selection(kind, depth - 1) if is_composite_type(kind) else ''}"

    def _selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLInterfaceType) and self._dice.random() < 0.8:
            made = [f"... on {each.name} {self._selection(each, depth)}"
                    for each in EXECUTABLE.get_implementations(kind).objects
                    if self._dice.random() < 0.4]  # fmt: skip
            return f"{{ __typename {' '.join(made)} }}"
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        deep = [name for name, each in kind.fields.items()
                if is_composite_type(get_named_type(each.type))]  # fmt: skip
        chosen = [name for name in deep if self._dice.random() < 0.5] if depth > 1 else []
        if "edges" in deep and depth > 1:
            chosen = ["edges"]
        written = [self._field(name, kind.fields[name], depth) for name in chosen[:3]]
        return f"{{ __typename {' '.join(written)} }}"

    def _value(self, name: str, kind: Any) -> str:
        named = get_named_type(kind)
        if isinstance(named, GraphQLEnumType):
            word = self._dice.choice(list(named.values))
            inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
            return f"[{', '.join(named.values)}]" if isinstance(inner, GraphQLList) else str(word)
        if named.name == "Int":
            return str(self._dice.randint(1, 12 if name == "first" else 3))
        return f'"{self._dice.choice(TEXTS.get(name, self._ids))}"'


@pytest.mark.parametrize("wanted", [30, pytest.param(1_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(1800)
def test_no_answer_holds_more_objects_than_its_cost(quiet: Api, wanted: int) -> None:
    text = """{ hubs { edges { node { id } } } judgements { edges { node { id } } }
      detectionRuns { edges { node { id } } } ingestRuns { edges { node { id } } }
      seller(platform: "p", sellerId: "a") { id listings { edges { node { id } } }
        identifiers(kinds: [address, payment_account, phone, email, device]) {
          edges { node { id } } } } }"""
    found = str(quiet.ask(text)).split("'id': '")[1:]
    writer = Writer(Random(4), IDS + [each.split("'")[0] for each in found])
    accepted, largest, wrong = 0, 0, []
    while accepted < wanted:
        document = writer.document()
        response = quiet.post({"query": document})
        assert response.status_code in (200, 400, 403, 404), (document, response.text)
        data = response.json().get("data")
        if response.status_code != 200 or not data:
            assert "GRAPHQL_INVALID" not in response.text, (document, response.text)
            continue
        resolved, cost = objects(data) - 1, int(response.headers["Cost"])
        accepted += resolved > 0
        largest = max(largest, resolved)
        if resolved > cost:
            wrong.append((resolved, cost, document))
    assert wrong == []
    assert largest > 30
