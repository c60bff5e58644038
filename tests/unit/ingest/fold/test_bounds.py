"""Every fold, whatever it is given: a value or a refusal, and in a time that grows as the text."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold import address, country, device, email, name, payment, phone, text, value
from ingest.fold.payment import AccountKind
from queries.schema.links import AssertedBy

FOLDS: dict[str, Callable[[str], Any]] = {
    "address": address.fold,
    "address parts": lambda text: address.fold_parts(street=text, unit=text, city=text),
    "country": country.fold,
    "device": device.fold,
    "email": email.fold,
    "name": name.fold,
    "phone": partial(phone.fold, region="GB"),
    "account": payment.fold,
    **{f"account {kind}": partial(payment.fold, kind=kind) for kind in AccountKind},
    "account kind": payment.kind_of,
    "text": partial(value.text, limit=1000),
    "id": value.local_id,
    "platform": value.platform,
    "date": value.date,
    "date by pattern": partial(value.date, pattern="%d %b %Y"),
    "currency": value.currency,
    "price": partial(value.minor_units, code="EUR"),
    "price with a comma": partial(value.minor_units, code="EUR", decimal=","),
    "share": value.fraction,
    "whole number": value.whole,
    "choice": partial(value.choice, among=AssertedBy),
    "hexadecimal": partial(value.hexadecimal, digits=64),
}
# Written again gives the same: what a fold answers, as the text that it stands for.
CANONICAL: dict[str, Callable[[Any], str]] = {
    "country": str,
    "device": lambda found: found.canonical,
    "email": lambda found: found.canonical,
    "name": str,
    "phone": lambda found: found.canonical,
    "text": str,
    "id": str,
    "platform": str,
    "date": str,
    "currency": str,
    "share": repr,
    "whole number": str,
    "choice": str,
    "hexadecimal": str,
}
# What makes patterns go back, text being put in order, and numbers being read take long.
SPITEFUL = (
    *("a", "1", "|", "O", "l1", "|a", " ", "a ", "a b", "1 ", "1,", "1,000", ".", "a.", "-", "@"),
    *("a@", "a.b@c.", "+", "(", "\u0315\u0300", "\u0345", "e\u0301", "\u200b", "ﷺ", "Ж", "Жa"),
    *("x", "ext ", "/", "#", "apt ", "flat 1 ", "st ", ", ", "republic of ", "\x00", "_", "\n"),
)
SHORT, LONG = 10_000, 100_000  # bytes or more
MOST = 40  # times as long for ten times as much: squares would be a hundred
LEAST = 0.02  # seconds: below them a clock tells little


def taken(fold: Callable[[str], Any], written: str) -> float:
    """Return the processor time that a fold takes, whether or not it refuses."""
    began = time.process_time()
    with suppress(ValueRefused):
        fold(written)
    return time.process_time() - began


@pytest.mark.parametrize("fold", FOLDS.values(), ids=FOLDS)
def test_time_grows_as_the_text_does(fold: Callable[[str], Any]) -> None:
    for unit in SPITEFUL:
        for end in ("", "x", "!"):
            short, long = (unit * (size // len(unit)) + end for size in (SHORT, LONG))
            assert taken(fold, long) <= MOST * max(taken(fold, short), LEAST), (unit, end)


ANY = st.one_of(
    st.text(max_size=120),
    st.text("0O1lI| .,-+@/#()x", max_size=40),
    st.from_regex(r"[0-9a-z .,@+-]{0,30}", fullmatch=True),
)


@pytest.mark.parametrize("kind", FOLDS)
@given(written=ANY)
def test_any_text_is_folded_or_refused(kind: str, written: str) -> None:
    try:
        found = FOLDS[kind](written)
    except ValueRefused:
        return
    if kind in CANONICAL and CANONICAL[kind](found):
        again = CANONICAL[kind](found)
        assert CANONICAL[kind](FOLDS[kind](again)) == again


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1O2", "102"),
        ("xO1", "xo1"),
        ("x|O1", "x|01"),
        ("O1|x", "01|x"),
        ("1" * 50 + "x", "1" * 50 + "x"),
        ("O|O", "o|o"),
        ("Ol", "ol"),
        ("_O1_", "_01_"),
    ],
)
def test_letters_for_digits_are_undone_within_their_bounds(written: str, read: str) -> None:
    assert text.plain(written) == read


@pytest.mark.parametrize("written", ["A:A:A:A", "a b ltd c d", "tolva s h ltd o p"])
def test_a_folded_name_is_folded_to_itself(written: str) -> None:
    found = FOLDS["name"](written)
    assert FOLDS["name"](found) == found
