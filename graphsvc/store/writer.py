"""Changes to the graph: commands of the catalogue and batches of records, each in a transaction.

A transaction that Neo4j gives up on is run again by the driver; every text here may be repeated.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from neo4j import AsyncDriver, AsyncManagedTransaction, unit_of_work
from neo4j import Query as Statement
from neo4j.exceptions import ClientError, TransientError

from graphsvc.errors import Conflict
from graphsvc.store.driver import already_there, gave_way, translated
from graphsvc.store.revisions import Cause, revisions
from ingest.batch import Batch, Table
from ingest.records import canonical, held_canonical
from queries.catalogue import Query
from queries.history import SAVE_REVISIONS
from queries.merge import create_text, held_text, merge_text, settle_text, stub_text
from queries.schema import NODES, EdgeSpec, NodeSpec

T = TypeVar("T")
PAUSE_SECONDS = 0.1


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


@dataclass(slots=True)
class Attempts:
    """How many transactions were done, and how many of them had to be run more than once."""

    transactions: int = 0
    retried: int = 0


class Transaction:
    """An open transaction; steps run one after another."""

    def __init__(self, inner: AsyncManagedTransaction) -> None:
        self._inner = inner

    async def run(self, query: Query[Any], **parameters: Any) -> list[dict[str, Any]]:
        """Run one command of the catalogue and return its rows."""
        return await self.text(query.text, parameters)

    async def text(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run a text that was derived from the declarations."""
        answer = await self._inner.run(text, dict(parameters))
        return [record.data() async for record in answer]

    async def created(self, text: str, parameters: Mapping[str, Any]) -> int:
        """Run a derived text and return how many nodes it made."""
        answer = await self._inner.run(text, dict(parameters))
        return (await answer.consume()).counters.nodes_created


class Writer:
    """Runs work in write transactions with a time limit (seconds); `attempts` counts them."""

    def __init__(self, driver: AsyncDriver, *, seconds: float = 120.0) -> None:
        self._driver = driver
        self._seconds = seconds
        self.attempts = Attempts()

    async def within(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction: all of it or nothing; raises DatabaseAway, Conflict."""
        begun = 0

        @unit_of_work(timeout=self._seconds)
        async def whole(inner: AsyncManagedTransaction) -> T:
            nonlocal begun
            begun += 1
            return await work(Transaction(inner))

        async def attempt() -> T:
            async with self._driver.session() as session:
                return await session.execute_write(whole)

        done = await self._patiently(attempt)
        self.attempts.transactions += 1
        self.attempts.retried += begun > 1
        return done

    async def command(self, query: Query[Any], **parameters: Any) -> list[dict[str, Any]]:
        """Run one command in a transaction of its own and return its rows."""
        return await self.within(lambda transaction: transaction.run(query, **parameters))

    async def schema(self, text: str) -> None:
        """Run one schema text, which must stand alone and bear repeating."""
        statement = Statement(text, timeout=self._seconds)

        async def attempt() -> None:
            try:
                async with self._driver.session() as session:
                    await (await session.run(statement)).consume()
            except ClientError as error:
                if not already_there(error):
                    raise

        await self._patiently(attempt)

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Attempt it again for as long as another writer is in the way, within the time limit.

        The driver gives up after seconds, and a lock is waited for even less: a turn takes longer.
        """
        deadline = time.monotonic() + self._seconds
        with translated():
            while True:
                try:
                    return await attempt()
                except TransientError as error:
                    if not gave_way(error) or time.monotonic() > deadline:
                        raise
                await asyncio.sleep(PAUSE_SECONDS)


async def merge(
    transaction: Transaction, batch: Batch, cause: Cause, *, snapshot: bool = False
) -> Merged:
    """Merge a batch: nodes, then the stubs that its relations need, then the relations.

    What it replaces leaves a Revision; in a `snapshot` every row opens what was closed. The caller
    holds the writers' lease, so what a text judged still holds when ties are settled.
    """
    outcome = Merged()
    marks = {"run": cause.run, "now": cause.now, "snapshot": snapshot}
    nodes, edges = parted(batch)
    for table in nodes:
        await _merge_table(transaction, table, marks, outcome)
    for label, keys in ends_of(nodes, edges).items():
        text = stub_text(NODES[label])
        outcome.stubs += await transaction.created(text, {"key": keys, **marks})
    for table in edges:
        await _merge_table(transaction, table, marks, outcome)
    if outcome.revisions:
        await transaction.run(SAVE_REVISIONS, revisions=outcome.revisions)
    return outcome


def parted(batch: Batch) -> tuple[list[Table], list[Table]]:
    """Return the tables of nodes and those of relations."""
    nodes = [table for table in batch.tables if isinstance(table.shape.spec, NodeSpec)]
    edges = [table for table in batch.tables if isinstance(table.shape.spec, EdgeSpec)]
    return nodes, edges


def ends_of(nodes: Sequence[Table], edges: Sequence[Table]) -> dict[type, list[str]]:
    """Return, by class, the keys that relations name and no node of the batch brings."""
    brought = {table.shape.spec.row: set(table.keys) for table in nodes}
    wanted: dict[type, set[str]] = {}
    for table in edges:
        spec = table.shape.spec
        if isinstance(spec, EdgeSpec):
            wanted.setdefault(spec.start, set()).update(e.record.start for e in table.entries)
            wanted.setdefault(spec.end, set()).update(e.record.end for e in table.entries)
    missing = {cls: sorted(keys - brought.get(cls, set())) for cls, keys in wanted.items()}
    return {cls: keys for cls, keys in missing.items() if keys}


async def _merge_table(
    transaction: Transaction, table: Table, marks: Mapping[str, Any], outcome: Merged
) -> None:
    spec = table.shape.spec
    held = (await transaction.text(held_text(spec), {"key": table.keys}))[0]["places"]
    fresh = sorted(set(range(len(table.keys))).difference(held))
    if fresh:
        parameters = {**_chosen(table, fresh), **marks}
        made = (await transaction.text(create_text(spec), parameters))[0]["made"]
        if made != len(fresh):
            raise Conflict(f"{len(fresh) - made} relations lost an end while they were written")
        outcome.changed.update(table.entries[place].line for place in fresh)
    if held:
        await _merge_held(transaction, table, held, marks, outcome)


async def _merge_held(
    transaction: Transaction,
    table: Table,
    held: list[int],
    marks: Mapping[str, Any],
    outcome: Merged,
) -> None:
    spec, columns = table.shape.spec, table.columns
    answer = (await transaction.text(merge_text(spec), {**_chosen(table, held), **marks}))[0]
    outcome.changed.update(table.entries[held[place]].line for place in answer["changed"])
    winners = []
    for contested in answer["contested"]:
        place, before = held[contested["i"]], contested["held"]
        if contested["fate"] == "tie":
            entry = table.entries[place]
            won = canonical(table.shape.winner(entry.record)) > held_canonical(spec, before)
            outcome.ties.append(Tie(entry.line, before["source"], before["run"], won))
            if not won:
                continue
            winners.append(place)
        after = {name: column[place] for name, column in columns.items()}
        cause = Cause(marks["run"], marks["now"])
        outcome.revisions.extend(revisions(spec, before, after, cause))
    if winners:
        outcome.changed.update(table.entries[place].line for place in winners)
        await transaction.text(settle_text(spec), {**_chosen(table, winners), **marks})


def _chosen(table: Table, places: list[int]) -> Mapping[str, list[Any]]:
    """Return the columns at these places, which are in order."""
    if len(places) == len(table.keys):
        return table.columns
    return {name: [column[i] for i in places] for name, column in table.columns.items()}
