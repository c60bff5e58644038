"""What would become of a ring's members if some of what they share proved untrue; pure.

It judges the ring by itself, from what its run kept: what ties members to sellers outside of the
ring is not in it, so its answer is given only where it agrees with what the run found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from graphsvc.rings import project, weigh
from graphsvc.rings.belief import Tier
from graphsvc.rings.columns import Hub, Kind, Level, Market
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.recorded import Use
from graphsvc.rings.solve import Grouped, judge
from graphsvc.rings.weigh import Calibration

LOOKS = 300  # sets of facts that are tried for one member
Thing = tuple[str, str]  # a kind of identifier and which one


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run kept of a member: what it shares, what its own reports and risk say, its tier."""

    uses: tuple[Use, ...]
    own: float
    tier: str


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What a run weighed with: its tables, and the numbers that hold under them."""

    model: Model
    parameters: Parameters

    @property
    def calibration(self) -> Calibration:
        """P(one operator) of what is shared."""
        return self.model.calibration


def tiers_without(
    ring: Mapping[str, Recorded], gone: Collection[Thing], weights: Weights
) -> dict[str, str]:
    """Return the tier of each member of a ring if nobody used what is `gone`."""
    market = _market(ring, gone, weights.parameters.cap)
    # What linked then links here, whatever its degree: it was decided.
    parameters = replace(weights.parameters, cap=(np.iinfo(np.int32).max,) * len(Kind))
    pairs = weigh.pairs(market, weights.calibration, parameters)
    links = project.links(pairs, parameters)
    label = project.components(len(market.sellers), links.a, links.b)
    own = np.array([ring[name].own for name in market.sellers])
    found = Grouped(weights.calibration, pairs, links, label)
    judged = judge(found, own, np.zeros(own.size), weights.model, parameters)
    words = [tier.word for tier in Tier]
    return {
        name: words[tier] for name, tier in zip(market.sellers, judged.tier.tolist(), strict=True)
    }


def out_of_ban(
    ring: Mapping[str, Recorded], seller: str, fall_out: Collection[Thing], weights: Weights
) -> frozenset[Thing] | None:
    """Return the fewest things that a seller shares without which it is not in the ban tier.

    `fall_out` is a cut that takes it out of the ring, and so out of the tier; fewer are tried, up
    to LOOKS sets. None where it is in another tier, or the ring alone does not explain its tier.
    """
    ban = Tier.BAN.word
    if ring[seller].tier != ban or tiers_without(ring, (), weights)[seller] != ban:
        return None
    for gone in _sets(ring[seller].uses, len(fall_out) - 1):
        if tiers_without(ring, gone, weights)[seller] != ban:
            return frozenset(gone)
    return frozenset(fall_out)


def _sets(uses: Sequence[Use], most: int) -> Iterator[tuple[Thing, ...]]:
    things = sorted({(use.kind, use.identifier) for use in uses if use.links})
    looks = (some for size in range(1, most + 1) for some in combinations(things, size))
    for _, some in zip(range(LOOKS), looks, strict=False):
        yield some


def _market(ring: Mapping[str, Recorded], gone: Collection[Thing], cap: Sequence[int]) -> Market:
    """Return the members of a ring and what links them as a market, degrees as they were.

    What linked above the cap did so because a person had decided that it is no hub.
    """
    sellers = sorted(ring)
    uses = [
        (place, use)
        for place, name in enumerate(sellers)
        for use in ring[name].uses
        if use.links and (use.kind, use.identifier) not in gone
    ]
    first = {(use.kind, use.identifier): use for _, use in reversed(uses)}
    things = sorted(first, key=lambda thing: (Kind[thing[0].upper()], thing[1]))
    code = {thing: number for number, thing in enumerate(things)}
    place: dict[Thing, int] = {}
    for kind, name in things:
        place.setdefault((kind, first[kind, name].place or name), code[kind, name])
    rows = sorted((code[use.kind, use.identifier], seller, use) for seller, use in uses)
    freed = [first[thing].degree > cap[Kind[thing[0].upper()]] for thing in things]
    nobody = np.empty(0, np.int32)
    return Market(
        sellers=sellers,
        identifiers=[name for _, name in things],
        identifier_kind=np.array([Kind[kind.upper()] for kind, _ in things], np.uint8),
        identifier_level=np.array([Level[first[t].level.upper()] for t in things], np.uint8),
        identifier_reach=np.array([first[thing].degree for thing in things], np.int32),
        identifier_place=np.array([place[t[0], first[t].place or t[1]] for t in things], np.int32),
        identifier_hub=np.where(freed, Hub.NONE, Hub.UNDECIDED).astype(np.uint8),
        row_seller=np.array([seller for _, seller, _ in rows], np.int32),
        row_identifier=np.array([number for number, _, _ in rows], np.int32),
        row_confidence=np.array([use.confidence for _, _, use in rows], np.float32),
        row_first_seen=np.array([use.first_seen for _, _, use in rows], np.int32),
        row_self_declared=np.array([use.self_declared for _, _, use in rows], np.bool_),
        risk=np.full(len(sellers), np.nan),
        report_count=np.zeros(len(sellers), np.int32),
        judged_a=nobody,
        judged_b=nobody,
        judged=nobody.astype(np.uint8),
    )
