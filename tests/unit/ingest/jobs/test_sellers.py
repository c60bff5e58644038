"""Sellers: a row becomes a platform and a seller; the tax number is never kept in clear."""

from __future__ import annotations

import pytest

from ingest.records import SHAPES, Facts
from queries.schema.actors import Platform, Seller
from tests.unit.ingest.jobs.told import SEEN, TOKENS, refused, told

WHOLE = {
    "seller_id": "s-1",
    "handle": " Amber  Lane",
    "legal_name": "Tolva Ltd",
    "country": "United Kingdom",
    "status": "Active",
    "registered_at": "2024-01-05",
    "risk": "0.25",
    "tax_number": "gb 123-456",
    "verification_state": "verified",
    "verified_at": "2024-01-06T10:00:00+02:00",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    assert told("sellers", WHOLE) == Facts(
        SEEN,
        (
            Platform(id="p", name=None),
            Seller(
                id="p:s-1",
                platform="p",
                handle="Amber Lane",
                legal_name="Tolva Ltd",
                country="GB",
                status="active",
                registered_at="2024-01-05T00:00:00Z",
                risk=0.25,
                tax_number="…56",
                tax_token=TOKENS.token("tax_number", "GB123456"),
                verification_state="verified",
                verified_at="2024-01-06T08:00:00Z",
            ),
        ),
    )


def test_an_id_alone_is_enough() -> None:
    found = told("sellers", {"seller_id": "s-1"})
    assert found == Facts("", (Platform(id="p", name=None), Seller(id="p:s-1", platform="p")))


def test_the_key_is_the_id() -> None:
    for record in told("sellers", WHOLE).records:
        assert SHAPES[type(record)].key(record) == record.id


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("platform", "", "empty"),
        ("platform", "a:b", "colon"),
        ("seller_id", "", "empty"),
        ("seller_id", "s:1", "colon"),
        ("seller_id", "s\u200d1", "invisible"),
        ("seller_id", "s" * 201, "201 characters"),
        ("handle", "a\x07b", "control character"),
        ("handle", "x" * 201, "201 characters"),
        ("legal_name", "x" * 501, "501 characters"),
        ("country", "Atlantis", "Atlantis"),
        ("status", "frozen", "is none of active"),
        ("registered_at", "2024-02-30", "not a date"),
        ("risk", "nan", "not a number"),
        ("risk", "2", "not from 0 to 1"),
        ("tax_number", "1" * 101, "101 characters"),
        ("verified_at", "soon", "not a date"),
        ("seen_at", "1899-12-31", "the year 1899"),
    ],
)
def test_each_refusal(column: str, value: str, reason: str) -> None:
    named, why = refused("sellers", {**WHOLE, column: value})
    assert named == column
    assert reason in why
