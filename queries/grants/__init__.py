"""Grants: to whom a case is opened, for what and how far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A grant as it was given: to an agency's officer, or to a platform."""

    id: str
    case: str
    agency: str | None
    officer: str | None
    platform: str | None
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
class OpenedRow:
    """A grant that stands, and the sellers, listings and rings (`id@version`) of its case.

    Of each identifier that sellers of the case use, or those who were named, `reached` has the
    label, the id, whether it is a hub, its users, and whether it leads to them.
    """

    id: str
    case: str
    purpose: str
    fields: list[str]
    hops: int
    sellers: list[str]
    listings: list[str]
    rings: list[str]
    reached: list[list[Any]]


SAVE_GRANT = load(__package__, "save_grant", SavedGrant)
GRANTS = load(__package__, "grants", GrantRow)
OPENED = load(__package__, "opened", OpenedRow)
REVOKE_GRANT = load(__package__, "revoke_grant", SavedGrant)
