"""Take an ingest run back: the graph becomes what all other runs say, and nothing else changes.

Every record that the run speaks of is derived anew from the batches of the runs that are left,
and written whole; cut off, the same command goes on. What changes leaves a Revision.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from graphsvc import clock
from graphsvc.errors import Conflict, Fenced
from graphsvc.loading.derive import Derivation, Restored, Scope, Wanted, ends_of, wanted_of
from graphsvc.loading.loader import runs_elsewhere
from graphsvc.loading.observed import Observed, unpack
from graphsvc.store.reader import Reader
from graphsvc.store.revisions import Cause, revisions
from graphsvc.store.writer import Transaction, Writer
from ingest.jobs.catalogue import JOBS
from queries import change
from queries.history import BATCH_RECORDS, BATCHES, SAVE_REVISIONS
from queries.runs import EPOCH, LEASE, SAVE_FENCED_RUN, STANDING_RUNS, UNDO_RUN, Epoch
from queries.schema import EDGES, NODES
from queries.schema.findings import IngestRun, RunState

GROUP = 20  # batches of the run that one pass over all others takes back
PART = 5_000  # records a transaction
TAKEN_BACK = {RunState.UNDOING, RunState.UNDONE}
LABELS = {spec.row.__name__: spec for spec in NODES.values()}
RELATIONS = {spec.row.__name__: spec for spec in EDGES.values()}
T = TypeVar("T")
Work = Callable[[Transaction], Any]


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a run back did: records looked at, assertions removed, things left as stubs.

    `swept` counts the things of which nothing was left at all.
    """

    run: str
    restored: int = 0
    removed: int = 0
    stubs: int = 0
    swept: int = 0


class _Moved(Exception):
    """Another run wrote between the look at what is left and the write."""


@dataclass(slots=True)
class _Undo:
    reader: Reader
    writer: Writer
    run: str
    fence: int
    tell: Callable[[int], None]
    done: dict[str, int]

    def count(self, name: str, number: int) -> None:
        self.done[name] += number
        self.tell(sum(self.done.values()))


async def undo_run(
    reader: Reader, writer: Writer, run: IngestRun, *, tell: Callable[[int], None]
) -> Undone:
    """Take back what a run said; what other runs say of the same things stays.

    `tell` gets the number of records done. Raises Conflict where the run still loads, is undone
    already, or another run kept no record of what it said; Fenced, DatabaseAway.
    """
    fence = await _begun(reader, writer, run)
    names = ("restored", "removed", "stubs", "swept")
    undo = _Undo(reader, writer, run.id, fence, tell, dict.fromkeys(names, 0))
    own = [row.id for row in await reader.rows(BATCHES) if row.run == run.id]
    for ids in _parts(own, GROUP):
        said = [await _said(reader, batch) for batch in ids]
        await _take_back(undo, wanted_of(said), ends_of(said))
    for cls in JOBS[run.kind or ""].asserts:
        text = change.closed_text(EDGES[cls])
        closed = [row["keys"] async for row in reader.values(text, run=run.id)]
        for keys in closed:
            await _take_back(undo, {cls.__name__: set(keys)}, {})
    await _fenced(undo, {"state": RunState.UNDONE.value, "undone_at": clock.stamp()})
    return Undone(run.id, **undo.done)


async def _begun(reader: Reader, writer: Writer, run: IngestRun) -> int:
    if run.state == RunState.RUNNING and runs_elsewhere(run.loader or "//"):
        raise Conflict(f"{run.id} is being loaded: end its loader first")
    held = await reader.rows(BATCHES)
    recorded = {row.run for row in held}
    for other in await reader.rows(STANDING_RUNS):
        if other.kept and other.id not in recorded and other.state not in TAKEN_BACK:
            raise Conflict(f"{other.id} left no record of what it said: nothing can be derived")
    rows = await writer.command(UNDO_RUN, id=run.id)
    if not rows:
        raise Conflict(f"{run.id} is undone already")
    return int(rows[0]["fence"])


async def _take_back(undo: _Undo, wanted: Wanted, ends: Wanted) -> None:
    """Make the wanted records what the runs that are left say; again where another one wrote."""
    while True:
        epoch, derived = await _derived(undo, wanted)
        try:
            await _write(undo, epoch, derived, ends)
        except _Moved:
            continue
        return


async def _derived(undo: _Undo, wanted: Wanted) -> tuple[Epoch, Derivation]:
    (epoch,) = await undo.reader.rows(EPOCH)
    runs = await undo.reader.rows(STANDING_RUNS)
    left = {run.id for run in runs if run.state not in TAKEN_BACK}
    scopes = {r.id: Scope.of_text(r.scope) for r in runs if r.scope and r.id in left}
    derived = Derivation(wanted, scopes)
    for row in await undo.reader.rows(BATCHES):
        if row.run in left:
            derived.add(row.run, await _said(undo.reader, row.id))
    return epoch, derived


async def _said(reader: Reader, batch: str) -> Observed:
    (row,) = await reader.rows(BATCH_RECORDS, ids=[batch])
    return await asyncio.to_thread(unpack, row.records)


async def _write(undo: _Undo, epoch: Epoch, derived: Derivation, ends: Wanted) -> None:
    for table in derived.restored():
        for first in range(0, len(table.table.keys), PART):
            part = table.part(first, first + PART)
            undo.count("restored", await _within(undo, epoch, _restoring(undo.run, part)))
    missing = derived.missing()
    for name, spec in RELATIONS.items():
        text = change.remove_text(spec)
        for keys in _parts(sorted(missing.get(name, ())), PART):
            undo.count("removed", await _within(undo, epoch, _running(text, keys, undo.run)))
    for name, label in LABELS.items():
        gone = missing.get(name, set())
        for keys in _parts(sorted(gone), PART):
            work = _running(change.strip_text(label), keys, undo.run)
            undo.count("stubs", await _within(undo, epoch, work))
        for keys in _parts(sorted(gone | ends.get(name, set())), PART):
            work = _running(change.sweep_text(label), keys, undo.run)
            undo.count("swept", await _within(undo, epoch, work))


def _restoring(run: str, part: Restored) -> Work:
    spec = part.table.shape.spec
    columns = {name: part.columns[name] for name in change.restored_columns(spec)}

    async def work(transaction: Transaction) -> int:
        rows = await transaction.text(change.restore_text(spec), columns)
        cause = Cause(run, clock.stamp())
        changed = [
            revision
            for before in rows[0]["before"]
            for revision in revisions(spec, before["held"], _at(columns, before["i"]), cause)
        ]
        if changed:
            await transaction.run(SAVE_REVISIONS, revisions=changed)
        return len(columns["source"])

    return work


def _at(columns: Mapping[str, Sequence[Any]], place: int) -> dict[str, Any]:
    return {name: values[place] for name, values in columns.items()}


def _running(text: str, keys: Sequence[str], run: str) -> Work:
    async def work(transaction: Transaction) -> int:
        rows = await transaction.text(text, {"keys": list(keys), "run": run})
        return int(rows[0]["number"])

    return work


async def _within(undo: _Undo, epoch: Epoch, work: Work) -> int:
    """Do one part in a transaction under lease and fence; raises _Moved, Fenced."""

    async def whole(transaction: Transaction) -> int:
        await transaction.run(LEASE, run=undo.run)
        if Epoch(**(await transaction.run(EPOCH))[0]) != epoch:
            raise _Moved
        number: int = await work(transaction)
        await _check(transaction, undo, {"undone": sum(undo.done.values()) + number})
        return number

    return await undo.writer.within(whole)


async def _fenced(undo: _Undo, properties: dict[str, Any]) -> None:
    await undo.writer.within(lambda transaction: _check(transaction, undo, properties))


async def _check(transaction: Transaction, undo: _Undo, properties: dict[str, Any]) -> None:
    marks = {"id": undo.run, "fence": undo.fence, "properties": properties, "said": []}
    if not await transaction.run(SAVE_FENCED_RUN, **marks):
        raise Fenced(f"{undo.run} is being taken back by another process")


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
