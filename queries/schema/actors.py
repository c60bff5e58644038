"""Those who act: platforms and their sellers. Facts as a platform gives them, never a verdict."""

from __future__ import annotations

from enum import StrEnum

from queries.schema.declare import Keep, Sensitivity, node, prop


class SellerStatus(StrEnum):
    """What the platform says it does with the account."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    BANNED = "banned"
    REINSTATED = "reinstated"


@node()
class Platform:
    """A marketplace; its id is the part of a seller's id before the colon."""

    id: str
    name: str | None = prop()


@node(fulltext=("handle", "legal_name"))
class Seller:
    """A seller account; id `platform:seller_id`, risk 0–1 as given by the platform."""

    id: str
    platform: str | None = prop(keep=Keep.DERIVED, indexed=True)
    handle: str | None = prop(sensitivity=Sensitivity.PERSONAL, indexed=True)
    legal_name: str | None = prop(sensitivity=Sensitivity.PERSONAL)
    country: str | None = prop()
    status: str | None = prop()
    registered_at: str | None = prop()
    risk: float | None = prop()
    tax_number: str | None = prop(sensitivity=Sensitivity.PERSONAL)
    tax_token: str | None = prop(sensitivity=Sensitivity.SECRET, indexed=True)
    verification_state: str | None = prop()
    verified_at: str | None = prop()
