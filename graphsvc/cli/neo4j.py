"""The verbs `neo4j start`, `stop` and `status`: the managed local server."""

from __future__ import annotations

from typing import Any

import typer

from graphsvc.cli.main import settings_of, tell
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.errors import DatabaseAway
from graphsvc.store import local

app = typer.Typer(help="The managed local Neo4j.", no_args_is_help=True)


@app.command("start", epilog=example("graphsvc neo4j start --json"))
def start(context: typer.Context, as_json: AsJson = False) -> None:
    """Start a Neo4j on this machine, or find the one that runs; returns once it answers.

    The first start fetches the server and verifies every file. With NEO4J_URI set nothing is
    started: that server is asked whether it answers.
    """
    server = local.start(settings_of(context), tell)
    show(_shape(server), as_json=as_json, title="neo4j")


@app.command("stop", epilog=example("graphsvc neo4j stop"))
def stop(context: typer.Context, as_json: AsJson = False) -> None:
    """Stop the managed Neo4j and wait until it is gone; its data stay."""
    show({"stopped": local.stop(settings_of(context))}, as_json=as_json, title="neo4j")


@app.command("status", epilog=example("graphsvc neo4j status || true"))
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the Neo4j that the other verbs would use; exit 4 where none answers."""
    server = local.status(settings_of(context))
    if server is None:
        raise DatabaseAway("no Neo4j answers")
    show(_shape(server), as_json=as_json, title="neo4j")


def _shape(server: local.Server) -> dict[str, Any]:
    return {
        "uri": server.uri,
        "version": server.version,
        "edition": server.edition,
        "pid": server.pid,
        "home": str(server.home) if server.home else None,
        "managed": server.managed,
    }
