"""The verb `migrate`: constraints and indexes as declared, and how the database differed."""

from __future__ import annotations

import typer

from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.errors import SchemaDrift
from graphsvc.settings import Settings
from graphsvc.store.driver import connect
from graphsvc.store.local import resolve
from graphsvc.store.migrate import Drift, drift, migrate
from graphsvc.store.reader import Reader


def register(app: typer.Typer) -> None:
    """Hang the verb on the root."""
    app.command("migrate", epilog=example("graphsvc migrate --json"))(apply)


def apply(context: typer.Context, as_json: AsJson = False) -> None:
    """Make the constraints and indexes that are missing; safe to repeat.

    A constraint of a declared name on something else is drift that only a person can settle:
    exit 5. Foreign ones are reported and left alone.
    """
    made, left = run(lambda: _apply(settings_of(context)))
    show(
        {
            "made": made,
            "missing": list(left.missing),
            "different": list(left.different),
            "foreign": list(left.foreign),
        },
        as_json=as_json,
        title="migrate",
    )
    if left.different:
        raise SchemaDrift(f"not as declared: {', '.join(left.different)}; drop them by hand")


async def _apply(settings: Settings) -> tuple[list[str], Drift]:
    with recorded(settings, Deed("migrate")) as deed:
        made, left = await _applied(settings)
        deed.detail = f"{len(made)} made"
        return made, left


async def _applied(settings: Settings) -> tuple[list[str], Drift]:
    async with connect(resolve(settings)) as driver:
        made = await migrate(driver)
        return [rule.name for rule in made], await drift(Reader(driver))
