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
    # What is firm is never more than all there is.
    likely = np.flatnonzero(pairs.p >= parameters.theta)
    evidence = pairs.evidence(likely, firm=firm)
    enough = evidence.p >= parameters.theta
    doubtful = np.flatnonzero(enough & (evidence.p < parameters.picture_theta))
    enough[doubtful] = pairs.bare(likely[doubtful], firm=firm) >= parameters.theta
    kept = np.flatnonzero(enough)
    p, pair = evidence.p[kept], likely[kept]
    return Links(
        sellers=pairs.ties.sellers,
        a=pairs.a[pair],
        b=pairs.b[pair],
        p=p,
        to_a=evidence.to_a[kept],
        to_b=evidence.to_b[kept],
        weight=-np.log1p(-np.minimum(p, parameters.max_link)),
        pair=pair,
    )


def components(sellers: int, a: Ints, b: Ints) -> Ints:
    """Return for each of `sellers` the least member of its component under the links a-b."""
    label = np.arange(sellers, dtype=np.int32)
    linked, (left, right) = ends(sellers, a, b)
    size = linked.size  # of all sellers they are few
    if size:
        graph = coo_matrix((np.ones(a.size, dtype=np.int8), (left, right)), shape=(size, size))
        _, found = connected_components(graph, directed=False)
        label[linked] = linked[least_member(found)]
    return label


def ends(sellers: int, a: Ints, b: Ints) -> tuple[Longs, tuple[Ints, Ints]]:
    """Return the sellers who have any link a-b, rising, and both columns as places among them."""
    linked = np.zeros(sellers, dtype=np.bool_)
    linked[a] = linked[b] = True
    place = np.cumsum(linked, dtype=np.int32) - 1
    return np.flatnonzero(linked), (place[a], place[b])


def least_member(label: Ints) -> Ints:
    """Return labels in their one canonical form: the code of the group's least member."""
    first = np.empty(int(label.max(initial=-1)) + 1, dtype=np.int32)
    first[label[::-1]] = np.arange(label.size - 1, -1, -1, dtype=np.int32)  # the last one stays
    return first[label]
