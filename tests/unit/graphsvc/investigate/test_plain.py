"""Counts, shares and lists in words."""

from __future__ import annotations

import pytest

from graphsvc.investigate.plain import joined, percent, sellers, these, things
from graphsvc.rings.columns import Kind


def test_things_are_counted_by_kind_in_one_order() -> None:
    assert things(["image", "phone", "image"]) == "a telephone number and 2 pictures"
    assert things(["address", "email", "device"]) == "an address, an e-mail address and a device"
    assert these(["image", "image", "payment_account"]) == "the payment account and the 2 pictures"
    assert things([]) == these([]) == joined([]) == ""
    assert all(things([kind.word]) for kind in Kind)


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0, "less than 1 %"),
        (0.354, "35 %"),
        (0.95, "95 %"),
        (0.9999, "more than 99 %"),
        (1, "more than 99 %"),
    ],
)
def test_a_probability_is_never_sure(p: float, words: str) -> None:
    assert percent(p) == words


def test_sellers_are_counted() -> None:
    assert (sellers(1), sellers(1200)) == ("1 seller", "1,200 sellers")
