"""The link graph: the pairs whose evidence is strong enough, as weighted links; nothing weaker.

It must never judge a seller; a link says "perhaps one operator", no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.rings.columns import Floats, Ints, Longs
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Pairs


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Links a < b, sorted; `weight` adds like a noisy-or; `pair` is the place among the Pairs.

    `to_a` and `to_b` are P as it speaks towards either side.
    """

    sellers: int
    a: Ints
    b: Ints
    p: Floats
    to_a: Floats
    to_b: Floats
    weight: Floats
    pair: Longs


def links(pairs: Pairs, parameters: Parameters, *, firm: bool = False) -> Links:
    """Keep pairs with P >= theta, also without their pictures or else P >= picture_theta.

    Weight = -ln(1 - min(P, max_link)). `firm` counts only ties without a self-declared side.
    """
    evidence = pairs.firm if firm else pairs.evidence
    enough = (evidence.bare >= parameters.theta) | (evidence.p >= parameters.picture_theta)
    kept = np.flatnonzero(enough & (evidence.p >= parameters.theta))
    p = evidence.p[kept]
    return Links(
        sellers=pairs.ties.sellers,
        a=pairs.a[kept],
        b=pairs.b[kept],
        p=p,
        to_a=evidence.to_a[kept],
        to_b=evidence.to_b[kept],
        weight=-np.log1p(-np.minimum(p, parameters.max_link)),
        pair=kept.astype(np.int64),
    )


def components(sellers: int, a: Ints, b: Ints) -> Ints:
    """Return for each of `sellers` the least member of its component under the links a-b."""
    if not sellers:
        return np.empty(0, dtype=np.int32)
    graph = coo_matrix((np.ones(a.size, dtype=np.int8), (a, b)), shape=(sellers, sellers))
    _, label = connected_components(graph, directed=False)
    return least_member(label)


def least_member(label: Ints) -> Ints:
    """Return labels in their one canonical form: the code of the group's least member."""
    _, first, group = np.unique(label, return_index=True, return_inverse=True)
    return first[group].astype(np.int32)
