"""The verbs `rings detect|list|show|export`: find rings, list them, say why, take them along."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.run import DetectionReport, Wanted, detect
from graphsvc.settings import Settings

app = typer.Typer(help="Counterfeit rings.", no_args_is_help=True)


@app.command("detect", epilog=example("graphsvc rings detect --engine evidence --json"))
def detect_rings(
    context: typer.Context,
    engine: Annotated[Engine, typer.Option(help="How sellers are grouped.")] = Engine.EVIDENCE,
    seed: Annotated[int, typer.Option(min=0, help="Same input and seed, same rings.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Find rings in the graph as it stands and write them as versioned findings.

    `evidence` is the product's engine; `louvain` and `components` are there to compare with.
    """
    wanted = Wanted(engine, seed, DEFAULT)
    report = run(lambda: _detect(settings_of(context), wanted))
    show(report.as_json(), as_json=as_json, title="rings detect")


async def _detect(settings: Settings, wanted: Wanted) -> DetectionReport:
    async with writing(settings) as graph:
        return await detect(graph.reader, graph.writer, wanted, lambda text: notes.print(escape(text)))
