"""Merge a batch of records into the graph in an open transaction: what is new, what is held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphsvc.errors import Conflict
from graphsvc.store.revisions import Cause, revisions
from graphsvc.store.writer import Transaction
from ingest.batch import Batch, Table
from ingest.records import canonical, held_canonical
from queries.history import SAVE_REVISIONS
from queries.merge import create_text, held_text, merge_text, settle_text
from queries.schema import EdgeSpec, NodeSpec


@dataclass(frozen=True, slots=True)
class Tie:
    """A row that contradicts what the graph holds from a row seen at the same time."""

    line: int
    held_source: str
    held_run: str
    won: bool


@dataclass(slots=True)
class Merged:
    """What a batch did: the lines that changed something, the ties, the stubs that it made.

    `revisions` are the rows of what it replaced.
    """

    changed: set[int] = field(default_factory=set)
    ties: list[Tie] = field(default_factory=list)
    stubs: int = 0
    revisions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Work:
    """What the steps of one batch share: the transaction, who writes when, what was done.

    `made` holds, by class, the keys of the nodes that this transaction made.
    """

    transaction: Transaction
    marks: Mapping[str, Any]
    outcome: Merged
    made: dict[type, set[str]] = field(default_factory=dict)


async def merge(
    transaction: Transaction, batch: Batch, cause: Cause, *, snapshot: bool = False
) -> Merged:
    """Merge a batch: nodes, then relations with the stubs that they need.

    What it replaces leaves a Revision; in a `snapshot` every row opens what was closed. The caller
    holds the writers' lease, so what a text judged still holds when ties are settled.
    """
    marks = {"run": cause.run, "now": cause.now, "snapshot": snapshot}
    work = _Work(transaction, marks, Merged())
    for table in in_order(batch):
        held = await _make(work, table)
        if held:
            await _merge_held(work, table, held)
    if work.outcome.revisions:
        await transaction.run(SAVE_REVISIONS, revisions=work.outcome.revisions)
    return work.outcome


def in_order(batch: Batch) -> list[Table]:
    """Return the tables of a batch, nodes before relations."""
    return sorted(batch.tables, key=lambda table: isinstance(table.shape.spec, EdgeSpec))


def keys_of(table: Table) -> Iterable[tuple[type, Sequence[str]]]:
    """Yield the class of a table and those of its ends, each with its keys place by place."""
    spec = table.shape.spec
    yield spec.row, table.keys
    if isinstance(spec, EdgeSpec):
        yield spec.start, table.columns["start"]
        yield spec.end, table.columns["end"]


async def _make(work: _Work, table: Table) -> list[int]:
    """Make what the graph does not hold, and return the places of what it holds."""
    held = await _held(work, table)
    if len(held) < len(table.keys):
        new, spec = table.without(held), table.shape.spec
        if isinstance(spec, NodeSpec):
            await work.transaction.made(create_text(spec), {**new.columns, **work.marks})
            work.made[spec.row] = set(new.keys)
        else:
            await _relate(work, new, create_text(spec))
        work.outcome.changed.update(new.lines)
    return held


async def _held(work: _Work, table: Table) -> list[int]:
    """Return the places of the keys that the graph holds: nothing joins what was made just now."""
    (_, keys), *ends = keys_of(table)
    asked: Sequence[int] = range(len(keys))
    for cls, joined in ends:
        if made := work.made.get(cls):
            asked = [place for place in asked if joined[place] not in made]
    if not asked:
        return []
    parameters = {"key": [keys[place] for place in asked]}
    answer = (await work.transaction.text(held_text(table.shape.spec), parameters))[0]
    return [asked[place] for place in answer["places"]]


async def _relate(work: _Work, new: Table, text: str) -> None:
    """Make relations; each end is named once, and one that nobody brought yet is a stub."""
    columns: dict[str, Any] = {**new.columns, **work.marks}
    for end in ("start", "end"):
        keys = sorted(set(new.columns[end]))
        places = {key: place for place, key in enumerate(keys)}
        columns[end] = [places[key] for key in new.columns[end]]
        columns[f"{end}s"] = keys
    stubs, made = await work.transaction.made(text, columns)
    work.outcome.stubs += stubs
    if made != len(new.keys):
        raise Conflict(f"{len(new.keys) - made} relations lost an end while they were written")


async def _merge_held(work: _Work, table: Table, held: list[int]) -> None:
    spec, outcome = table.shape.spec, work.outcome
    part = table.at(held)
    parameters = {**part.columns, **work.marks}
    answer = (await work.transaction.text(merge_text(spec), parameters))[0]
    outcome.changed.update(part.lines[place] for place in answer["changed"])
    winners = []
    for contested in answer["contested"]:
        place, before = contested["i"], contested["held"]
        if contested["fate"] == "tie":
            entry = part.entry(place)
            won = canonical(table.shape.winner(entry.record)) > held_canonical(spec, before)
            outcome.ties.append(Tie(entry.line, before["source"], before["run"], won))
            if not won:
                continue
            winners.append(place)
        after = {name: column[place] for name, column in part.columns.items()}
        cause = Cause(work.marks["run"], work.marks["now"])
        outcome.revisions.extend(revisions(spec, before, after, cause))
    if winners:
        settled = part.at(winners)
        outcome.changed.update(settled.lines)
        await work.transaction.text(settle_text(spec), {**settled.columns, **work.marks})
