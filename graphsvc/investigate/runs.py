"""Questions about ingest runs: what was loaded, newest first; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.investigate.page import Page, checked, page
from graphsvc.store.reader import Reader
from queries.runs import INGEST_RUNS, INGEST_RUNS_BY_ID
from queries.schema.findings import IngestRun


async def ingest_runs(reader: Reader, *, first: int = 20, after: str = "") -> Page[IngestRun]:
    """Return a page of the ingest runs in every state, newest first."""
    rows = await reader.rows(INGEST_RUNS, before=after, first=checked(first) + 1)
    return page(rows, first, lambda run: run.id)


async def ingest_runs_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, IngestRun]:
    """Return the ingest runs that there are, by id."""
    return {row.id: row for row in await reader.rows(INGEST_RUNS_BY_ID, ids=list(ids))}
