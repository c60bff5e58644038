"""The verb `judgements list`: who judged which two sellers, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows
from graphsvc.rings.judge import list_judgements
from graphsvc.settings import Settings
from queries.judgements import JudgementRow

app = typer.Typer(help="Judgements of pairs of sellers.", no_args_is_help=True)
COLUMNS = ("id", "a", "b", "verdict", "because", "by", "at", "superseded_by")


@app.callback()
def root() -> None:
    """What people judged of pairs of sellers; `graphsvc judge` makes one."""


@app.command("list", epilog=example("graphsvc judgements list --first 5"))
def list_made(
    context: typer.Context,
    seller: Annotated[str, typer.Option(help="Only those about this seller.")] = "",
    first: Page = 20,
    as_json: AsJson = False,
) -> None:
    """List judgements, newest first, those that were superseded too."""
    settings = settings_of(context)
    found = [asdict(row) for row in run(lambda: _list(settings, seller, first))]
    rows(found, COLUMNS, as_json=as_json, title="judgements")


async def _list(settings: Settings, seller: str, first: int) -> list[JudgementRow]:
    async with reading(settings) as reader:
        return await list_judgements(reader, seller=seller, first=first)
