"""The verb `demo generate`: an invented market as input files, without key or database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from graphsvc.cli.main import notes
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.demo.generate import FEWEST_SELLERS, generate

EXAMPLE = "graphsvc demo generate --sellers 1000 --seed 7 --out market"


def register(app: typer.Typer) -> None:
    """Hang the verb on the group `demo`."""
    app.command("generate", epilog=example(EXAMPLE))(demo_generate)


def demo_generate(
    context: typer.Context,
    sellers: Annotated[
        int, typer.Option(min=FEWEST_SELLERS, help="How many sellers the market has.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another market.")] = 1,
    out: Annotated[Path, typer.Option(help="A new or empty folder.")] = Path("market"),
    as_json: AsJson = False,
) -> None:
    """Write an invented market with planted rings and innocent look-alikes; the same bytes always.

    The truth lies in OUT/truth; detection never reads it. A folder that holds this very market
    already is left as it is, one that holds anything else is refused.
    """
    summary = generate(out, sellers=sellers, seed=seed, tell=lambda text: notes.print(escape(text)))
    show(summary.as_json(), as_json=as_json, title="market")
