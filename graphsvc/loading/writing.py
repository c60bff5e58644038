"""Write the batches of a run in order, each all or nothing; one begins while the last commits.

What is new in a batch, and apart from the batch before it, is made while that one still commits.
All else waits until it is done, and for the writers' lease. Two writers who wait for each other
are told apart by Neo4j, and one of them is run again: no result depends on who is ahead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from graphsvc import clock
from graphsvc.errors import CommitUnknown, Conflict, Fenced
from graphsvc.loading.ahead import ahead
from graphsvc.loading.claim import Claim, standing
from graphsvc.loading.counting import count
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts
from graphsvc.store.merge import Merged, make_ahead, merge, touched
from graphsvc.store.revisions import Cause
from graphsvc.store.writer import Transaction, Writer
from ingest.batch import Batch
from ingest.errors import SourceError
from queries.history import SAVE_BATCH
from queries.runs import LEASE, SAVE_FENCED_RUN
from queries.schema.findings import RunState

# After so many rows without another writer a batch may begin early: it holds its new keys without
# the lease, so that it, or a writer who comes in between, may have to be run again.
ROWS_ALONE = 5_000


class Stopped(Exception):
    """The batch before this one was not written, so neither is this one."""


@dataclass(slots=True)
class Progress:
    """How far a run is: what counts, and what was known when the last batch was written.

    `alone` counts the rows since another writer had the lease.
    """

    load: Load
    claim: Claim
    counts: Counts
    cursor: int
    rejects_size: int
    alone: int = 0

    @property
    def run(self) -> str:
        """Return the id of the run."""
        return self.claim.run


async def write_all(writer: Writer, said: Iterator[tuple[Batch, str]], progress: Progress) -> None:
    """Write batches, each with what it says packed, in order; two are in hand at most.

    Cut off, or where one fails, it is the last whole batch that counts. Raises SourceError,
    DatabaseAway, NotWritable, Fenced, Conflict.
    """
    last: _Turn | None = None
    try:
        async for batch, records in ahead(said):
            before, last = last, _Turn(writer, batch, records, progress, last)
            await _settled(before)
        await _settled(last)
    except SourceError:
        await _settled(last)  # what was read before it is whole
        raise
    finally:
        if last:
            last.task.cancel()
            await asyncio.gather(last.task, return_exceptions=True)


async def _settled(turn: _Turn | None) -> None:
    if turn:
        await turn.task
        turn.progress.load.tell(turn.progress.counts)


@dataclass(slots=True)
class _Turn:
    """The writing of a batch with what it says, its rejects and its count, under the fence.

    `before` is the writing of the batch before it. `leased` is set once its transaction has the
    lease, `again` where that had to begin anew.
    """

    writer: Writer
    batch: Batch
    records: str
    progress: Progress
    before: _Turn | None
    task: asyncio.Task[None] = field(init=False)
    leased: asyncio.Event = field(default_factory=asyncio.Event)
    again: asyncio.Event = field(default_factory=asyncio.Event)
    counts: Counts = field(default_factory=Counts)
    alone: bool = False

    def __post_init__(self) -> None:
        self.task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        progress = self.progress
        early = self.before is not None and progress.alone >= ROWS_ALONE
        try:
            await self._surely(early=early)
        except Conflict:
            if not early:
                raise
            await self._surely(early=False)  # another writer made the same key a moment before
        progress.counts, progress.cursor = self.counts, self.batch.cursor
        progress.rejects_size = progress.load.rejects.size
        progress.alone = progress.alone + self.batch.rows if self.alone else 0
        self.before = None

    async def _surely(self, *, early: bool) -> None:
        """Write the batch; where the answer to the commit is lost, the run's cursor tells."""
        try:
            await self._once(early=early)
        except CommitUnknown:
            self.again.set()
            if await save(self.writer, self.progress, {}) != self.batch.cursor:
                await self._once(early=False)

    async def _once(self, *, early: bool) -> None:
        """Write in a transaction that the driver may begin anew, which is then no more early."""
        begun = early

        async def whole(transaction: Transaction) -> None:
            nonlocal begun
            first, begun = begun, False
            if self.leased.is_set():
                self.again.set()
            await self._whole(transaction, early=first)

        if early and self.before:
            await _either(self.before.task, self.before.leased)
        else:
            await self._come()
        await self.writer.within(whole)

    async def _whole(self, transaction: Transaction, *, early: bool) -> None:
        batch, progress = self.batch, self.progress
        cause = Cause(progress.run, clock.stamp())
        done, left = Merged(), batch
        if early and self.before:
            keys = touched(self.before.batch)
            done, left = await make_ahead(transaction, batch, cause, apart_from=keys)
            if await _either(self.before.task, self.before.again):
                # Each would wait for the other, and nobody but us would know of it.
                raise Conflict("the batch before this one began anew")
        await self._come()
        (held,) = await transaction.run(LEASE, run=progress.run)
        self.leased.set()
        self.alone = held["before"] == progress.run
        whole_feed = progress.load.wish.snapshot
        merged = await merge(transaction, left, cause, snapshot=whole_feed, outcome=done)
        if batch.rows:
            place = {"id": f"{progress.run}:{batch.cursor:012d}", "cursor": batch.cursor}
            said = {"run": progress.run, "records": self.records}
            await transaction.run(SAVE_BATCH, **place, **said)
        await self._count(transaction, merged)

    async def _come(self) -> None:
        """Wait until the batch before this one is written; raises Stopped where it is not."""
        if self.before:
            task = self.before.task
            await asyncio.wait([task])
            if task.cancelled() or task.exception():
                raise Stopped

    async def _count(self, transaction: Transaction, merged: Merged) -> None:
        batch, progress = self.batch, self.progress
        self.counts, secret = replace(progress.counts), progress.load.job.secret
        against = count(self.counts, batch, merged, run=progress.run, secret=secret)
        # Refused rows are on disk before their batch counts: a kill loses no reason.
        refused, rejects = (*batch.issues, *against), progress.load.rejects
        await asyncio.to_thread(rejects.add, refused, after=progress.rejects_size)
        row = standing(progress.load, RunState.RUNNING, self.counts, batch.cursor)
        await fenced(transaction, progress, row)


async def _either(task: asyncio.Task[None], event: asyncio.Event) -> bool:
    """Wait for the end of a task or for an event, and tell whether the event has come."""
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    return event.is_set()


async def fenced(
    transaction: Transaction, progress: Progress, properties: dict[str, object]
) -> int:
    """Write properties of the run and return the cursor that it then has; raises Fenced."""
    held = await transaction.run(
        SAVE_FENCED_RUN, id=progress.run, fence=progress.claim.fence, properties=properties
    )
    if not held:
        raise Fenced(f"{progress.run} was taken over by another loader, or aborted")
    return int(held[0]["cursor"])


async def save(writer: Writer, progress: Progress, properties: dict[str, object]) -> int:
    """Write properties of the run in a transaction of its own; as `fenced`."""
    return await writer.within(lambda transaction: fenced(transaction, progress, properties))
