"""The verbs `keys create`, `keys list` and `keys revoke`: who is let in to the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from graphsvc.access import keys
from graphsvc.access.principal import Role, Standing
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.cli.recorded import Deed
from graphsvc.settings import Settings
from queries.keys import KeyRow

app = typer.Typer(help="The API keys.", no_args_is_help=True)
COLUMNS = (
    "id",
    "name",
    "role",
    "scopes",
    "agency",
    "officer",
    "platform",
    "created_at",
    "expires_at",
    "revoked_at",
)
DAYS = 90
REVOKE_NEW = (
    "graphsvc keys revoke "
    "$(graphsvc keys create --role analyst --name trial --json | cut -d '\"' -f 4)"
)


@app.command("create", epilog=example("graphsvc keys create --role analyst --name desk-4"))
def create(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help="What the key's holder may do.")],
    name: Annotated[str, typer.Option(help="Whose key it is, for the list.")],
    *,
    expires: Annotated[
        int, typer.Option(min=1, max=keys.MOST_DAYS, help="After how many days it ends.")
    ] = DAYS,
    scope: Annotated[
        list[str] | None, typer.Option(help="What it is for: read, query:adhoc, schema:read.")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="A partner's authority.")] = None,
    officer: Annotated[str | None, typer.Option(help="A partner's officer.")] = None,
    platform: Annotated[str | None, typer.Option(help="The platform of that role.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key and print it once: it is not kept, only its SHA-256 is.

    Without --scope it has what its role usually may. A partner's key names --agency and --officer,
    a platform's its --platform.
    """
    settings = settings_of(context)
    standing = Standing(agency, officer, platform)
    wanted = keys.NewKey(name, role.value, expires, scope or None, standing)
    made = run(lambda: _create(settings, wanted))
    show({"id": made.id, "key": made.key}, as_json=as_json)
    if not as_json:
        notes.print("Keep it now; it cannot be shown again.")


@app.command("list", epilog=example("graphsvc keys list"))
def list_(context: typer.Context, first: Page = 100, as_json: AsJson = False) -> None:
    """List the API keys, newest first; never a key or its digest."""
    settings = settings_of(context)
    found = run(lambda: _list(settings, first))
    rows([asdict(row) for row in found], COLUMNS, as_json=as_json, title="API keys")


@app.command("revoke", epilog=example(REVOKE_NEW))
def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as in the list.")],
    as_json: AsJson = False,
) -> None:
    """Revoke an API key; a running server refuses it within a second."""
    settings = settings_of(context)
    show(asdict(run(lambda: _revoke(settings, key_id))), as_json=as_json)


async def _create(settings: Settings, wanted: keys.NewKey) -> keys.CreatedKey:
    deed = Deed("keys.create", detail=f"{wanted.role} for {wanted.days} days")
    async with writing(settings, deed) as graph:
        made = await keys.create_key(graph.writer, wanted)
        deed.subject = made.id
        return made


async def _list(settings: Settings, first: int) -> list[KeyRow]:
    async with reading(settings) as reader:
        return await keys.list_keys(reader, first=first)


async def _revoke(settings: Settings, key_id: str) -> KeyRow:
    async with writing(settings, Deed("keys.revoke", key_id)) as graph:
        return await keys.revoke_key(graph.writer, key_id)
