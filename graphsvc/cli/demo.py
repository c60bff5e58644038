"""The verb `demo`: the whole path in one go, from files to rings to an answer over HTTP."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from graphsvc.access.keys import NewKey, create_key
from graphsvc.access.tokens import create_token_key, key_file, load_tokeniser
from graphsvc.cli import demo_generate
from graphsvc.cli.database import Graph, writing
from graphsvc.cli.demo_partner import Officer, open_case, visit
from graphsvc.cli.demo_serve import ask_one, serving, stay
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import example
from graphsvc.cli.output import rows
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed
from graphsvc.demo.files import NAMES
from graphsvc.demo.generate import VERSION, generate
from graphsvc.demo.truth import Evaluation, evaluate
from graphsvc.linking.images import link_images
from graphsvc.loading.prepare import Wish, prepare
from graphsvc.loading.report import LoadReport
from graphsvc.loading.run import claim_key, load_file
from graphsvc.rings.parameters import DEFAULT, Engine, Wanted
from graphsvc.rings.run import DetectionReport, detect
from graphsvc.settings import Settings, data_folder
from graphsvc.store import local
from queries.rings.detection import RINGS_OF_RUN, KnownRing
from queries.schema.findings import Tier

app = typer.Typer(invoke_without_command=True)
demo_generate.register(app)


@app.callback(epilog=example("graphsvc demo --sellers 1000 --once"))
def demo(
    context: typer.Context,
    sellers: Annotated[int, typer.Option(min=100, help="How many sellers.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another market.")] = 1,
    home: Annotated[Path | None, typer.Option(help="Where all of it is kept.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop everything at the end.")] = False,
) -> None:
    """Start a real Neo4j, make a market, load it, find its rings, answer a GraphQL query.

    On a terminal it goes on serving until Ctrl-C; without one, or with --once, it stops. It has
    a home and a Neo4j of its own for each size, seed and version of the market, and never touches
    an outside server.
    """
    if context.invoked_subcommand is not None:
        return
    settings = _own(settings_of(context), home, f"{sellers}-{seed}-v{VERSION}")
    began = time.perf_counter()
    server = local.start(settings, say)
    try:
        say(f"Neo4j {server.version} answers at {server.uri}")
        world = settings.home / "world"
        generate(world, sellers=sellers, seed=seed, tell=say)
        key, officer = run(lambda: _fill_and_find(settings, world))
        with serving(settings) as url:
            ask_one(url, key)
            if officer is not None:
                visit(url, officer, settings)
            say(f"done in {time.perf_counter() - began:.0f} s")
            if sys.stdout.isatty() and not once:
                stay(url, key)
    finally:
        local.stop(settings)


def say(text: str) -> None:
    """Tell the user what goes on, on standard error."""
    notes.print(f"[dim]·[/] {escape(text)}")


def _own(settings: Settings, home: Path | None, name: str) -> Settings:
    """Return the settings of the demo's own home, with no outside server."""
    place = home or data_folder() / "demo" / name
    return settings.model_copy(update={"home": place.absolute(), "neo4j_uri": None})


async def _fill_and_find(settings: Settings, world: Path) -> tuple[str, Officer | None]:
    """Load the world, find its rings, print how they stand against the truth.

    Return an analyst's key, and an officer to whom the ring on top is open, if two were found.
    """
    if settings.token_key is None and not key_file(settings).is_file():
        create_token_key(settings)
    async with writing(settings, Deed("demo")) as graph:
        await _load_all(settings, graph, world)
        linked = await link_images(graph.reader, graph.writer, folders=())
        say(f"{linked.exact + linked.copies:,} pairs of copied pictures, {linked.made:,} new")
        outcomes, officer = [], None
        for engine in Engine:
            report = await detect(graph.reader, graph.writer, Wanted(engine, 0, DEFAULT), say)
            found = await graph.reader.rows(RINGS_OF_RUN, run=report.run)
            outcomes.append(_outcome(report, evaluate(world, *_tiers(found))))
            if engine is Engine.EVIDENCE:
                _print_rings(found)
                officer = await _officer(graph, found)
        rows(outcomes, list(outcomes[0]), as_json=False, title="Engines against the truth")
        made = await create_key(graph.writer, NewKey("demo", "analyst", 1))
    return made.key, officer


async def _officer(graph: Graph, found: list[KnownRing]) -> Officer | None:
    """Open the largest ring to an officer; a seller of the smallest stands for all others."""
    largest = _largest_first(found)
    if len(largest) < 2:
        return None
    return await open_case(graph, largest[0], largest[-1].members[0])


def _largest_first(found: list[KnownRing]) -> list[KnownRing]:
    return sorted(found, key=lambda ring: (-len(ring.members), ring.id))


async def _load_all(settings: Settings, graph: Graph, world: Path) -> None:
    tokens = load_tokeniser(settings)
    await claim_key(graph.reader, graph.writer, tokens)
    reports: list[LoadReport] = []
    for kind, name in NAMES.items():
        wish = Wish(kind, None, None, None, None, None)
        with progress(name) as tell:
            load = prepare(settings, wish, str(world / name), tokens=tokens, tell=tell)
            tell.follow(load)
            reports.append(await load_file(graph.writer, load))
    loaded = [report.as_json() for report in reports]
    columns = ("kind", "in", "loaded", "unchanged", "rejected", "stubs", "seconds")
    rows(loaded, columns, as_json=False, title="Loaded")


def _tiers(found: list[KnownRing]) -> tuple[set[str], set[str]]:
    """Return the sellers of the ban tier and those of the review tier."""
    tiers = {
        tier: {
            seller
            for ring in found
            for seller, own in zip(ring.members, ring.tiers, strict=True)
            if own == tier
        }
        for tier in (Tier.BAN.value, Tier.REVIEW.value)
    }
    return tiers[Tier.BAN.value], tiers[Tier.REVIEW.value]


def _outcome(report: DetectionReport, against: Evaluation) -> dict[str, object]:
    return {
        "engine": report.engine,
        "rings": sum(report.rings.values()),
        "banned": against.banned,
        "reviewed": against.reviewed,
        "ban precision": _share(against.ban_precision),
        "ban recall": _share(against.ban_recall),
        "innocents banned per 1,000": _share(against.innocents_banned_per_1000),
        "seconds": round(sum(report.seconds.values()), 2),
    }


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _print_rings(found: list[KnownRing]) -> None:
    """Print the largest rings of the evidence engine."""
    largest = _largest_first(found)[:10]
    table = [
        {
            "ring": f"{ring.id}@{ring.version}",
            "sellers": len(ring.members),
            "ban": ring.tiers.count(Tier.BAN.value),
            "review": ring.tiers.count(Tier.REVIEW.value),
            "surest member": ring.members[ring.posteriors.index(max(ring.posteriors))],
        }
        for ring in largest
    ]
    title = f"Rings found: {len(found)}, the largest:"
    rows(table, list(table[0]) if table else ["ring"], as_json=False, title=title)
