"""What is true in an invented market, and how bans stand against it; detection never reads it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphsvc.errors import InputRefused

FOLDER = "truth"
SELLERS_FILE = "truth.csv"
DIRTY_FILE = "dirty.csv"
COLUMNS = ("seller_id", "operator", "role", "trap")
RING = "ring"
INNOCENT = "innocent"


@dataclass(frozen=True, slots=True)
class SellerTruth:
    """Who really runs one seller: members of a ring share an operator; `trap` may be empty."""

    seller_id: str
    operator: str
    role: str
    trap: str


@dataclass(frozen=True, slots=True)
class TrapOutcome:
    """How the innocents of one trap fared; sellers of no trap count under the empty name."""

    sellers: int
    banned: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Bans and reviews against the truth; shares are 0–1, and None where nothing divides."""

    ring_members: int
    innocents: int
    banned: int
    banned_members: int
    banned_innocents: int
    banned_unknown: int
    reviewed: int
    reviewed_members: int
    reviewed_innocents: int
    ban_precision: float | None
    ban_recall: float | None
    innocents_banned_per_1000: float | None
    rings: int
    rings_touched: int
    traps: Mapping[str, TrapOutcome]


def read_truth(truth: Path) -> dict[str, SellerTruth]:
    """Return the truth by seller id; `truth` is the file, its folder, or the world's folder.

    Raises InputRefused if the file is missing or has other columns.
    """
    path = _locate(truth)
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InputRefused(f"{path} does not have the columns {', '.join(COLUMNS)}")
        rows = [SellerTruth(**row) for row in reader]
    return {row.seller_id: row for row in rows}


def evaluate(truth: Path, banned: Collection[str], reviewed: Collection[str]) -> Evaluation:
    """Return how `banned` and `reviewed` (ids `platform:local_id`) stand against the truth.

    Precision counts unknown ids as wrong; a seller in both lists counts as banned only.
    Raises InputRefused if the truth cannot be read.
    """
    known = read_truth(truth)
    bans = set(banned)
    reviews = set(reviewed) - bans
    members = {key for key, row in known.items() if row.role == RING}
    innocents = known.keys() - members
    hit, wrong = len(bans & members), len(bans & innocents)
    return Evaluation(
        ring_members=len(members),
        innocents=len(innocents),
        banned=len(bans),
        banned_members=hit,
        banned_innocents=wrong,
        banned_unknown=len(bans) - hit - wrong,
        reviewed=len(reviews),
        reviewed_members=len(reviews & members),
        reviewed_innocents=len(reviews & innocents),
        ban_precision=_share(hit, len(bans)),
        ban_recall=_share(hit, len(members)),
        innocents_banned_per_1000=_share(1000 * wrong, len(innocents)),
        rings=len({known[key].operator for key in members}),
        rings_touched=len({known[key].operator for key in members & bans}),
        traps=_by_trap((known[key] for key in innocents), bans, reviews),
    )


def write_truth(folder: Path, rows: Iterable[SellerTruth]) -> Path:
    """Write truth.csv under `folder` in the order given and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / SELLERS_FILE
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((row.seller_id, row.operator, row.role, row.trap) for row in rows)
    return path


def _locate(truth: Path) -> Path:
    for path in (truth, truth / SELLERS_FILE, truth / FOLDER / SELLERS_FILE):
        if path.is_file():
            return path
    raise InputRefused(f"no {SELLERS_FILE} at {truth}")


def _by_trap(
    innocents: Iterable[SellerTruth], bans: set[str], reviews: set[str]
) -> dict[str, TrapOutcome]:
    """Count the innocents of each trap; a seller in two traps (`a+b`) counts in both."""
    sellers, banned, reviewed = Counter[str](), Counter[str](), Counter[str]()
    for row in innocents:
        for trap in row.trap.split("+"):
            sellers[trap] += 1
            banned[trap] += row.seller_id in bans
            reviewed[trap] += row.seller_id in reviews
    return {
        trap: TrapOutcome(sellers[trap], banned[trap], reviewed[trap]) for trap in sorted(sellers)
    }


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None
