"""Every question is bound, declared and typed; each way to be wrong fails at import."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

import pytest

import queries
from queries.catalogue import QUERIES, QueryRefused, parse
from tests.contract.rules import TOP


@dataclass(frozen=True)
class Row:
    """A row of one column."""

    id: str


def everything() -> None:
    for module in pkgutil.walk_packages(queries.__path__, "queries."):
        importlib.import_module(module.name)


def test_every_cypher_file_is_a_bound_question() -> None:
    everything()
    files = {
        ".".join(path.relative_to(TOP).with_suffix("").parts)
        for path in (TOP / "queries").rglob("*.cypher")
    }
    assert files == set(QUERIES)
    assert files


GOOD = """// Sellers of a platform.
// $platform: its id
MATCH (s:Seller {platform: $platform})
RETURN s.id AS id
"""


def test_a_good_question_passes() -> None:
    query = parse("good", GOOD, Row)
    assert query.parameters == {"platform"}
    assert query.sentence == "Sellers of a platform."
    assert not query.writes


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("// Sellers of a platform.\n", ""), "no sentence"),
        (("// $platform: its id\n", ""), "used and not declared"),
        (("{platform: $platform}", ""), "declared and not used"),
        (("s:Seller", "s:Sellers"), "label Sellers is not declared"),
        (("MATCH (s", "MATCH (:Seller)-[:KNOWS]->(s"), "relation KNOWS is not declared"),
        (("AS id", "AS name"), "RETURN gives"),
        (("AS id", "AS id, s.handle AS handle"), "RETURN gives"),
    ],
)
def test_a_planted_breach_is_refused(change: tuple[str, str], reason: str) -> None:
    with pytest.raises(QueryRefused, match=reason):
        parse("bad", GOOD.replace(*change), Row)


def test_a_scope_is_declared_and_used_or_neither() -> None:
    within = GOOD.replace("\nRETURN", "\nWHERE s.id IN $scope.sellers\nRETURN")
    within = within.replace("// $platform", "// $scope: what may be seen\n// $platform")
    assert parse("good", within, Row, scoped=True).scoped
    with pytest.raises(QueryRefused, match="scope"):
        parse("bad", within, Row)
    with pytest.raises(QueryRefused, match="scope"):
        parse("bad", GOOD, Row, scoped=True)


def test_no_merge_on_an_unconstrained_key() -> None:
    everything()
    from queries.ddl import rules

    keys = {(rule.owner, rule.properties[0]) for rule in rules() if rule.kind == "constraint"}
    found = [
        (query.name, label, key)
        for query in QUERIES.values()
        for label, key in merged(query.text)
        if (label, key) not in keys
    ]
    assert found == []
    assert merged("MERGE (n:Seller {handle: $x})") == [("Seller", "handle")]


def merged(text: str) -> list[tuple[str, str]]:
    import re

    return re.findall(r"MERGE[^\n]*?[(\[]\w*:(\w+) \{(\w+):", text)
