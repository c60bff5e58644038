"""Listings: what is offered, by whom, for how much; the url is text and never fetched."""

from __future__ import annotations

from hashlib import sha256

from ingest.errors import ValueRefused
from ingest.fold import value
from ingest.jobs.job import (
    Context,
    FieldRefused,
    Job,
    Row,
    claim,
    date_of,
    facts,
    key_of,
    maybe,
    need,
    platform_node,
    platform_of,
)
from ingest.records import Facts
from queries.schema.goods import Listing, ListingStatus
from queries.schema.links import Offers


def transform(row: Row, context: Context) -> Facts:
    """Return the listing and its seller's offer; the description is kept as a digest only."""
    platform, seller = platform_of(row), key_of(row, "seller_id")
    status = maybe(row, "status", value.choice, ListingStatus)
    price, currency = _price(row, context)
    listing = Listing(
        id=key_of(row, "listing_id"),
        platform=platform,
        seller=seller,
        title=need(row, "title", value.text, 1000),
        description_digest=maybe(row, "description", _digest),
        price=price,
        currency=currency,
        category=maybe(row, "category", value.text, 300),
        brand=maybe(row, "brand", value.text, 200),
        url=maybe(row, "url", url),
        status=status.value if status else None,
        listed_at=date_of(row, "listed_at", context),
        first_sold_at=date_of(row, "first_sold_at", context),
        removed_at=date_of(row, "removed_at", context),
    )
    offer = Offers(start=seller, end=listing.id, **claim(row, context))
    return facts(row, context, platform_node(platform), listing, offer)


def _price(row: Row, context: Context) -> tuple[int | None, str | None]:
    """Return the price in minor units with its currency; one without the other is refused."""
    currency = maybe(row, "currency", value.currency)
    if not row.get("price"):
        return None, currency
    if currency is None:
        lacking = ValueRefused("a price without a currency", "fill in an ISO 4217 code")
        raise FieldRefused("currency", lacking)
    code = currency
    return maybe(row, "price", value.minor_units, code, context.decimal), code


def url(text: str) -> str:
    """Return the address of a listing as it stands, on one line; raises ValueRefused."""
    return value.text(text, 2000)


def _digest(description: str) -> str:
    return sha256(description.encode()).hexdigest()


JOB = Job(
    kind="listings",
    version="1",
    required=("listing_id", "seller_id", "title"),
    optional=(
        "description",
        "price",
        "currency",
        "category",
        "brand",
        "url",
        "status",
        "listed_at",
        "first_sold_at",
        "removed_at",
    ),
    transform=transform,
    asserts=(Offers,),
)
