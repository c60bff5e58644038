"""Documents made to cost much are refused, each by a limit of its own or as what they are."""

from __future__ import annotations

import pytest

from benchmarks.bombs import Bomb, bombs
from tests.api.conftest import Api, code_of

CODES = {
    "fragment chain": {"FIELD_LIMIT", "TOKEN_LIMIT", "COST_LIMIT"},
    "fan-out": {"COST_LIMIT", "FIELD_LIMIT", "TOKEN_LIMIT"},
    "aliases": {"ALIAS_LIMIT", "QUERY_LIMIT", "TOKEN_LIMIT"},
    "directives": {"DIRECTIVE_LIMIT", "QUERY_LIMIT", "TOKEN_LIMIT"},
    "deep variables": {"BAD_REQUEST"},
    "deep lists": {"DEPTH_LIMIT", "TOKEN_LIMIT"},
    "deep fields": {"DEPTH_LIMIT", "TOKEN_LIMIT", "QUERY_LIMIT"},
}
ALL = list(bombs())


@pytest.mark.parametrize("bomb", ALL, ids=[f"{each.family} {each.count}" for each in ALL])
def test_a_bomb_is_refused(api: Api, bomb: Bomb) -> None:
    body = bomb.body(0)
    assert len(body) <= 64 * 1024 + 100
    response = api.post(body)
    assert response.status_code == 400, response.text
    assert code_of(response) in CODES[bomb.family]


def test_the_bombs_go_up_to_the_largest_body() -> None:
    assert max(len(each.body(0)) for each in ALL) > 60_000
    assert {each.family for each in ALL} == CODES.keys()
