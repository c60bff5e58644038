"""Addresses: from free text or from parts, one key; the spelling stays on the assertion."""

from __future__ import annotations

import random

import pytest

from ingest.jobs.job import FieldRefused
from ingest.records import Facts
from queries.merge import named
from queries.schema import NODES, Keep
from queries.schema.identifiers import Address
from queries.schema.links import UsesAddress
from tests.unit.ingest.jobs.told import SEEN, marks, refused, told

TEXT = "Flat 4, 12 MAIN STREET, Leeds LS1 4AP"
KEY = "a3|GB|ls14ap|12|main street|4|unit"
WORDS = (
    *("the", "green", "street", "st", "main", "road", "high", "word", "WORD", "leeds", "york"),
    *("12", "12a", "4", "2", "flat", "apt", "unit", "floor", "3rd", "c/o", "po box", "block"),
    *("ls1", "4ap", "ls14ap", "LS1 4AP", "10115", "berlin", "1234 AB", "n/a", ",", ",", "/", "-"),
)
WHOLE = {
    "seller_id": "s-1",
    "address": TEXT,
    "country": "GB",
    "role": "Ship-From",
    "asserted_by": "self_declared",
    "seen_at": "2024-02-01",
}
PARTS = {
    "seller_id": "s-1",
    "street": "12 Main St.",
    "unit": "Apt 4",
    "city": "LEEDS",
    "region": "",
    "postcode": "LS1 4AP",
    "country": "United Kingdom",
}


def test_a_whole_row() -> None:
    assert told("addresses", WHOLE) == Facts(
        SEEN,
        (
            Address(
                id=KEY,
                country="GB",
                postcode="LS14AP",
                unit="4",
                level="unit",
                city="leeds",
                display=TEXT,
            ),
            UsesAddress(
                start="p:s-1",
                end=KEY,
                written=TEXT,
                **marks(seen=SEEN, by="self_declared", role="ship_from"),
            ),
        ),
    )


def test_parts_and_text_meet_in_one_key() -> None:
    place, used = told("addresses", PARTS).records
    assert place.id == used.end == KEY
    assert used.written == "12 Main St., Apt 4, LEEDS, LS1 4AP"
    assert (used.role, used.first_seen) == (None, None)


def test_text_goes_before_parts() -> None:
    _, used = told("addresses", {**PARTS, "address": TEXT}).records
    assert used.written == TEXT


def test_what_is_derived_from_the_key_is_the_same_whatever_row_came_first() -> None:
    """Whoever is first writes it: two spellings of one key may not differ in it."""
    dice = random.Random(7)
    spec = NODES[Address]
    held: dict[str, tuple[object, str]] = {}
    for _ in range(30_000):
        text = " ".join(dice.choices(WORDS, k=dice.randint(1, 7)))
        row = {"seller_id": "s-1", "country": dice.choice(["", "GB", "DE", "US", "NL"])}
        row |= {name: dice.choice(WORDS) for name in ("city", "postcode") if dice.random() < 0.3}
        row |= {"street" if len(row) > 2 else "address": text}
        try:
            place = told("addresses", row).records[0]
        except FieldRefused:
            continue
        derived = tuple(getattr(place, name) for name in named(spec, Keep.DERIVED))
        first, other = held.setdefault(place.id, (derived, text))
        assert derived == first, (place.id, text, other)
    assert len(held) > 5_000


def test_a_street_without_a_name_is_apart_from_the_building_of_that_key() -> None:
    row = {"seller_id": "s-1", "country": "GB"}
    named_so, bare = (
        told("addresses", {**row, "address": f"12 {street}, Leeds"}).records[0]
        for street in ("The Green", "Green")
    )
    assert (named_so.level, bare.level) == ("building", "street")
    assert named_so.id != bare.id


@pytest.mark.parametrize("text", ["n/a", "Leeds", "unknown"])
def test_what_names_no_building_is_of_a_level_that_links_nobody(text: str) -> None:
    place = told("addresses", {"seller_id": "s-1", "address": text}).records[0]
    assert place.level == "city"


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({**WHOLE, "seller_id": ""}, "seller_id", "empty"),
        ({**WHOLE, "address": "x" * 1001}, "address", "1001 characters"),
        ({**WHOLE, "address": " ...?! "}, "address", "nothing in it names a place"),
        ({**WHOLE, "country": "Atlantis"}, "country", "Atlantis"),
        ({**WHOLE, "role": "castle"}, "role", "is none of business"),
        ({**WHOLE, "asserted_by": "rumour"}, "asserted_by", "is none of self_declared"),
        ({**WHOLE, "seen_at": "once"}, "seen_at", "not a date"),
        ({"seller_id": "s-1"}, "address", "empty"),
        ({**PARTS, "street": "x" * 301}, "street", "301 characters"),
        ({**WHOLE, "address": "\U0001faf0 " * 400}, "address", "too long to be an address"),
        ({**PARTS, "postcode": "\U0001faf0" * 300}, "street", "too long to be an address"),
        ({"seller_id": "s-1", "street": "-", "city": "?"}, "street", "nothing in it names a place"),
    ],
)
def test_each_refusal(row: dict[str, str], column: str, reason: str) -> None:
    named, why = refused("addresses", row)
    assert named == column
    assert reason in why
