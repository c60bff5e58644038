"""Columns of keys become the same market as one assertion after another does."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rings.coding import Assertions, Sellers, coded
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.solve import solve

row = st.tuples(
    st.integers(0, 6),
    st.sampled_from(Kind),
    st.integers(0, 3),
    st.sampled_from([0.25, 0.5, 1.0]),
    st.sampled_from([Level.UNIT, Level.BUILDING, Level.STREET]),
    st.integers(-1, 40),
    st.booleans(),
)
known = st.tuples(st.integers(0, 8), st.sampled_from([0.1, 0.9, float("nan")]), st.booleans())


def keys(values, *, text):
    return (
        pa.array([f"k{value}" for value in values], pa.string())
        if text
        else pa.array(values, pa.int64())
    )


def by_columns(rows, sellers, *, text=False):
    seller, kind, identifier, sure, level, day, declared = (
        zip(*rows, strict=True) if rows else [()] * 7
    )
    who, risk, reported = zip(*sellers, strict=True) if sellers else [()] * 3
    return coded(
        Assertions(
            seller=keys(seller, text=text),
            kind=np.array(kind, np.uint8),
            identifier=keys(identifier, text=text),
            confidence=np.array(sure, np.float32),
            level=np.where(np.array(kind) == Kind.ADDRESS, level, Level.NONE).astype(np.uint8),
            first_seen=np.array(day, np.int32),
            self_declared=np.array(declared, np.bool_),
        ),
        Sellers(keys(who, text=text), np.array(risk, np.float64), np.array(reported, np.bool_)),
    )


def one_by_one(rows, sellers, *, text=False):
    builder = MarketBuilder()
    name = "k{}" if text else "{}"
    for seller, kind, identifier, sure, level, day, declared in rows:
        builder.add(
            kind,
            [name.format(seller)],
            [name.format(identifier)],
            first_seen=[day],
            self_declared=[declared],
            confidence=[sure],
            level=[level if kind is Kind.ADDRESS else Level.NONE],
        )
    for seller, risk, reported in sellers:
        builder.sellers([name.format(seller)], [risk], [int(reported)])
    return builder.build()


@given(st.lists(row, max_size=40), st.lists(known, max_size=8), st.booleans())
def test_it_is_the_market_that_one_assertion_after_another_makes(rows, sellers, text):
    made, told = by_columns(rows, sellers, text=text), one_by_one(rows, sellers, text=text)
    assert made.sellers == told.sellers
    found, wanted = solve(made), solve(told)
    assert found.groups == wanted.groups
    assert found.pairs == wanted.pairs
    few = {told.identifiers[code] for code in np.flatnonzero(told.users() > 1)}
    assert few <= set(made.identifiers)


@given(st.lists(row, max_size=30), st.lists(known, max_size=8), st.randoms())
def test_the_order_of_rows_leaves_no_trace(rows, sellers, luck):
    digest = by_columns(rows, sellers).digest()
    luck.shuffle(rows)
    luck.shuffle(sellers)
    assert by_columns(rows, sellers).digest() == digest


def test_integers_are_sorted_as_such_and_two_types_meet_as_text():
    made = by_columns([(10, Kind.PHONE, 1, 1.0, Level.NONE, -1, False)] * 2, [(9, 0.5, True)])
    assert made.sellers == ["9", "10"]
    rows = Assertions(
        pa.array([7, 8]),
        np.array([Kind.PHONE] * 2, np.uint8),
        pa.array([1, 1]),
        np.ones(2, np.float32),
        np.full(2, Level.NONE, np.uint8),
        np.full(2, -1, np.int32),
        np.zeros(2, np.bool_),
    )
    mixed = coded(rows, Sellers(pa.array(["8"]), np.array([0.5]), np.array([True])))
    assert mixed.sellers == ["7", "8"]
    assert mixed.report_count.tolist() == [0, 1]
