"""Drive one ingest run: batches from the pipeline into the graph, counted, each all or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field, replace

from graphsvc import clock
from graphsvc.errors import GraphsvcError, KeyRefused
from graphsvc.loading.report import Counts, LoadReport, Rejects
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Merged, Tie, Transaction, Writer, merge
from ingest.batch import Batch, Lost, contradiction
from ingest.checking import Check, check
from ingest.errors import RowIssue
from ingest.fold.token import Tokeniser
from ingest.jobs.job import Context, Job
from ingest.pipeline import batches
from ingest.reading import Reading
from ingest.sources import Source
from queries.runs import LEASE, SAVE_INGEST_RUN, SAVE_TOKEN_KEY, TOKEN_KEYS
from queries.schema.findings import RunState


@dataclass(frozen=True, slots=True)
class Load:
    """One file to load under the id `run`: its source, its job, and how its rows are read.

    `platform` is "" where each row names its own; `tell` gets the counts after each batch.
    """

    run: str
    source: Source
    job: Job
    reading: Reading
    context: Context
    platform: str
    rejects: Rejects
    batch_rows: int
    tell: Callable[[Counts], None]


@dataclass(slots=True)
class _Progress:
    load: Load
    started: str
    counts: Counts = field(default_factory=Counts)

    @property
    def run(self) -> str:
        """Return the id of the run."""
        return self.load.run

    def row(self, state: RunState, counts: Counts) -> dict[str, object]:
        """Return the IngestRun's properties with these counts."""
        stamp = self.load.source
        return {
            "kind": self.load.job.kind,
            "platform": self.load.platform or None,
            "source": self.load.context.source,
            "file": stamp.name,
            "file_digest": stamp.digest,
            "job_version": self.load.job.version,
            "state": state.value,
            "rejects_file": self.load.rejects.name,
            "started_at": self.started,
            "finished_at": clock.stamp() if state is RunState.FINISHED else None,
            **asdict(counts),
        }


async def claim_key(reader: Reader, writer: Writer, tokens: Tokeniser) -> None:
    """Note under which token key this graph is loaded; raises KeyRefused for any other."""
    if not _claimed([row.id for row in await reader.rows(TOKEN_KEYS)], tokens):
        # Two first loads under different keys: the lease lets one of them claim the graph.
        await writer.within(lambda transaction: _claim(transaction, tokens))


async def _claim(transaction: Transaction, tokens: Tokeniser) -> None:
    await transaction.run(LEASE, run=tokens.key_id)
    if not _claimed([row["id"] for row in await transaction.run(TOKEN_KEYS)], tokens):
        await transaction.run(SAVE_TOKEN_KEY, id=tokens.key_id, now=clock.stamp())


def _claimed(held: list[str], tokens: Tokeniser) -> bool:
    if held and tokens.key_id not in held:
        raise KeyRefused(f"this graph was loaded under token key {', '.join(held)}")
    return bool(held)


async def load_file(writer: Writer, load: Load) -> LoadReport:
    """Load one file and return what became of its rows.

    A failure or Ctrl-C leaves whole batches only, the run marked so; the load can be repeated.
    Raises SourceError, DatabaseAway, NotWritable.
    """
    began = time.perf_counter()
    progress = _Progress(load, clock.stamp())
    await _save(writer, progress, RunState.RUNNING)
    try:
        async for batch in _ahead(_source_batches(load)):
            # Refused rows are on disk before their batch counts: a kill loses no reason.
            await asyncio.to_thread(load.rejects.add, batch.issues)
            against = await _write(writer, batch, progress)
            await asyncio.to_thread(load.rejects.add, against)
            load.tell(progress.counts)
    except asyncio.CancelledError:
        await asyncio.shield(_mark(writer, load.run, RunState.INTERRUPTED))
        raise
    except Exception:
        await _mark(writer, load.run, RunState.FAILED)
        raise
    await _save(writer, progress, RunState.FINISHED)
    seconds = time.perf_counter() - began
    return _report(load, progress.counts, seconds)


def check_file(load: Load) -> LoadReport:
    """Read and check one file as `load_file` would, without a database; writes its rejects."""
    made = Check(load.source.name, load.job, _source_batches(load), load.rejects, load.tell)
    return check(made)


def _report(load: Load, counts: Counts, seconds: float) -> LoadReport:
    name = load.rejects.name
    return LoadReport(load.run, load.job.kind, load.source.name, counts, seconds, name)


def _source_batches(load: Load) -> Iterator[Batch]:
    return batches(
        load.source,
        load.job,
        reading=load.reading,
        context=load.context,
        size=load.batch_rows,
    )


async def _ahead(items: Iterator[Batch]) -> AsyncIterator[Batch]:
    """Yield the items while a thread already prepares the next: parsing hides behind writing."""
    coming = asyncio.create_task(asyncio.to_thread(next, items, None))
    try:
        while (batch := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(next, items, None))
            yield batch
    finally:
        coming.cancel()


async def _write(writer: Writer, batch: Batch, progress: _Progress) -> list[RowIssue]:
    """Write a batch and count it, in one transaction; return the rejects that the graph tells."""

    async def whole(transaction: Transaction) -> tuple[Counts, list[RowIssue]]:
        counts = replace(progress.counts)  # the driver may run this again
        await transaction.run(LEASE, run=progress.run)
        merged = await merge(transaction, batch, run=progress.run, now=clock.stamp())
        against = _count(counts, batch, merged, progress)
        row = progress.row(RunState.RUNNING, counts)
        await transaction.run(SAVE_INGEST_RUN, id=progress.run, properties=row)
        return counts, against

    progress.counts, against = await writer.within(whole)
    return against


def _count(counts: Counts, batch: Batch, merged: Merged, progress: _Progress) -> list[RowIssue]:
    """Add a batch to the counts; return the rejects that only the graph could tell."""
    secret = progress.load.job.secret
    against = [_tied(batch, tie, secret) for tie in merged.ties]
    lost = {tie.line for tie in merged.ties if not tie.won} & batch.accepted.keys()
    # A row of this very run that was written, counted, and now lost to a greater one.
    unseated = sum(tie.won and tie.held_run == progress.run for tie in merged.ties)
    kept = batch.accepted.keys() - lost
    loaded = len(kept & merged.changed)
    counts.rows_in += batch.rows
    counts.skipped += batch.skipped
    counts.stubs += merged.stubs
    counts.loaded += loaded - unseated
    counts.unchanged += len(kept) - loaded
    counts.rejected += batch.rows - len(kept) + unseated
    return against


def _tied(batch: Batch, tie: Tie, secret: frozenset[str]) -> RowIssue:
    """Return the reject of whichever row lost a tie between a batch and the graph."""
    digest, _, number = tie.held_source.partition(":")
    here = digest == batch.stamp.digest[:16]
    held = int(number)
    lost = Lost(held, tie.line) if tie.won else Lost(tie.line, held)
    row = batch.accepted.get(lost.line, {}) if here or not tie.won else {}
    file = batch.stamp.file if here or not tie.won else f"sha256:{digest}"
    return contradiction(file, lost, row, secret=secret)


async def _save(writer: Writer, progress: _Progress, state: RunState) -> None:
    row = progress.row(state, progress.counts)
    await writer.command(SAVE_INGEST_RUN, id=progress.run, properties=row)


async def _mark(writer: Writer, run: str, state: RunState) -> None:
    """Note how a run ended; where the database is away nobody can.

    The counts stay as the last batch left them: whether the one in flight was written, only the
    graph knows.
    """
    ended = {"state": state.value, "finished_at": clock.stamp()}
    try:
        async with asyncio.timeout(5):
            await writer.command(SAVE_INGEST_RUN, id=run, properties=ended)
    except (GraphsvcError, TimeoutError):
        return
