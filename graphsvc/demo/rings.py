"""Planted rings: chains, trees and teams of sellers that one operator runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Origin
from graphsvc.demo.goods import forge
from graphsvc.demo.market import LAST_JOIN, Kind, Market, Seller

MEMBER_SHARE = 0.04
SMALLEST, LARGEST = 3, 40
_TAIL = 0.6  # Pareto exponent of ring sizes: many have 3 to 6 members, a good few have dozens
_BROOD = 6  # so many sellers at most that one seller of a tree lets in on something of its own
_SPREAD_DAYS = 200
_KINDS = (
    (Kind.ACCOUNT, 0.24),
    (Kind.DEVICE, 0.22),
    (Kind.PHONE, 0.15),
    (Kind.EMAIL, 0.13),
    (Kind.ADDRESS, 0.13),
    (Kind.IMAGE, 0.13),
)
_COUNTS = {
    "chain": ((1, 0.6), (2, 0.32), (3, 0.08)),
    "tree": ((1, 0.15), (2, 0.55), (3, 0.3)),
    "teams": ((1, 0.3), (2, 0.45), (3, 0.25)),
}
_SHARES = (("tree", 0.6), ("chain", 0.15), ("teams", 0.25))


@dataclass(frozen=True, slots=True)
class Tie:
    """Members (by their place in the ring) that share something."""

    members: tuple[int, ...]


def plant(market: Market) -> list[list[Seller]]:
    """Put 4 % of the sellers into rings of 3–40 and return the rings."""
    dice = market.dice("rings")
    quota = round(MEMBER_SHARE * len(market.sellers))
    pool = dice.sample(market.sellers, quota)
    rings = []
    for number, size in enumerate(sizes(dice, quota), start=1):
        members, pool = pool[:size], pool[size:]
        shape = dice.weighted(_SHARES)
        _start(dice, members, f"ring-{shape}-{number:03d}")
        for tie in _SHAPES[shape](dice, size):
            _bind(market, dice, [members[place] for place in tie.members], shape)
        rings.append(members)
    return rings


def sizes(dice: Dice, quota: int) -> list[int]:
    """Return heavy-tailed ring sizes of 3–40 that add up to the quota exactly (quota ≥ 3)."""
    found = []
    while quota:
        size = min(LARGEST, int(SMALLEST * (1 - dice.share()) ** (-1 / _TAIL)))
        if quota - size < SMALLEST:  # the rest could not be a ring of its own
            size = quota if quota <= LARGEST else quota - SMALLEST
            size = min(size, LARGEST)
        found.append(size)
        quota -= size
    return found


def chain(dice: Dice, size: int) -> list[Tie]:
    """Return ties of each member with the next."""
    return [Tie((place, place + 1)) for place in range(size - 1)]


def tree(dice: Dice, size: int) -> list[Tie]:
    """Return ties of a parent with its 1–6 children: who came early has children first."""
    ties, parent, start = [], 0, 1
    while start < size:
        end = min(size, start + dice.between(1, _BROOD))
        ties.append(Tie((parent, *range(start, end))))
        parent, start = parent + 1, end
    return ties


def teams(dice: Dice, size: int) -> list[Tie]:
    """Return ties inside teams of 3–8 that share much, and one or two between teams."""
    ties, start, before = [], 0, None
    while start < size:
        end = start + dice.between(3, 8)
        if size - end < SMALLEST:
            end = size
        team = tuple(range(start, end))
        ties.append(Tie(team))
        ties += [Tie(tuple(sorted(dice.sample(team, 3)))) for _ in range(len(team) // 2)]
        ties += [Tie(pair) for pair in pairwise(team) if dice.chance(0.5)]
        if before is not None:
            ties += [Tie((dice.pick(before), dice.pick(team))) for _ in range(dice.between(1, 2))]
        start, before = end, team
    return ties


_SHAPES: dict[str, Callable[[Dice, int], list[Tie]]] = {
    "chain": chain,
    "tree": tree,
    "teams": teams,
}


def _start(dice: Dice, members: Sequence[Seller], ring: str) -> None:
    """Name the ring and let its sellers register within some months of each other.

    The days go round at the end of the calendar: one seller's day does not tell that it is in a
    ring.
    """
    opened = dice.between(0, LAST_JOIN)
    for seller in members:
        seller.ring = ring
        moved = (opened + dice.between(0, _SPREAD_DAYS)) % (LAST_JOIN + 1) - seller.joined
        seller.joined += moved
        for offer in seller.listings:
            _shift(offer, moved)
            if dice.chance(0.7):
                forge(dice, offer)


def _shift(offer: object, days: int) -> None:
    """Move a listing's days with its seller; what would lie ahead has not happened."""
    for name in ("listed", "sold", "removed"):
        day = getattr(offer, name)
        if day is not None:
            ahead = day + days > LAST_DAY
            setattr(offer, name, (LAST_DAY if name == "listed" else None) if ahead else day + days)


def _bind(market: Market, dice: Dice, members: Sequence[Seller], shape: str) -> None:
    """Let members share one to three identifiers of different kinds."""
    count = dice.weighted(_COUNTS[shape])
    kinds: list[Kind] = []
    while len(kinds) < count:
        kind = dice.weighted(_KINDS)
        if kind not in kinds:
            kinds.append(kind)
    for kind in kinds:
        if kind is Kind.IMAGE:
            _share_picture(market, dice, members)
            continue
        shared = market.fresh(kind, members[0])
        for seller in members:
            market.settle(seller, kind, shared)


def _share_picture(market: Market, dice: Dice, members: Sequence[Seller]) -> None:
    """Let members show copies of the same one or two pictures; the first has the originals."""
    for _ in range(dice.between(1, 2)):
        picture = market.gallery.picture(Origin.RING)
        for place, seller in enumerate(members):
            offer = dice.pick(seller.listings)
            day = min(LAST_DAY, offer.listed + dice.between(0, 10))
            market.gallery.show(offer.local_id, picture, day=day, copied=place > 0)
