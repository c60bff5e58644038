"""What is asked of sellers: who they are, what they offer and use, who reported them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A seller as its platform tells of it; `stub` where only others have named it so far."""

    id: str
    platform: str | None
    handle: str | None
    legal_name: str | None
    country: str | None
    status: str | None
    registered_at: str | None
    risk: float | None
    tax_number: str | None
    verification_state: str | None
    verified_at: str | None
    seen_at: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    stub: bool


@dataclass(frozen=True, slots=True)
class UsedRow:
    """An identifier that the seller `key` uses; `claims` are maps, one per standing assertion.

    `elsewhere` tells a platform that sellers of another one use it too; else it is false.
    """

    key: str
    label: str
    id: str
    shown: str | None
    level: str | None
    degree: int
    elsewhere: bool
    claims: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened to `seller`; `place` sorts it, `text` is what is shown of it."""

    seller: str
    at: str
    event: str
    label: str
    id: str
    text: str | None
    place: str


SELLERS_BY_ID = load(__package__, "sellers_by_id", SellerRow, scoped=True)
SELLERS_OF_PLATFORM = load(__package__, "sellers_of_platform", SellerRow)
IDENTIFIERS_OF_SELLERS = load(__package__, "identifiers_of_sellers", UsedRow, scoped=True)
TIMELINE = load(__package__, "timeline", EventRow, scoped=True)
