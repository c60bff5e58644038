"""Addresses: messy in writing, the same door underneath."""

from __future__ import annotations

import re

import pytest

from graphsvc.demo import places
from graphsvc.demo.dice import Dice


@pytest.mark.parametrize("country", [code for code, _ in places.COUNTRIES])
def test_every_writing_keeps_number_unit_and_postcode(country: str) -> None:
    dice = Dice(2, country)
    for _ in range(60):
        where = places.place(dice, country, unit_share=0.5)
        text = places.write(dice, where)
        digits = re.findall(r"\d+", text)
        assert str(where.number) in digits
        assert not where.unit or where.unit in digits
        assert where.postcode.replace(" ", "").lower() in text.replace(" ", "").lower()


def test_one_door_is_written_in_many_ways() -> None:
    dice = Dice(3, "ways")
    where = places.place(dice, "GB", unit_share=1)
    assert len({places.write(dice, where) for _ in range(100)}) > 20


def test_a_slip_swaps_two_letters_of_one_word_and_no_digit() -> None:
    dice = Dice(4, "slips")
    text = "12 Thistle Avenue, Bristol, BS9 1AB"
    for _ in range(30):
        slipped = places.misspell(dice, text)
        assert sorted(slipped) == sorted(text)
        assert sum(a != b for a, b in zip(slipped, text, strict=True)) in (0, 2)
        assert [c for c in slipped if c.isdigit()] == [c for c in text if c.isdigit()]
    assert places.misspell(dice, "1 A St") == "1 A St"
