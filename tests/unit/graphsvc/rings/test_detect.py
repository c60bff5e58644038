import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level, Market
from graphsvc.rings.detect import _between, _components_to_split, _Pieces, _seed_of, groups
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.project import Links, components, links
from graphsvc.rings.weigh import PRIOR, pairs
from tests.unit.graphsvc.rings.ring_worlds import World, market, planted


def graph(sellers: int, edges: dict[tuple[int, int], float]) -> tuple[Market, Links]:
    """A market of sellers without rows, and links of the given P."""
    keys = sorted(edges)
    p = np.array([edges[k] for k in keys], dtype=np.float64)
    made = market([], dict.fromkeys([f"s{i:04d}" for i in range(sellers)], 0))
    return made, Links(
        sellers=sellers,
        a=np.array([a for a, _ in keys], dtype=np.int32),
        b=np.array([b for _, b in keys], dtype=np.int32),
        p=p,
        to_a=p,
        to_b=p,
        weight=-np.log1p(-np.minimum(p, 0.995)),
        pair=np.arange(len(keys), dtype=np.int64),
    )


def clique(members, p):
    return dict.fromkeys(itertools.combinations(members, 2), p)


def split(sellers, edges, **more):
    made, found = graph(sellers, edges)
    return groups(made, found, Parameters(**more), engine=Engine.EVIDENCE, seed=5).tolist()


def test_two_teams_tied_weakly_come_apart_and_tied_strongly_stay_together():
    teams = clique(range(8), 0.9) | clique(range(8, 16), 0.9)
    assert split(16, teams | {(7, 8): 0.45}) == [0] * 8 + [8] * 8
    assert split(16, teams | {(7, 8): 0.9}) == [0] * 16


def test_the_gate_rises_with_the_size_of_both_sides():
    teams = clique(range(20), 0.9) | clique(range(20, 40), 0.9)
    weak = {(i, 20 + i): 0.38 for i in range(2)}  # W = 0.956, gate 0.7 + 0.001 * 400 = 1.1
    assert split(40, teams | weak) == [0] * 20 + [20] * 20
    assert split(40, teams | weak, merge_gate_per_pair=0.0) == [0] * 40


def test_a_long_chain_stays_one_ring():
    chain = {(i, i + 1): 0.8 for i in range(29)}
    assert split(30, chain) == [0] * 30
    assert len(set(split(30, chain, merge_gate=9.0))) > 1


def test_a_component_of_just_the_split_size_is_split():
    apart = clique(range(3), 0.99) | clique(range(3, 6), 0.99) | {(2, 3): 0.36}
    assert split(6, apart) == [0, 0, 0, 3, 3, 3]
    assert split(6, apart, split_size=7) == [0] * 6


def test_each_component_and_each_seed_has_its_own_luck():
    names = ("a:1", "a:2", "b:11")
    assert len({_seed_of(seed, name) for seed in (0, 1, 11) for name in names}) == 9


def test_pieces_that_merge_add_up_what_ties_them_to_others():
    between = {0: {1: 1.0, 2: 0.375}, 1: {0: 1.0, 2: 0.375}, 2: {0: 0.375, 1: 0.375}}
    pieces = _Pieces({0: 3, 1: 3, 2: 3}, between)
    pieces.merge_gated(0.75, 0.0)
    assert [pieces.root(p) for p in range(3)] == [0, 0, 0]


def test_the_weight_between_two_pieces_is_one_number_whichever_way_it_is_asked():
    luck = random.Random(8)
    crossing = {(a, b): luck.uniform(0.4, 0.9) for a in range(4) for b in range(4, 8)}
    _, found = graph(8, clique(range(4), 0.99) | clique(range(4, 8), 0.99) | crossing)
    (component,) = _components_to_split(components(8, found.a, found.b), found, 2)
    between = _between(component, np.array([0] * 4 + [4] * 4, dtype=np.int32))
    assert between == {0: {4: between[0][4]}, 4: {0: between[0][4]}}
    expected = -sum(math.log1p(-p) for p in crossing.values())
    assert between[0][4] == pytest.approx(expected)


def test_a_component_below_the_split_size_is_never_split():
    apart = clique(range(2), 0.99) | clique(range(2, 5), 0.99) | {(1, 2): 0.36}
    assert split(5, apart) == [0] * 5


def test_a_piece_of_two_joins_the_neighbour_it_is_tied_to_most():
    edges = clique(range(8), 0.95) | clique(range(8, 16), 0.95) | {(16, 17): 0.9}
    edges |= {(0, 16): 0.36, (8, 16): 0.42, (0, 8): 0.36}
    label = split(18, edges)
    assert label == [0] * 8 + [8] * 10


random_graphs = st.builds(
    lambda seed, sellers, density: {
        pair: random.Random(f"{seed}{pair}").uniform(0.35, 0.99)
        for pair in itertools.combinations(range(sellers), 2)
        if random.Random(f"{pair}{seed}").random() < density
    },
    st.integers(0, 10**6),
    st.integers(2, 25),
    st.sampled_from([0.08, 0.15, 0.3]),
)


@settings(max_examples=60, deadline=None)
@given(random_graphs)
def test_groups_are_connected_and_no_component_below_the_split_size_is_broken(edges):
    made, found = graph(25, edges)
    label = groups(made, found, Parameters(), engine=Engine.EVIDENCE, seed=1)
    whole = components(25, found.a, found.b)
    within = label[found.a] == label[found.b]
    assert np.array_equal(components(25, found.a[within], found.b[within]), label)
    sizes = np.bincount(whole, minlength=25)
    assert np.array_equal(label[sizes[whole] < 6], whole[sizes[whole] < 6])
    assert np.all(np.bincount(label, minlength=25)[label][sizes[whole] >= 3] >= 3)


@settings(max_examples=30, deadline=None)
@given(random_graphs, random_graphs, st.integers(0, 3))
def test_a_component_is_split_alike_whatever_else_is_on_the_market(one, other, seed):
    shifted = {(a + 25, b + 25): p for (a, b), p in other.items()}
    made, found = graph(50, one | shifted)
    alone, few = graph(25, one)
    together = groups(made, found, Parameters(), engine=Engine.EVIDENCE, seed=seed)
    apart = groups(alone, few, Parameters(), engine=Engine.EVIDENCE, seed=seed)
    assert np.array_equal(together[:25], apart)


def naive_merge(size, between, gate, per_pair):
    """Best gain first, by looking at every pair each time."""
    parts = {p: {p} for p in size}

    def weight(a, b):
        return sum(between.get((min(x, y), max(x, y)), 0) for x in parts[a] for y in parts[b])

    while True:
        offers = []
        for a, b in itertools.combinations(sorted(parts), 2):
            total = weight(a, b)
            sizes = [sum(size[x] for x in parts[p]) for p in (a, b)]
            need = gate + per_pair * sizes[0] * sizes[1]
            if total > 0 and total >= need:
                offers.append((need - total, a, b))
        if not offers:
            return {x: p for p, some in parts.items() for x in some}
        _, a, b = min(offers)
        parts[a] |= parts.pop(b)


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=7),
    st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 6)),
        st.sampled_from([0.125, 0.25, 0.5, 0.75, 1.0]),  # exact in binary: sums have no order
        max_size=12,
    ),
    st.sampled_from([0.0, 0.015625, 0.25]),
)
def test_merging_agrees_with_looking_at_every_pair_each_time(sizes, told, per_pair):
    size = dict(enumerate(sizes))
    between = {(a, b): w for (a, b), w in told.items() if a < b < len(sizes)}
    both = {p: {} for p in size}
    for (a, b), weight in between.items():
        both[a][b] = both[b][a] = weight
    pieces = _Pieces(dict(size), both)
    pieces.merge_gated(0.5, per_pair)
    found = {p: pieces.root(p) for p in size}
    assert found == naive_merge(size, between, 0.5, per_pair)


def test_components_join_over_identifiers_of_at_most_three_sellers():
    world = World()
    world.share(Kind.PHONE, "three", "abc")
    world.share(Kind.IMAGE, "two", "cd")
    world.share(Kind.EMAIL, "four", "defg")
    world.share(Kind.ADDRESS, "road", "ef", level=Level.STREET)
    made = world.market()
    found = links(pairs(made, PRIOR, Parameters()), Parameters())
    label = groups(made, found, Parameters(), engine=Engine.COMPONENTS, seed=0)
    assert label.tolist() == [0, 0, 0, 0, 4, 5, 6]


@pytest.mark.parametrize("engine", Engine)
def test_the_same_seed_gives_the_same_groups_however_rows_arrived(engine):
    world = planted()
    labels = set()
    for shuffle in (None, 1, 2):
        made = world.market(shuffle)
        found = links(pairs(made, PRIOR, Parameters()), Parameters())
        labels.add(tuple(groups(made, found, Parameters(), engine=engine, seed=3).tolist()))
    assert len(labels) == 1
    assert len(set(labels.pop())) > 1


def test_louvain_finds_two_teams_and_leaves_the_unlinked_alone():
    made, found = graph(18, clique(range(8), 0.9) | clique(range(9, 17), 0.9) | {(7, 9): 0.4})
    label = groups(made, found, Parameters(), engine=Engine.LOUVAIN, seed=2**40)
    assert label.tolist() == [0] * 8 + [8] + [9] * 8 + [17]


@pytest.mark.parametrize("engine", Engine)
def test_an_empty_market_has_no_groups(engine):
    made, found = graph(0, {})
    assert groups(made, found, Parameters(), engine=engine, seed=0).size == 0
