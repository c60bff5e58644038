"""The verbs `hubs …`: what so many share that it ties nobody, by whose word, and until when."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer

from graphsvc.audit.events import digest
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import rows, show
from graphsvc.cli.recorded import Deed
from graphsvc.errors import UsageError
from graphsvc.rings.groups import label as short
from graphsvc.rings.read import KINDS
from graphsvc.rings.registry import (
    Decision,
    Named,
    decide,
    ends,
    expire,
    list_marks,
    propose_hubs,
    propose_one,
)
from graphsvc.rings.replay import Replay, replay
from graphsvc.settings import Settings
from queries.hubs import MarkRow
from queries.schema.decisions import HubKind, HubState

app = typer.Typer(help="The hub registry.", no_args_is_help=True)
LISTED = ("id", "state", "kind", "identifier", "shown", "sellers", "why", "by", "since", "until")
REPLAYED = ("before", "after", "size_before", "size_after", "left", "joined", "retiered")

MarkId = Annotated[
    str, typer.Argument(metavar="ID", help="A mark; latest: the newest that this can be done to.")
]
Because = Annotated[str, typer.Option(help="Why; it is kept.")]
By = Annotated[str, typer.Option(help="Who decides (default: the user of this machine).")]
Until = Annotated[str, typer.Option(help="Until when, ISO 8601 (default: until it is expired).")]
Scope = Annotated[str, typer.Option(help="A note of where it is meant to hold.")]


@app.callback()
def root() -> None:
    """Identifiers that many unrelated sellers share: forwarders, mail drops, stock pictures."""


@app.command("propose", epilog=example("graphsvc hubs propose"))
def propose(
    context: typer.Context,
    identifier: Annotated[
        str, typer.Option(help="Only this one: its text, or its name in rings show --json.")
    ] = "",
    of: Annotated[str, typer.Option(help="A seller who uses it.")] = "",
    kind: Annotated[HubKind, typer.Option(help="What it is.")] = HubKind.OTHER,
    because: Because = "",
    as_json: AsJson = False,
) -> None:
    """Propose as hubs what many sellers share who share nothing else and are of many brands, years
    and platforms, and what `link addresses` takes for a forwarder, a mail drop or an office.

    A proposal changes nothing until somebody confirms it, or rejects it.
    """
    if bool(identifier) != bool(of) or (identifier and not because.strip()):
        raise UsageError("to propose one, give --identifier, --of and --because")
    wanted = Named(of, identifier, kind, because) if identifier else None
    settings = settings_of(context)
    _tell(run(lambda: _propose(settings, wanted)), as_json=as_json, title="proposed")


@app.command("list", epilog=example("graphsvc hubs list --state proposed --first 5"))
def list_(
    context: typer.Context,
    state: Annotated[HubState | None, typer.Option(help="Only marks of this state.")] = None,
    first: Page = 50,
    as_json: AsJson = False,
) -> None:
    """List marks, newest first: proposals, decisions, and those that have ended."""
    settings = settings_of(context)
    found = run(lambda: _list(settings, state, first))
    _tell(found, as_json=as_json, title="hubs")


@app.command("confirm", epilog=example('graphsvc hubs confirm latest --because "a parcel shop"'))
def confirm(
    context: typer.Context,
    mark: MarkId,
    because: Because,
    until: Until = "",
    scope: Scope = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Confirm that an identifier is a hub: it links nobody from the next detection on."""
    wanted = _decision(HubState.CONFIRMED, (because, by), until, scope)
    _decided(context, mark, wanted, as_json=as_json)


@app.command("reject", epilog=example('graphsvc hubs reject latest --because "the ring\'s own"'))
def reject(
    context: typer.Context,
    mark: MarkId,
    because: Because,
    until: Until = "",
    scope: Scope = "",
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Reject a proposal: the identifier is no hub, and links although many use it (500 at most)."""
    wanted = _decision(HubState.REJECTED, (because, by), until, scope)
    _decided(context, mark, wanted, as_json=as_json)


@app.command("expire", epilog=example('graphsvc hubs expire latest --because "it has closed"'))
def end(
    context: typer.Context,
    mark: MarkId,
    because: Because,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """End a decision, or take a proposal back: what the graph says counts again."""
    settings = settings_of(context)
    author = _author((because, by))
    _tell_one(run(lambda: _expire(settings, mark, author, because)), as_json=as_json)


@app.command("replay", epilog=example("graphsvc hubs replay"))
def replay_marks(
    context: typer.Context,
    mark: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A mark (default: all proposals).")
    ] = None,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="As if rejected, not confirmed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show which rings and members would change since the last evidence run; it writes nothing."""
    state = HubState.REJECTED if rejected else HubState.CONFIRMED
    settings = settings_of(context)
    found = run(lambda: _replay(settings, mark, state)).as_json()
    if as_json:
        show(found, as_json=True)
        return
    changed = found.pop("rings")
    show(found, as_json=False, title="hubs replay")
    rows(changed, REPLAYED, as_json=False, title="rings that would change")


def _author(told: tuple[str, str]) -> str:
    because, by = told
    if not because.strip():
        raise UsageError("a decision needs --because")
    return by.strip() or getpass.getuser()


def _decision(state: HubState, told: tuple[str, str], until: str, scope: str) -> Decision:
    return Decision(state, told[0], _author(told), ends(until), scope or None)


def _decided(context: typer.Context, mark: str, wanted: Decision, *, as_json: bool) -> None:
    settings = settings_of(context)
    _tell_one(run(lambda: _decide(settings, mark, wanted)), as_json=as_json)


def _tell(found: Sequence[MarkRow], *, as_json: bool, title: str) -> None:
    told = [_json(row) for row in found]
    if not as_json:
        told = [row | {"why": row["reason"] or row["proposal"]} for row in told]
    rows(told, LISTED, as_json=as_json, title=title)


def _tell_one(row: MarkRow, *, as_json: bool) -> None:
    show(_json(row), as_json=as_json, title=row.id)


def _json(row: MarkRow) -> dict[str, Any]:
    """Return a mark; its identifier goes by its short label, because an id may be a token."""
    told = asdict(row) | {"figures": json.loads(row.figures or "{}")}
    kind = KINDS[told.pop("label")].word
    return told | {"identifier": short(kind, row.identifier)}


async def _propose(settings: Settings, wanted: Named | None) -> list[MarkRow]:
    deed = Deed("hubs.propose", wanted.seller if wanted else None)
    async with writing(settings, deed) as graph:
        if wanted is None:
            return await propose_hubs(graph.reader, graph.writer)
        return await propose_one(graph.reader, graph.writer, wanted)


async def _list(settings: Settings, state: HubState | None, first: int) -> list[MarkRow]:
    async with reading(settings) as reader:
        return await list_marks(reader, state=state.value if state else "", first=first)


async def _decide(settings: Settings, mark: str, wanted: Decision) -> MarkRow:
    told = f"{wanted.state.value} because {digest(wanted.because)}"
    deed = Deed("hubs.decide", mark, told, wanted.by)
    async with writing(settings, deed) as graph:
        return _named(deed, await decide(graph.reader, graph.writer, mark, wanted))


async def _expire(settings: Settings, mark: str, by: str, because: str) -> MarkRow:
    deed = Deed("hubs.expire", mark, f"because {digest(because)}", by)
    async with writing(settings, deed) as graph:
        row = await expire(graph.reader, graph.writer, mark, by=by, because=because)
        return _named(deed, row)


def _named(deed: Deed, row: MarkRow) -> MarkRow:
    """Let the journal name the mark: it may have been asked for as the latest."""
    deed.subject = row.id
    return row


async def _replay(settings: Settings, mark: str | None, state: HubState) -> Replay:
    async with reading(settings) as reader:
        return await replay(reader, mark, state)
