"""Brand names in titles: what is found of each disguise, what is found where nothing is named.

The brands are real ones from beside the repository; disguises and titles are drawn by a seed.
"""

from __future__ import annotations

import csv
import random
import re
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.brand_disguises import DISGUISES, nameless, title
from benchmarks.real import DATA
from ingest.match.brands import Brands

SEED, ROUNDS, NAMELESS = 20, 2, 20_000
TARGETS = dict.fromkeys(DISGUISES, 0.90) | {"typo": 0.60}
Names = list[tuple[str, list[str]]]


def run() -> str:
    """Return the tables: recall by disguise, false hits by kind of text, titles a second."""
    file = DATA / "brands" / "nsi_brands_goods.csv"
    if not file.is_file():
        return "No brands beside the repository: nothing was run."
    names = brands_of(file)
    brands = Brands(names)
    return "\n\n".join((_recall(brands, names), _false_hits(brands, names), _speed(brands, names)))


def brands_of(file: Path) -> Names:
    """Return the brands of the file with their aliases, each once."""
    with file.open(encoding="utf-8", newline="") as opened:
        return [(row["display_name"], _split(row["aliases"])) for row in csv.DictReader(opened)]


def _split(aliases: str) -> list[str]:
    return [alias for alias in aliases.split("|") if alias]


def disguisable(names: Names) -> list[str]:
    """Return the names of four Latin letters and more, which is what can be disguised."""
    found = (name for name, _ in names if re.fullmatch(r"[A-Za-z][A-Za-z ]+[A-Za-z]", name))
    return sorted({name for name in found if len(name.replace(" ", "")) >= 4})


def _recall(brands: Brands, names: Names) -> str:
    lines = ["| disguise | names | recall | named so | target |", "|---|---|---|---|---|"]
    for disguise, hide in DISGUISES.items():
        dice = random.Random(SEED)
        drawn = [(n, hide(dice, n)) for n in disguisable(names) for _ in range(ROUNDS)]
        hidden = [(name, shown) for name, shown in drawn if shown.lower() != name.lower()]
        found = told = 0
        for name, shown in hidden:
            hits = [hit for hit in brands.find(title(dice, shown)) if hit.brand == name]
            found += bool(hits)
            told += any(disguise in hit.disguise.split("+") for hit in hits)
        rate, named = found / len(hidden), told / max(found, 1)
        row = f"| {disguise} | {len(hidden):,} | {rate:.3f} | {named:.3f} |"
        lines.append(f"{row} ≥ {TARGETS[disguise]:.2f} |")
    return "\n".join(lines)


def plain_titles() -> dict[str, list[str]]:
    """Return titles that name none of the brands but by chance, by what they are."""
    dice = random.Random(SEED)
    found = {"invented titles": [nameless(dice) for _ in range(NAMELESS)]}
    reviews = DATA / "olist" / "olist_order_reviews_dataset.csv"
    if reviews.is_file():
        found["review texts (Portuguese)"] = _column(reviews, "review_comment_message")
    parties = DATA / "sanctions" / "entities.csv"
    if parties.is_file():
        found["names of sanctioned parties"] = _names(parties)
    return found


def _column(file: Path, column: str) -> list[str]:
    with file.open(encoding="utf-8", newline="") as opened:
        return [row[column] for row in csv.DictReader(opened) if row[column].strip()]


def _names(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="", errors="replace") as opened:
        return [row[1] for row in csv.reader(opened) if len(row) > 1]


def _false_hits(brands: Brands, names: Names) -> str:
    lines = ["| texts | count | with a hit as written | with any other hit |", "|---|---|---|---|"]
    for what, texts in plain_titles().items():
        exact = other = 0
        for text in texts:
            hits = brands.find(text)
            exact += any(hit.disguise == "exact" for hit in hits)
            other += any(hit.disguise != "exact" for hit in hits)
        lines.append(
            f"| {what} | {len(texts):,} | {exact:,} | {other:,} ({other / len(texts):.2%}) |"
        )
    return "\n".join(lines)


def _speed(brands: Brands, names: Names) -> str:
    dice = random.Random(SEED)
    hide = list(DISGUISES.values())
    known = disguisable(names)
    texts = [title(dice, dice.choice(hide)(dice, dice.choice(known))) for _ in range(10_000)]
    texts += [nameless(dice) for _ in range(10_000)]
    began = time.process_time()
    hits = sum(len(brands.find(text)) for text in texts)
    rate = len(texts) / (time.process_time() - began)
    return (
        f"{len(names):,} brands, {len(texts):,} titles, {hits:,} hits: {rate:,.0f} titles/s a core"
    )


def unexplained(brands: Brands, texts: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (text, what was taken, for which brand) of the hits that are not as written."""
    return [
        (text, text[hit.start : hit.end], hit.brand)
        for text in texts
        for hit in brands.find(text)
        if hit.disguise != "exact"
    ]
