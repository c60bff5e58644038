"""What is offered: listings and their pictures."""

from __future__ import annotations

from enum import StrEnum

from queries.schema.declare import Keep, node, prop


class ListingStatus(StrEnum):
    """Whether the offer stands."""

    ACTIVE = "active"
    REMOVED = "removed"
    SOLD_OUT = "sold_out"
    DRAFT = "draft"


@node(fulltext=("title",))
class Listing:
    """An offer; id `platform:listing_id`, price in minor units of `currency`, url never fetched."""

    id: str
    platform: str | None = prop(keep=Keep.DERIVED, indexed=True)
    seller: str | None = prop()
    title: str | None = prop()
    description_digest: str | None = prop()
    price: int | None = prop()
    currency: str | None = prop()
    category: str | None = prop()
    brand: str | None = prop()
    url: str | None = prop(indexed=True)
    status: str | None = prop()
    listed_at: str | None = prop()
    first_sold_at: str | None = prop()
    removed_at: str | None = prop()


@node(domain=False)
class Brand:
    """A brand that titles are looked through for; id is its name in small letters."""

    id: str
    name: str | None = prop(keep=Keep.BOOKED)
    aliases: list[str] | None = prop(keep=Keep.BOOKED)


@node(key="sha256")
class Image:
    """A picture by the SHA-256 of its bytes; `pdq` is its 256-bit perceptual hash in hex.

    `pdq_trimmed` is that of the picture without its even border, where it has one.
    """

    sha256: str
    pdq: str | None = prop()
    pdq_trimmed: str | None = prop(keep=Keep.LEAST)
    pixels_sha256: str | None = prop(keep=Keep.LEAST, indexed=True)
    quality: int | None = prop(keep=Keep.LEAST)
    width: int | None = prop(keep=Keep.LEAST)
    height: int | None = prop(keep=Keep.LEAST)
    media_type: str | None = prop(keep=Keep.LEAST)
