"""Rings of a market of which most was judged before: only what is not as it was is solved; pure.

What has the digest of a component that was judged by the same model, numbers and seed is that
component, and its rings are what they were.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from graphsvc.rings.columns import Flags, Market
from graphsvc.rings.component import components_of, digests, part_of
from graphsvc.rings.found import FoundMember, FoundRing
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.solve import solve
from queries.rings.detection import KnownRing


@dataclass(frozen=True, slots=True)
class Renewed:
    """All rings as they are now, `carried` of them as they were; digests of all components.

    `solved` components (of two or more) were none of those judged before, with `touched` sellers.
    """

    rings: tuple[FoundRing, ...]
    carried: int
    judged: frozenset[bytes]
    solved: int
    touched: int


def renew(
    market: Market,
    model: Model,
    parameters: Parameters,
    seed: int,
    *,
    rings: Sequence[KnownRing],
    judged: Collection[bytes],
) -> Renewed:
    """Solve the components that are not `judged`; `rings` are those of all that were."""
    label = components_of(market, model, parameters)
    found = digests(market, label)
    fresh = [least for least, digest in found.items() if digest not in judged]
    inside = np.isin(label, fresh)
    solution = solve(part_of(market, inside), parameters, seed=seed, model=model)
    carried = _carried(market, rings, np.isin(label, list(found)) & ~inside)
    everything = sorted([*solution.rings, *carried], key=lambda ring: ring.members[0].seller)
    return Renewed(
        rings=tuple(everything),
        carried=len(carried),
        judged=frozenset(found.values()),
        solved=len(fresh),
        touched=int(np.count_nonzero(inside)),
    )


def _carried(market: Market, rings: Sequence[KnownRing], settled: Flags) -> list[FoundRing]:
    """Return the rings whose sellers are all in components that are as they were."""
    codes = {name: code for code, name in enumerate(market.sellers) if settled[code]}
    return [
        FoundRing(
            members=tuple(
                FoundMember(codes[name], tier, posterior, ties, own, confidence)
                for name, (tier, posterior, ties, own, confidence, _) in zip(
                    ring.members, ring.scores, strict=True
                )
            ),
            tier=ring.tier,
            score=ring.score,
            score_reports=ring.score_reports,
            score_risk=ring.score_risk,
        )
        for ring in rings
        if all(name in codes for name in ring.members)
    ]
