"""The policy: every role and action, written out; what is not here is denied."""

from __future__ import annotations

import itertools

import pytest

from graphsvc.access.policy import ALLOWED, Action, may, require
from graphsvc.access.principal import Principal, Role
from graphsvc.errors import Forbidden

EXPECTED = {
    ("analyst", "graph:read"),
    ("enforcer", "graph:read"),
    ("approver", "graph:read"),
    ("auditor", "graph:read"),
    ("admin", "graph:read"),
    ("admin", "schema:read"),
}


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_what_a_role_may_do(role: Role, action: Action) -> None:
    somebody = Principal("0123abcd", "test", role)
    allowed = (role.value, action.value) in EXPECTED
    assert may(somebody, action) is allowed
    if allowed:
        require(somebody, action)
        return
    with pytest.raises(Forbidden, match=role.value):
        require(somebody, action)


def test_every_action_is_decided() -> None:
    assert set(ALLOWED) == set(Action)
