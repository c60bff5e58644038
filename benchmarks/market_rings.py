"""Rings of a generated market: chains, trees and teams of sellers that one operator runs."""

from __future__ import annotations

import numpy as np

from benchmarks.market_draft import LAST_JOIN, SPREAD_DAYS, Draft, Longs
from graphsvc.rings.columns import Kind

SMALLEST, LARGEST, BROOD = 3, 40, 6
KINDS = (
    Kind.PAYMENT_ACCOUNT,
    Kind.DEVICE,
    Kind.PHONE,
    Kind.EMAIL,
    Kind.ADDRESS,
    Kind.IMAGE,
)
KIND_SHARES = (0.24, 0.22, 0.15, 0.13, 0.13, 0.13)


def plant(draft: Draft) -> None:
    """Put the preset's share of sellers into rings."""
    quota = round(draft.preset.members * draft.count)
    pool = draft.rng.permutation(draft.count)[:quota]
    for number, size in enumerate(_sizes(draft, quota)):
        members, pool = pool[:size], pool[size:]
        plant_in(draft, members, number)


def plant_in(draft: Draft, members: Longs, number: int) -> None:
    """Make a ring of sellers: they register within some months and share things."""
    draft.ring[members] = number
    opened = draft.rng.integers(0, LAST_JOIN + 1)
    days = opened + draft.rng.integers(0, SPREAD_DAYS + 1, members.size)
    draft.joined[members] = days % (LAST_JOIN + 1)
    shape = draft.rng.choice(3, p=draft.preset.shapes)
    for tie in (_chain, _tree, _teams)[shape](draft, members.size):
        _bind(draft, members[tie])


def _sizes(draft: Draft, quota: int) -> list[int]:
    found: list[int] = []
    while quota:
        share = 1 - draft.rng.random()
        size = min(LARGEST, int(SMALLEST * share ** (-1 / draft.preset.size_tail)))
        if quota - size < SMALLEST:
            size = quota if quota <= LARGEST else quota - SMALLEST
            size = min(size, LARGEST)
        found.append(size)
        quota -= size
    return found


def _chain(draft: Draft, size: int) -> list[Longs]:
    return [np.array([place, place + 1]) for place in range(size - 1)]


def _tree(draft: Draft, size: int) -> list[Longs]:
    ties, parent, start = [], 0, 1
    while start < size:
        end = min(size, start + int(draft.rng.integers(1, BROOD + 1)))
        ties.append(np.array([parent, *range(start, end)]))
        parent, start = parent + 1, end
    return ties


def _teams(draft: Draft, size: int) -> list[Longs]:
    ties: list[Longs] = []
    start, before = 0, np.empty(0, dtype=np.int64)
    while start < size:
        end = start + int(draft.rng.integers(3, 9))
        end = size if size - end < SMALLEST else end
        team = np.arange(start, end)
        ties.append(team)
        ties += [draft.rng.choice(team, 3, replace=False) for _ in range(team.size // 2)]
        if before.size:
            ties += [
                np.array([draft.rng.choice(before), draft.rng.choice(team)])
                for _ in range(int(draft.rng.integers(1, 3)))
            ]
        start, before = end, team
    return ties


def _bind(draft: Draft, members: Longs) -> None:
    """Let members share one to three things of different kinds."""
    many = 1 + int(draft.rng.choice(3, p=draft.preset.ties_of_a_link))
    for place in draft.rng.choice(len(KINDS), many, replace=False, p=KIND_SHARES).tolist():
        draft.share(KINDS[place], members)
