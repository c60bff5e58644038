"""Drive one ingest run: batches from the pipeline into the graph, counted, each all or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from graphsvc import clock
from graphsvc.errors import CommitUnknown, Fenced, GraphsvcError
from graphsvc.loading.ahead import ahead
from graphsvc.loading.claim import Claim, claim_run, is_under, standing
from graphsvc.loading.counting import count
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts, LoadReport
from graphsvc.loading.snapshot import Closing, close, closing
from graphsvc.store.merge import merge
from graphsvc.store.reader import Reader
from graphsvc.store.revisions import Cause
from graphsvc.store.writer import Transaction, Writer
from ingest.batch import Batch
from ingest.checking import Check, check
from ingest.errors import RowIssue
from ingest.fold.token import Tokeniser
from queries.runs import LEASE, SAVE_FENCED_RUN, SAVE_TOKEN_KEY, TOKEN_KEYS
from queries.schema import EdgeSpec
from queries.schema.findings import RunState


@dataclass(slots=True)
class _Progress:
    load: Load
    claim: Claim
    counts: Counts
    cursor: int
    rejects_size: int

    @property
    def run(self) -> str:
        """Return the id of the run."""
        return self.claim.run


async def claim_key(reader: Reader, writer: Writer, tokens: Tokeniser) -> None:
    """Note under which token key this graph is loaded; raises KeyRefused for any other."""
    if not is_under(tokens.key_id, [row.id for row in await reader.rows(TOKEN_KEYS)]):
        # Two first loads under different keys: the lease lets one of them claim the graph.
        await writer.within(lambda transaction: _claim(transaction, tokens))


async def _claim(transaction: Transaction, tokens: Tokeniser) -> None:
    await transaction.run(LEASE, run=tokens.key_id)
    if not is_under(tokens.key_id, [row["id"] for row in await transaction.run(TOKEN_KEYS)]):
        await transaction.run(SAVE_TOKEN_KEY, id=tokens.key_id, now=clock.stamp())


async def load_file(
    writer: Writer, load: Load, *, resume: str | None = None, under: str | None = None
) -> LoadReport:
    """Load one file and return what became of its rows.

    A run of the same file that was cut off is gone on with. A failure or Ctrl-C leaves whole
    batches only, the run marked so. A whole feed (`--snapshot`) ends, when it is loaded, what it
    lists no more. `under` is the key that the graph must be under, where it is not the load's own.
    Raises SourceError, DatabaseAway, NotWritable, KeyRefused, Fenced, FeedShrinks.
    """
    began, before = time.perf_counter(), replace(writer.attempts)
    ending = await closing(writer, load) if load.wish.snapshot else None
    claim = await claim_run(writer, load, resume=resume, under=under)
    progress = _Progress(load, claim, claim.counts, claim.cursor, load.rejects.size)
    try:
        load.tell(progress.counts)
        async for batch, records in ahead(load.packed(claim.cursor)):
            await _write(writer, batch, records, progress)
            load.tell(progress.counts)
        if ending is not None:
            await _end(writer, ending, progress)
        row = standing(load, RunState.FINISHED, progress.counts, progress.cursor)
        await _save(writer, progress, row)
    except asyncio.CancelledError:
        await asyncio.shield(_mark(writer, progress, RunState.INTERRUPTED))
        raise
    except Exception:
        await _mark(writer, progress, RunState.FAILED)
        raise
    return LoadReport(
        run=claim.run,
        kind=load.job.kind,
        file=load.source.name,
        counts=progress.counts,
        seconds=time.perf_counter() - began,
        rejects=load.rejects.name,
        resumed=claim.cursor,
        transactions=writer.attempts.transactions - before.transactions,
        retried=writer.attempts.retried - before.retried,
        refused=await asyncio.to_thread(load.rejects.refusals, load.source.name),
    )


def check_file(load: Load) -> LoadReport:
    """Read and check one file as `load_file` would, without a database; writes its rejects."""
    made = Check(load.source.name, load.job, load.batches(), load.rejects, load.tell)
    return check(made)


async def _write(writer: Writer, batch: Batch, records: str, progress: _Progress) -> None:
    """Write a batch, what it says, its rejects and its count: one transaction under the fence.

    Where the answer to the commit is lost, the run's cursor tells whether it was written.
    """
    counts, whole_feed = progress.counts, progress.load.wish.snapshot

    async def whole(transaction: Transaction) -> None:
        nonlocal counts
        counts = replace(progress.counts)  # the driver may run this again
        await transaction.run(LEASE, run=progress.run)
        merged = await merge(
            transaction, batch, Cause(progress.run, clock.stamp()), snapshot=whole_feed
        )
        against = count(counts, batch, merged, run=progress.run, secret=progress.load.job.secret)
        # Refused rows are on disk before their batch counts: a kill loses no reason.
        await _refuse((*batch.issues, *against), progress)
        row = standing(progress.load, RunState.RUNNING, counts, batch.cursor)
        place = {"id": f"{progress.run}:{batch.cursor:012d}", "cursor": batch.cursor}
        said = [{**place, "records": records}] if batch.rows else []
        await _fenced(transaction, progress, row, said)

    try:
        await writer.within(whole)
    except CommitUnknown:
        if await _save(writer, progress, {}) != batch.cursor:
            await writer.within(whole)
    progress.counts, progress.cursor = counts, batch.cursor
    progress.rejects_size = progress.load.rejects.size


async def _refuse(issues: Sequence[RowIssue], progress: _Progress) -> None:
    """Put refused rows behind those of the batches before; a thread waits for the disk."""
    add = partial(progress.load.rejects.add, issues, after=progress.rejects_size)
    await asyncio.to_thread(add) if issues else add()


async def _end(writer: Writer, ending: Closing, progress: _Progress) -> None:
    """End what a whole feed lists no more, and count it: a transaction a part."""
    await _save(writer, progress, {"scope": ending.scope.as_text()})
    for part in ending.parts():
        progress.counts = await _ended(writer, part, ending.scope.until, progress)


async def _ended(
    writer: Writer, part: tuple[EdgeSpec, list[str]], until: str, progress: _Progress
) -> Counts:
    async def whole(transaction: Transaction) -> Counts:
        await transaction.run(LEASE, run=progress.run)
        closed = await close(transaction, part, run=progress.run, until=until)
        counts = replace(progress.counts, closed=progress.counts.closed + closed)
        await _fenced(transaction, progress, {"closed": counts.closed})
        return counts

    return await writer.within(whole)


async def _fenced(
    transaction: Transaction,
    progress: _Progress,
    properties: dict[str, object],
    said: Sequence[dict[str, object]] = (),
) -> int:
    """Write properties of the run, and what a batch `said`; return the cursor that it then has.

    Raises Fenced.
    """
    marks = {"id": progress.run, "fence": progress.claim.fence, "properties": properties}
    held = await transaction.run(SAVE_FENCED_RUN, **marks, said=list(said))
    if not held:
        raise Fenced(f"{progress.run} was taken over by another loader, or aborted")
    return int(held[0]["cursor"])


async def _save(writer: Writer, progress: _Progress, properties: dict[str, object]) -> int:
    return await writer.within(lambda transaction: _fenced(transaction, progress, properties))


async def _mark(writer: Writer, progress: _Progress, state: RunState) -> None:
    """Note how a run ended; where the database is away, or the run another's, nobody can.

    The counts stay as the last batch left them: whether the one in flight was written, only the
    graph knows.
    """
    ended: dict[str, object] = {"state": state.value, "finished_at": clock.stamp()}
    try:
        async with asyncio.timeout(5):
            await _save(writer, progress, ended)
    except (GraphsvcError, TimeoutError):
        return
