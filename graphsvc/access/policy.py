"""What each role may do: pure questions, deny by default; asks no database and no clock."""

from __future__ import annotations

from enum import StrEnum

from graphsvc.access.principal import Principal, Role
from graphsvc.errors import Forbidden


class Action(StrEnum):
    """What may be allowed."""

    READ_GRAPH = "graph:read"
    READ_SCHEMA = "schema:read"


_INSIDE = frozenset({Role.ANALYST, Role.ENFORCER, Role.APPROVER, Role.AUDITOR, Role.ADMIN})
# A partner or a platform sees nothing without a grant, and grants do not exist yet.
ALLOWED: dict[Action, frozenset[Role]] = {
    Action.READ_GRAPH: _INSIDE,
    Action.READ_SCHEMA: frozenset({Role.ADMIN}),
}


def may(principal: Principal, action: Action) -> bool:
    """Tell whether a principal may do something."""
    return principal.role in ALLOWED[action]


def require(principal: Principal, action: Action) -> None:
    """Raise Forbidden unless the principal may do it."""
    if not may(principal, action):
        raise Forbidden(f"the role {principal.role.value} may not do this: {action.value}")
