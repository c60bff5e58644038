"""Constraints and indexes, derived from the declarations; written down nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from queries.schema import EDGES, NODES

CONSTRAINT = "constraint"


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint or index: its name, what the server shows of it, and the text that makes it.

    `kind` is `constraint`, `index` or `fulltext`; `owner` the label or relation it is on.
    """

    name: str
    kind: str
    owner: str
    properties: tuple[str, ...]
    text: str


def rules() -> tuple[Rule, ...]:
    """Return every constraint, then every index, sorted by name within each."""
    constraints = {rule.name: rule for rule in [*_node_keys(), *_edge_keys()]}
    indexes = {rule.name: rule for rule in [*_indexes(), *_fulltext()]}
    return tuple(group[name] for group in (constraints, indexes) for name in sorted(group))


def _node_keys() -> list[Rule]:
    return [
        _rule(
            CONSTRAINT,
            spec.label,
            (spec.key,),
            f"CREATE CONSTRAINT {{name}} IF NOT EXISTS FOR (n:{spec.label}) "
            f"REQUIRE n.{spec.key} IS UNIQUE",
        )
        for spec in NODES.values()
    ]


def _edge_keys() -> list[Rule]:
    return [
        _rule(
            CONSTRAINT,
            spec.relation,
            ("key",),
            f"CREATE CONSTRAINT {{name}} IF NOT EXISTS FOR ()-[r:{spec.relation}]-() "
            "REQUIRE r.key IS UNIQUE",
        )
        for spec in EDGES.values()
    ]


def _indexes() -> list[Rule]:
    return [
        _rule(
            "index",
            spec.label,
            (mark.name,),
            f"CREATE INDEX {{name}} IF NOT EXISTS FOR (n:{spec.label}) ON (n.{mark.name})",
        )
        for spec in NODES.values()
        for mark in spec.properties
        if mark.indexed
    ]


def _fulltext() -> list[Rule]:
    return [
        _rule(
            "fulltext",
            spec.label,
            spec.fulltext,
            f"CREATE FULLTEXT INDEX {{name}} IF NOT EXISTS FOR (n:{spec.label}) "
            f"ON EACH [{', '.join(f'n.{name}' for name in spec.fulltext)}]",
        )
        for spec in NODES.values()
        if spec.fulltext
    ]


def _rule(kind: str, owner: str, properties: tuple[str, ...], text: str) -> Rule:
    name = "_".join((owner.lower(), *properties, {CONSTRAINT: "unique"}.get(kind, kind)))
    return Rule(name, kind, owner, properties, text.replace("{name}", name))
