"""The verbs `graph digest` and `graph counts`: what the graph holds, in one line or by label."""

from __future__ import annotations

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.settings import Settings
from graphsvc.store.digest import graph_digest
from queries.graph import COUNT_EDGES, COUNT_NODES

app = typer.Typer(help="The graph as a whole.", no_args_is_help=True)


@app.command("digest", epilog=example("graphsvc graph digest"))
def digest(context: typer.Context, as_json: AsJson = False) -> None:
    """Print the SHA-256 of the canonical graph: same content, same digest, whatever the order."""
    settings = settings_of(context)
    show({"digest": run(lambda: digest_now(settings))}, as_json=as_json, title="graph digest")


@app.command("counts", epilog=example("graphsvc graph counts --json"))
def counts(context: typer.Context, as_json: AsJson = False) -> None:
    """Print how many nodes each label has, and how many relations each type."""
    settings = settings_of(context)
    nodes, edges = run(lambda: _counts(settings))
    if as_json:
        show({"nodes": nodes, "relations": edges}, as_json=True)
        return
    show(nodes, as_json=False, title="nodes")
    show(edges, as_json=False, title="relations")


async def digest_now(settings: Settings) -> str:
    """Return the digest of the graph as it stands; raises DatabaseAway."""
    async with reading(settings) as reader:
        return await graph_digest(reader)


async def _counts(settings: Settings) -> tuple[dict[str, int], dict[str, int]]:
    async with reading(settings) as reader:
        nodes, edges = await reader.rows(COUNT_NODES), await reader.rows(COUNT_EDGES)
    return {row.name: row.number for row in nodes}, {row.name: row.number for row in edges}
