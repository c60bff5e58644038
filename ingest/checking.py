"""Read and check one source to its end, as a load would, without a graph: what would be refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.batch import Batch
from ingest.jobs.job import Job
from ingest.report import Counts, LoadReport, Rejects

RUN = "dry-run"


@dataclass(frozen=True, slots=True)
class Check:
    """What to check: the batches of a source, what it is called, and where its rejects go.

    `tell` gets the counts after each batch.
    """

    file: str
    job: Job
    batches: Iterator[Batch]
    rejects: Rejects
    tell: Callable[[Counts], None]


def check(wanted: Check) -> LoadReport:
    """Read every batch and return what a load into an empty graph would do with its rows.

    Rows that repeat a key of an earlier batch count as loaded: only a graph knows them. Raises
    SourceError, and what the rejects file raises.
    """
    began = time.perf_counter()
    counts = Counts()
    for batch in wanted.batches:
        counts.rows_in += batch.rows
        counts.skipped += batch.skipped
        counts.rejected += batch.rows - len(batch.accepted)
        counts.loaded += len(batch.accepted)
        wanted.rejects.add(batch.issues)
        wanted.tell(counts)
    seconds = time.perf_counter() - began
    return LoadReport(
        run=RUN,
        kind=wanted.job.kind,
        file=wanted.file,
        counts=counts,
        seconds=seconds,
        rejects=wanted.rejects.name,
        refused=wanted.rejects.refusals(wanted.file),
    )
