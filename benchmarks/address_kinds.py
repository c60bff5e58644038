"""`python -m benchmarks kinds`: proposed kinds of address against the truth of invented worlds.

The truth of a place is the trap that most of its sellers were put into; the proposer never sees
it. Then the same words on real addresses, where nobody knows the truth: only how many get which.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from benchmarks.address_disguises import real_addresses
from graphsvc.demo.files import NAMES
from graphsvc.demo.generate import generate
from graphsvc.demo.truth import read_truth
from graphsvc.linking.kinds import LEVELS
from ingest.errors import ValueRefused
from ingest.fold.address import FoldedAddress, fold
from ingest.match.address_kinds import MANY, Proposal, Use, propose
from queries.schema.identifiers import AddressKind

SEEDS, SELLERS = (21, 22, 23, 24), 4000
TRAPS = {"forwarder": AddressKind.FORWARDER, "mail_drop": AddressKind.MAIL_DROP}
SHIPPING, RETURNS = ("ship_from", "warehouse"), ("return",)


def run() -> str:
    """Return both tables as Markdown."""
    lines = ["| kind | buildings | precision | recall |", "| --- | --- | --- | --- |"]
    told: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            world = Path(folder) / "world"
            generate(world, sellers=SELLERS, seed=seed, tell=lambda _: None)
            told.update(_world(world))
    for kind in TRAPS.values():
        right = told[kind, kind]
        given = sum(n for (proposed, _), n in told.items() if proposed == kind)
        there = sum(n for (_, true), n in told.items() if true == kind)
        lines.append(f"| {kind} | {there} | {right}/{given} | {right}/{there} |")
    lines += ["", "| real addresses | count |", "| --- | --- |"]
    texts = [real.text for real in real_addresses()]
    counts = Counter(found.kind.value for found in _alone(texts))
    for kind in AddressKind:
        lines.append(f"| {kind.value} | {counts[kind.value]:,} of {len(texts):,} |")
    return "\n".join(lines)


def _alone(texts: list[str]) -> list[Proposal]:
    """Propose for texts of which nobody knows more than that one party is at each."""
    one = np.ones(len(texts), dtype=np.int64)
    return propose(Use(texts, [str(n) for n in range(len(texts))], one, one, one, one, one, one))


def _world(world: Path) -> Counter[tuple[str, str]]:
    """Count (proposed, true) over the buildings of a world that many sellers are in."""
    truth = read_truth(world)
    folded: dict[str, FoldedAddress] = {}
    users: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in _rows(world, "addresses"):
        try:
            found = fold(row["address"], country=row["country"] or None)
        except ValueRefused:
            continue
        if found.level in LEVELS:
            folded[found.key] = found
            users[found.key][row["role"]].add(f"{row['platform']}:{row['seller_id']}")
    names = {f"{r['platform']}:{r['seller_id']}": r["legal_name"] or r["handle"]
             for r in _rows(world, "sellers")}  # fmt: skip
    keys = sorted(folded)
    everybody = [set().union(*users[key].values()) for key in keys]
    buildings = [key.rpartition("|")[0].removesuffix(f"|{folded[key].unit or ''}") for key in keys]
    proposals = propose(_use(keys, buildings, everybody, names, folded, users))
    inside: dict[str, set[str]] = defaultdict(set)
    proposed: dict[str, str] = {}
    for building, sellers, proposal in zip(buildings, everybody, proposals, strict=True):
        inside[building] |= sellers
        proposed[building] = proposal.kind.value
    return Counter(
        (proposed[building], _true([truth[s].trap for s in sellers if s in truth]))
        for building, sellers in inside.items()
        if len(sellers) >= MANY
    )


def _use(
    keys: list[str],
    buildings: list[str],
    everybody: list[set[str]],
    names: dict[str, str],
    folded: dict[str, FoldedAddress],
    users: dict[str, dict[str, set[str]]],
) -> Use:
    def count(sets: list[set[str]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([len(held) for held in sets], dtype=np.int64)

    def role(*roles: str) -> list[set[str]]:
        return [set().union(*(users[key].get(r, set()) for r in roles)) for key in keys]

    return Use(
        texts=[folded[key].display for key in keys],
        buildings=buildings,
        sellers=count(everybody),
        names=count([{names.get(seller, seller) for seller in held} for held in everybody]),
        countries=np.ones(len(keys), dtype=np.int64),
        platforms=np.ones(len(keys), dtype=np.int64),
        shipping=count(role(*SHIPPING)),
        returns=count(role(*RETURNS)),
    )


def _true(traps: list[str]) -> str:
    each = Counter(name for trap in traps for name in trap.split("+"))
    best = max(TRAPS, key=lambda name: each[name])
    return TRAPS[best].value if each[best] * 2 > len(traps) else "other"


def _rows(world: Path, kind: str) -> list[dict[str, str]]:
    with (world / NAMES[kind]).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
