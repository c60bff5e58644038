"""The verb `judge A B same|different|unsure`: what a person knows of two sellers."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer
from rich.markup import escape

from graphsvc.audit.events import digest
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show, shown
from graphsvc.cli.recorded import Deed
from graphsvc.rings.judge import Judgement, Made, judge
from graphsvc.settings import Settings
from queries.schema.decisions import Verdict

EXAMPLE = 'graphsvc judge shopnest:s-1 shopnest:s-2 different --because "two families, one flat"'


def register(root: typer.Typer) -> None:
    """Hang the verb on the root."""
    root.command("judge", epilog=example(EXAMPLE))(judge_pair)


def judge_pair(
    context: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help="A seller, platform:id.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    verdict: Annotated[Verdict, typer.Argument(help="One operator, two, or nobody can tell.")],
    because: Annotated[str, typer.Option(help="Why; it is kept.")],
    by: Annotated[str, typer.Option(help="Who judges (default: the user of this machine).")] = "",
    as_json: AsJson = False,
) -> None:
    """Judge whether two sellers are one operator; the next `rings detect` obeys it.

    same ties them as surely as evidence can, different parts them for good: they are never in one
    ring. A newer judgement of the same two supersedes this one; none is erased. Warnings say where
    it contradicts other judgements or strong evidence.
    """
    settings = settings_of(context)
    wanted = Judgement(a, b, verdict, because, by or getpass.getuser())
    made = run(lambda: _judge(settings, wanted))
    for warning in made.warnings:
        notes.print(escape(shown(f"warning: {warning}")))
    show(made.as_json(), as_json=as_json, title=made.judgement)


async def _judge(settings: Settings, wanted: Judgement) -> Made:
    told = f"{wanted.verdict.value} because {digest(wanted.because)}"
    deed = Deed("judge", f"{wanted.a} {wanted.b}", told, wanted.by)
    async with writing(settings, deed) as graph:
        made = await judge(graph.reader, graph.writer, wanted)
        deed.also(made.judgement)
        return made
