"""What the scoreboard stands on: markets that give nothing away, figures that are right."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import leaks
from benchmarks.market_draft import EASY, HARD
from benchmarks.markets import Truth, market
from benchmarks.quality import agreement, innocents_at, quality
from graphsvc.rings.belief import Tier
from graphsvc.rings.found import MemberColumns


@pytest.fixture(scope="module")
def made():
    return market(4000, 3, EASY)


def test_a_seed_makes_one_market_and_another_seed_another():
    first, again, other = market(500, 1), market(500, 1), market(500, 2)
    assert first.digest() == again.digest() != other.digest()
    assert first.digest() != market(500, 1, HARD).digest()


def test_rings_are_of_three_to_forty_and_four_in_a_hundred(made):
    sizes = np.bincount(made.truth.ring[made.truth.ring >= 0])
    assert 3 <= sizes.min() <= sizes.max() <= 40
    assert sizes.sum() == 160
    assert {"family", "forwarder", "mail_drop", "agency", "block"} <= set(made.truth.trap)


def test_no_column_but_risk_and_reports_tells_who_is_in_a_ring(made):
    guilty = made.truth.ring >= 0
    for name, values in leaks.columns(made).items():
        told = abs(leaks.auc(values, guilty) - 0.5)
        if name == "risk":
            assert told > 0.3
        elif name != "reported":
            assert told < 0.12, name


def test_a_column_that_did_tell_would_be_seen(made):
    guilty = made.truth.ring >= 0
    given_away = {"leak": guilty + 0.0, "noise": np.random.default_rng(1).random(guilty.size)}
    leak, noise = leaks.weights(given_away, guilty)
    assert leaks.auc(given_away["leak"], guilty) == 1
    assert leak > 1 > 0.2 > abs(noise)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=9))
def test_agreement_is_that_of_counted_pairs(both):
    left, right = np.array(both).T
    pairs = list(combinations(range(left.size), 2))
    one = {p for p in pairs if left[p[0]] == left[p[1]]}
    other = {p for p in pairs if right[p[0]] == right[p[1]]}
    expected = len(one) * len(other) / len(pairs)
    most = (len(one) + len(other)) / 2
    wanted = 1.0 if most == expected else (len(one & other) - expected) / (most - expected)
    assert agreement(left, right) == pytest.approx(wanted)


def test_figures_of_a_market_that_can_be_counted_by_hand():
    ring = np.array([0, 0, 0, 0, 1, 1, 1, -1, -1, -1])
    trap = np.array(["", "", "", "", "", "", "", "family", "family", ""])
    members = MemberColumns(
        group=np.array([0, 0, 0, 4, 4, 4], np.int32),
        seller=np.array([0, 1, 2, 4, 7, 8], np.int32),
        tier=np.array([2, 2, Tier.REVIEW, 2, 2, 0], np.uint8),
        log_odds=np.zeros(6),
        ties=np.zeros(6, np.int64),
        own=np.zeros(6),
        confidence=np.zeros(6),
    )
    found = quality(Truth(ring, trap), members)
    assert (found.precision, found.recall) == (3 / 4, 3 / 7)
    assert found.innocents == pytest.approx(1000 / 3)
    assert found.recovered == 1 / 2  # 3 of 4 are found; of the other ring 1 among 4
    assert found.pair_f1 == pytest.approx(2 * 3 / (6 + 9))
    assert found.swept == {"family": (1, 2), "no trap": (0, 1)}


def test_the_surest_are_banned_first_up_to_a_recall():
    ring = np.array([0, 0, 0, 0, -1, -1])
    members = MemberColumns(
        group=np.zeros(6, np.int32),
        seller=np.arange(6, dtype=np.int32),
        tier=np.array([2, 2, 2, Tier.REVIEW, 2, 2], np.uint8),
        log_odds=np.array([9.0, 5.0, 1.0, 8.0, 5.0, 3.0]),
        ties=np.zeros(6, np.int64),
        own=np.zeros(6),
        confidence=np.zeros(6),
    )
    told = Truth(ring, np.full(6, ""))
    assert innocents_at(told, members, 0.25) == 0
    assert innocents_at(told, members, 0.5) == 500, "who is as sure is banned as well"
    assert innocents_at(told, members, 0.75) == 1000
    assert np.isnan(innocents_at(told, members, 1.0)), "one in review is not banned"
