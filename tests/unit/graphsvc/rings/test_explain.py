import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.explain import Fact, cut_of_tie, holds, reasons, tie_probability
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import links
from graphsvc.rings.weigh import PRIOR, Calibration, pairs
from tests.unit.graphsvc.rings.ring_worlds import World

SMALL = Parameters(cap=(6,) * 6, corroboration_degree=3)


def fact(kind, identifier, sellers, level=Level.NONE):
    return Fact(kind.word, identifier, sellers, 1, level, 18_000, "file:1", "observed")


facts = st.lists(
    st.builds(
        fact,
        st.sampled_from(Kind),
        st.sampled_from("uvwxyz"),
        st.sampled_from([1, 2, 2, 2, 3, 3, 4, 5, 7]),
        st.sampled_from([Level.UNIT, Level.BUILDING, Level.NONE]),
    ),
    max_size=7,
    unique_by=lambda f: (f.kind, f.identifier),
)


def test_reasons_come_strongest_first_and_what_does_not_count_last():
    told = [
        fact(Kind.IMAGE, "photo", 3),
        fact(Kind.PAYMENT_ACCOUNT, "processor", 4000),
        fact(Kind.PAYMENT_ACCOUNT, "account", 2),
        fact(Kind.ADDRESS, "road", 4, Level.STREET),
        fact(Kind.ADDRESS, "house", 4, Level.BUILDING),
        fact(Kind.PHONE, "alone", 1),
    ]
    found = reasons(told, PRIOR)
    assert [r.fact.identifier for r in found[:3]] == ["account", "photo", "house"]
    assert [r.weight for r in found[:3]] == [0.95, 0.25, 0.2]
    assert {r.fact.identifier for r in found if not r.counts} == {"processor", "road", "alone"}
    assert all(r.weight == 0 for r in found[3:])


@given(facts, st.randoms())
def test_reasons_have_one_order(told, luck):
    shuffled = list(told)
    luck.shuffle(shuffled)
    assert reasons(shuffled, PRIOR, SMALL) == reasons(told, PRIOR, SMALL)


@given(facts)
def test_a_tie_is_weighed_as_the_pairs_are(told):
    made = alike(told)
    found = pairs(made, PRIOR, SMALL)
    p = [
        float(found.p[i])
        for i in range(found.a.size)
        if (made.sellers[found.a[i]], made.sellers[found.b[i]]) == ("a", "b")
    ]
    assert tie_probability(told, PRIOR, SMALL) == pytest.approx(p[0] if p else 0.0)


@settings(max_examples=200)
@given(facts, st.sampled_from([0.1, 0.2, 0.35, 0.6]))
def test_a_tie_holds_where_its_sellers_are_linked(told, theta):
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=theta)
    made = alike(told)
    found = links(pairs(made, PRIOR, parameters), parameters)
    ends = zip(found.a.tolist(), found.b.tolist(), strict=True)
    linked = ("a", "b") in {(made.sellers[a], made.sellers[b]) for a, b in ends}
    assert holds(told, PRIOR, parameters) == linked


def test_pictures_do_not_carry_a_tie_below_what_is_asked_of_them():
    parameters = Parameters(theta=0.15)
    photo, house = fact(Kind.IMAGE, "p", 2), fact(Kind.ADDRESS, "x", 15, Level.UNIT)
    assert tie_probability([photo], PRIOR, parameters) > 0.15
    assert not holds([photo], PRIOR, parameters)
    assert tie_probability([house], PRIOR, parameters) < 0.15
    assert not holds([house, fact(Kind.IMAGE, "p", 3)], PRIOR, parameters)
    assert holds([fact(Kind.ADDRESS, "x", 10, Level.UNIT)], PRIOR, parameters)


def alike(told):
    """The market of two sellers who share exactly these facts."""
    world = World()
    for number, each in enumerate(told):
        kind = Kind[each.kind.upper()]
        level = each.level if kind is Kind.ADDRESS else Level.NONE
        others = [f"other-{number}-{i}" for i in range(each.sellers - 2)]
        both = ("a", "b") if each.sellers > 1 else ("a",)
        world.share(kind, each.identifier, (*both, *others), level=level)
    return world.market()


@settings(max_examples=200)
@given(facts, st.sampled_from([0.2, 0.35, 0.6, 0.95]))
def test_the_cut_is_the_least_of_all_that_break_the_tie(told, theta):
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=theta)
    cut = cut_of_tie(told, PRIOR, parameters)
    assert len(set(cut)) == len(cut)
    left = [f for f in told if f not in cut]
    assert not holds(left, PRIOR, parameters)
    for few in itertools.combinations(told, max(0, len(cut) - 1)):
        rest = [f for f in told if f not in few]
        assert not cut or holds(rest, PRIOR, parameters)


def test_many_pictures_must_all_go_where_one_account_is_enough():
    strong = Parameters(theta=0.2, picture_theta=0.2)
    photos = [fact(Kind.IMAGE, f"p{i:03d}", 2) for i in range(300)]
    assert len(cut_of_tie(photos, PRIOR, strong)) == 300
    account = fact(Kind.PAYMENT_ACCOUNT, "x", 2)
    assert cut_of_tie([*photos, account], PRIOR) == (account,)


def test_the_cut_looks_at_kinds_that_agree_and_not_only_at_weights():
    parameters = Parameters(cap=SMALL.cap, corroboration_degree=3, theta=0.6)
    photos = [fact(Kind.IMAGE, f"p{i}", 2) for i in range(2)]
    house = fact(Kind.ADDRESS, "house", 2, Level.BUILDING)
    flat = fact(Kind.ADDRESS, "flat", 5, Level.UNIT)  # weighs more, but is not of few sellers
    assert cut_of_tie([*photos, house, flat], PRIOR, parameters) == (house,)


def test_what_counts_for_nothing_comes_before_what_does_not_count():
    worthless = Calibration("self", np.zeros_like(PRIOR.pi))
    told = [fact(Kind.PHONE, "alone", 1), fact(Kind.IMAGE, "photo", 9)]
    assert [r.counts for r in reasons(told, worthless)] == [True, False]


def test_a_tie_below_theta_needs_no_cut():
    assert cut_of_tie([fact(Kind.IMAGE, "p", 2)], PRIOR) == ()
    assert cut_of_tie([], PRIOR) == ()


def test_an_unknown_kind_is_refused():
    odd = Fact("passport", "x", 2, 1, Level.NONE, -1, "f:1", "observed")
    with pytest.raises(KeyError, match="passport"):
        reasons([odd], PRIOR)
