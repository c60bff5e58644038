"""The verbs `tokens …`: the key that payment and contact values are stored under."""

from __future__ import annotations

from typing import Annotated

import typer

from graphsvc.access.tokens import (
    create_token_key,
    key_file,
    load_tokeniser,
    next_tokeniser,
    put_next_key,
)
from graphsvc.cli.database import writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.loading.rotate import Keys, Rotated, rotate
from graphsvc.settings import Settings

app = typer.Typer(help="The HMAC token key.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """The HMAC token key that payment and contact values are stored under."""


@app.command("create", epilog=example("graphsvc tokens create"))
def create(context: typer.Context, as_json: AsJson = False) -> None:
    """Make a token key in the key folder (mode 600); refuses to replace one.

    Keep a copy: values stored under a lost key can only be loaded again from their sources.
    """
    settings = settings_of(context)
    with recorded(settings, Deed("tokens.create")) as deed:
        tokens = create_token_key(settings)
        deed.subject = tokens.key_id
    show({"key_id": tokens.key_id, "file": str(key_file(settings))}, as_json=as_json)


@app.command("rotate", epilog=example("graphsvc tokens rotate"))
def rotate_key(
    context: typer.Context,
    drop_missing: Annotated[
        bool, typer.Option("--drop-missing", help="Remove what only files that are gone say.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a new token key and load every payment and contact value again under it.

    Each file that was loaded must be where it was, unchanged; one that is not is named, and
    nothing is written. Cut off, the same command goes on; the old key holds until the end.
    """
    settings = settings_of(context)
    keys = Keys(load_tokeniser(settings), next_tokeniser(settings))
    done = run(lambda: _rotate(settings, keys, drop_missing=drop_missing))
    found = {
        "key_id": keys.new.key_id,
        "was": keys.old.key_id,
        "replayed": done.replayed,
        "missing": done.missing,
        "removed": done.removed,
        "file": str(put_next_key(settings)),
    }
    show(found, as_json=as_json)


async def _rotate(settings: Settings, keys: Keys, *, drop_missing: bool) -> Rotated:
    deed = Deed("tokens.rotate", keys.new.key_id, f"was {keys.old.key_id}")
    async with writing(settings, deed) as graph:
        return await rotate(
            graph.reader,
            graph.writer,
            settings,
            keys,
            telling=progress,
            drop_missing=drop_missing,
        )
