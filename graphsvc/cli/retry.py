"""The verb `runs retry`: rejects that somebody corrected go through the job that refused them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli.database import writing
from graphsvc.cli.load import check_folders
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed
from graphsvc.cli.report import tell
from graphsvc.errors import InputRefused
from graphsvc.loading.report import LoadReport, Rejects
from graphsvc.loading.retry import prepare_again, retries
from graphsvc.loading.run import claim_key, load_file
from graphsvc.settings import Settings
from graphsvc.store.place import check_room


def register(app: typer.Typer) -> None:
    """Hang the verb on `runs`."""
    app.command("retry", epilog=example("graphsvc runs retry corrected.ndjson"))(retry)


def retry(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="REJECTS", help="Corrected rejects (NDJSON).")],
    *,
    run_id: Annotated[
        str | None, typer.Option("--run", help="The run that refused them, if not clear.")
    ] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where refused rows go (NDJSON).")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 if a row is refused.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load rejects again once their `row` is corrected, as the run that refused them would.

    Values still masked (***) and columns left out are read from the file that was loaded, which
    must be as it was; take out the lines that are not to be loaded. What is refused again goes to
    a rejects file of its own.
    """
    settings = settings_of(context)
    check_folders(rejects, None, [str(file)])
    done = partial(tell, as_json=as_json)
    refused = run(lambda: _retry(settings, file, (run_id, rejects), done, quiet=as_json))
    if strict and refused:
        raise InputRefused("rows were refused again, and --strict was given")


async def _retry(
    settings: Settings,
    file: Path,
    named: tuple[str | None, Path | None],
    done: Callable[[LoadReport], None],
    *,
    quiet: bool,
) -> int:
    """Load the corrected rejects of each run and return how many rows were refused again."""
    tokens = load_tokeniser(settings)
    run_id, rejects = named
    if rejects:
        check_room(rejects.parent, settings.disk_floor)
    shared, refused = Rejects(rejects) if rejects else None, 0
    async with writing(settings, Deed("runs.retry", run_id)) as graph:
        await claim_key(graph.reader, graph.writer, tokens)
        for wish in await retries(graph.reader, file, run=run_id, rejects=rejects):
            with progress(str(file), quiet=quiet) as told:
                made = await prepare_again(
                    graph.reader,
                    settings,
                    (wish, str(file)),
                    tokens=tokens,
                    tell=told,
                    rejects=shared,
                )
                report = await load_file(graph.writer, told.follow(made))
            graph.deed.also(report.run)
            done(report)
            refused += report.counts.rejected
    return refused
