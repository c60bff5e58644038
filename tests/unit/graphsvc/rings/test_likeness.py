"""Addresses that are alike tie as an exact one does, times their score, and never further."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.self_calibration import calibrate
from graphsvc.rings.solve import solve
from graphsvc.rings.weigh import PRIOR, pairs, shared_ties

Pair = tuple[str, str, float, bool]
FLAT, HOUSE = Level.UNIT, Level.BUILDING


def built(
    addresses: Iterable[tuple[str, str, Level]],
    alike: Iterable[Pair] = (),
    other: Iterable[tuple[Kind, str, str]] = (),
    reports: Iterable[str] = (),
) -> Market:
    """Build a market of (seller, address, level), likenesses, other uses and reports."""
    builder = MarketBuilder()
    for seller, address, level in addresses:
        builder.add(
            Kind.ADDRESS,
            [seller],
            [address],
            first_seen=[-1],
            self_declared=[False],
            level=[level],
        )
    for kind, identifier, sellers in other:
        count = len(sellers)
        builder.add(
            kind,
            list(sellers),
            [identifier] * count,
            first_seen=[-1] * count,
            self_declared=[False] * count,
        )
    for left, right, score, unit in alike:
        builder.same_place([left], [right], [score], [unit])
    for seller in reports:
        builder.sellers([seller], [None], [1])
    return builder.build()


def found(market: Market) -> dict[str, float]:
    """Return P of each pair of sellers, by their names."""
    told = pairs(market, PRIOR, DEFAULT)
    named = (
        (market.sellers[a] + market.sellers[b], p)
        for a, b, p in zip(told.a, told.b, told.p, strict=True)
    )
    return dict(named)


def weight(degree: int, level: Level) -> float:
    return PRIOR.weight(Kind.ADDRESS, degree, level)


def test_two_spellings_tie_as_one_does_times_their_score() -> None:
    market = built([("a", "x", FLAT), ("b", "y", FLAT)], [("x", "y", 0.95, True)])
    assert found(market) == {"ab": pytest.approx(0.95 * weight(2, FLAT))}


def test_one_premise_ties_as_a_building_and_so_does_a_unit_that_is_known_to_the_building() -> None:
    flats = [("a", "x", FLAT), ("b", "y", FLAT)]
    assert found(built(flats, [("x", "y", 1.0, False)])) == {"ab": pytest.approx(weight(2, HOUSE))}
    houses = [("a", "x", FLAT), ("b", "y", HOUSE)]
    assert found(built(houses, [("x", "y", 1.0, True)])) == {"ab": pytest.approx(weight(2, HOUSE))}


def test_likeness_adds_nothing_to_those_who_share_the_exact_address() -> None:
    addresses = [("a", "x", FLAT), ("b", "x", FLAT), ("c", "y", FLAT)]
    told = found(built(addresses, [("x", "y", 0.9, True)]))
    assert told["ab"] == pytest.approx(weight(2, FLAT))
    assert told["ac"] == told["bc"] == pytest.approx(0.9 * weight(3, FLAT))


def test_likeness_is_not_closed() -> None:
    addresses = [("a", "x", FLAT), ("b", "y", FLAT), ("c", "z", FLAT)]
    told = found(built(addresses, [("x", "y", 1.0, True), ("y", "z", 1.0, True)]))
    assert set(told) == {"ab", "bc"}


def test_the_sellers_of_all_spellings_together_make_a_hub() -> None:
    crowd = [(f"s{n:02}", "x", HOUSE) for n in range(19)]
    alike = [("x", "y", 1.0, True)]
    few = found(built([*crowd, ("t", "y", HOUSE)], alike))
    assert "s00t" in few
    many = found(built([*crowd, ("t", "y", HOUSE), ("u", "y", HOUSE)], alike))
    assert not [pair for pair in many if set("tu") & set(pair) and "s" in pair]
    assert "s00s01" in many  # who shares the exact address is tied as before


def test_a_tower_of_many_flats_ties_nobody_though_each_flat_has_one_seller() -> None:
    flats = [f"flat-{n:02}" for n in range(21)]
    addresses = [(f"s{n:02}", flat, FLAT) for n, flat in enumerate(flats)]
    alike = [(one, two, 1.0, False) for at, one in enumerate(flats) for two in flats[at + 1 :]]
    assert found(built(addresses, alike)) == {}
    house = [(s, f, level) for s, f, level in addresses if f in flats[:3]]
    small = [pair for pair in alike if {pair[0], pair[1]} <= set(flats[:3])]
    assert list(found(built(house, small)).values()) == pytest.approx([weight(3, HOUSE)] * 3)


def test_neighbours_do_not_dilute_two_spellings_of_one_flat() -> None:
    flats = [f"flat-{n:02}" for n in range(21)]
    addresses = [(f"s{n:02}", flat, FLAT) for n, flat in enumerate(flats)]
    alike = [(one, two, 1.0, False) for at, one in enumerate(flats) for two in flats[at + 1 :]]
    told = found(
        built([*addresses, ("t", "flet-00", FLAT)], [*alike, ("flat-00", "flet-00", 1, True)])
    )
    assert told == {"s00t": pytest.approx(weight(2, FLAT))}


@pytest.mark.parametrize("engine", Engine)
def test_ten_spellings_of_one_place_are_one_tie(engine: Engine) -> None:
    names = "xyz"
    addresses = [(seller, name, FLAT) for seller, name in zip("abc", names, strict=True)]
    alike = [("x", "y", 1.0, True), ("x", "z", 1.0, True), ("y", "z", 1.0, True)]
    solution = solve(built(addresses, alike), engine=engine)
    assert solution.members.ties.tolist() == [1, 1, 1]


def test_what_is_alike_teaches_the_weights_nothing() -> None:
    twins = [(f"twin-{n}-a", f"twin-{n}-b") for n in range(60)]
    homes = [(seller, f"home-{n}", FLAT) for n, pair in enumerate(twins) for seller in pair]
    loners = [(f"loner-{n}", f"room-{n}", FLAT) for n in range(120)]
    builder = MarketBuilder()
    for n, pair in enumerate(twins):
        for kind in (Kind.PAYMENT_ACCOUNT, Kind.EMAIL):
            marks = {"first_seen": [-1, -1], "self_declared": [False, False]}
            builder.add(kind, pair, [f"{kind.word}-{n}"] * 2, **marks)
    for seller, address, level in (*homes, *loners):
        marks = {"first_seen": [-1], "self_declared": [False], "level": [level]}
        builder.add(Kind.ADDRESS, [seller], [address], **marks)
    plain = shared_ties(builder.build(), DEFAULT)
    rooms = [address for _, address, _ in loners]
    builder.same_place(rooms[::2], rooms[1::2], [1.0] * 60, [True] * 60)
    joined = shared_ties(builder.build(), DEFAULT)
    learnt = calibrate(plain, DEFAULT)
    assert learnt.source == "self"
    assert learnt.weight(Kind.ADDRESS, 2, FLAT) == DEFAULT.max_weight
    assert joined.alike.sum() == 60
    assert np.array_equal(calibrate(joined, DEFAULT).pi, learnt.pi)


def test_a_disguised_address_bans_as_the_exact_one_would() -> None:
    spelt = [("a", "x", FLAT), ("b", "y", FLAT), ("c", "x", FLAT)]
    exact = [(seller, "x", FLAT) for seller in "abc"]
    other = [(Kind.PHONE, "t", "ab")]
    disguised = solve(built(spelt, [("x", "y", 0.97, True)], other, "ab"))
    plain = solve(built(exact, (), other, "ab"))
    apart = solve(built(spelt, (), (), "ab"))
    tiers = [
        [(m.seller, m.tier) for ring in s.rings for m in ring.members] for s in (disguised, plain)
    ]
    assert tiers[0] == tiers[1]
    assert {tier for _, tier in tiers[0]} >= {"ban"}
    assert apart.rings == ()


pair = st.tuples(
    st.sampled_from("uvwxyz"), st.sampled_from("uvwxyz"), st.sampled_from([0.9, 1.0]), st.booleans()
).filter(lambda told: told[0] != told[1])


@given(
    st.lists(pair, max_size=6, unique_by=lambda told: frozenset(told[:2])),
    st.permutations(range(6)),
    st.data(),
)
def test_the_order_of_calls_and_ends_leaves_no_trace(
    alike: list[Pair], order: list[int], data: st.DataObject
) -> None:
    addresses = [(seller, name, FLAT) for seller, name in zip("abcdef", "uvwxyz", strict=True)]
    turned = [
        (right, left, score, unit) if data.draw(st.booleans()) else (left, right, score, unit)
        for left, right, score, unit in data.draw(st.permutations(alike))
    ]
    one = built(addresses, alike)
    other = built([addresses[at] for at in order], turned)
    assert one.digest() == other.digest()


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        MarketBuilder().same_place(["x"], ["y"], [1.2], [True])
    with pytest.raises(ValueError, match="length"):
        MarketBuilder().same_place(["x"], ["y"], [1.0, 1.0], [True])
