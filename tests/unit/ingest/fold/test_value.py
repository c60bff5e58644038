"""Plain fields: what is taken, what it becomes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold import value


class Colour(StrEnum):
    """Two choices."""

    RED = "red"
    DARK_RED = "dark_red"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("2024-03-09", "2024-03-09T00:00:00Z"),
        ("2024-03-09 10:11:12", "2024-03-09T10:11:12Z"),
        ("2024-03-09T10:11:12.987Z", "2024-03-09T10:11:12Z"),
        ("2024-03-09T01:00:00+02:00", "2024-03-08T23:00:00Z"),
        (" 2024-02-29 ", "2024-02-29T00:00:00Z"),
        ("1900-01-01", "1900-01-01T00:00:00Z"),
        ("2200-12-31", "2200-12-31T00:00:00Z"),
    ],
)
def test_iso_dates(given_text: str, expected: str) -> None:
    assert value.date(given_text) == expected


def test_dates_by_pattern() -> None:
    assert value.date("09 Mar 2024", "%d %b %Y") == "2024-03-09T00:00:00Z"
    assert value.date("9.3.2024 +0100", "%d.%m.%Y %z") == "2024-03-08T23:00:00Z"


@pytest.mark.parametrize(
    ("given_text", "pattern"),
    [
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("yesterday", None),
        ("09/03/2024", None),
        ("1899-12-31", None),
        ("2201-01-01", None),
        ("0001-01-01", None),
        ("31 Feb 2024", "%d %b %Y"),
        ("2024-03-09", "%d %b %Y"),
    ],
)
def test_impossible_dates_are_refused(given_text: str, pattern: str | None) -> None:
    with pytest.raises(ValueRefused) as refused:
        value.date(given_text, pattern)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("price", "code", "decimal", "minor"),
    [
        ("12.34", "EUR", ".", 1234),
        ("12", "eur", ".", 1200),
        ("0.1", "USD", ".", 10),
        (".5", "USD", ".", 50),
        ("12.340", "EUR", ".", 1234),
        ("1,234.50", "USD", ".", 123450),
        ("1.234,50", "EUR", ",", 123450),
        ("1.234", "EUR", ",", 123400),
        ("1 234 567,89", "EUR", ",", 123456789),
        ("1\u00a0234,50", "EUR", ",", 123450),
        ("1'234.50", "CHF", ".", 123450),
        ("500", "JPY", ".", 500),
        ("1.234", "KWD", ".", 1234),
        ("0", "GBP", ".", 0),
    ],
)
def test_prices_become_minor_units(price: str, code: str, decimal: str, minor: int) -> None:
    assert value.minor_units(price, code, decimal) == minor


@pytest.mark.parametrize(
    ("price", "code", "decimal"),
    [
        ("-1", "EUR", "."),
        ("12.345", "EUR", "."),
        ("500.5", "JPY", "."),
        ("12", "XYZ", "."),
        ("12", "", "."),
        ("12,34", "EUR", "."),
        ("12.34", "EUR", ","),
        ("0,123", "EUR", "."),
        ("1,23,456", "EUR", "."),
        ("1,234 567", "EUR", "."),
        ("€12", "EUR", "."),
        ("1e3", "EUR", "."),
        ("1_000", "EUR", "."),
        ("NaN", "EUR", "."),
        ("Infinity", "EUR", "."),
        ("٣", "EUR", "."),
        ("", "EUR", "."),
        (".", "EUR", "."),
        ("9" * 18, "EUR", "."),
        ("9" * 400, "EUR", "."),
        ("1.000000000000000000000000000000000001", "EUR", "."),
    ],
)
def test_what_is_no_price_is_refused(price: str, code: str, decimal: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        value.minor_units(price, code, decimal)
    assert refused.value.reason


@given(st.integers(0, 10**12))
def test_money_survives_the_way_in_to_the_penny(minor: int) -> None:
    assert value.minor_units(f"{minor // 100}.{minor % 100:02d}", "EUR") == minor
    assert value.minor_units(f"{minor // 100:,}.{minor % 100:02d}", "EUR") == minor


def test_ids_are_stripped_and_kept() -> None:
    assert value.local_id("  S-204/ä b ") == "S-204/ä b"
    assert value.platform(" shopnest ") == "shopnest"
    assert value.local_id("x" * 200) == "x" * 200


@pytest.mark.parametrize("bad", ["", "  ", "a:b", "a\x00b", "a\x1bb", "a\u200bb", "x" * 201])
def test_bad_ids_are_refused(bad: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        value.local_id(bad)
    assert refused.value.remedy


def test_a_platform_holds_no_blank() -> None:
    with pytest.raises(ValueRefused, match="blank"):
        value.platform("shop nest")


def test_text_turns_line_breaks_into_blanks_and_keeps_signs() -> None:
    assert value.text(" two\r\n lines\tof “text” ", 50) == "two lines of “text”"
    assert value.text("e\u0301", 1) == "é"


@pytest.mark.parametrize("bad", ["a\x00", "a\x07b", "\ud800", "toolong"])
def test_text_with_controls_or_too_long_is_refused(bad: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        value.text(bad, 6)
    assert refused.value.remedy


def test_fractions_wholes_choices_and_digests() -> None:
    assert [value.fraction(text) for text in ("0", "1", ".5", " 0.25 ", "1e-3")] == [
        0.0,
        1.0,
        0.5,
        0.25,
        0.001,
    ]
    assert value.whole(" 042 ") == 42
    assert value.choice(" Dark Red", Colour) is Colour.DARK_RED
    assert value.hexadecimal(" ABCDEF01 ", 8) == "abcdef01"


@pytest.mark.parametrize(
    ("fold", "bad"),
    [
        *[
            (value.fraction, bad)
            for bad in ("", "-0.1", "1.01", "nan", "inf", "0_1", "half", "1,0")
        ],
        *[(value.whole, bad) for bad in ("", "-1", "1.0", "²", "٣", "9" * 5000, "2147483648")],
        *[(partial(value.choice, among=Colour), bad) for bad in ("", "blue", "r")],
        *[(partial(value.hexadecimal, digits=4), bad) for bad in ("", "abc", "abcde", "wxyz")],
    ],
)
def test_what_does_not_fit_is_refused(fold: Callable[[str], object], bad: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        fold(bad)
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["n/a", "N.A.", "none", "0000-0000", "----", "abc", "XXX", ""])
def test_placeholders_say_nothing(text: str) -> None:
    assert not value.says_something(text, 4)


def test_an_identifier_says_something() -> None:
    assert value.says_something("M-1001", 4)


@given(st.text(max_size=60))
def test_no_text_breaks_a_fold(text: str) -> None:
    folds: list[Callable[[str], object]] = [
        value.date,
        partial(value.date, pattern="%d.%m.%Y"),
        partial(value.minor_units, code="EUR", decimal=","),
        partial(value.minor_units, code="EUR"),
        value.currency,
        value.fraction,
        value.whole,
        value.local_id,
        value.platform,
        partial(value.text, limit=20),
        partial(value.choice, among=Colour),
        partial(value.hexadecimal, digits=8),
    ]
    refused = 0
    for fold in folds:
        try:
            fold(text)
        except ValueRefused:
            refused += 1
    assert 0 <= refused <= len(folds)


@given(st.text(max_size=60))
def test_text_and_ids_fold_to_themselves(text: str) -> None:
    for fold in (partial(value.text, limit=200), value.local_id):
        try:
            once = fold(text)
        except ValueRefused:
            continue
        assert fold(once) == once
