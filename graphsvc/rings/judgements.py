"""What people judge of two sellers overrides what the graph says of them; pure.

"Same" is as good a tie as there can be, "different" cuts the pair for good, "unsure" changes
nothing. It must never let two who were judged different end in one group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from graphsvc.rings.columns import Bytes, Floats, Ints, Judged, Longs, Market
from graphsvc.rings.distinct import changes

if TYPE_CHECKING:  # the link graph is made of evidence, which is made with this module
    from graphsvc.rings.project import Links

UNIT = 10**9  # capacities are integers, so that a cut is the same on every machine

Pair = tuple[str, str]


def columns(judged: Mapping[Pair, int], sellers: Sequence[str]) -> tuple[Ints, Ints, Bytes]:
    """Return judged pairs (least first) as codes of `sellers`, which are sorted, and verdicts."""
    place = {name: code for code, name in enumerate(sellers)}
    rows = sorted((place[a], place[b], verdict) for (a, b), verdict in judged.items())
    a, b, verdict = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(a, np.int32), np.array(b, np.int32), np.array(verdict, np.uint8)


def pairs_with(market: Market, key: Longs) -> tuple[Longs, Longs, Bytes]:
    """Return the distinct keys a * sellers + b of these, which ascend, and of judged pairs, sorted.

    Beside them: the place of each of `key` among them, and a Judged of each.
    """
    fresh = changes(key)
    distinct, place = key[fresh], np.cumsum(fresh) - 1
    if not market.judged.size:
        return distinct, place, np.zeros(distinct.size, dtype=np.uint8)
    said = market.judged_a.astype(np.int64) * len(market.sellers) + market.judged_b
    whole = np.union1d(distinct, said)
    verdict = np.full(whole.size, Judged.UNSURE, dtype=np.uint8)
    verdict[np.searchsorted(whole, said)] = market.judged
    return whole, np.searchsorted(whole, distinct)[place], verdict


def overruled(p: Floats, judged: Bytes, surest: float) -> Floats:
    """Return P(one operator) of pairs once people have spoken: `surest`, 0, or as it was."""
    if not judged.any():
        return p
    said: Floats = np.where(judged == Judged.SAME, surest, p)
    return np.where(judged == Judged.DIFFERENT, 0.0, said)


def parted(market: Market, links: Links, label: Ints) -> Ints:
    """Split each group that holds two judged different, along its weakest cut between them.

    Pairs go in order. The cut is the minimum cut by link weight (max-flow min-cut, Ford and
    Fulkerson 1956), of several the one that leaves the second seller the fewest; the parts of a
    connected group are connected. Labels are the least members.
    """
    label = label.copy()
    different = market.judged == Judged.DIFFERENT
    pairs = zip(market.judged_a[different], market.judged_b[different], strict=True)
    for a, b in pairs:
        if label[a] != label[b]:
            continue
        members = np.flatnonzero(label == label[a])
        away = _side_of(int(b), int(a), links, members)
        for part in (away, np.setdiff1d(members, away)):
            label[part] = part.min()
    return label


def _side_of(seller: int, other: int, links: Links, members: Longs) -> Longs:
    """Return the members that the weakest cut between two leaves with `seller`."""
    inside = np.flatnonzero(np.isin(links.a, members) & np.isin(links.b, members))
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from((seller, other))
    for a, b, weight in zip(links.a[inside], links.b[inside], links.weight[inside], strict=True):
        graph.add_edge(int(a), int(b), capacity=round(float(weight) * UNIT))
    _, (_, mine) = nx.minimum_cut(graph, other, seller)
    return np.array(sorted(mine), dtype=np.int64)


def contradictions(same: Iterable[Pair], different: Iterable[Pair]) -> list[Pair]:
    """Return the pairs judged different that hang together through pairs judged the same."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(same)
    group: dict[str, int] = {}
    for number, component in enumerate(nx.connected_components(graph)):
        group.update(dict.fromkeys(component, number))
    return sorted(
        (a, b) for a, b in map(sorted, different) if a in group and group[a] == group.get(b)
    )
