"""Rings: sizes, shapes, and that every member is tied to the rest."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import pytest

from graphsvc.demo import rings
from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import LAST_JOIN, Market, Seller

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
    assert sum(size <= 4 for size in found) > len(found) / 5
    assert sum(size >= 20 for size in found) > len(found) / 6


@pytest.mark.parametrize("size", [3, 4, 7, 19, 40])
def test_shapes(size: int) -> None:
    dice = Dice(size, "shapes")
    chain, tree, teams = (
        graph(m(dice, size), size) for m in (rings.chain, rings.tree, rings.teams)
    )
    assert nx.is_connected(chain)
    assert max(dict(chain.degree).values()) == 2
    assert nx.is_connected(tree)
    assert nx.is_connected(teams)
    assert teams.number_of_edges() >= size - 1
    if size > 6:
        assert nx.average_clustering(teams) > 0.3


def test_each_brood_of_a_tree_shares_with_its_one_parent() -> None:
    broods = rings.tree(Dice(3, "broods"), 40)
    children = [child for tie in broods for child in tie.members[1:]]
    assert children == list(range(1, 40))
    assert all(tie.members[0] == parent for parent, tie in enumerate(broods))
    assert {len(tie.members) for tie in broods} >= {2, 3, 5, 7}


def test_pairs_and_threesomes_alone_leave_most_of_a_ring_unfound() -> None:
    largest = whole = 0
    for seed in range(6):
        market = Market(3000, seed)
        found = rings.plant(market)
        market.complete()
        parts = list(nx.connected_components(small_groups(market)))
        for ring in found:
            inside = {seller.index for seller in ring}
            largest += max(len(part & inside) for part in parts)
            whole += len(ring)
    assert largest < 0.6 * whole


def small_groups(market: Market) -> nx.Graph:
    """Return who shares something that three sellers use at most: the trivial rule's graph."""
    ties = nx.Graph()
    ties.add_nodes_from(seller.index for seller in market.sellers)
    for uses in market.uses.values():
        users = defaultdict(set)
        for use in uses:
            users[use.value].add(use.seller)
        for sharing in users.values():
            if len(sharing) <= 3:
                nx.add_path(ties, sorted(sharing))
    return ties


def test_days_of_registration_do_not_tell_a_member() -> None:
    days = [
        [seller.joined for seller in ring]
        for seed in range(40)
        for ring in rings.plant(Market(500, seed))
    ]
    joined = [day for ring in days for day in ring]
    assert abs(sum(joined) / len(joined) - LAST_JOIN / 2) < 0.1 * LAST_JOIN
    assert min(joined) >= 0
    assert max(joined) <= LAST_JOIN


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
