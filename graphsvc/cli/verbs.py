"""The table of verbs: which function answers which words."""

from __future__ import annotations

import typer

from graphsvc.cli import (
    demo,
    graph,
    keys,
    link,
    load,
    load_bulk,
    migrate,
    neo4j,
    retry,
    rings,
    runs,
    serve,
    tokens,
    watch,
)


def register(app: typer.Typer) -> None:
    """Hang every verb on the root."""
    app.add_typer(neo4j.app, name="neo4j")
    migrate.register(app)
    load.register(app)
    load_bulk.register(app)
    watch.register(app)
    app.add_typer(link.app, name="link")
    retry.register(runs.app)
    app.add_typer(runs.app, name="runs")
    app.add_typer(rings.app, name="rings")
    app.add_typer(graph.app, name="graph")
    app.add_typer(tokens.app, name="tokens")
    app.add_typer(keys.app, name="keys")
    serve.register(app)
    app.add_typer(demo.app, name="demo")
