"""Judgements override evidence: what is judged different is never together, same is a sure tie."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings import project, weigh
from graphsvc.rings.columns import Hub, Judged, Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.judgements import contradictions, overruled, parted
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.project import Links
from graphsvc.rings.solve import Solution, solve
from tests.unit.graphsvc.rings.ring_worlds import whole

Said = tuple[str, str, Judged]


def told(
    uses: Sequence[tuple[str, Kind, str]],
    said: Sequence[Said] = (),
    marks: Sequence[tuple[Kind, str, Hub]] = (),
    *,
    declared: bool = False,
) -> Market:
    """Return a market in which everybody who is named was reported."""
    builder = MarketBuilder()
    for seller, kind, identifier in uses:
        level = [Level.UNIT if kind is Kind.ADDRESS else Level.NONE]
        builder.add(
            kind, [seller], [identifier], first_seen=[-1], self_declared=[declared], level=level
        )
    for a, b, verdict in said:
        builder.judged([a], [b], [verdict])
    for kind, identifier, mark in marks:
        builder.decided(kind, [identifier], [mark])
    names = sorted({use[0] for use in uses} | {name for each in said for name in each[:2]})
    builder.sellers(names, [None] * len(names), [1] * len(names))
    return builder.build()


def together(market: Market, found: Solution) -> set[frozenset[str]]:
    """Return the groups of a solution by the names of their members."""
    return {
        frozenset(market.sellers[member.seller] for member in group.members)
        for group in found.groups
    }


def shared(*groups: str) -> list[tuple[str, Kind, str]]:
    """Return two kinds of identifier for each group of letters, shared by its sellers."""
    return [
        (seller, kind, f"{kind.word}-{n}")
        for n, group in enumerate(groups)
        for kind in (Kind.PHONE, Kind.DEVICE)
        for seller in group
    ]


def test_same_is_as_sure_as_a_link_can_be_towards_both_sides_and_firmly() -> None:
    market = told(shared("bc"), [("d", "a", Judged.SAME)], declared=True)
    pairs = weigh.pairs(market, weigh.PRIOR, DEFAULT)
    names = list(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True))
    place = names.index((0, 3))
    for evidence in (whole(pairs), whole(pairs, firm=True)):
        for p in (evidence.p, evidence.to_a, evidence.to_b):
            assert p[place] == DEFAULT.max_link
    assert whole(pairs, firm=True).p[names.index((1, 2))] == 0
    assert place not in pairs.ties.pair
    assert together(market, solve(market)) == {frozenset("ad"), frozenset("bc")}


def test_different_cuts_for_good_and_unsure_changes_nothing() -> None:
    plain = told(shared("ab"))
    assert together(plain, solve(plain)) == {frozenset("ab")}
    apart = told(shared("ab"), [("b", "a", Judged.DIFFERENT)])
    pairs = weigh.pairs(apart, weigh.PRIOR, DEFAULT)
    assert (pairs.p.tolist(), whole(pairs, firm=True).p.tolist()) == ([0.0], [0.0])
    assert together(apart, solve(apart)) == set()
    unsure = told(shared("ab"), [("a", "b", Judged.UNSURE)])
    assert together(unsure, solve(unsure)) == {frozenset("ab")}
    assert len({market.digest() for market in (plain, apart, unsure)}) == 3


@pytest.mark.parametrize("engine", list(Engine))
def test_every_engine_obeys(engine: Engine) -> None:
    market = told(shared("abc"), [("a", "c", Judged.DIFFERENT), ("b", "d", Judged.SAME)])
    found = together(market, solve(market, engine=engine))
    assert not any({"a", "c"} <= group for group in found)
    assert any({"b", "d"} <= group for group in found)


def test_a_group_is_split_along_its_weakest_cut() -> None:
    """Two triangles on a bridge: who is judged different across it takes its triangle along."""
    market = told(shared("abc", "def", "cd"), [("a", "f", Judged.DIFFERENT)])
    assert together(market, solve(market)) == {frozenset("abc"), frozenset("def")}


def links_of(count: int, edges: dict[tuple[int, int], float]) -> Links:
    """Return links with these weights."""
    a, b = (np.array([pair[i] for pair in edges], dtype=np.int32) for i in (0, 1))
    weight = np.array(list(edges.values()))
    p = np.full(a.size, 0.9)
    return Links(count, a, b, p, p, p, weight, np.arange(a.size))


def cut_weight(edges: dict[tuple[int, int], float], side: set[int]) -> float:
    return sum(weight for pair, weight in edges.items() if len(side & set(pair)) == 1)


@given(st.integers(0, 10**6), st.integers(3, 7))
@settings(max_examples=60, deadline=None)
def test_the_cut_is_the_least_that_a_search_of_all_finds(seed: int, count: int) -> None:
    luck = random.Random(seed)
    edges = {
        pair: luck.randint(1, 9) / 4
        for pair in itertools.combinations(range(count), 2)
        if luck.random() < 0.6
    }
    graph = nx.Graph(list(edges))
    if not (0 in graph and 1 in graph and nx.has_path(graph, 0, 1)):
        return
    group = sorted(nx.node_connected_component(graph, 0))
    market = told([(f"s{n}", Kind.PHONE, f"tel-{n}") for n in range(count)],
                  [("s0", "s1", Judged.DIFFERENT)])  # fmt: skip
    label = np.arange(count, dtype=np.int32)
    label[group] = group[0]
    found = parted(market, links_of(count, edges), label)
    mine = {n for n in group if found[n] == found[1]}
    assert 0 not in mine
    others = [n for n in group if n > 1]
    sides = [
        {1, *chosen}
        for size in range(len(others) + 1)
        for chosen in itertools.combinations(others, size)
    ]
    least = min(cut_weight(edges, side) for side in sides)
    assert cut_weight(edges, mine) == pytest.approx(least)
    for part in (mine, set(group) - mine):
        assert nx.is_connected(graph.subgraph(part))
        assert {int(found[n]) for n in part} == {min(part)}


@given(st.integers(0, 10**6))
@settings(max_examples=80, deadline=None)
def test_on_any_market_who_is_judged_different_shares_no_ring_and_no_hub_is_a_reason(
    seed: int,
) -> None:
    luck = random.Random(seed)
    names = [f"s{n:02}" for n in range(luck.randint(3, 16))]
    uses = [
        (seller, kind, f"{kind.word}-{luck.randrange(5)}")
        for seller in names
        for kind in Kind
        if luck.random() < 0.5
    ]
    pairs = luck.sample(list(itertools.combinations(names, 2)), k=min(3, len(names)))
    said = [(a, b, luck.choice(list(Judged))) for a, b in pairs]
    marks = [(kind, f"{kind.word}-{n}", Hub.HUB) for kind in Kind for n in range(2)]
    market = told(uses, said, marks)
    hubs = np.flatnonzero(market.identifier_hub == Hub.HUB)
    ties = weigh.shared_ties(market, DEFAULT)
    assert not np.isin(market.identifier_place[hubs], ties.place).any()
    links = project.links(weigh.weigh(ties, weigh.PRIOR, DEFAULT), DEFAULT)
    for engine in Engine:
        for group in together(market, solve(market, engine=engine, seed=seed)):
            for a, b, verdict in said:
                assert verdict is not Judged.DIFFERENT or not {a, b} <= group
    for a, b, verdict in said:
        if verdict is Judged.SAME:
            ends = (market.sellers.index(a), market.sellers.index(b))
            assert ends in set(zip(links.a.tolist(), links.b.tolist(), strict=True))


def test_the_order_in_which_judgements_are_told_leaves_no_trace() -> None:
    said = [("a", "b", Judged.SAME), ("c", "b", Judged.DIFFERENT), ("a", "d", Judged.UNSURE)]
    turned = [(b, a, verdict) for a, b, verdict in reversed(said)]
    first, second = told(shared("abcd"), said), told(shared("abcd"), turned)
    assert first.digest() == second.digest()
    assert first.judged_a.tolist() == [0, 0, 1]
    assert first.judged_b.tolist() == [1, 3, 2]
    assert first.judged.tolist() == [Judged.SAME, Judged.UNSURE, Judged.DIFFERENT]


@pytest.mark.parametrize("said", [[("a", "a")], [("a", "b"), ("b", "a")]])
def test_a_pair_is_told_once_and_is_two_sellers(said: list[tuple[str, str]]) -> None:
    builder = MarketBuilder()
    with pytest.raises(ValueError, match="one seller, or judged twice"):
        builder.judged(*zip(*said, strict=True), [Judged.SAME] * len(said))


def test_overruled() -> None:
    p = np.array([0.4, 0.4, 0.4])
    judged = np.array([Judged.UNSURE, Judged.SAME, Judged.DIFFERENT], dtype=np.uint8)
    assert overruled(p, judged, 0.995).tolist() == [0.4, 0.995, 0.0]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6),
)
def test_contradictions_are_those_that_a_walk_finds(
    same: list[tuple[str, str]], different: list[tuple[str, str]]
) -> None:
    reach = {a: {a} for a in "abcdef"}
    for _ in "abcdef":
        for a, b in same:
            whole = reach[a] | reach[b]
            reach.update(dict.fromkeys(whole, whole))
    touched = {name for pair in same for name in pair}
    expected = [tuple(sorted(p)) for p in different if p[1] in reach[p[0]] and set(p) <= touched]
    assert contradictions(same, different) == sorted(expected)
