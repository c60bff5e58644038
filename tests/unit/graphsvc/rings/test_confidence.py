"""Membership confidence: the share of runs with other luck that leave a seller in its group."""

from __future__ import annotations

import random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Market
from graphsvc.rings.confidence import grouped_again, membership_confidence, with_most
from graphsvc.rings.detect import groups
from graphsvc.rings.parameters import DEFAULT, Engine, Parameters
from graphsvc.rings.project import Links, links
from graphsvc.rings.solve import solve
from graphsvc.rings.weigh import PRIOR, pairs
from tests.unit.graphsvc.rings.ring_worlds import World, planted


def linked(made: Market, parameters: Parameters = DEFAULT) -> Links:
    return links(pairs(made, PRIOR, parameters), parameters)


def chain(size: int) -> World:
    """Sellers tied each to the next: where such a chain is cut is a matter of luck."""
    world = World()
    for i in range(size - 1):
        world.share(Kind.PAYMENT_ACCOUNT, f"pay-{i:03}", (f"s-{i:03}", f"s-{i + 1:03}"))
    return world


# Without the merge that follows, a chain falls into pieces that luck decides.
RAW = Parameters(merge_gate=1e6, small_piece=1)


@pytest.mark.parametrize("engine", list(Engine))
def test_a_seller_alone_and_a_small_component_are_sure(engine: Engine) -> None:
    world = World()
    world.share(Kind.PAYMENT_ACCOUNT, "x", "abc")
    world.share(Kind.PHONE, "y", "d")
    made = world.market()
    found = linked(made)
    label = groups(made, found, DEFAULT, engine=engine, seed=0)
    told = membership_confidence(made, found, label, DEFAULT, engine=engine, seed=0, runs=5)
    assert told.tolist() == [1, 1, 1, 1]


def test_a_chain_that_luck_cuts_is_less_sure_than_a_team() -> None:
    made = chain(40).market()
    found = linked(made, RAW)
    label = groups(made, found, RAW, engine=Engine.EVIDENCE, seed=0)
    told = membership_confidence(made, found, label, RAW, engine=Engine.EVIDENCE, seed=0, runs=20)
    assert len(set(label.tolist())) > 3
    assert 0 < told.mean() < 0.95
    again = membership_confidence(made, found, label, RAW, engine=Engine.EVIDENCE, seed=0, runs=20)
    assert told.tolist() == again.tolist()
    other = membership_confidence(made, found, label, RAW, engine=Engine.EVIDENCE, seed=1, runs=20)
    assert told.tolist() != other.tolist()


labels = st.lists(st.integers(0, 3), min_size=1, max_size=12)


@settings(deadline=None)
@given(labels, st.randoms())
def test_being_with_most_of_a_group_agrees_with_counting(
    told: list[int], luck: random.Random
) -> None:
    again = [luck.randrange(5) for _ in told]
    found = with_most(np.array(told, dtype=np.int32), np.array(again, dtype=np.int32))
    for seller, mine in enumerate(told):
        ring = [other for other, group in enumerate(told) if group == mine]
        held = sum(again[other] == again[seller] for other in ring)
        assert found[seller] == (2 * held > len(ring))


@pytest.mark.parametrize("engine", [Engine.EVIDENCE, Engine.LOUVAIN])
def test_a_shuffled_run_groups_the_same_graph(engine: Engine) -> None:
    made = chain(30).market()
    found = linked(made, RAW)
    graph = nx.Graph(zip(found.a.tolist(), found.b.tolist(), strict=True))
    seen = set()
    for turn in range(5):
        again = grouped_again(made, found, RAW, engine=engine, luck=(0, turn))
        seen.add(tuple(again.tolist()))
        for group in set(again.tolist()):
            part = [s for s in range(30) if again[s] == group]
            assert nx.is_connected(graph.subgraph(part)), "what is grouped is linked"
    assert len(seen) > 1


def test_solving_measures_only_what_is_asked_for_and_changes_nothing_else() -> None:
    made = planted().market()
    plain, steady = solve(made, seed=1), solve(made, seed=1, confidence=5)
    assert {m.confidence for ring in plain.rings for m in ring.members} == {None}
    assert "confidence" not in plain.seconds
    assert "confidence" in steady.seconds
    told = [m for ring in steady.rings for m in ring.members]
    assert all(0 <= m.confidence <= 1 for m in told)
    assert [(m.seller, m.tier, m.log_odds) for m in told] == [
        (m.seller, m.tier, m.log_odds) for ring in plain.rings for m in ring.members
    ]
    assert plain.members.own.tolist() == steady.members.own.tolist()
