"""The graph as a whole: how much of what it holds, and which rules guard it."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import Nothing, load


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many there are of one label or relation."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """A constraint of the database."""

    name: str
    owners: list[str]
    properties: list[str]


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An index of the database; `state` is ONLINE once it answers."""

    name: str
    owners: list[str]
    properties: list[str]
    state: str


COUNT_NODES = load(__package__, "count_nodes", CountRow)
COUNT_EDGES = load(__package__, "count_edges", CountRow)
SHOW_CONSTRAINTS = load(__package__, "show_constraints", ConstraintRow)
SHOW_INDEXES = load(__package__, "show_indexes", IndexRow)


AWAIT_INDEXES = load(__package__, "await_indexes", Nothing)
