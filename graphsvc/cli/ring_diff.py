"""The verb `rings diff`: what became of rings from one detection run to another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import lines, rows, show
from graphsvc.investigate.history import Difference, difference
from graphsvc.rings.compare import Change
from graphsvc.settings import Settings

COLUMNS = ("ring", "event", "versions", "tiers", "came", "went", "moved", "others")


def register(app: typer.Typer) -> None:
    """Add the verb to the group `rings`."""
    app.command("diff", epilog=example("graphsvc rings diff previous latest"))(diff_runs)


def diff_runs(
    context: typer.Context,
    before: Annotated[str, typer.Argument(metavar="RUN1", help="A run, previous or latest.")],
    after: Annotated[str, typer.Argument(metavar="RUN2", help="A run, previous or latest.")],
    as_json: AsJson = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where the rings differ.")
    ] = False,
) -> None:
    """Show which rings came, went, grew, shrank, split, merged or changed tier between two runs.

    came and went are members, moved those that stayed in another tier; others are the rings that
    a ring came from or went to.
    """
    found = run(lambda: _difference(settings_of(context), before, after))
    told = _told(found)
    if as_json:
        lines([told])
    else:
        changes = told.pop("changes")
        show(told, as_json=False, title="rings diff")
        if changes:
            rows([_cells(each) for each in found.changes], COLUMNS, as_json=False)
    if exit_code and found.changes:
        raise typer.Exit(1)


async def _difference(settings: Settings, before: str, after: str) -> Difference:
    async with reading(settings) as reader:
        return await difference(reader, before, after)


def _told(found: Difference) -> dict[str, Any]:
    events = [change.event.value for change in found.changes]
    return {
        "before": found.before.id,
        "after": found.after.id,
        "rings_before": found.rings_before,
        "rings_after": found.rings_after,
        "alike": found.alike,
        "events": {event: events.count(event) for event in sorted(set(events))},
        "changes": [asdict(change) for change in found.changes],
    }


def _cells(change: Change) -> dict[str, Any]:
    return {
        "ring": change.ring,
        "event": change.event.value,
        "versions": _turn(change.before, change.after),
        "tiers": _turn(change.tier_before, change.tier_after),
        "came": change.came,
        "went": change.went,
        "moved": [f"{each.seller} {each.before} → {each.after}" for each in change.moved],
        "others": change.others,
    }


def _turn(before: object, after: object) -> str:
    return str(before) if before == after else f"{_dash(before)} → {_dash(after)}"


def _dash(value: object) -> str:
    return "–" if value is None else str(value)
