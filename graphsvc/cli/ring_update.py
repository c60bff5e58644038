"""The verb `rings update`: rings as the graph stands now, solving only what changed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from graphsvc.cli.calibrate import LATEST, model_named
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import lines, show
from graphsvc.cli.recorded import Deed
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.update import UpdateReport, update
from graphsvc.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the verb to the group `rings`."""
    app.command("update", epilog=example("graphsvc rings update --json"))(update_rings)


def update_rings(
    context: typer.Context,
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME|RUN", help="Weigh by a model or as a run did; not latest: solve all."
        ),
    ] = LATEST,
    as_json: AsJson = False,
) -> None:
    """Bring the rings of the last run up to date: what did not change since is carried over.

    The findings are those of `rings detect --model RUN` with the seed of the last run. solved are
    the components that changed since, of all; touched the sellers in them, carried the rings that
    are as they were. Learn a new model by `rings detect` from time to time.
    """
    report = run(lambda: _update(settings_of(context), model))
    told = report.as_json()
    if as_json:
        lines([told])
    else:
        show(told, as_json=False, title="rings update")


async def _update(settings: Settings, model: str) -> UpdateReport:
    async with writing(settings, Deed("rings.update")) as graph:
        used = await model_named(graph.reader, model, DEFAULT)
        report = await update(
            graph.reader,
            graph.writer,
            used,
            lambda text: notes.print(escape(text)),
            memory=settings.memory_limit,
        )
        graph.deed.subject = report.run
        return report
