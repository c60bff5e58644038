"""Who asks: a role, scopes, and whom a key or token stands for; never the key or token itself."""

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


OUTSIDE = frozenset({Role.PARTNER, Role.PLATFORM})


class Scope(StrEnum):
    """What one key or token may be used for, within what its role may do."""

    READ = "read"
    QUERY_ADHOC = "query:adhoc"
    SCHEMA_READ = "schema:read"
    DECIDE = "decide"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whom a principal speaks for: a partner's agency and officer, or a platform; else nothing."""

    agency: str | None = None
    officer: str | None = None
    platform: str | None = None


NOBODY = Standing()


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone whose key or token was verified; `id` may stand in a log, `name` is for people."""

    id: str
    name: str
    role: Role
    scopes: frozenset[Scope]
    standing: Standing = NOBODY

    @property
    def outside(self) -> bool:
        """Tell whether it reads within a scope only: a grant, or its own sellers."""
        return self.role in OUTSIDE
