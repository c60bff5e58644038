"""The policy: every role and scope, written out; what is not here is denied."""

from __future__ import annotations

import itertools

import pytest

from graphsvc.access.policy import (
    OPEN,
    USUAL,
    check_standing,
    may,
    require,
    scopes_held,
    scopes_of,
)
from graphsvc.access.principal import Principal, Role, Scope, Standing
from graphsvc.errors import Forbidden, UsageError

INSIDE = ("analyst", "enforcer", "approver", "auditor", "admin")
OUTSIDE = ("partner", "platform")
EXPECTED = {
    *itertools.product(INSIDE, ("read", "query:adhoc", "schema:read")),
    *itertools.product(OUTSIDE, ("read", "query:adhoc")),
    *itertools.product(set(INSIDE) - {"auditor"}, ("decide",)),
    ("auditor", "audit"),
}


@pytest.mark.parametrize(("role", "scope"), list(itertools.product(Role, Scope)))
def test_what_a_role_may_do_at_most(role: Role, scope: Scope) -> None:
    somebody = Principal("0123abcd", "test", role, frozenset(Scope))
    allowed = (role.value, scope.value) in EXPECTED
    assert may(somebody, scope) is allowed
    if allowed:
        require(somebody, scope)
        return
    with pytest.raises(Forbidden, match=role.value):
        require(somebody, scope)


@pytest.mark.parametrize(("role", "scope"), list(itertools.product(Role, Scope)))
def test_what_a_key_is_not_for_its_holder_may_not_do(role: Role, scope: Scope) -> None:
    assert not may(Principal("0123abcd", "test", role, frozenset(Scope) - {scope}), scope)


def test_every_role_is_decided_and_only_an_admin_usually_decides_or_reads_the_schema() -> None:
    assert set(OPEN) == set(Role) == set(USUAL)
    for scope in (Scope.SCHEMA_READ, Scope.DECIDE):
        assert {role for role in Role if scope in USUAL[role]} == {Role.ADMIN}
    assert all(USUAL[role] <= OPEN[role] for role in Role)


def test_a_partner_usually_asks_no_documents_of_its_own() -> None:
    assert USUAL[Role.PARTNER] == {Scope.READ}
    assert USUAL[Role.PLATFORM] == {Scope.READ, Scope.QUERY_ADHOC}


def test_scopes_that_are_named_and_that_are_held() -> None:
    assert scopes_of(Role.ANALYST, None) == {Scope.READ, Scope.QUERY_ADHOC}
    assert scopes_of(Role.ANALYST, ["read"]) == {Scope.READ}
    assert scopes_held(Role.ANALYST, None) == USUAL[Role.ANALYST]
    assert scopes_held(Role.ANALYST, []) == frozenset()
    assert scopes_held(Role.ANALYST, ["read", "openid"]) == {Scope.READ}
    with pytest.raises(UsageError, match="no scope write"):
        scopes_of(Role.ADMIN, ["read", "write"])


@pytest.mark.parametrize(
    ("role", "standing"),
    [
        (Role.PARTNER, Standing()),
        (Role.PARTNER, Standing(agency="customs")),
        (Role.PARTNER, Standing(officer="o-1")),
        (Role.PARTNER, Standing("customs", "o-1", "shopnest")),
        (Role.PARTNER, Standing("customs", "")),
        (Role.PARTNER, Standing("customs", "a b")),
        (Role.PLATFORM, Standing()),
        (Role.PLATFORM, Standing(platform="a b")),
        (Role.PLATFORM, Standing(platform="-x")),
        (Role.ADMIN, Standing(platform="shopnest")),
        (Role.ANALYST, Standing(agency="customs")),
    ],
)
def test_who_must_name_whom_they_speak_for(role: Role, standing: Standing) -> None:
    with pytest.raises(UsageError):
        check_standing(role, standing)


@pytest.mark.parametrize(
    ("role", "standing"),
    [
        (Role.PARTNER, Standing("customs", "o.one@customs.example")),
        (Role.PLATFORM, Standing(platform="shopnest")),
        (Role.AUDITOR, Standing()),
    ],
)
def test_who_names_them(role: Role, standing: Standing) -> None:
    check_standing(role, standing)
