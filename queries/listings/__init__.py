"""What is asked of listings: what they say, who offers them, which show a picture."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing as its platform tells of it; `price` in minor units of `currency`."""

    id: str
    platform: str | None
    seller: str | None
    title: str | None
    description_digest: str | None
    price: int | None
    currency: str | None
    category: str | None
    brand: str | None
    url: str | None
    status: str | None
    listed_at: str | None
    first_sold_at: str | None
    removed_at: str | None
    seen_at: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    stub: bool


@dataclass(frozen=True, slots=True)
class KeyedListing(ListingRow):
    """A listing that belongs to the `key` that was asked for: a seller or a picture."""

    key: str


LISTINGS_BY_ID = load(__package__, "listings_by_id", ListingRow, scoped=True)
LISTINGS_OF_SELLERS = load(__package__, "listings_of_sellers", KeyedListing, scoped=True)
LISTINGS_SHOWING = load(__package__, "listings_showing", KeyedListing)
