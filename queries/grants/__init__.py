"""Grants: to whom a case is opened, for what and how far."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as it was given."""

    id: str
    case: str
    agency: str
    officer: str
    purpose: str
    basis: str
    fields: list[str]
    hops: int
    created_at: str
    created_by: str
    expires_at: str
    revoked_at: str | None
    revoked_by: str | None
    revoked_because: str | None


@dataclass(frozen=True, slots=True)
class SavedGrant:
    """The id of a grant that was written or revoked."""

    id: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A seller of a case, and the listing for which it is there."""

    seller: str | None
    listing: str | None


@dataclass(frozen=True, slots=True)
class ReachRow:
    """An identifier and the sellers that it leads to."""

    id: str
    hub: bool
    users: list[str]


SAVE_GRANT = load(__package__, "save_grant", SavedGrant)
GRANTS = load(__package__, "grants", GrantRow)
STANDING_GRANTS = load(__package__, "standing_grants", GrantRow)
REVOKE_GRANT = load(__package__, "revoke_grant", SavedGrant)
MEMBERS_OF_GRANT = load(__package__, "members_of_grant", MemberRow)
REACH = load(__package__, "reach", ReachRow)
