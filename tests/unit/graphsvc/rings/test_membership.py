"""How surely a member is guilty with its ring: against plain loops, and what it may never say."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings import membership
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.project import Links

LOOSE = DEFAULT.coupled()
SELLERS = 9


@st.composite
def worlds(draw):
    """Own terms, groups of nine sellers by their least members, and links with two directions."""
    own = draw(st.lists(st.floats(-3, 6), min_size=SELLERS, max_size=SELLERS))
    drawn = draw(st.lists(st.integers(0, 2), min_size=SELLERS, max_size=SELLERS))
    ends = st.tuples(st.integers(0, SELLERS - 1), st.integers(0, SELLERS - 1))
    pairs = sorted({(min(e), max(e)) for e in draw(st.lists(ends, max_size=14)) if e[0] != e[1]})
    share = st.sampled_from([0.0, 0.1, 0.5, 0.999])
    told = {pair: (draw(share), draw(share)) for pair in pairs}
    return np.array(own), np.array([drawn.index(group) for group in drawn], np.int32), told


def links(told):
    a, b = (np.array([pair[side] for pair in told], dtype=np.int32) for side in (0, 1))
    to_a, to_b = (np.array([p[side] for p in told.values()], dtype=float) for side in (0, 1))
    p = np.maximum(to_a, to_b)
    return Links(SELLERS, a, b, p, to_a, to_b, -np.log1p(-np.minimum(p, 0.995)), np.arange(a.size))


def rows(own, label, told):
    """The four columns of each member of a group of three or more, by plain loops."""
    found = {}
    for seller in range(SELLERS):
        ring = [other for other in range(SELLERS) if label[other] == label[seller]]
        if len(ring) < LOOSE.min_size:
            continue
        weight = {}
        for (a, b), (to_a, to_b) in told.items():
            if seller in (a, b) and label[a] == label[b]:
                p = to_a if seller == a else to_b
                weight[b if seller == a else a] = -math.log(1 - min(p, LOOSE.max_link))
        total = sum(weight.values())
        if not total:
            found[seller] = [1.0, 0.0, 0.0, 0.0]
            continue
        rest = [own[other] for other in ring if other != seller]
        near = sum(w * own[other] for other, w in weight.items()) / total
        found[seller] = [1.0, sum(rest) / len(rest), total, near]
    return found


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_facts_and_beliefs_are_those_of_plain_loops(world):
    own, label, told = world
    weights = (-3.0, 1.5, 2.0, 0.5)
    member, columns = membership.facts(own, label, links(told), LOOSE)
    expected = rows(own, label, told)
    assert member.tolist() == list(expected)
    for seller, row in zip(member.tolist(), columns.tolist(), strict=True):
        assert row == pytest.approx(expected[seller])
    _, believed = membership.posterior(own, label, links(told), weights, LOOSE)
    assert believed.tolist() == pytest.approx(
        [
            own[s] + sum(w * c for w, c in zip(weights, row, strict=True))
            for s, row in expected.items()
        ]
    )


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_guilt_of_others_never_speaks_for_anybody(world):
    own, label, told = world
    found = membership.learn(own, label, links(told), LOOSE)
    assert all(math.isfinite(weight) for weight in found)
    assert min(found[1:]) >= 0


def test_whom_no_link_speaks_against_is_not_guilty_with_its_ring():
    """The owner of copied pictures: the copiers' links do not speak towards it."""
    own, label = np.full(SELLERS, 6.0), np.zeros(SELLERS, dtype=np.int32)
    own[0] = 0.0
    told = {(0, 1): (0.0, 0.9), (1, 2): (0.9, 0.9)}
    weights = membership.unlearned(LOOSE)
    member, found = membership.posterior(own, label, links(told), weights, LOOSE)
    believed = dict(zip(member.tolist(), found.tolist(), strict=True))
    assert believed[0] == weights[0]
    assert believed[2] > 6.0


def test_what_made_a_market_is_learned_from_its_risk_alone():
    """Guilt is drawn by known weights, shown in a noisy term, and the weights come back."""
    luck = np.random.default_rng(3)
    rings, size = 4000, 4
    label = np.repeat(np.arange(rings) * size, size).astype(np.int32)
    guilty_ring = np.repeat(luck.random(rings) < 0.3, size)
    p = np.repeat(luck.choice([0.1, 0.8], rings), size - 1)
    guilty = luck.random(label.size) < np.where(guilty_ring, 0.9, 0.03)
    own = luck.normal(np.where(guilty, 1.0, -1.0), 1.0) * 2.0  # ln N(1,1)/N(-1,1) is twice the draw
    a = (np.arange(rings)[:, None] * size + np.arange(size - 1)).ravel().astype(np.int32)
    made = Links(label.size, a, a + 1, p, p, p, -np.log1p(-p), np.arange(a.size))
    weights = membership.learn(own, label, made, LOOSE)
    member, believed = membership.posterior(own, label, made, weights, LOOSE)
    sure = 1 / (1 + np.exp(-believed))
    for low in (0.0, 0.2, 0.5, 0.8):
        here = (sure >= low) & (sure < low + 0.2)
        assert guilty[member][here].mean() == pytest.approx(sure[here].mean(), abs=0.12)
