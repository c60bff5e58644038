"""The verb `why`: what two sellers share, whether that links them, and what would undo it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from graphsvc.cli.database import reading
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import lines, rows, shown
from graphsvc.investigate.pair import why_linked
from graphsvc.investigate.tie import PairFact, PairView, Tie
from graphsvc.investigate.why import Why
from graphsvc.rings.groups import label
from graphsvc.settings import Settings

COLUMNS = ("kind", "shown", "sellers", "since", "asserted_by", "weight", "cut", "sources")
Seller = Annotated[str, typer.Argument(help="A seller, as platform:local_id.")]


def register(root: typer.Typer) -> None:
    """Add the verb to the command line."""
    shop = "shopnest:s-1 shopnest:s-2"
    root.command("why", epilog=example(f"graphsvc why {shop}"))(why_pair)


def why_pair(context: typer.Context, a: Seller, b: Seller, as_json: AsJson = False) -> None:
    """Say what two sellers share, how surely they are one operator, and what would cut them apart.

    Where they are not tied directly, the shortest chain of ties is shown with its least cut. It is
    the graph as it stands, weighed as the last run of `rings detect` did.
    """
    found = run(lambda: _why(settings_of(context), a, b))
    if as_json:
        lines([pair_json(found)])
        return
    typer.echo(shown(found.text))
    for tie in (found.tie, *(found.chain if len(found.chain) > 1 else ())):
        if tie.facts:
            title = f"{tie.a} – {tie.b}: P = {tie.p:.3f} (links from {found.theta})"
            rows([_cells(fact) for fact in tie.facts], COLUMNS, as_json=False, title=title)


def way_out_json(why: Why) -> dict[str, Any]:
    """Return what would take a member out of its ring and out of the ban tier, and all in words."""
    out = why.out_of_ban
    return {
        "fall_out": {
            "identifiers": sorted(label(reason.kind, reason.id) for reason in why.cut),
            "exact": why.exact,
        },
        "out_of_ban": None if out is None else sorted(label(ref.kind, ref.id) for ref in out),
        "text": why.text,
    }


def pair_json(found: PairView) -> dict[str, Any]:
    """Return the object that `why --json` prints: identifiers by label, an id may be a token."""
    return {
        "a": found.a,
        "b": found.b,
        "run": found.run,
        "theta": found.theta,
        "p": round(found.tie.p, 6),
        "judged": found.judged,
        "linked": found.linked,
        "facts": [_fact_json(fact) for fact in found.tie.facts],
        "chain": [_tie_json(tie) for tie in found.chain],
        "cut": {
            "identifiers": sorted(label(kind, name) for kind, name in found.cut),
            "exact": found.cut_exact,
        },
        "complete": found.complete,
        "ring": found.ring,
        "text": found.text,
    }


async def _why(settings: Settings, a: str, b: str) -> PairView:
    async with reading(settings) as reader:
        return await why_linked(reader, a, b)


def _tie_json(tie: Tie) -> dict[str, Any]:
    facts = [_fact_json(fact) for fact in tie.facts]
    return {"a": tie.a, "b": tie.b, "p": round(tie.p, 6), "facts": facts}


def _fact_json(fact: PairFact) -> dict[str, Any]:
    told = asdict(fact)
    del told["id"]
    return {"identifier": label(fact.kind, fact.id)} | told | {"weight": round(fact.weight, 6)}


def _cells(fact: PairFact) -> dict[str, Any]:
    sides = (fact.left, fact.right)
    return {
        "kind": fact.kind if fact.level is None else f"{fact.kind} ({fact.level})",
        "shown": fact.shown,
        "sellers": fact.sellers,
        "since": " / ".join((side.first_seen or "unknown")[:10] for side in sides),
        "asserted_by": " / ".join(", ".join(side.asserted_by) for side in sides),
        "weight": _weight(fact),
        "cut": "yes" if fact.cut else "",
        "sources": sorted({source for side in sides for source in side.sources}),
    }


def _weight(fact: PairFact) -> str:
    if not fact.counts:
        return f"0 ({fact.why_not})"
    return f"{fact.weight:.2f}" + (" (one-sided)" if fact.one_sided else "")
