"""Hubs: proposed by degree and diversity, and a person's word overrides the cap both ways."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rings import weigh
from graphsvc.rings.columns import MOST_FREED, Hub, Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.hubs import Crowd, column, diversity, propose
from graphsvc.rings.parameters import DEFAULT
from queries.schema.decisions import HubKind

STRANGERS = Crowd(
    label="Address",
    sellers=12,
    brands=[f"brand {n % 6}" for n in range(12)],
    years=[str(2010 + n % 5) for n in range(12)],
    platforms=["shopnest"] * 12,
    tied=[False] * 12,
)
RING = replace(STRANGERS, sellers=15, brands=["quenvera"] * 15, years=["2024"] * 15)


def test_many_strangers_are_a_hub_and_the_reason_has_the_figures() -> None:
    found = propose(STRANGERS)
    assert found is not None
    assert found.kind is HubKind.OTHER
    assert found.figures["sellers"] == 12
    assert found.figures["brands"] == pytest.approx(10 / 11, abs=1e-3)
    assert found.figures["platforms"] == 0
    assert found.reason.startswith("12 sellers, 0% of whom share anything more with one another;")
    assert "differ in brands with 91%" in found.reason


@pytest.mark.parametrize(
    "crowd",
    [
        RING,
        replace(STRANGERS, sellers=7),
        replace(STRANGERS, tied=[True] * 4 + [False] * 8),
        replace(STRANGERS, brands=["quenvera"] * 12),  # years alone do not do where brands are one
        replace(STRANGERS, brands=[None] * 12, years=[None] * 12, platforms=[None] * 12),
        replace(RING, platforms=["shopnest", "vendora"] * 7 + ["vendora"]),
    ],
)
def test_what_is_no_crowd_of_strangers_is_not_proposed(crowd: Crowd) -> None:
    assert propose(crowd) is None


def test_one_known_trait_does_where_the_others_are_unknown() -> None:
    years = replace(STRANGERS, brands=[""] * 12, platforms=[""] * 12)
    assert propose(years) is not None


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        ("PaymentAccount", "merchant", HubKind.PROCESSOR),
        ("Image", None, HubKind.STOCK_IMAGE),
        ("Address", "forwarder", HubKind.FORWARDER),
        ("Address", "registered_agent", HubKind.VIRTUAL_OFFICE),
        ("Address", "residential", HubKind.OTHER),
        ("Phone", None, HubKind.OTHER),
    ],
)
def test_the_kind_follows_from_what_it_is(label: str, kind: str | None, expected: HubKind) -> None:
    found = propose(replace(STRANGERS, label=label, kind=kind, kind_reason="so it says"))
    assert found is not None
    assert found.kind is expected
    assert found.reason.startswith("so it says; ") == (kind in ("forwarder", "registered_agent"))


def test_what_an_address_is_taken_for_does_for_few_but_not_for_those_who_are_tied() -> None:
    few = replace(RING, sellers=2, kind="mail_drop", kind_reason="its text says “po box”")
    found = propose(replace(few, tied=[False, False]))
    assert found is not None
    assert found.kind is HubKind.MAIL_DROP
    assert propose(replace(few, tied=[True, True])) is None


@given(st.lists(st.sampled_from(["a", "b", "c", None, ""]), max_size=12))
def test_diversity_is_the_share_of_pairs_that_differ(values: list[str | None]) -> None:
    known = [value for value in values if value]
    pairs = list(itertools.combinations(known, 2))
    found = diversity(values)
    if not pairs or 2 * len(known) < len(values):
        assert found is None
    else:
        assert found == pytest.approx(float(Fraction(sum(a != b for a, b in pairs), len(pairs))))


def crowd_of(users: int, mark: Hub, *, phones: bool = False) -> Market:
    """Return a market of sellers at one address, which bears a mark."""
    builder = MarketBuilder()
    names = [f"s{n:04}" for n in range(users)]
    level = [Level.UNIT] * users
    none = {"first_seen": [-1] * users, "self_declared": [False] * users}
    builder.add(Kind.ADDRESS, names, ["drop"] * users, level=level, **none)
    if phones:
        builder.add(Kind.PHONE, names, [f"tel-{n // 2}" for n in range(users)], **none)
    builder.decided(Kind.ADDRESS, ["drop"], [mark])
    return builder.build()


@pytest.mark.parametrize(
    ("users", "mark", "links"),
    [
        (2, Hub.UNDECIDED, True),
        (2, Hub.HUB, False),
        (20, Hub.HUB, False),
        (21, Hub.UNDECIDED, False),
        (21, Hub.NONE, True),
        (MOST_FREED, Hub.NONE, True),
        (MOST_FREED + 1, Hub.NONE, False),
        (1, Hub.NONE, False),
    ],
)
def test_a_decision_overrides_the_cap_both_ways(users: int, mark: Hub, links: bool) -> None:
    market = crowd_of(users, mark)
    assert market.linkable(DEFAULT.cap).tolist() == [links]


def test_what_is_freed_weighs_as_what_few_use_and_teaches_nothing() -> None:
    ties = weigh.shared_ties(crowd_of(30, Hub.NONE, phones=True), DEFAULT)
    address = ties.kind == Kind.ADDRESS
    assert set(ties.degree[address].tolist()) == {DEFAULT.corroboration_degree}
    assert ties.alike.tolist() == address.tolist()
    pairs = weigh.weigh(ties, weigh.PRIOR, DEFAULT)
    both = (pairs.b == pairs.a + 1) & (pairs.a % 2 == 0)
    assert (pairs.p[both] >= DEFAULT.two_type_floor).all()


def test_the_digest_covers_decisions() -> None:
    found = {crowd_of(3, mark).digest() for mark in Hub}
    assert len(found) == 3


def test_a_hub_outweighs_no_hub() -> None:
    one, two = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
    hub, none = np.full(2, Hub.HUB, np.uint8), np.full(2, Hub.NONE, np.uint8)
    expected = [Hub.HUB, Hub.HUB, Hub.NONE]
    assert column([(one, hub), (two, none)], 3).tolist() == expected
    assert column([(two, none), (one, hub)], 3).tolist() == expected


def test_a_mark_on_one_picture_holds_for_all_copies() -> None:
    builder = MarketBuilder()
    for seller, picture in (("a", "p1"), ("b", "p2"), ("c", "p3")):
        builder.add(Kind.IMAGE, [seller], [picture], first_seen=[-1], self_declared=[False])
    builder.same_picture(["p2", "p3"], ["p3", "p1"])
    builder.decided(Kind.IMAGE, ["p3"], [Hub.HUB])
    market = builder.build()
    assert market.identifiers == ["p1"]
    assert market.identifier_hub.tolist() == [Hub.HUB]
    assert not market.linkable(DEFAULT.cap).any()


@pytest.mark.parametrize(
    ("marks", "linking"),
    [
        ({}, {"flat ≈ flta", "block ≈ flat"}),
        ({"flat": Hub.HUB}, set()),  # flta is the same flat, and a pair with a hub is none
        ({"flta": Hub.HUB}, set()),
        ({"block": Hub.HUB}, {"flat ≈ flta"}),  # another unit of the building stays what it was
        ({"flat": Hub.NONE}, {"flat ≈ flta", "block ≈ flat"}),
    ],
)
def test_a_mark_on_an_address_holds_for_other_spellings_of_it(
    marks: dict[str, Hub], linking: set[str]
) -> None:
    builder = MarketBuilder()
    for seller, address in (("a", "flat"), ("b", "flta"), ("c", "block")):
        builder.add(
            Kind.ADDRESS, [seller], [address],
            first_seen=[-1], self_declared=[False], level=[Level.UNIT],
        )  # fmt: skip
    builder.same_place(["flat", "flat"], ["flta", "block"], [0.99, 0.99], [True, False])
    for address, mark in marks.items():
        builder.decided(Kind.ADDRESS, [address], [mark])
    market = builder.build()
    active = np.flatnonzero(market.linkable(DEFAULT.cap))
    assert {market.identifiers[code] for code in active} == linking


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        MarketBuilder().decided(Kind.PHONE, ["t"], [])
