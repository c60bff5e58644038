"""The verbs `grants …`: to whom a case is opened, for what, how far and how long."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import Annotated

import typer

from graphsvc.access import grants
from graphsvc.access.principal import Standing
from graphsvc.audit.events import digest
from graphsvc.cases.register import case_of
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.cli.recorded import Deed
from graphsvc.settings import Settings
from queries.grants import GrantRow
from queries.schema.casework import Opened, Purpose

app = typer.Typer(help="Grants to partners and platforms.", no_args_is_help=True)
LISTED = ("id", "case", "agency", "officer", "platform", "purpose", "hops", "fields", "expires_at")
GIVE = (
    "graphsvc grants create --case latest --agency customs-north --officer o-17 "
    '--purpose customs_enforcement --basis "Regulation 608/2013, art. 17"'
)
GrantId = Annotated[str, typer.Argument(metavar="ID", help="A grant; latest: the newest.")]
By = Annotated[str, typer.Option(help="Who does it (default: the user of this machine).")]


@app.callback()
def root() -> None:
    """What one officer, or a platform, may see of one case. Without one a partner sees nothing."""


@app.command("create", epilog=example(GIVE))
def create(
    context: typer.Context,
    *,
    case: Annotated[str, typer.Option(help="The case; latest: the newest.")],
    agency: Annotated[str | None, typer.Option(help="The authority.")] = None,
    officer: Annotated[str | None, typer.Option(help="Its officer.")] = None,
    platform: Annotated[str | None, typer.Option(help="Or the platform.")] = None,
    purpose: Annotated[Purpose, typer.Option(help="What for; each request names it.")],
    basis: Annotated[str, typer.Option(help="The legal basis.")],
    field: Annotated[
        list[Opened] | None, typer.Option(help="What is shown in clear; may be repeated.")
    ] = None,
    hops: Annotated[
        int, typer.Option(min=0, max=grants.MOST_HOPS, help="How far from the case it reaches.")
    ] = 1,
    days: Annotated[
        int, typer.Option(min=1, max=grants.MOST_DAYS, help="After how many days it ends.")
    ] = 30,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Open a case to one officer of one agency, or to a platform.

    What no --field opens is shown as pseudonyms.
    """
    settings = settings_of(context)
    to = Standing(agency, officer, platform)
    given = grants.Given(case, to, purpose, basis, tuple(field or ()), hops, days)
    made = run(lambda: _give(settings, given, by or getpass.getuser()))
    show(asdict(made), as_json=as_json, title=made.id)


@app.command("list", epilog=example("graphsvc grants list"))
def list_(
    context: typer.Context,
    case: Annotated[str, typer.Option(help="Only of this case.")] = "",
    first: Page = 50,
    as_json: AsJson = False,
) -> None:
    """List the grants, newest first, revoked and expired ones too."""
    settings = settings_of(context)
    found = run(lambda: _list(settings, case, first))
    rows([asdict(row) for row in found], (*LISTED, "revoked_at"), as_json=as_json, title="grants")


@app.command("show", epilog=example("graphsvc grants show latest"))
def show_grant(context: typer.Context, grant: GrantId, as_json: AsJson = False) -> None:
    """Show a grant."""
    settings = settings_of(context)
    found = run(lambda: _show(settings, grant))
    show(asdict(found), as_json=as_json, title=found.id)


@app.command("revoke", epilog=example('graphsvc grants revoke latest --because "case closed"'))
def revoke(
    context: typer.Context,
    grant: GrantId,
    because: Annotated[str, typer.Option(help="Why; it is kept.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """End a grant; the next request under it is refused."""
    settings = settings_of(context)
    ended = run(lambda: _revoke(settings, grant, by or getpass.getuser(), because))
    show(asdict(ended), as_json=as_json, title=ended.id)


async def _give(settings: Settings, given: grants.Given, by: str) -> GrantRow:
    told = f"{given.purpose.value} for {given.days} days, {given.hops} hops"
    deed = Deed("grants.create", detail=f"{told}, basis {digest(given.basis)}", officer=by)
    async with writing(settings, deed) as graph:
        case = await case_of(graph.reader, given.case)
        deed.subject = case.id
        made = await grants.give(graph.writer, given.of(case.id), by=by)
        deed.also(made)
        return await grants.grant_of(graph.reader, made)


async def _list(settings: Settings, case: str, first: int) -> list[GrantRow]:
    async with reading(settings) as reader:
        return await grants.list_grants(reader, case=case, first=first)


async def _show(settings: Settings, grant: str) -> GrantRow:
    async with reading(settings) as reader:
        return await grants.grant_of(reader, grant)


async def _revoke(settings: Settings, grant: str, by: str, because: str) -> GrantRow:
    deed = Deed("grants.revoke", grant, f"because {digest(because)}", by)
    async with writing(settings, deed) as graph:
        deed.subject = (await grants.grant_of(graph.reader, grant)).id
        await grants.revoke(graph.writer, deed.subject, by=by, because=because)
        return await grants.grant_of(graph.reader, deed.subject)
