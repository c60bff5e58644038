"""The verbs `rings detect|list|show|export`: find rings, list them, say why, take them along."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from graphsvc.cli import calibrate, dry_run, ring_diff, ring_update
from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import lines, rows, show, shown
from graphsvc.cli.recorded import Deed
from graphsvc.cli.why import way_out_json
from graphsvc.errors import NotWritable, UsageError
from graphsvc.investigate.citing import cited
from graphsvc.investigate.export import Format, rings_of_run, written
from graphsvc.investigate.rings import (
    MemberView,
    RingFilter,
    RingView,
    kinds_of,
    list_rings,
    show_ring,
    top_ring,
    view,
)
from graphsvc.investigate.why import Shared
from graphsvc.rings.groups import label
from graphsvc.rings.parameters import DEFAULT, Engine, Wanted
from graphsvc.rings.run import DetectionReport, detect
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from queries.rings.views import RingRow
from queries.schema.decisions import Verdict
from queries.schema.findings import Tier

TOP = "top"
JUDGED = {Verdict.SAME: "the same as", Verdict.DIFFERENT: "different from"}
LISTED = ("ring", "version", "tier", "size", "score", "status", "kinds")
LARGEST = ("size", "tier", "kind", "identifier", "users", "sellers")
REASONS = (
    "kind",
    "shown",
    "others",
    "sellers",
    "first_seen",
    "asserted_by",
    "weight",
    "cut",
    "source",
)
RingArgument = Annotated[
    str, typer.Argument(metavar="RING", help="RING or RING@VERSION; top: the highest score.")
]
RunOption = Annotated[
    str | None, typer.Option("--run", help="A detection run (default: the last one of evidence).")
]

app = typer.Typer(help="Counterfeit rings.", no_args_is_help=True)
dry_run.register(app)
ring_diff.register(app)
calibrate.register(app)
ring_update.register(app)


@app.command("detect", epilog=example("graphsvc rings detect --engine evidence --json"))
def detect_rings(
    context: typer.Context,
    engine: Annotated[Engine, typer.Option(help="How sellers are grouped.")] = Engine.EVIDENCE,
    seed: Annotated[int, typer.Option(min=0, help="Same input and seed, same rings.")] = 0,
    confidence: Annotated[
        int,
        typer.Option(
            min=0, max=1000, help="Group so many times more, and tell how steady members are."
        ),
    ] = 0,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|RUN", help="Weigh by a model, or as a run did (latest); learn nothing."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find rings in the graph as it stands and write them as versioned findings.

    `evidence` is the product's engine; `louvain` and `components` are there to compare with. With
    --model two runs differ in nothing but what was loaded, judged or decided between them.
    """
    settings = settings_of(context)
    wanted = Wanted(engine, seed, DEFAULT, confidence, memory=settings.memory_limit)
    report = run(lambda: _detect(settings, wanted, model))
    told = report.as_json()
    if as_json:
        lines([told])
        return
    largest = told.pop("largest")
    show(told, as_json=False, title="rings detect")
    rows(largest, LARGEST, as_json=False, title="largest groups, and what most of them share")


async def _detect(settings: Settings, wanted: Wanted, model: str | None) -> DetectionReport:
    async with writing(settings, Deed("rings.detect", detail=wanted.engine.value)) as graph:
        if model:
            tables = await calibrate.model_named(graph.reader, model, wanted.parameters)
            wanted = replace(wanted, model=tables)
        report = await detect(
            graph.reader, graph.writer, wanted, lambda text: notes.print(escape(text))
        )
        graph.deed.subject = report.run
        return report


@app.command("list", epilog=example("graphsvc rings list --tier ban --first 5"))
def list_found(
    context: typer.Context,
    tier: Annotated[Tier | None, typer.Option(help="Only rings of this tier.")] = None,
    run_id: RunOption = None,
    first: Page = 20,
    as_json: AsJson = False,
) -> None:
    """List the rings of a run, highest score first, with the kinds of identifier they share."""
    wanted = RingFilter(tier=tier.value if tier else "")
    found = run(lambda: _list(settings_of(context), wanted, run_id, first))
    rows(found, LISTED, as_json=as_json, title="rings")


@app.command("show", epilog=example("graphsvc rings show top"))
def show_found(
    context: typer.Context, ring: RingArgument, run_id: RunOption = None, as_json: AsJson = False
) -> None:
    """Show a ring: its score, its members, and for each what it shares with the others.

    All of it is as the run weighed it that found this version; --run shows the version of a run.
    weight is the probability of one operator from that identifier alone; 0 does not count.
    A name that is nearly another member's is told beside it; it weighs nothing and links nobody.
    What people judged of it and other members stands there too.
    cut marks what would have to be untrue for the member to fall out of the ring.
    """
    found = run(lambda: _one(settings_of(context), ring, run_id))
    if as_json:
        lines([_ring_json(found)])
        return
    show(asdict(found.ring), as_json=False, title=f"{found.ring.id}@{found.ring.version}")
    for each in found.members:
        member = each.member
        title = (
            f"{member.seller} ({member.handle or 'no handle'}): {member.tier}, "
            f"log-odds {member.posterior:.2f}, {member.ties} ties"
        )
        if member.confidence is not None:
            title += f", confidence {member.confidence:.2f}"
        if each.like_names:
            title += f"; named nearly as {', '.join(each.like_names)}"
        for said in judged_of(each):
            verdict = JUDGED.get(said["verdict"], "perhaps the same as")
            title += f"; judged {verdict} {said['other']} by {said['by']}: {said['because']}"
        typer.echo(shown(each.why.text))
        rows(
            [_reason_cells(reason) for reason in each.reasons], REASONS, as_json=False, title=title
        )


@app.command(
    "export", epilog=example("graphsvc rings export top --format graphml --out top.graphml")
)
def export_found(
    context: typer.Context,
    ring: Annotated[
        str | None, typer.Argument(metavar="[RING]", help="As of show; none: all of --run.")
    ] = None,
    run_id: RunOption = None,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.GRAPHML,
    out: Annotated[Path | None, typer.Option(help="A file (default: standard output).")] = None,
) -> None:
    """Write one ring, or every ring of a run, as GraphML or node-link JSON, without tokens."""
    if ring is None and run_id is None:
        raise UsageError("name a ring, or a detection run with --run")
    text = written(run(lambda: _chosen(settings_of(context), ring, run_id)), form)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise NotWritable(f"{out}: {error.strerror}") from None


async def _list(
    settings: Settings, wanted: RingFilter, run_id: str | None, first: int
) -> list[dict[str, Any]]:
    async with reading(settings) as reader:
        found = await list_rings(reader, run=run_id, wanted=wanted, first=first)
        kinds = await kinds_of(reader, [(ring.id, ring.version) for ring in found.items])
    return [_listed(ring, kinds[ring.id, ring.version]) for ring in found.items]


async def _one(settings: Settings, ring: str, run_id: str | None) -> RingView:
    async with reading(settings) as reader:
        return await _view(reader, ring, run_id)


async def _chosen(settings: Settings, ring: str | None, run_id: str | None) -> list[RingView]:
    async with reading(settings) as reader:
        if ring is None:
            return await rings_of_run(reader, run_id)
        return [await _view(reader, ring, run_id)]


async def _view(reader: Reader, ring: str, run_id: str | None) -> RingView:
    if ring == TOP:
        return await view(reader, await top_ring(reader, run=run_id))
    name, version = cited(ring)
    return await show_ring(reader, name, version, run=run_id)


def _listed(ring: RingRow, kinds: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    return {
        "ring": ring.id,
        "version": ring.version,
        "tier": ring.tier,
        "size": ring.size,
        "score": round(ring.score, 2),
        "status": ring.status,
        "run": ring.run,
        "kinds": dict(kinds),
    }


def _ring_json(found: RingView) -> dict[str, Any]:
    return {"ring": asdict(found.ring), "members": [_member_json(each) for each in found.members]}


def _member_json(each: MemberView) -> dict[str, Any]:
    told = asdict(each.member)
    del told["ring"], told["version"], told["uses"]
    return told | {
        "reasons": [_reason_json(reason) for reason in each.reasons],
        **way_out_json(each.why),
        "like_names": list(each.like_names),
        "judgements": judged_of(each),
    }


def judged_of(each: MemberView) -> list[dict[str, Any]]:
    """Return what people judged of a member and others, each from the member's side."""
    told = []
    for said in each.judgements:
        row = asdict(said) | {"other": said.b if each.member.seller == said.a else said.a}
        told.append({name: row[name] for name in ("id", "other", "verdict", "because", "by", "at")})
    return told


def _reason_json(reason: Shared) -> dict[str, Any]:
    """Return a reason; its identifier goes by its label, because an id may be a token."""
    told = asdict(reason)
    del told["id"]
    return {"identifier": label(reason.kind, reason.id)} | told


def _reason_cells(reason: Shared) -> dict[str, Any]:
    return {
        "kind": reason.kind if reason.level is None else f"{reason.kind} ({reason.level})",
        "shown": reason.shown,
        "others": reason.members,
        "sellers": reason.sellers,
        "first_seen": (reason.first_seen or "")[:10],
        "asserted_by": reason.asserted_by,
        "weight": _weight_cell(reason),
        "cut": "yes" if reason.cut else "",
        "source": reason.sources,
    }


def _weight_cell(reason: Shared) -> str:
    if not reason.counts:
        return "0 (does not count)"
    notes = ["" if reason.ban_weight else "0 for a ban", "" if reason.standing else "no more"]
    told = "; ".join(filter(None, notes))
    return f"{reason.weight:.2f}" + (f" ({told})" if told else "")
