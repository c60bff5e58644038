"""Questions about ingest runs: what was loaded, newest first; changes nothing."""

from __future__ import annotations

from graphsvc.investigate.page import Page, checked, page
from graphsvc.store.reader import Reader
from queries.runs import INGEST_RUN, INGEST_RUNS
from queries.schema.findings import IngestRun


async def ingest_runs(reader: Reader, *, first: int = 20, after: str = "") -> Page[IngestRun]:
    """Return a page of the ingest runs in every state, newest first."""
    rows = await reader.rows(INGEST_RUNS, before=after, first=checked(first) + 1)
    return page(rows, first, lambda run: run.id)


async def ingest_run(reader: Reader, run: str) -> IngestRun | None:
    """Return one ingest run, or None where there is none of that id."""
    return await reader.one(INGEST_RUN, id=run)
