"""Rings: sizes, shapes, and that every member is tied to the rest."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest

from graphsvc.demo import rings
from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import Market, Seller

Planted = tuple[Market, list[list[Seller]]]


def graph(ties: list[rings.Tie], size: int) -> nx.Graph:
    """Return the graph of who shares something with whom."""
    made = nx.Graph()
    made.add_nodes_from(range(size))
    for tie in ties:
        made.add_edges_from((a, b) for a in tie.members for b in tie.members if a < b)
    return made


@pytest.mark.parametrize("quota", [3, 4, 5, 41, 42, 43, 100, 400, 1001])
def test_sizes_add_up_and_stay_in_bounds(quota: int) -> None:
    for seed in range(20):
        found = rings.sizes(Dice(seed, "sizes"), quota)
        assert sum(found) == quota
        assert all(rings.SMALLEST <= size <= rings.LARGEST for size in found)


def test_sizes_are_heavy_tailed() -> None:
    found = rings.sizes(Dice(1, "tail"), 20_000)
    assert sum(size <= 4 for size in found) > len(found) / 3
    assert sum(size >= 20 for size in found) > 10


@pytest.mark.parametrize("size", [3, 4, 7, 19, 40])
def test_shapes(size: int) -> None:
    dice = Dice(size, "shapes")
    chain, tree, teams = (
        graph(m(dice, size), size) for m in (rings.chain, rings.tree, rings.teams)
    )
    assert nx.is_connected(chain)
    assert max(dict(chain.degree).values()) == 2
    assert nx.is_tree(tree)
    assert nx.is_connected(teams)
    assert teams.number_of_edges() >= size - 1
    if size > 6:
        assert nx.average_clustering(teams) > 0.3


def test_members_are_four_per_cent_in_rings_that_hang_together(planted: Planted) -> None:
    market, found = planted
    assert sum(map(len, found)) == round(0.04 * len(market.sellers))
    assert len(list(market.members())) == sum(map(len, found))
    users = defaultdict(set)
    for kind, uses in market.uses.items():
        for use in uses:
            users[kind, use.value].add(use.seller)
    owner = {offer.local_id: s.index for s in market.sellers for offer in s.listings}
    for shown in market.gallery.shown:
        if market.gallery.pictures[shown.picture].origin is Origin.RING:
            users["picture", shown.picture].add(owner[shown.listing])
    for ring in found:
        inside = {seller.index for seller in ring}
        ties = nx.Graph()
        ties.add_nodes_from(inside)
        for sharing in users.values():
            nx.add_path(ties, sorted(sharing & inside))
        assert nx.is_connected(ties)
        assert len({seller.ring for seller in ring}) == 1
