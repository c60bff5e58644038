"""Cases, what they hold and to whom they are opened; and the API keys that let people in.

Only the digest of a key is here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.schema.actors import Seller
from queries.schema.declare import Keep, Sensitivity, edge, node, prop
from queries.schema.findings import Ring
from queries.schema.goods import Listing


class Handling(StrEnum):
    """Who may be told of a case: the Traffic Light Protocol 2.0, from everybody to nobody else."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber_strict"
    RED = "red"


class Purpose(StrEnum):
    """What an authority may ask for: a closed list, which each request names."""

    CRIMINAL_INVESTIGATION = "criminal_investigation"
    CUSTOMS_ENFORCEMENT = "customs_enforcement"
    MARKET_SURVEILLANCE = "market_surveillance"
    CONSUMER_PROTECTION = "consumer_protection"
    INTELLECTUAL_PROPERTY = "intellectual_property"


class Opened(StrEnum):
    """What a grant can show in clear, and shows as pseudonyms else.

    IDENTITY: names and tax numbers of sellers. IDENTIFIERS: what addresses say, and the masked
    forms of accounts and contacts. REPORTS: who reported.
    """

    IDENTITY = "identity"
    IDENTIFIERS = "identifiers"
    REPORTS = "reports"


@node(domain=False)
class ApiKey:
    """An API key by its public prefix; `digest` is the SHA-256 of the key that was shown once.

    `scopes` narrow what its role may do; `agency` and `officer` are a partner's, `platform` that
    of a platform.
    """

    id: str
    name: str | None = prop(keep=Keep.BOOKED)
    role: str | None = prop(keep=Keep.BOOKED)
    scopes: list[str] | None = prop(keep=Keep.BOOKED)
    agency: str | None = prop(keep=Keep.BOOKED)
    officer: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    platform: str | None = prop(keep=Keep.BOOKED)
    digest: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.SECRET)
    created_at: str | None = prop(keep=Keep.BOOKED)
    expires_at: str | None = prop(keep=Keep.BOOKED)
    revoked_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class TokenKey:
    """Which token key this graph was loaded with: its id, never the key."""

    id: str
    created_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class Case:
    """What is investigated together; `handling` says who may be told of it."""

    id: str
    title: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    handling: str | None = prop(keep=Keep.BOOKED)
    owner: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    created_at: str | None = prop(keep=Keep.BOOKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    """A case holds something since `added_at`."""

    start: str
    end: str
    added_at: str | None = prop(keep=Keep.BOOKED)
    added_by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)


@edge("CONTAINS", start=Case, end=Seller, domain=False)
class ContainsSeller(Contains):
    """A case holds a seller."""


@edge("CONTAINS", start=Case, end=Listing, domain=False)
class ContainsListing(Contains):
    """A case holds a listing."""


@edge("CONTAINS", start=Case, end=Ring, domain=False)
class ContainsRing(Contains):
    """A case holds a version of a ring: those who were members of it then."""

    version: int = prop(keep=Keep.BOOKED)


@node(domain=False)
class Grant:
    """What an agency's officer, or a platform, may see of a case, for what purpose and how long.

    `basis` is the legal one, `fields` (Opened) are in clear, `hops` is how far it reaches.
    """

    id: str
    agency: str | None = prop(keep=Keep.BOOKED, indexed=True)
    officer: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    platform: str | None = prop(keep=Keep.BOOKED)
    purpose: str | None = prop(keep=Keep.BOOKED)
    basis: str | None = prop(keep=Keep.BOOKED)
    fields: list[str] | None = prop(keep=Keep.BOOKED)
    hops: int | None = prop(keep=Keep.BOOKED)
    created_at: str | None = prop(keep=Keep.BOOKED)
    created_by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    expires_at: str | None = prop(keep=Keep.BOOKED)
    revoked_at: str | None = prop(keep=Keep.BOOKED)
    revoked_by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    revoked_because: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)


@edge("OPENS", start=Grant, end=Case, domain=False)
class Opens:
    """A grant opens a case, and only that one."""

    start: str
    end: str
