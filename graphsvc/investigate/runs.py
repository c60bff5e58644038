"""Questions about runs, newest first: what was loaded, how rings were looked for.

Where no detection run is named, the last finished one of the product's own engine speaks; it must
never show a run that is not finished as a result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphsvc.errors import NotFound
from graphsvc.investigate.page import Page, checked, page
from graphsvc.rings.parameters import Engine
from graphsvc.store.reader import Reader
from queries.rings.views import DETECTION_RUNS, DETECTION_RUNS_BY_ID, LAST_DETECTION_RUN
from queries.runs import INGEST_RUNS, INGEST_RUNS_BY_ID
from queries.schema.findings import DetectionRun, IngestRun, RunState


async def ingest_runs(reader: Reader, *, first: int = 20, after: str = "") -> Page[IngestRun]:
    """Return a page of the ingest runs in every state, newest first."""
    rows = await reader.rows(INGEST_RUNS, before=after, first=checked(first) + 1)
    return page(rows, first, lambda run: run.id)


async def ingest_runs_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, IngestRun]:
    """Return the ingest runs that there are, by id."""
    return {row.id: row for row in await reader.rows(INGEST_RUNS_BY_ID, ids=list(ids))}


async def detection_runs(reader: Reader, *, first: int = 20, after: str = "") -> Page[DetectionRun]:
    """Return a page of the detection runs of every engine and state, newest first."""
    rows = await reader.rows(DETECTION_RUNS, before=after, limit=checked(first) + 1)
    return page(rows, first, lambda run: f"{run.started_at} {run.id}")


async def detection_run(reader: Reader, run: str) -> DetectionRun | None:
    """Return one detection run, or None where there is none of that id."""
    return (await detection_runs_by_id(reader, [run])).get(run)


async def detection_runs_by_id(reader: Reader, ids: Iterable[str]) -> dict[str, DetectionRun]:
    """Return the detection runs that there are, by id."""
    rows = await reader.rows(DETECTION_RUNS_BY_ID, ids=sorted(set(ids)))
    return {row.id: row for row in rows}


async def shown_run(reader: Reader, run: str | None = None) -> DetectionRun | None:
    """Return the run that views follow: the one named, else the last of the evidence engine.

    None where there is none yet. Raises NotFound for a run that is unknown or not finished.
    """
    if run is None:
        return await reader.one(LAST_DETECTION_RUN, engine=Engine.EVIDENCE.value)
    found = await detection_run(reader, run)
    if found is None or found.state != RunState.FINISHED:
        raise NotFound(f"there is no finished detection run {run}")
    return found
