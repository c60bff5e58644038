"""Every way of grouping sellers that the scoreboard compares, under one ring score."""

from __future__ import annotations

from collections.abc import Callable

import community
import networkx as nx
import numpy as np

from graphsvc.rings import weigh
from graphsvc.rings.columns import Ints, Market
from graphsvc.rings.found import MemberColumns
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.project import least_member
from graphsvc.rings.solve import solve

Grouping = Callable[[Market, int], MemberColumns]


def raw_projection(market: Market) -> nx.Graph[int]:
    """Return the sellers who share identifiers of at most 20, weighted by how many they share."""
    ties = weigh.shared_ties(market, DEFAULT)
    weight = np.bincount(ties.pair, minlength=ties.a.size)
    graph: nx.Graph[int] = nx.Graph()
    edges = zip(ties.a.tolist(), ties.b.tolist(), weight.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    return graph


def bipartite(market: Market) -> nx.Graph[int]:
    """Return sellers and identifiers of at most 20, these numbered behind the sellers."""
    linking = market.linkable(DEFAULT.cap)[market.row_identifier]
    identifier = market.row_identifier[linking] + len(market.sellers)
    graph: nx.Graph[int] = nx.Graph()
    edges = zip(market.row_seller[linking].tolist(), identifier.tolist(), strict=True)
    graph.add_edges_from(edges)
    return graph


def _engine(engine: Engine) -> Grouping:
    return lambda market, seed: solve(market, engine=engine, seed=seed).members


def _raw_louvain(market: Market, seed: int) -> MemberColumns:
    found = community.best_partition(raw_projection(market), random_state=seed)
    return solve(market, label=_labels(market, found)).members


def _raw_networkx(market: Market, seed: int) -> MemberColumns:
    groups = nx.community.louvain_communities(raw_projection(market), seed=seed)
    found = {seller: place for place, group in enumerate(groups) for seller in group}
    return solve(market, label=_labels(market, found)).members


def _labels(market: Market, found: dict[int, int]) -> Ints:
    label = np.arange(len(market.sellers), dtype=np.int64)
    label[list(found)] = np.fromiter(found.values(), np.int64, len(found)) + label.size
    return least_member(label.astype(np.int32))


ENGINES: dict[str, Grouping] = {
    "evidence": _engine(Engine.EVIDENCE),
    "louvain (evidence graph)": _engine(Engine.LOUVAIN),
    "components": _engine(Engine.COMPONENTS),
    "raw python-louvain": _raw_louvain,
    "raw networkx Louvain": _raw_networkx,
}
