"""The verb `tokens create`: the key that payment and contact values are stored under."""

from __future__ import annotations

import typer

from graphsvc.access.tokens import create_token_key, key_file
from graphsvc.cli.main import settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show

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
    tokens = create_token_key(settings)
    show({"key_id": tokens.key_id, "file": str(key_file(settings))}, as_json=as_json)
