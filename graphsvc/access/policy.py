"""What each role may do: pure questions, deny by default; asks no database and no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields

from graphsvc.access.principal import Principal, Role, Scope, Standing
from graphsvc.errors import Forbidden, UsageError

_INSIDE = frozenset(Scope) - {Scope.AUDIT}
# They read within a scope only: a grant, or their own sellers.
_OUTSIDE = frozenset({Scope.READ, Scope.QUERY_ADHOC})
OPEN: dict[Role, frozenset[Scope]] = {
    Role.ANALYST: _INSIDE,
    Role.ENFORCER: _INSIDE,
    Role.APPROVER: _INSIDE,
    Role.AUDITOR: _INSIDE - {Scope.DECIDE} | {Scope.AUDIT},
    Role.ADMIN: _INSIDE,
    Role.PARTNER: _OUTSIDE,
    Role.PLATFORM: _OUTSIDE,
}
# What a key has that was made without naming scopes.
USUAL: dict[Role, frozenset[Scope]] = {
    **{role: most - {Scope.SCHEMA_READ, Scope.DECIDE} for role, most in OPEN.items()},
    Role.ADMIN: _INSIDE,
    Role.PARTNER: frozenset({Scope.READ}),
}
# Whom those must name who come from outside.
STANDING: dict[Role, frozenset[str]] = {
    Role.PARTNER: frozenset({"agency", "officer"}),
    Role.PLATFORM: frozenset({"platform"}),
}
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@|+:/-]{0,199}", re.ASCII)


def may(principal: Principal, scope: Scope) -> bool:
    """Tell whether a principal may do something: its role may, and its key or token too."""
    return scope in principal.scopes & OPEN[principal.role]


def require(principal: Principal, scope: Scope) -> None:
    """Raise Forbidden unless the principal may do it."""
    if not may(principal, scope):
        raise Forbidden(f"this {principal.role.value} may not do this: {scope.value}")


def scopes_of(role: Role, wanted: Iterable[str] | None) -> frozenset[Scope]:
    """Return the scopes of a key as named, or (None) the usual ones; raises UsageError."""
    if wanted is None:
        return USUAL[role]
    named = frozenset(wanted)
    if strange := sorted(named - {scope.value for scope in OPEN[role]}):
        most = ", ".join(sorted(OPEN[role])) or "none"
        raise UsageError(f"no scope {strange[0]} for the role {role.value}; there is {most}")
    return frozenset(map(Scope, named))


def scopes_held(role: Role, held: Iterable[str] | None) -> frozenset[Scope]:
    """Return the scopes of a key or token that its role may have; None stands for the usual."""
    return USUAL[role] if held is None else OPEN[role] & set(held)


def check_standing(role: Role, standing: Standing) -> None:
    """Raise UsageError unless a role names those whom it must speak for, and nobody else."""
    wanted = STANDING.get(role, frozenset())
    for each in fields(Standing):
        held = getattr(standing, each.name)
        if (held is not None) != (each.name in wanted):
            must = "must" if each.name in wanted else "must not"
            raise UsageError(f"the role {role.value} {must} name its {each.name}")
        if held is not None and not WORD.fullmatch(held):
            raise UsageError(f"{each.name} is 1 to 200 letters, digits and . _ @ | + : / -")
