import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import components, links
from graphsvc.rings.weigh import PRIOR, pairs
from tests.unit.graphsvc.rings.ring_worlds import World


def test_links_are_the_pairs_from_theta_up_and_weigh_like_a_noisy_or():
    world = World()
    world.share(Kind.IMAGE, "weak", "ab")
    world.share(Kind.PHONE, "strong", "bc")
    found = links(pairs(world.market(), PRIOR, Parameters()), Parameters())
    assert (found.a.tolist(), found.b.tolist()) == ([1], [2])
    assert 1 - np.exp(-found.weight) == pytest.approx([0.75])
    assert found.pair.tolist() == [1]


def test_a_pair_at_theta_links_and_one_just_below_does_not():
    world = World()
    world.share(Kind.PHONE, "x", "ab")
    evidence = pairs(world.market(), PRIOR, Parameters())
    p = float(evidence.p[0])
    assert links(evidence, Parameters(theta=p)).a.size == 1
    assert links(evidence, Parameters(theta=float(np.nextafter(p, 1)))).a.size == 0


def test_weight_is_bounded_however_sure_the_pair():
    world = World()
    for kind in (Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.EMAIL, Kind.DEVICE):
        world.share(kind, "x", "ab")
    found = links(pairs(world.market(), PRIOR, Parameters()), Parameters())
    assert found.p[0] > 0.995
    assert found.weight[0] == pytest.approx(-np.log(0.005))


def test_firm_links_leave_self_declared_ties_out():
    world = World()
    world.share(Kind.PHONE, "x", "a", declared=True)
    world.share(Kind.PHONE, "x", "b")
    world.share(Kind.EMAIL, "y", "bc")
    evidence = pairs(world.market(), PRIOR, Parameters())
    assert links(evidence, Parameters()).a.tolist() == [0, 1]
    assert links(evidence, Parameters(), firm=True).a.tolist() == [1]


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=12))
def test_components_are_named_by_their_least_member(count, told):
    edges = [(a % count, b % count) for a, b in told]
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(count))
    expected = {n: min(part) for part in nx.connected_components(graph) for n in part}
    a, b = (np.array([e[i] for e in edges], dtype=np.int32) for i in (0, 1))
    assert components(count, a, b).tolist() == [expected[n] for n in range(count)]


def test_nobody_has_no_components():
    none = np.empty(0, dtype=np.int32)
    assert components(0, none, none).size == 0
