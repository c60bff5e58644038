"""The verbs `runs list` and `runs show`: what was loaded, and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.errors import NotFound
from graphsvc.settings import Settings
from queries.runs import INGEST_RUNS, INGEST_RUNS_BY_ID
from queries.schema.findings import IngestRun

app = typer.Typer(help="Ingest runs.", no_args_is_help=True)
COLUMNS = (
    "id",
    "kind",
    "source",
    "file",
    "state",
    "rows_in",
    "loaded",
    "unchanged",
    "rejected",
    "skipped",
    "stubs",
)


LATEST = "latest"


@app.command("list", epilog=example("graphsvc runs list --first 5"))
def list_runs(context: typer.Context, first: Page = 20, as_json: AsJson = False) -> None:
    """List ingest runs, newest first."""
    settings = settings_of(context)
    found = [asdict(item) for item in run(lambda: _runs(settings, first))]
    rows(found, COLUMNS, as_json=as_json, title="ingest runs")


@app.command("show", epilog=example("graphsvc runs show latest"))
def show_run(
    context: typer.Context,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="A run; latest: the newest.")],
    as_json: AsJson = False,
) -> None:
    """Show one ingest run: its file and digest, its counts, where its rejects are."""
    settings = settings_of(context)
    found = run(lambda: _one(settings, run_id))
    if found is None:
        raise NotFound(f"there is no ingest run {run_id}")
    show(asdict(found), as_json=as_json, title=found.id)


async def _runs(settings: Settings, first: int) -> list[IngestRun]:
    async with reading(settings) as reader:
        return await reader.rows(INGEST_RUNS, first=first, before="")


async def _one(settings: Settings, run_id: str) -> IngestRun | None:
    if run_id == LATEST:
        return next(iter(await _runs(settings, 1)), None)
    async with reading(settings) as reader:
        return await reader.one(INGEST_RUNS_BY_ID, ids=[run_id])
