"""Constraints and indexes are derived from the declarations: one golden of each, rules for all."""

from __future__ import annotations

from queries.ddl import rules
from queries.schema import EDGES, NODES

BY_NAME = {rule.name: rule for rule in rules()}


def test_the_texts_of_a_node_are_these() -> None:
    found = {name: rule.text for name, rule in BY_NAME.items() if rule.owner == "Seller"}
    assert found == {
        "seller_id_unique": "CREATE CONSTRAINT seller_id_unique IF NOT EXISTS "
        "FOR (n:Seller) REQUIRE n.id IS UNIQUE",
        "seller_handle_index": "CREATE INDEX seller_handle_index IF NOT EXISTS "
        "FOR (n:Seller) ON (n.handle)",
        "seller_platform_index": "CREATE INDEX seller_platform_index IF NOT EXISTS "
        "FOR (n:Seller) ON (n.platform)",
        "seller_tax_token_index": "CREATE INDEX seller_tax_token_index IF NOT EXISTS "
        "FOR (n:Seller) ON (n.tax_token)",
        "seller_handle_legal_name_fulltext": "CREATE FULLTEXT INDEX "
        "seller_handle_legal_name_fulltext IF NOT EXISTS "
        "FOR (n:Seller) ON EACH [n.handle, n.legal_name]",
    }


def test_the_text_of_an_edge_is_this() -> None:
    found = [rule for rule in BY_NAME.values() if rule.owner == "USES_ACCOUNT"]
    assert [(rule.kind, rule.properties, rule.text) for rule in found] == [
        (
            "constraint",
            ("key",),
            "CREATE CONSTRAINT uses_account_key_unique IF NOT EXISTS "
            "FOR ()-[r:USES_ACCOUNT]-() REQUIRE r.key IS UNIQUE",
        )
    ]


def test_every_label_and_relation_has_a_unique_key() -> None:
    unique = {(r.owner, r.properties) for r in BY_NAME.values() if r.kind == "constraint"}
    nodes = {(spec.label, (spec.key,)) for spec in NODES.values()}
    edges = {(spec.relation, ("key",)) for spec in EDGES.values()}
    assert unique == nodes | edges


def test_every_property_declared_so_is_indexed_and_no_other() -> None:
    indexed = {(r.owner, r.properties[0]) for r in BY_NAME.values() if r.kind == "index"}
    assert indexed == {
        (spec.label, mark.name)
        for spec in NODES.values()
        for mark in spec.properties
        if mark.indexed
    }


def test_names_differ_and_constraints_come_first() -> None:
    made = rules()
    assert len(BY_NAME) == len(made)
    kinds = [rule.kind == "constraint" for rule in made]
    assert kinds == sorted(kinds, reverse=True)
    assert all("IF NOT EXISTS" in rule.text for rule in made), "safe to repeat"
    assert rules() == made
