import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.belief import (
    Members,
    Tier,
    ban_ties,
    firm_parts,
    held_firmly,
    identifier_ties,
    posterior,
    tiers,
)
from graphsvc.rings.columns import Kind
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links, links
from graphsvc.rings.score import Groups
from graphsvc.rings.weigh import PRIOR, pairs
from tests.unit.graphsvc.rings.ring_worlds import World

SURE = Parameters()


def graph(sellers, edges):
    """Links of {(a, b): (P towards a, P towards b)}."""
    keys = sorted(edges)
    return Links(
        sellers=sellers,
        a=np.array([a for a, _ in keys], dtype=np.int32),
        b=np.array([b for _, b in keys], dtype=np.int32),
        p=np.array([max(edges[k]) for k in keys], dtype=np.float64),
        to_a=np.array([edges[k][0] for k in keys], dtype=np.float64),
        to_b=np.array([edges[k][1] for k in keys], dtype=np.float64),
        weight=np.ones(len(keys)),
        pair=np.arange(len(keys), dtype=np.int64),
    )


def enumerated(own, edges, prior, seller):
    """Exact log-odds of one seller, by summing over every assignment of guilt.

    A link speaks as P [x_i = x_j] / prior(x) + 1 - P, with P as it is towards the end that is
    nearer to the seller.
    """
    count = len(own)
    near = {seller: 0}
    while len(near) < count:
        found = [e for e in edges if (e[0] in near) != (e[1] in near)]
        if not found:
            break
        for a, b in found:
            near.setdefault(a, near.get(b, 0) + 1)
            near.setdefault(b, near.get(a, 0) + 1)
    weight = [0.0, 0.0]
    for guilt in itertools.product((0, 1), repeat=count):
        total = 1.0
        for i, x in enumerate(guilt):
            total *= (prior if x else 1 - prior) * math.exp(own[i] * x)
        for (a, b), (to_a, to_b) in edges.items():
            if a not in near:
                continue
            p = to_a if near[a] < near[b] else to_b
            same = p / (prior if guilt[a] else 1 - prior) if guilt[a] == guilt[b] else 0.0
            total *= same + 1 - p
        weight[guilt[seller]] += total
    return math.log(weight[1] / weight[0])


@st.composite
def forests(draw):
    count = draw(st.integers(1, 7))
    edges = {}
    for i in range(1, count):
        j = draw(st.integers(-1, i - 1))  # -1: the root of a tree of its own
        if j >= 0:
            p = draw(st.floats(0.35, 0.99))
            less = draw(st.sampled_from([0.0, 0.2, p]))
            edges[j, i] = draw(st.sampled_from([(p, p), (p, less), (less, p)]))
    own = draw(st.lists(st.floats(-4, 6), min_size=count, max_size=count))
    return own, edges, draw(st.sampled_from([0.02, 0.3]))


@settings(max_examples=150, deadline=None)
@given(forests())
def test_belief_is_exact_on_trees(forest):
    own, edges, prior = forest
    found = posterior(np.array(own), graph(len(own), edges), Parameters(prior=prior))
    exact = [enumerated(own, edges, prior, i) for i in range(len(own))]
    assert found == pytest.approx(exact, abs=1e-8)


@given(forests(), st.integers(0, 255))
def test_who_is_asked_is_believed_as_if_all_were(forest, chosen):
    own, edges, _ = forest
    links_of, asked = graph(len(own), edges), np.array([chosen >> i & 1 for i in range(len(own))])
    everybody = posterior(np.array(own), links_of, SURE)
    found = posterior(np.array(own), links_of, SURE, asked=asked > 0)
    assert found[asked > 0].tolist() == everybody[asked > 0].tolist()


def test_a_component_that_nobody_asks_for_is_left_out():
    own, links_of = (
        np.array([3.0, 0.0, 3.0, 0.0]),
        graph(4, {(0, 1): (0.9,) * 2, (2, 3): (0.9,) * 2}),
    )
    found = posterior(own, links_of, SURE, asked=np.array([True, False, False, False]))
    assert found[1] > math.log(2 / 98)
    assert found[3] == pytest.approx(math.log(2 / 98))


def test_a_seller_alone_has_its_prior_and_its_own_evidence():
    found = posterior(np.array([0.0, 2.5]), graph(2, {}), Parameters(prior=0.1))
    assert found == pytest.approx([math.log(1 / 9), math.log(1 / 9) + 2.5])


def test_guilt_does_not_flow_to_the_owner_of_pictures_but_flows_on_to_the_copier():
    own = np.array([8.0, 0.0])
    assert posterior(own, graph(2, {(0, 1): (0.9, 0.9)}), SURE)[1] > 1
    spared = posterior(own, graph(2, {(0, 1): (0.9, 0.0)}), SURE)
    assert spared[1] == pytest.approx(math.log(2 / 98))
    assert posterior(own, graph(2, {(0, 1): (0.0, 0.9)}), SURE)[1] > 1


def test_belief_stays_finite_in_a_dense_crowd_of_innocents_and_of_guilty():
    clique = dict.fromkeys(itertools.combinations(range(200), 2), (0.999, 0.999))
    for own in (np.full(200, -3.0), np.full(200, 7.0)):
        found = posterior(own, graph(200, clique), SURE)
        assert np.all(np.isfinite(found))
        assert np.all(np.sign(found) == np.sign(own))


def test_ties_are_distinct_identifiers_under_links_inside_the_group():
    world = World()
    world.share(Kind.PHONE, "x", "abc")
    world.share(Kind.EMAIL, "y", "ab")
    world.share(Kind.EMAIL, "z", "cd")
    world.share(Kind.IMAGE, "weak", "ac")
    world.share(Kind.IMAGE, "nolink", "ae")
    evidence = pairs(world.market(), PRIOR, SURE)
    found = links(evidence, SURE)
    label = np.array([0, 0, 0, 3, 0], dtype=np.int32)
    assert identifier_ties(evidence, found, label).tolist() == [3, 2, 2, 0, 0]


def test_pictures_are_one_tie_of_a_ban_and_none_for_who_had_them_first():
    world = World()
    for i in range(3):
        world.share(Kind.IMAGE, f"stolen-{i}", "a", day=18_000)
        world.share(Kind.IMAGE, f"stolen-{i}", "b", day=18_014)
    world.share(Kind.IMAGE, "fresh", "cd", day=18_000)
    world.share(Kind.IMAGE, "copied", "c", day=18_000)
    world.share(Kind.IMAGE, "copied", "d", day=18_020)
    for pair in ("ab", "cd"):
        world.share(Kind.PHONE, f"tel-{pair}", pair)
    evidence = pairs(world.market(), PRIOR, SURE)
    label = np.array([0, 0, 2, 2], dtype=np.int32)
    found = links(evidence, SURE)
    assert ban_ties(evidence, found, label).tolist() == [1, 2, 2, 2]
    assert identifier_ties(evidence, found, label).tolist() == [4, 4, 3, 3]


def declared_world(declared):
    world = World()
    for kind in (Kind.PHONE, Kind.EMAIL):
        world.share(kind, f"{kind}-ring", "abc")
        world.share(kind, f"{kind}-claim", "c")
        world.share(kind, f"{kind}-claim", "d", declared=declared)
    return world.market()


def test_firm_ties_leave_out_what_a_side_merely_declared():
    for declared, expected in ((False, [2, 2, 4, 2]), (True, [2, 2, 2, 0])):
        evidence = pairs(declared_world(declared), PRIOR, SURE)
        firm = links(evidence, SURE, firm=True)
        label = np.zeros(4, dtype=np.int32)
        assert ban_ties(evidence, firm, label).tolist() == expected


def groups(label, flagged=(), sure=()):
    count = len(label)
    return Groups(
        label=np.array(label, dtype=np.int32),
        size=np.bincount(label, minlength=count),
        score_reports=np.zeros(count),
        score_risk=np.zeros(count),
        flagged=np.isin(np.arange(count), flagged),
        sure=np.isin(np.arange(count), sure),
    )


@pytest.mark.parametrize(
    ("own", "declared", "held"),
    [
        ([3.0, 3.0, 0.0, 0.0], True, [True, True, True, False]),
        ([3.0, 0.0, 0.0, 3.0], True, [False, False, False, False]),
        ([3.0, 0.0, 0.0, 3.0], False, [True, True, True, True]),
    ],
)
def test_a_ring_that_only_a_claim_makes_is_not_held(own, declared, held):
    evidence = pairs(declared_world(declared), PRIOR, SURE)
    firm = links(evidence, SURE, firm=True)
    whole = groups([0] * 4, flagged=[0])
    found = held_firmly(firm_parts(evidence, firm, whole.label), np.array(own), whole, SURE)
    assert found.tolist() == held


def test_a_claim_in_one_group_does_not_touch_another():
    evidence = pairs(declared_world(True), PRIOR, SURE)
    firm = links(evidence, SURE, firm=True)
    label = groups([0, 0, 0, 3], flagged=[0, 3])
    part = firm_parts(evidence, firm, label.label)
    assert part.tolist() == [0, 0, 0, 3]
    assert held_firmly(part, np.zeros(4), label, SURE).tolist() == [True] * 4


def test_tiers():
    log_odds = np.array([1.1, 1.0, 9.0, 9.0, 9.0, 9.0, 9.0])
    ties = np.array([2, 2, 1, 1, 2, 2, 2])
    own = np.array([0.0, 0.0, 1.0, 1.1, 0.0, 9.0, 9.0])
    label = [0, 0, 0, 0, 4, 5, 6]
    found = tiers(
        groups(label, flagged=[0, 4], sure=[0, 5]),
        np.array([True, True, True, True, False, False, False]),
        Members(own, log_odds, ties),
        SURE,
    )
    ban, review, none = Tier.BAN, Tier.REVIEW, Tier.NONE
    assert found.tolist() == [ban, review, review, ban, review, review, none]
    assert [t.word for t in Tier] == ["none", "review", "ban"]
