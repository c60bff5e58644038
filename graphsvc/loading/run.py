"""Drive one ingest run: claimed, its batches written, what a whole feed lists no more ended."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

from graphsvc import clock
from graphsvc.errors import GraphsvcError
from graphsvc.loading.claim import claim_run, is_under, standing
from graphsvc.loading.observed import pack
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts, LoadReport
from graphsvc.loading.snapshot import Closing, close, closing
from graphsvc.loading.writing import Progress, fenced, save, write_all
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.checking import Check, check
from ingest.fold.token import Tokeniser
from queries.runs import LEASE, SAVE_TOKEN_KEY, TOKEN_KEYS
from queries.schema import EdgeSpec
from queries.schema.findings import RunState


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
    progress = Progress(load, claim, claim.counts, claim.cursor, load.rejects.size)
    try:
        load.tell(progress.counts)
        said = ((batch, pack(batch, load.job)) for batch in load.batches(claim.cursor))
        await write_all(writer, said, progress)
        if ending is not None:
            await _end(writer, ending, progress)
        row = standing(load, RunState.FINISHED, progress.counts, progress.cursor)
        await save(writer, progress, row)
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


async def _end(writer: Writer, ending: Closing, progress: Progress) -> None:
    """End what a whole feed lists no more, and count it: a transaction a part."""
    await save(writer, progress, {"scope": ending.scope.as_text()})
    for part in ending.parts():
        progress.counts = await _ended(writer, part, ending.scope.until, progress)


async def _ended(
    writer: Writer, part: tuple[EdgeSpec, list[str]], until: str, progress: Progress
) -> Counts:
    async def whole(transaction: Transaction) -> Counts:
        await transaction.run(LEASE, run=progress.run)
        closed = await close(transaction, part, run=progress.run, until=until)
        counts = replace(progress.counts, closed=progress.counts.closed + closed)
        await fenced(transaction, progress, {"closed": counts.closed})
        return counts

    return await writer.within(whole)


async def _mark(writer: Writer, progress: Progress, state: RunState) -> None:
    """Note how a run ended; where the database is away, or the run another's, nobody can.

    The counts stay as the last batch left them: whether the one in flight was written, only the
    graph knows.
    """
    ended: dict[str, object] = {"state": state.value, "finished_at": clock.stamp()}
    try:
        async with asyncio.timeout(5):
            await save(writer, progress, ended)
    except (GraphsvcError, TimeoutError):
        return
