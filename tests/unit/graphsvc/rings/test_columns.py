import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.gather import MarketBuilder
from tests.unit.graphsvc.rings.ring_worlds import Use, market, planted

uses = st.lists(
    st.builds(
        Use,
        seller=st.sampled_from("abcdefg"),
        kind=st.sampled_from(Kind),
        identifier=st.sampled_from(["u", "v", "w", "x", "é", "="]),
        day=st.integers(-1, 3),
        declared=st.booleans(),
        confidence=st.sampled_from([0.0, 0.3, 0.5, 1.0]),
        level=st.sampled_from(Level),
    ),
    max_size=40,
)
likeness = st.lists(st.tuples(st.sampled_from("uvwxyz"), st.sampled_from("uvwxyz")), max_size=4)


@given(uses, likeness, st.integers(0, 99))
def test_order_and_chunks_leave_no_trace(told, same, shuffle):
    one = market(told, {"a": 1}, {"b": 0.5}, same=same)
    other = market(told, {"a": 1}, {"b": 0.5}, same=same, shuffle=shuffle)
    assert one.digest() == other.digest()
    assert one.sellers == other.sellers
    assert one.identifiers == other.identifiers
    for column in ("row_seller", "row_identifier", "row_confidence", "row_first_seen"):
        assert np.array_equal(getattr(one, column), getattr(other, column))


@given(uses)
def test_rows_are_the_folded_assertions(told):
    made = market(told)
    expected = {}
    for use in told:
        old = expected.get((use.kind, use.identifier, use.seller), (0.0, math.inf, True))
        day = math.inf if use.day < 0 else use.day
        expected[use.kind, use.identifier, use.seller] = (
            max(old[0], use.confidence),
            min(old[1], day),
            old[2] and use.declared,
        )
    found = {}
    for i, code in enumerate(made.row_identifier):
        key = (Kind(made.identifier_kind[code]), made.identifiers[code])
        day = made.row_first_seen[i]
        found[(*key, made.sellers[made.row_seller[i]])] = (
            pytest.approx(float(made.row_confidence[i])),
            math.inf if day < 0 else day,
            bool(made.row_self_declared[i]),
        )
    assert found == expected
    places = list(zip(made.row_identifier.tolist(), made.row_seller.tolist(), strict=True))
    assert places == sorted(set(places))


@given(uses)
def test_identifiers_are_sorted_by_kind_then_name(told):
    made = market(told)
    keys = list(zip(made.identifier_kind.tolist(), made.identifiers, strict=True))
    assert keys == sorted(set(keys))
    assert made.sellers == sorted(set(made.sellers))


def test_a_level_is_the_coarsest_told_and_unknown_only_where_none_is():
    made = market(
        [
            Use("a", Kind.ADDRESS, "x", level=Level.UNIT),
            Use("b", Kind.ADDRESS, "x", level=Level.BUILDING),
            Use("c", Kind.ADDRESS, "x", level=Level.NONE),
            Use("a", Kind.ADDRESS, "y"),
        ]
    )
    assert made.identifier_level.tolist() == [Level.BUILDING, Level.NONE]


def test_pictures_of_one_component_become_the_least_id_even_through_an_unused_one():
    uses = [Use("a", Kind.IMAGE, "p9"), Use("b", Kind.IMAGE, "p5"), Use("c", Kind.IMAGE, "p7")]
    uses += [Use("a", Kind.PHONE, "p9")]
    made = market(uses, same=[("p9", "p1"), ("p1", "p5")])
    assert made.identifiers == ["p9", "p1", "p7"]
    assert made.identifier_kind.tolist() == [Kind.PHONE, Kind.IMAGE, Kind.IMAGE]
    assert made.degree().tolist() == [1, 2, 1]


def test_linkable_keeps_two_to_cap_and_drops_vague_addresses():
    def group(kind, name, count, level=Level.NONE):
        return [Use(f"s{i}", kind, name, level=level) for i in range(count)]

    made = market(
        group(Kind.PHONE, "alone", 1)
        + group(Kind.PHONE, "cap", 3)
        + group(Kind.PHONE, "over", 4)
        + group(Kind.ADDRESS, "flat", 2, Level.UNIT)
        + group(Kind.ADDRESS, "house", 2, Level.BUILDING)
        + group(Kind.ADDRESS, "road", 2, Level.STREET)
        + group(Kind.ADDRESS, "unknown", 2, Level.NONE)
    )
    active = made.linkable((20, 20, 3, 20, 20, 20))
    assert {made.identifiers[i] for i in np.flatnonzero(active)} == {"cap", "flat", "house"}


def test_sellers_without_rows_are_kept_and_unknown_risk_is_nan():
    made = market([Use("b", Kind.PHONE, "x")], {"a": 2}, {"a": 0.25, "c": None})
    assert made.sellers == ["a", "b", "c"]
    assert made.report_count.tolist() == [2, 0, 0]
    assert made.reported.tolist() == [True, False, False]
    assert made.risk[0] == 0.25
    assert np.isnan(made.risk[1:]).all()


def test_an_empty_market_is_a_market():
    made = MarketBuilder().build()
    assert made.sellers == []
    assert made.row_seller.size == 0
    assert made.degree().size == 0
    assert made.linkable((20,) * 6).size == 0


def test_the_digest_tells_every_part_apart():
    base = planted()
    digests = {base.market().digest()}
    changes = (
        lambda w: w.uses.append(Use("new", Kind.PHONE, "n")),
        lambda w: w.reports.update({"victim": 1}),
        lambda w: w.risk.update({"victim": 0.123}),
        lambda w: w.risk.update({"victim": None}),
        lambda w: w.uses.append(Use("victim", Kind.IMAGE, "stolen-0", day=17_000)),
    )
    for change in changes:
        world = planted()
        change(world)
        digests.add(world.market().digest())
    assert len(digests) == len(changes) + 1


@pytest.mark.parametrize(
    "bad",
    [
        {"first_seen": [0]},
        {"self_declared": [True]},
        {"confidence": [0.5, 1.5]},
        {"confidence": [0.5, float("nan")]},
        {"level": [0, 4]},
        {"first_seen": [0, -2]},
        {"identifiers": ["x"]},
    ],
)
def test_columns_that_do_not_fit_are_refused(bad):
    good = {"identifiers": ["x", "y"], "first_seen": [0, 1], "self_declared": [False, False]}
    columns = good | bad
    names = columns.pop("identifiers")
    with pytest.raises(ValueError, match=r"length|between|must be"):
        MarketBuilder().add(Kind.ADDRESS, ["a", "b"], names, **columns)


@pytest.mark.parametrize(("risk", "reports"), [(1.5, 0), (-0.1, 0), (0.5, -1)])
def test_impossible_sellers_are_refused(risk, reports):
    with pytest.raises(ValueError, match="impossible"):
        MarketBuilder().sellers(["a"], [risk], [reports])


@settings(max_examples=20)
@given(st.permutations([(0.2, 1), (None, 3), (0.7, 0), (float("nan"), 2)]))
def test_a_seller_told_twice_keeps_the_greater_values(told):
    builder = MarketBuilder()
    for risk, reports in told:
        builder.sellers(["a"], [risk], [reports])
    made = builder.build()
    assert made.risk.tolist() == [0.7]
    assert made.report_count.tolist() == [3]


def test_kind_words_are_those_of_the_interface():
    words = [kind.word for kind in Kind]
    assert words == ["address", "payment_account", "phone", "email", "device", "image"]


def test_a_late_day_fits_its_column():
    day = (date(2999, 12, 31) - date(1970, 1, 1)).days
    assert market([Use("a", Kind.PHONE, "x", day=day)]).row_first_seen.tolist() == [day]
