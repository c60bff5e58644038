"""The product on data that nobody here wrote: a sanctions list, a marketplace, real pictures.

The data lies beside the repository and is never part of it; without it there is nothing to run.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ground import Ground, Ran, table

TOP = Path(__file__).resolve().parents[1]
DATA = TOP.parent / "shared" / "data"
MAPPINGS = TOP / "docs" / "examples"
SMALLEST = 3  # sellers of a group that a rule would flag
ZIP = "seller_zip_code_prefix"
_QUOTED = re.compile(r"'[^']*'")
ENGINES = ("evidence", "louvain", "components")


def run(ground: Ground) -> str:
    """Load each collection into an empty graph, find its groups, and return what came of it."""
    if not DATA.is_dir():
        return "No sample data beside the repository: nothing was run."
    sanctions, olist, pictures = DATA / "sanctions", DATA / "olist", DATA / "pictures"
    sellers = olist / "olist_sellers_dataset.csv"
    parts: list[tuple[str, Sequence[tuple[str, Path, str]]]] = [
        (
            "sanctions",
            [
                ("sellers", sanctions / "entities.csv", "sanctions_sellers"),
                ("addresses", sanctions / "addresses.csv", "sanctions_addresses"),
            ],
        ),
        (
            "olist",
            [
                ("sellers", sellers, "olist_sellers"),
                ("addresses", sellers, "olist_addresses"),
                ("listings", olist / "olist_order_items_dataset.csv", "olist_listings"),
            ],
        ),
        (
            "pictures",
            [
                ("images", pictures / "clothing", ""),
                ("images", pictures / "imagededup", ""),
            ],
        ),
    ]
    loaded: list[Sequence[object]] = []
    found: list[Sequence[object]] = [("olist", "same zip prefix", *_same_zip(sellers), "", "", "")]
    linked = {}
    for name, files in parts:
        loaded.extend(_loaded(ground, *file) for file in files)
        linked = ground.graphsvc("link", "images").answer
        if name != "pictures":
            found.extend(_found(ground, name, engine) for engine in ENGINES)
        ground.wipe()
    return "\n\n".join(
        [
            table(("file", "in", "loaded", "unchanged", "rejected", "why", "seconds"), loaded),
            table(("data", "rule", "groups", "sellers", "ban", "review", "commonest"), found),
            f"Pictures: {linked['pictures']} hashed, {linked['copies']} pairs of copies.",
        ]
    )


def _loaded(ground: Ground, kind: str, path: Path, mapping: str) -> tuple[object, ...]:
    how = ("--mapping", MAPPINGS / f"{mapping}.yml") if mapping else ("--platform", "wardrobe")
    told = ground.graphsvc("load", kind, path, *how).answer
    counts = (told["in"], told["loaded"], told["unchanged"], told["rejected"])
    return f"{path.parent.name}/{path.name}", *counts, _why(told["rejects"]), told["seconds"]


def _why(rejects: str | None) -> str:
    """Return the commonest reasons of a rejects file, each with how often it stands there."""
    if rejects is None:
        return ""
    issues = [json.loads(line) for line in Path(rejects).read_text("utf-8").splitlines()]
    reasons = Counter(f"{i['column']}: {_QUOTED.sub('…', i['reason'])}" for i in issues)
    return "; ".join(f"{count} × {reason}" for reason, count in reasons.most_common(3))


def _same_zip(sellers: Path) -> tuple[int, int]:
    """Return the groups and sellers that sharing a zip prefix would flag."""
    with sellers.open(encoding="utf-8", newline="") as file:
        sizes = Counter(row[ZIP] for row in csv.DictReader(file)).values()
    large = [size for size in sizes if size >= SMALLEST]
    return len(large), sum(large)


def _found(ground: Ground, name: str, engine: str) -> tuple[object, ...]:
    ran: Ran = ground.graphsvc("rings", "detect", "--engine", engine)
    told = ran.answer
    largest = told["largest"][0] if told["largest"] else None
    commonest = f"{largest['size']} sellers on {largest['identifier']}" if largest else ""
    tiers = (told["rings"]["ban"], told["rings"]["review"])
    return name, engine, told["groups"], told["grouped"], *tiers, commonest.replace("|", " ")
