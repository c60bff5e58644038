"""The verbs `cases …`: what is investigated together."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated, Any

import typer

from graphsvc.cases.register import (
    Members,
    add_members,
    case_of,
    create_case,
    list_cases,
    members_of,
)
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.cli.recorded import Deed
from graphsvc.settings import Settings
from queries.cases import CaseRow
from queries.schema.casework import Handling

app = typer.Typer(help="Cases.", no_args_is_help=True)
LISTED = ("id", "title", "handling", "owner", "created_at", "sellers", "listings", "rings")
HELD = ("kind", "id", "version", "added_at", "added_by")
CaseId = Annotated[str, typer.Argument(metavar="ID", help="A case; latest: the newest.")]
By = Annotated[str, typer.Option(help="Who does it (default: the user of this machine).")]
Several = list[str] | None


@app.callback()
def root() -> None:
    """What is investigated together; nobody outside sees any of it without a grant."""


@app.command("create", epilog=example('graphsvc cases create --title "Vases" --handling amber'))
def create(
    context: typer.Context,
    title: Annotated[str, typer.Option(help="What it is about; partners do not see it.")],
    handling: Annotated[Handling, typer.Option(help="Who may be told (TLP 2.0).")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Make an empty case."""
    settings, owner = settings_of(context), by or getpass.getuser()
    made = run(lambda: _create(settings, title, handling, owner))
    show(asdict(made), as_json=as_json, title=made.id)


@app.command("add", epilog=example("graphsvc cases add latest --seller shopnest:s-1"))
def add(
    context: typer.Context,
    case: CaseId,
    *,
    seller: Annotated[Several, typer.Option(help="A seller, platform:id; may be repeated.")] = None,
    listing: Annotated[Several, typer.Option(help="A listing, platform:id.")] = None,
    ring: Annotated[Several, typer.Option(help="A ring of a version, id@version.")] = None,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Add sellers, listings and versions of rings to a case: all of them or none."""
    settings, author = settings_of(context), by or getpass.getuser()
    wanted = Members(seller or (), listing or (), ring or ())
    show(asdict(run(lambda: _add(settings, case, wanted, author))), as_json=as_json)


@app.command("show", epilog=example("graphsvc cases show latest"))
def show_case(context: typer.Context, case: CaseId, as_json: AsJson = False) -> None:
    """Show a case and what it holds."""
    settings = settings_of(context)
    found = run(lambda: _show(settings, case))
    if as_json:
        show(found, as_json=True)
        return
    held = found.pop("members")
    show(found, as_json=False, title=found["id"])
    rows(held, HELD, as_json=False, title="it holds")


@app.command("list", epilog=example("graphsvc cases list"))
def list_(context: typer.Context, first: Page = 50, as_json: AsJson = False) -> None:
    """List the cases, newest first."""
    settings = settings_of(context)
    found = run(lambda: _list(settings, first))
    rows([asdict(row) for row in found], LISTED, as_json=as_json, title="cases")


async def _create(settings: Settings, title: str, handling: Handling, owner: str) -> CaseRow:
    deed = Deed("cases.create", detail=handling.value, officer=owner)
    async with writing(settings, deed) as graph:
        deed.subject = await create_case(graph.writer, title=title, handling=handling, owner=owner)
        return await case_of(graph.reader, deed.subject)


async def _add(settings: Settings, case: str, wanted: Members, by: str) -> CaseRow:
    deed = Deed("cases.add", case, officer=by)
    async with writing(settings, deed) as graph:
        deed.subject = (await case_of(graph.reader, case)).id
        held = await add_members(graph.writer, deed.subject, wanted, by=by)
        deed.detail = f"{held} things"
        for each in (*wanted.sellers, *wanted.listings, *wanted.rings):
            deed.also(each)
        return await case_of(graph.reader, deed.subject.split(" ")[0])


async def _show(settings: Settings, case: str) -> dict[str, Any]:
    async with reading(settings) as reader:
        found = await case_of(reader, case)
        members = await members_of(reader, found.id)
    return asdict(found) | {"members": [asdict(row) for row in members]}


async def _list(settings: Settings, first: int) -> list[CaseRow]:
    async with reading(settings) as reader:
        return await list_cases(reader, first=first)
