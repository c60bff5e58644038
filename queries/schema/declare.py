"""How the schema is declared: a typed frozen dataclass IS the schema of a label or a relation.

Constraints, indexes and merge texts are derived from these declarations; no other module may
name a label, a relation type or a property as text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, dataclass_transform, get_type_hints

T = TypeVar("T")


class Sensitivity(StrEnum):
    """Who may see a property: anybody with access, those who need the person, nobody in clear."""

    OPEN = "open"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105 - a mark, not a password


class Keep(StrEnum):
    """Which value stays when two rows speak of one key, in whatever order they arrive.

    WINNER: the row seen last, on a tie the greatest canonical row. LEAST and GREATEST: that
    value by its own order, unknown last. DERIVED: a function of the key, so it never differs.
    PROVENANCE: of the winning row, and no part of the graph digest. BOOKED: written by commands.
    """

    WINNER = "winner"
    LEAST = "least"
    GREATEST = "greatest"
    DERIVED = "derived"
    PROVENANCE = "provenance"
    BOOKED = "booked"


@dataclasses.dataclass(frozen=True, slots=True)
class Property:
    """One declared property: its name, its mark, and what becomes of it when rows disagree."""

    name: str
    sensitivity: Sensitivity
    keep: Keep
    indexed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class NodeSpec:
    """A label: its unique key and its properties, the key not among them."""

    label: str
    key: str
    properties: tuple[Property, ...]
    row: type
    domain: bool
    fulltext: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class EdgeSpec:
    """A relation between two labels; its key is unique, because an edge is one assertion.

    `derived` ones are made by `graphsvc link` out of the rest, and can be again at any time.
    """

    relation: str
    start: type
    end: type
    properties: tuple[Property, ...]
    row: type
    domain: bool
    derived: bool = False

    @property
    def name(self) -> str:
        """Return `Start-RELATION->End`, which tells relations of one type apart."""
        return f"{NODES[self.start].label}-{self.relation}->{NODES[self.end].label}"


NODES: dict[type, NodeSpec] = {}
EDGES: dict[type, EdgeSpec] = {}

# Written on every domain node and assertion by the loader, not by the transform.
TRAIL = tuple(
    Property(name, Sensitivity.OPEN, Keep.PROVENANCE, indexed=False)
    for name in ("seen_at", "digest", "source", "run", "recorded_from", "recorded_to", "stub")
)


def prop(
    *,
    keep: Keep = Keep.WINNER,
    sensitivity: Sensitivity = Sensitivity.OPEN,
    indexed: bool = False,
    default: Any = None,
) -> Any:
    """Declare a property of a node or an edge; unknown is None unless `default` says otherwise."""
    marks = {"keep": keep, "sensitivity": sensitivity, "indexed": indexed}
    return dataclasses.field(default=default, metadata=marks)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(prop,))
def node(
    *, key: str = "id", domain: bool = True, fulltext: tuple[str, ...] = ()
) -> Callable[[type[T]], type[T]]:
    """Declare a label, named as the class; `domain` labels are part of the graph digest."""

    def declare(cls: type[T]) -> type[T]:
        made = dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)
        inner = tuple(p for p in _properties(made) if p.name != key)
        trail = TRAIL if domain else ()
        NODES[made] = NodeSpec(made.__name__, key, inner + trail, made, domain, fulltext)
        return made

    return declare


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(prop,))
def edge(
    relation: str, *, start: type, end: type, domain: bool = True, derived: bool = False
) -> Callable[[type[T]], type[T]]:
    """Declare a relation from `start` to `end`; the fields `start` and `end` hold their keys."""

    def declare(cls: type[T]) -> type[T]:
        made = dataclasses.dataclass(frozen=True, slots=True, kw_only=True)(cls)
        inner = tuple(p for p in _properties(made) if p.name not in ("start", "end"))
        key = (Property("key", Sensitivity.OPEN, Keep.DERIVED, indexed=False),)
        trail = TRAIL[:-1] if domain else ()
        EDGES[made] = EdgeSpec(relation, start, end, key + inner + trail, made, domain, derived)
        return made

    return declare


def _properties(cls: type) -> tuple[Property, ...]:
    get_type_hints(cls)  # an unreadable annotation fails here, at import
    return tuple(
        Property(
            field.name,
            field.metadata.get("sensitivity", Sensitivity.OPEN),
            field.metadata.get("keep", Keep.WINNER),
            field.metadata.get("indexed", False),
        )
        for field in dataclasses.fields(cls)
    )
