"""Bring the database's constraints and indexes to what is declared, and say where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from neo4j import AsyncDriver

from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.ddl import CONSTRAINT, Rule, rules
from queries.graph import (
    AWAIT_INDEXES,
    SHOW_CONSTRAINTS,
    SHOW_INDEXES,
    ConstraintRow,
    IndexRow,
)

INDEX_SECONDS = 3600.0  # an index over a full graph is not made in the time of a question


@dataclass(frozen=True, slots=True)
class Drift:
    """How the database differs from the declarations, by the names of constraints and indexes.

    `different` have a declared name on something else; `foreign` were declared by nobody here.
    """

    missing: tuple[str, ...]
    different: tuple[str, ...]
    foreign: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.different or self.foreign)


async def drift(reader: Reader) -> Drift:
    """Return how the database differs from the declarations."""
    constraints: list[ConstraintRow | IndexRow] = [*await reader.rows(SHOW_CONSTRAINTS)]
    indexes: list[ConstraintRow | IndexRow] = [*await reader.rows(SHOW_INDEXES)]
    # An index under a constraint's name guards nothing, though its owner and properties agree.
    found = {
        row.name: (guards, tuple(row.owners), tuple(row.properties))
        for guards, held in ((True, constraints), (False, indexes))
        for row in held
    }
    wanted = {
        rule.name: (rule.kind == CONSTRAINT, (rule.owner,), rule.properties) for rule in rules()
    }
    return Drift(
        missing=tuple(sorted(wanted.keys() - found.keys())),
        different=tuple(sorted(n for n in wanted.keys() & found.keys() if wanted[n] != found[n])),
        foreign=tuple(sorted(found.keys() - wanted.keys())),
    )


async def migrate(driver: AsyncDriver) -> tuple[Rule, ...]:
    """Make what is missing and return what was made; safe to repeat and to run twice at once.

    A rule that the database has under another name stays missing: it is guarded all the same.
    """
    reader, writer = Reader(driver), Writer(driver, seconds=INDEX_SECONDS)
    before = set((await drift(reader)).missing)
    if not before:
        return ()
    await writer.schema([rule.text for rule in rules() if rule.name in before])
    await writer.schema([AWAIT_INDEXES.text])
    made = before - set((await drift(reader)).missing)
    return tuple(rule for rule in rules() if rule.name in made)
