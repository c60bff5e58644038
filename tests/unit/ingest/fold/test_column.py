"""Names of columns are told, values that stand in their place are not."""

from __future__ import annotations

import pytest

from ingest.errors import MASK
from ingest.fold.column import listed, told


@pytest.mark.parametrize(
    "name",
    [
        "BE68539007547034",
        "be68 5390 0754 7034",
        "BE68539007547035",
        "4929 1231 2312 3120",
        "4929123123123121",
        "0x" + "ab" * 20,
        "velmora@tolva.example.com",
        "velmora@",
        "+44 20 7946 0327",
        "0044 20 7946 O327",
        "s-1;BE68539007547034;2024-01-01",
    ],
)
def test_a_value_in_the_place_of_a_name_is_covered(name: str) -> None:
    assert told(name) == MASK
    assert listed(["seller_id", name]) == f"seller_id, {MASK}"


@pytest.mark.parametrize(
    "name",
    [
        "seller_id",
        "account number",
        "@id",
        "unit.price.EUR",
        "2024-01-31",
        "phone_1",
        "",
        "x" * 999,
    ],
)
def test_a_name_is_told(name: str) -> None:
    assert told(name) == name
