"""The verb `doctor`: whether a deployment is as it should be, and what to do where it is not."""

from __future__ import annotations

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.findings import Finding, bad, of_the_graph, of_the_home
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import rows
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.errors import CheckFailed, DatabaseAway, GraphsvcError
from graphsvc.settings import Settings

COLUMNS = ("check", "ok", "found", "do")


def register(root: typer.Typer) -> None:
    """Hang the verb on the root."""
    root.command("doctor", epilog=example("graphsvc doctor"))(doctor)


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Look at disk, files, keys, clock, journal, and Neo4j's settings, constraints and indexes.

    Each finding that is bad says what to do; exit 1 where there is one. It changes nothing but
    the journal, in which its own run is recorded: so it is known that it can be written.
    """
    settings = settings_of(context)
    found = [*of_the_home(settings), _recorded(settings), *run(lambda: _graph(settings))]
    told = [{"check": f.check, "ok": f.ok, "found": f.found, "do": f.do} for f in found]
    rows(told, COLUMNS, as_json=as_json, title="doctor")
    if wrong := bad(found):
        raise CheckFailed(f"something is to be done: {', '.join(each.check for each in wrong)}")


def _recorded(settings: Settings) -> Finding:
    try:
        with recorded(settings, Deed("doctor")):
            return Finding("journal's disk", "it can be written")
    except GraphsvcError as error:
        return Finding("journal's disk", str(error), error.advice)


async def _graph(settings: Settings) -> list[Finding]:
    try:
        async with reading(settings) as reader:
            return await of_the_graph(reader, settings)
    except DatabaseAway as error:
        return [Finding("database", str(error), error.advice)]
