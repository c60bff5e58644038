"""Who asks: a role and the public id of the key that proved it; never the key itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a principal is; nothing is open to a role that policy does not name."""

    ANALYST = "analyst"
    ENFORCER = "enforcer"
    APPROVER = "approver"
    PARTNER = "partner"
    PLATFORM = "platform"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone whose key was verified."""

    key_id: str
    name: str
    role: Role
