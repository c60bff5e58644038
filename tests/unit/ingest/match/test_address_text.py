"""What one written address says, whatever was done to it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.match.address_text import MOST_TOKENS, read_place

PLAIN = "Flat 4, 120 Marwick Street, Kestleford MK40 1LR"


@pytest.mark.parametrize(
    "written",
    [
        "FLAT 4, 120 MARWICK STREET, KESTLEFORD, MK401LR",
        "Flat 4, 12O Marwick Street, Kestleford MK4O 1LR",
        "Flat 4, 120 M a r w i c k Street, Kestleford MK40 1LR",
        "Flat 4, 120 Mаrwiсk Strееt, Kеstlеford МK40 1LR",
        "Flat 4, 120 Mar\u200bwick St\u00adreet, Kestleford MK40\u2060 1LR",
        "Kestleford MK40 1LR, 120 Marwick Street, Flat 4",
        "c/o Quillon Imports, Flat Four, 120 Marwick St., Kestleford MK40 1LR",
    ],
)
def test_disguises_come_off(written: str) -> None:
    place, plain = read_place(written), read_place(PLAIN)
    assert sorted(place.words) == sorted(plain.words) == ["kestleford", "marwick", "street"]
    assert (place.numbers, place.units, place.postcode) == (("120",), ("4",), "mk401lr")


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("twenty-one Orvane Road, Villanora", ("21",)),
        ("Twelve Orvane Road, Villanora", ("12",)),
        ("12-14 Orvane Road, Villanora", ("12", "14")),
        ("d. 4, str. 4, ul. Orvanskaya, Villanora", ("4", "4#2")),
        ("Orvane Road #42, Villanora", ("42",)),
        ("Orvane Road 6027, Villanora, Argentina", ("6027",)),
    ],
)
def test_house_numbers(written: str, numbers: tuple[str, ...]) -> None:
    assert read_place(written).numbers == numbers


def test_the_country_may_stand_anywhere() -> None:
    first, last = (
        "Russia, Moscow 115114, ul. Orvanskaya 5",
        "ul. Orvanskaya 5, Moscow 115114, Russia",
    )
    assert read_place(first).country == read_place(last).country == "RU"
    assert read_place(first).postcode == read_place(last).postcode == "115114"


def test_words_of_another_alphabet_are_no_disguise() -> None:
    assert "moskva" in read_place("Москва, Тверская 5").words


def test_what_stands_behind_care_of_is_kept_where_nothing_else_is() -> None:
    assert "villanora" in read_place("c/o Quillon Imports Orvane Way Villanora").words


@given(st.text(max_size=300))
def test_any_text_is_read_and_to_the_same_end(text: str) -> None:
    place = read_place(text)
    assert place == read_place(text)
    assert len(place.words) <= MOST_TOKENS
    assert len(place.numbers) <= MOST_TOKENS


def test_a_text_of_any_length_is_read_in_bounded_time() -> None:
    for text in ("12 " * 30_000, "a" * 100_000, "c/o " * 25_000, "a b " * 25_000, "x, " * 33_000):
        start = time.process_time()
        read_place(text)
        assert time.process_time() - start < 20
