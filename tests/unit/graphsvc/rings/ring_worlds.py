"""Small markets for the tests of rings: told row by row, or planted with a known truth."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graphsvc.rings.columns import Judged, Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.weigh import Evidence, Pairs


@dataclass(frozen=True)
class Use:
    """One assertion, as a test tells it."""

    seller: str
    kind: Kind
    identifier: str
    day: int = -1
    declared: bool = False
    confidence: float = 1.0
    level: Level = Level.NONE


@dataclass
class World:
    """Assertions, reports and risk, and what is true of the sellers."""

    uses: list[Use] = field(default_factory=list)
    reports: dict[str, int] = field(default_factory=dict)
    risk: dict[str, float | None] = field(default_factory=dict)
    rings: list[list[str]] = field(default_factory=list)
    innocents: dict[str, list[str]] = field(default_factory=dict)

    def share(self, kind: Kind, identifier: str, sellers: Iterable[str], **more: object) -> None:
        self.uses += [Use(s, kind, identifier, **more) for s in sellers]  # type: ignore[arg-type]

    def market(self, shuffle: int | None = None) -> Market:
        return market(self.uses, self.reports, self.risk, shuffle=shuffle)


def market(
    uses: Sequence[Use],
    reports: dict[str, int] | None = None,
    risk: dict[str, float | None] | None = None,
    *,
    shuffle: int | None = None,
    same: Sequence[tuple[str, str]] = (),
    judged: Mapping[tuple[str, str], Judged] | None = None,
) -> Market:
    """Build a market; with `shuffle` in another order and in chunks of other sizes."""
    order, step = list(uses), max(1, len(uses))
    names = sorted({u.seller for u in uses} | set(reports or {}) | set(risk or {}))
    if shuffle is not None:
        luck = random.Random(shuffle)
        luck.shuffle(order)
        luck.shuffle(names)
        step = luck.randint(1, 7)
    builder = MarketBuilder()
    told = [(n, (risk or {}).get(n), (reports or {}).get(n, 0)) for n in names]
    calls = [
        lambda part=order[i : i + step]: _add(builder, part) for i in range(0, len(order), step)
    ]
    calls += [
        lambda part=told[i : i + step]: builder.sellers(*map(list, zip(*part, strict=True)))
        for i in range(0, len(told), step)
    ]
    calls += [lambda pair=pair: builder.same_picture([pair[0]], [pair[1]]) for pair in same]
    calls += [
        lambda pair=pair, verdict=verdict: builder.judged([pair[0]], [pair[1]], [verdict])
        for pair, verdict in (judged or {}).items()
    ]
    if shuffle is not None:
        luck.shuffle(calls)
    for call in calls:
        call()
    return builder.build()


def _add(builder: MarketBuilder, part: Sequence[Use]) -> None:
    for kind in {u.kind for u in part}:
        mine = [u for u in part if u.kind is kind]
        builder.add(
            kind,
            [u.seller for u in mine],
            [u.identifier for u in mine],
            first_seen=[u.day for u in mine],
            self_declared=[u.declared for u in mine],
            confidence=[u.confidence for u in mine],
            level=[u.level for u in mine],
        )


RING_SHAPES = {"team": 8, "chain": 7, "pair_of_teams": 10, "small": 4}


def planted(seed: int = 7) -> World:
    """A few hundred sellers: four rings, and the innocent who look like one."""
    luck = random.Random(seed)
    world = World()
    for shape, size in RING_SHAPES.items():
        members = [f"ring-{shape}-{i}" for i in range(size)]
        world.rings.append(members)
        for i, (left, right) in enumerate(itertools.pairwise(members)):
            world.share(Kind.PAYMENT_ACCOUNT, f"pay-{shape}-{i}", (left, right))
            world.share(Kind.DEVICE, f"dev-{shape}-{i}", (left, right))
        if shape != "chain":
            world.share(Kind.PHONE, f"tel-{shape}", members[:4])
            world.share(Kind.PHONE, f"tel-{shape}-b", members[-4:])
        world.reports.update(dict.fromkeys(members[::2], 1))
    for i in range(60):  # honest operators with two shops: what a market is calibrated on
        pair = (f"twin-{i}-a", f"twin-{i}-b")
        world.share(Kind.PAYMENT_ACCOUNT, f"pay-twin-{i}", pair)
        world.share(Kind.EMAIL, f"mail-twin-{i}", pair)
        world.innocents.setdefault("twins", []).extend(pair)
    _innocents(world, luck)
    for seller in sorted({u.seller for u in world.uses}):
        guilty = seller.startswith("ring-")
        world.risk[seller] = min(1.0, max(0.0, luck.gauss(0.7 if guilty else 0.3, 0.15)))
    return world


def _innocents(world: World, luck: random.Random) -> None:
    loners = [f"shop-{i}" for i in range(200)]
    forwarded = loners[:60]
    world.share(Kind.ADDRESS, "forwarder", [*forwarded, world.rings[0][0]], level=Level.UNIT)
    world.innocents["forwarder"] = forwarded
    for i in range(20):
        family = [f"family-{i}-{j}" for j in range(3)]
        world.share(Kind.ADDRESS, f"home-{i}", family, level=Level.UNIT)
        world.innocents.setdefault("family", []).extend(family)
    neighbours = loners[60:72]
    world.share(Kind.ADDRESS, "block", [*neighbours, world.rings[1][2]], level=Level.BUILDING)
    world.innocents["block"] = neighbours
    dealers = loners[72:90]
    photographed = [*dealers, world.rings[0][1], world.rings[1][1]]
    for i in range(10):  # one maker's catalogue: ten pictures, one piece of evidence
        world.share(Kind.IMAGE, f"catalogue-{i}", photographed, day=18_500)
    world.innocents["catalogue"] = dealers
    for i in range(40):  # pictures that any two strangers may have
        pair = luck.sample(loners[90:190], 2)
        world.share(Kind.IMAGE, f"stock-{i}", pair, day=18_400)
    world.innocents["stock"] = loners[90:190]
    victim = "victim"
    for i in range(3):
        world.share(Kind.IMAGE, f"stolen-{i}", [victim], day=18_000)
        world.share(Kind.IMAGE, f"stolen-{i}", [world.rings[2][0]], day=18_200)
    world.innocents["victim"] = [victim]


def whole(pairs: Pairs, *, firm: bool = False) -> Evidence:
    """The evidence of all pairs."""
    return pairs.evidence(np.arange(pairs.a.size), firm=firm)
