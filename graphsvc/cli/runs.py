"""The verbs `runs …`: what was loaded, what became of it, and going on with what was cut off."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from graphsvc import clock
from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli import retry
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed
from graphsvc.cli.report import tell, tell_run
from graphsvc.errors import Conflict, NotFound
from graphsvc.loading.prepare import Wish, drop_spooled
from graphsvc.loading.report import Counts, LoadReport, report_of
from graphsvc.loading.retry import prepare_again
from graphsvc.loading.run import claim_key, load_file
from graphsvc.loading.undo import Undone, undo_run
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from queries.runs import ABORT_RUN, INGEST_RUNS, INGEST_RUNS_BY_ID
from queries.schema.findings import IngestRun, RunState

app = typer.Typer(help="Ingest runs.", no_args_is_help=True)
retry.register(app)
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
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run; latest: the newest.")]


@app.command("list", epilog=example("graphsvc runs list --first 5"))
def list_runs(context: typer.Context, first: Page = 20, as_json: AsJson = False) -> None:
    """List ingest runs, newest first."""
    settings = settings_of(context)
    found = [asdict(item) for item in run(lambda: _runs(settings, first))]
    rows(found, COLUMNS, as_json=as_json, title="ingest runs")


@app.command("show", epilog=example("graphsvc runs show latest"))
def show_run(
    context: typer.Context,
    run_id: RunId,
    as_json: AsJson = False,
) -> None:
    """Show one ingest run: its file and digest, its counts, for what rows were refused.

    `seconds` go from its beginning to its end, interruptions included.
    """
    settings = settings_of(context)
    found = run(lambda: _one(settings, run_id))
    told = report_of(found).as_json()
    added = {name: told[name] for name in ("seconds", "rows_per_second", "refused")}
    tell_run({**asdict(found), **added}, as_json=as_json, title=found.id)


@app.command("resume", epilog=example("graphsvc runs resume latest"))
def resume_run(
    context: typer.Context,
    run_id: RunId,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was cut off, after the last batch that the graph holds.

    The same `load` command does it too. A loader that still works on the run is fenced off: it
    ends with exit code 5 and writes nothing more.
    """
    settings = settings_of(context)
    report = run(lambda: _resume(settings, run_id, quiet=as_json))
    tell(report, as_json=as_json)


@app.command("abort", epilog=example("graphsvc runs abort latest"))
def abort_run(
    context: typer.Context,
    run_id: RunId,
    as_json: AsJson = False,
) -> None:
    """End an unfinished run for good; what it wrote stays, and no loader goes on with it."""
    settings = settings_of(context)
    found = run(lambda: _abort(settings, run_id))
    show(found, as_json=as_json, title=str(found["run"]))


@app.command("undo", epilog=example("graphsvc runs undo latest"))
def undo(
    context: typer.Context,
    run_id: RunId,
    as_json: AsJson = False,
) -> None:
    """Take back what a run said; what other runs say of the same things stays.

    Things that only this run named go; rings stay as they were found: detect again. Cut off, the
    same command goes on.
    """
    settings = settings_of(context)
    found = run(lambda: _undo(settings, run_id, quiet=as_json))
    show(asdict(found), as_json=as_json, title=found.run)


async def _undo(settings: Settings, run_id: str, *, quiet: bool) -> Undone:
    async with writing(settings, Deed("runs.undo", run_id)) as graph:
        held = await _named(graph.reader, run_id)
        graph.deed.subject = held.id
        with progress(held.id, quiet=quiet) as shown:

            def told(done: int) -> None:
                shown(Counts(rows_in=done))

            return await undo_run(graph.reader, graph.writer, held, tell=told)


async def _resume(settings: Settings, run_id: str, *, quiet: bool) -> LoadReport:
    tokens = load_tokeniser(settings)
    async with writing(settings, Deed("runs.resume", run_id)) as graph:
        held = await _named(graph.reader, run_id)
        graph.deed.subject = held.id
        if not held.wish or not held.place:
            raise Conflict(f"{held.id} was loaded before runs could be resumed: load it again")
        await claim_key(graph.reader, graph.writer, tokens)
        wish, place = Wish.of_text(held.wish), json.loads(held.place)
        with progress(place, quiet=quiet) as told:
            made = await prepare_again(
                graph.reader, settings, (wish, place), tokens=tokens, tell=told
            )
            report = await load_file(graph.writer, told.follow(made), resume=held.id)
        drop_spooled(settings, made.source.place)
        return report


async def _abort(settings: Settings, run_id: str) -> dict[str, object]:
    async with writing(settings, Deed("runs.abort", run_id)) as graph:
        held = await _named(graph.reader, run_id)
        graph.deed.subject = held.id
        rows = await graph.writer.command(ABORT_RUN, id=held.id, now=clock.stamp())
        if not rows:
            raise Conflict(f"{held.id} is {held.state}: only an unfinished run can be aborted")
        drop_spooled(settings, Path(json.loads(held.place)) if held.place else None)
        return {"run": held.id, "state": RunState.ABORTED.value, "cursor": rows[0]["cursor"]}


async def _named(reader: Reader, run_id: str) -> IngestRun:
    """Return the run of this id, or the newest one; raises NotFound."""
    if run_id == LATEST:
        found = next(iter(await reader.rows(INGEST_RUNS, first=1, before="")), None)
    else:
        found = await reader.one(INGEST_RUNS_BY_ID, ids=[run_id])
    if found is None:
        raise NotFound(f"there is no ingest run {run_id}")
    return found


async def _runs(settings: Settings, first: int) -> list[IngestRun]:
    async with reading(settings) as reader:
        return await reader.rows(INGEST_RUNS, first=first, before="")


async def _one(settings: Settings, run_id: str) -> IngestRun:
    async with reading(settings) as reader:
        return await _named(reader, run_id)
