"""Listings: an offer with its price in minor units; the description is a digest only."""

from __future__ import annotations

import dataclasses
from hashlib import sha256

import pytest

from ingest.records import Facts
from queries.schema.actors import Platform
from queries.schema.goods import Listing
from queries.schema.links import Offers
from tests.unit.ingest.jobs.told import CONTEXT, SEEN, marks, refused, told

WHOLE = {
    "listing_id": "l-1",
    "seller_id": "s-1",
    "title": "Vase",
    "description": "A vase.",
    "price": "9.99",
    "currency": "eur",
    "category": "home",
    "brand": "Tolva",
    "url": "https://shop.example.com/1",
    "status": "sold out",
    "listed_at": "2024-01-05",
    "first_sold_at": "2024-01-06",
    "removed_at": "2024-01-07",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    assert told("listings", WHOLE) == Facts(
        SEEN,
        (
            Platform(id="p", name=None),
            Listing(
                id="p:l-1",
                platform="p",
                seller="p:s-1",
                title="Vase",
                description_digest=sha256(b"A vase.").hexdigest(),
                price=999,
                currency="EUR",
                category="home",
                brand="Tolva",
                url="https://shop.example.com/1",
                status="sold_out",
                listed_at="2024-01-05T00:00:00Z",
                first_sold_at="2024-01-06T00:00:00Z",
                removed_at="2024-01-07T00:00:00Z",
            ),
            Offers(start="p:s-1", end="p:l-1", **marks(seen=SEEN)),
        ),
    )


@pytest.mark.parametrize(
    ("price", "currency", "decimal", "minor"),
    [
        ("9", "EUR", ".", 900),
        ("1,234.50", "EUR", ".", 123450),
        ("1.234,50", "EUR", ",", 123450),
        ("500", "JPY", ".", 500),
        ("1.234", "KWD", ".", 1234),
        ("0", "EUR", ".", 0),
        ("", "EUR", ".", None),
    ],
)
def test_prices(price: str, currency: str, decimal: str, minor: int | None) -> None:
    context = dataclasses.replace(CONTEXT, decimal=decimal)
    row = {**WHOLE, "price": price, "currency": currency}
    listing = told("listings", row, context).records[1]
    assert (listing.price, listing.currency) == (minor, currency)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("listing_id", "", "empty"),
        ("listing_id", "l:1", "colon"),
        ("seller_id", "", "empty"),
        ("title", "", "empty"),
        ("title", "x" * 1001, "1001 characters"),
        ("price", "-1", "a negative price"),
        ("price", "cheap", "not an amount"),
        ("price", "1.001", "more decimals than EUR"),
        ("price", "99999999999999999", "beyond all bounds"),
        ("currency", "XXQ", "unknown currency"),
        ("currency", "", "a price without a currency"),
        ("category", "x" * 301, "301 characters"),
        ("brand", "x" * 201, "201 characters"),
        ("url", "x" * 2001, "2001 characters"),
        ("status", "gone", "is none of active"),
        ("listed_at", "5/1/2024", "not a date"),
        ("first_sold_at", "never", "not a date"),
        ("removed_at", "3000-01-01", "the year 3000"),
    ],
)
def test_each_refusal(column: str, value: str, reason: str) -> None:
    named, why = refused("listings", {**WHOLE, column: value})
    assert named == column
    assert reason in why
