"""How a grouping of sellers, and the bans that follow from it, stand against a market's truth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from benchmarks.markets import Truth
from graphsvc.rings.belief import Tier
from graphsvc.rings.found import MemberColumns

Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
RECOVERED = 0.5  # Jaccard index from which a ring counts as found


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares are 0..1, innocents banned per 1,000; `swept` is banned and all of each trap."""

    precision: float
    recall: float
    innocents: float
    recovered: float
    pair_f1: float
    ari: float
    swept: dict[str, tuple[int, int]]


def quality(truth: Truth, members: MemberColumns) -> Quality:
    """Measure bans by seller, rings by Jaccard, and groups of two or more by pairs."""
    guilty = truth.ring >= 0
    banned = np.zeros(guilty.size, dtype=np.bool_)
    banned[members.seller[members.tier == Tier.BAN]] = True
    label = labels(guilty.size, members)
    f1, ari = _pairs(truth, label)
    return Quality(
        precision=_share(banned & guilty, banned),
        recall=_share(banned & guilty, guilty),
        innocents=1000 * _share(banned & ~guilty, ~guilty),
        recovered=_recovered(truth, members),
        pair_f1=f1,
        ari=ari,
        swept=_swept(truth, banned),
    )


def innocents_at(truth: Truth, members: MemberColumns, recall: float) -> float:
    """Return the innocents banned per 1,000 where the surest are banned first, up to a recall.

    Of members who are equally sure either all are banned or none; nan where it is not reached.
    """
    guilty = truth.ring >= 0
    banned = members.tier == Tier.BAN
    order = np.argsort(-members.log_odds[banned], kind="stable")
    seller, log_odds = members.seller[banned][order], members.log_odds[banned][order]
    last = np.flatnonzero(np.diff(log_odds, append=-np.inf))  # the last of each sureness
    caught = np.cumsum(guilty[seller])[last]
    reached = np.flatnonzero(caught >= recall * guilty.sum())
    if not reached.size:
        return float("nan")
    surest = seller[: last[reached[0]] + 1]
    return 1000 * float((~guilty[surest]).sum() / (~guilty).sum())


def labels(count: int, members: MemberColumns) -> Longs:
    """Return a group for each seller; who is in none is a group of its own."""
    label = np.arange(count, dtype=np.int64) + count
    label[members.seller] = members.group
    return label


def agreement(left: Longs, right: Longs) -> float:
    """Return the adjusted Rand index of two groupings (Hubert and Arabie 1985)."""
    both, one, other = _same(left * (right.max() + 1) + right), _same(left), _same(right)
    expected = one * other / (left.size * (left.size - 1) / 2)
    most = (one + other) / 2
    return float((both - expected) / (most - expected)) if most != expected else 1.0


def _pairs(truth: Truth, label: Longs) -> tuple[float, float]:
    true = np.where(truth.ring >= 0, truth.ring, np.arange(label.size) + truth.ring.max() + 1)
    both = _same(true * (label.max() + 1) + label)
    pairs = _same(true) + _same(label)
    return (2 * both / pairs if pairs else 1.0), agreement(true, label)


def _same(label: Longs) -> int:
    """Count the pairs that are in one group."""
    _, size = np.unique(label, return_counts=True)
    return int((size * (size - 1) // 2).sum())


def _recovered(truth: Truth, members: MemberColumns) -> float:
    """Return the share of true rings that some group of a tier is at least half of."""
    shown = members.tier > Tier.NONE
    seller, group = members.seller[shown], members.group[shown]
    size = np.bincount(truth.ring[truth.ring >= 0])
    found = np.zeros(size.size, dtype=np.bool_)
    edges = [0, *(np.flatnonzero(np.diff(group)) + 1).tolist(), group.size]
    for start, end in pairwise(edges):
        rings = truth.ring[seller[start:end]]
        ring, common = np.unique(rings[rings >= 0], return_counts=True)
        whole = size[ring] + (end - start) - common
        found[ring[common >= RECOVERED * whole]] = True
    return float(found.mean())


def _swept(truth: Truth, banned: Flags) -> dict[str, tuple[int, int]]:
    honest = truth.ring < 0
    traps = {}
    for trap in np.unique(truth.trap[honest]).tolist():
        mine = honest & (truth.trap == trap)
        traps[trap or "no trap"] = (int((banned & mine).sum()), int(mine.sum()))
    return traps


def _share(part: Flags, whole: Flags) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 1.0
