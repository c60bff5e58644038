"""The least cut agrees with trying every set of facts, on graphs small enough for that."""

from __future__ import annotations

import itertools
from collections.abc import Collection

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.cut import Cut, Evidence, Pair, cut_of_member, least_cut
from graphsvc.rings.explain import Fact, cut_of_tie, tie_probability
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import PRIOR, Calibration

HALVES = Calibration("self", np.full_like(PRIOR.pi, 0.5))  # two kinds together: 0.9
SMALL = Parameters(cap=(6,) * 6, corroboration_degree=3)


def fact(kind: Kind, identifier: str, sellers: int = 2, level: Level = Level.NONE) -> Fact:
    return Fact(kind.word, identifier, sellers, 1, level, -1, "file:1", "observed")


facts = st.lists(
    st.builds(
        fact,
        st.sampled_from(Kind),
        st.sampled_from("xyz"),
        st.sampled_from([2, 2, 3, 5, 7]),
        st.sampled_from([Level.UNIT, Level.BUILDING]),
    ),
    max_size=6,
    unique_by=lambda each: (each.kind, each.identifier),
)


@st.composite
def markets(draw: st.DrawFn) -> dict[Pair, frozenset[Fact]]:
    """At most five sellers and six facts, each with two to four users: the ties of the pairs."""
    ties: dict[Pair, set[Fact]] = {}
    for each in draw(facts):
        users = draw(st.sets(st.sampled_from("abcde"), min_size=2, max_size=4))
        for pair in itertools.combinations(sorted(users), 2):
            ties.setdefault(pair, set()).add(each)
    return {pair: frozenset(shared) for pair, shared in ties.items()}


def joined(
    ties: dict[Pair, frozenset[Fact]],
    source: str,
    targets: Collection[str],
    gone: Collection[Fact],
    parameters: Parameters,
) -> bool:
    """Tell by the definition whether a chain of holding ties is left."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from([source, *targets])
    for pair, shared in ties.items():
        if linked([f for f in shared if f not in gone], parameters):
            graph.add_edge(*pair)
    return any(nx.has_path(graph, source, target) for target in targets)


def linked(shared: Collection[Fact], parameters: Parameters) -> bool:
    """Tell by the definition whether these facts link: pictures alone need more."""
    p, bare = (
        tie_probability(some, PRIOR, parameters)
        for some in (list(shared), [f for f in shared if f.kind != Kind.IMAGE.word])
    )
    theta = parameters.theta
    return p >= theta and (bare >= theta or p >= parameters.picture_theta)


def least_size(
    ties: dict[Pair, frozenset[Fact]],
    source: str,
    targets: Collection[str],
    parameters: Parameters,
) -> int:
    """Try all sets of facts, smallest first."""
    every = sorted({f for shared in ties.values() for f in shared}, key=lambda f: str(f))
    for size in range(len(every) + 1):
        for gone in itertools.combinations(every, size):
            if not joined(ties, source, targets, gone, parameters):
                return size
    raise AssertionError("without any fact nothing holds")


@settings(max_examples=120, deadline=None)
@given(markets(), st.sampled_from([0.1, 0.2, 0.35, 0.6]), st.booleans())
def test_no_smaller_set_of_facts_parts_them(
    ties: dict[Pair, frozenset[Fact]], theta: float, many: bool
) -> None:
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=theta)
    targets = "bcde" if many else "e"
    found = least_cut(Evidence(ties, PRIOR, parameters), "a", targets)
    assert not joined(ties, "a", targets, found.facts, parameters)
    assert found.exact
    assert len(found.facts) == least_size(ties, "a", targets, parameters)


@settings(max_examples=60, deadline=None)
@given(
    facts, st.lists(st.sets(st.integers(0, 5)), max_size=4), st.sampled_from([0.1, 0.2, 0.35, 0.6])
)
def test_the_cut_of_a_member_is_the_least_that_breaks_each_of_its_ties(
    told: list[Fact], picked: list[set[int]], theta: float
) -> None:
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=theta)
    ties = [[told[i] for i in some if i < len(told)] for some in picked]
    found = cut_of_member(ties, PRIOR, parameters)

    def broken(gone: Collection[Fact]) -> bool:
        return all(not linked([f for f in tie if f not in gone], parameters) for tie in ties)

    assert found.exact
    assert broken(found.facts)
    for few in itertools.combinations(told, max(0, len(found.facts) - 1)):
        assert not found.facts or not broken(few)
    if len(ties) == 1:
        assert len(found.facts) == len(cut_of_tie(ties[0], PRIOR, parameters))


def test_two_weak_facts_hold_a_tie_together_and_one_going_is_enough() -> None:
    mail, device = fact(Kind.EMAIL, "m"), fact(Kind.DEVICE, "d")
    found = cut_of_member([[mail, device], [mail, device]], HALVES, Parameters(theta=0.7))
    assert (len(found.facts), found.exact) == (1, True)


def test_a_fact_that_breaks_two_ties_is_cut_once_and_alone() -> None:
    account, photo = fact(Kind.PAYMENT_ACCOUNT, "x", 3), fact(Kind.IMAGE, "p")
    found = cut_of_member([[account, photo], [account]], PRIOR, Parameters())
    assert found.facts == {account}


def test_the_narrow_place_of_a_chain_is_cut_and_not_its_wide_ends() -> None:
    kinds = (Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.EMAIL)
    ends = [frozenset(fact(kind, f"{end}-{kind}") for kind in kinds) for end in "lr"]
    narrow = fact(Kind.PAYMENT_ACCOUNT, "between")
    ties = {("a", "b"): ends[0], ("b", "c"): frozenset([narrow]), ("c", "d"): ends[1]}
    evidence = Evidence(ties, PRIOR, Parameters())
    assert evidence.chain("a", "d") == [("a", "b"), ("b", "c"), ("c", "d")]
    assert least_cut(evidence, "a", "d") == Cut(frozenset([narrow]), exact=True)
    assert least_cut(evidence, "a", "z") == Cut(frozenset(), exact=True)


@settings(max_examples=60, deadline=None)
@given(markets(), st.integers(0, 3))
def test_a_search_that_ends_early_claims_nothing_and_is_still_a_cut(
    ties: dict[Pair, frozenset[Fact]], looks: int
) -> None:
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=0.2)
    found = least_cut(Evidence(ties, PRIOR, parameters), "a", "e", looks=looks)
    assert not joined(ties, "a", "e", found.facts, parameters)
    if found.exact:
        assert len(found.facts) == least_size(ties, "a", "e", parameters)


def test_without_a_look_the_bound_is_all_there_is() -> None:
    photo, mail, device = fact(Kind.IMAGE, "p"), fact(Kind.EMAIL, "m"), fact(Kind.DEVICE, "d")
    ties = {("a", "b"): frozenset([photo, mail, device])}
    evidence = Evidence(ties, HALVES, Parameters(theta=0.7))
    bound, least = (least_cut(evidence, "a", "b", looks=looks) for looks in (0, 100))
    assert (len(bound.facts), bound.exact) == (2, False)
    assert (len(least.facts), least.exact) == (2, True)
