"""API keys: which one is good, and that nothing of a bad one is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from graphsvc.access.keys import (
    KEY,
    REFUSED,
    CreatedKey,
    NewKey,
    create_key,
    digest_of,
    is_good,
    verify_key,
)
from graphsvc.access.principal import Principal, Role, Scope, Standing
from graphsvc.errors import Conflict, Unauthenticated, UsageError
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.keys import API_KEY, SAVE_API_KEY
from queries.schema.casework import ApiKey

GOOD = "gs_0123abcd_" + "5e" * 32
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HELD = ApiKey(
    id="0123abcd",
    name="desk 4",
    role="analyst",
    digest=digest_of(GOOD),
    created_at="2026-01-01T00:00:00Z",
    expires_at="2026-03-01T12:00:01Z",
)


def test_a_key_is_good_until_its_last_second() -> None:
    assert is_good(HELD, GOOD, NOW)
    assert not is_good(replace(HELD, expires_at="2026-03-01T12:00:00Z"), GOOD, NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": "2026-02-01T00:00:00Z"},
        {"expires_at": None},
        {"expires_at": ""},
        {"expires_at": "2025-12-31T00:00:00Z"},
        {"digest": digest_of(GOOD[:-1] + "0")},
        {"digest": GOOD},
        {"digest": None},
        {"digest": ""},
        {"role": "king"},
        {"role": None},
    ],
)
def test_a_key_that_is_not_good(change: dict[str, Any]) -> None:
    assert not is_good(replace(HELD, **change), GOOD, NOW)


def test_another_key_of_the_same_id_is_not_good() -> None:
    assert not is_good(HELD, "gs_0123abcd_" + "5f" * 32, NOW)
    assert not is_good(HELD, GOOD.upper(), NOW)


class Held(Reader):
    """Reads one key, and notes what was asked."""

    def __init__(self, *rows: ApiKey) -> None:
        self.kept = rows
        self.asked: list[object] = []

    async def rows(self, query: Any, **parameters: Any) -> list[Any]:
        assert query is API_KEY
        self.asked.append(parameters["id"])
        return [row for row in self.kept if row.id == parameters["id"]]


def test_a_good_key_stands_for_whom_it_was_made() -> None:
    held = Held(replace(HELD, expires_at="9999-01-01T00:00:00Z"))
    assert asyncio.run(verify_key(held, GOOD)) == Principal(
        "0123abcd", "desk 4", Role.ANALYST, frozenset({Scope.READ, Scope.QUERY_ADHOC})
    )


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("gs_0123abcd_" + "5f" * 32, 1),
        ("gs_fffffff0_" + "5e" * 32, 1),
        (GOOD + "0", 0),
        (GOOD + "\n", 0),
        (GOOD.upper(), 0),
        ("gs_0123abcd_" + "5\u0665" * 32, 0),
        ("", 0),
    ],
)
def test_a_bad_key_is_refused_with_the_same_words(key: str, asked: int) -> None:
    held = Held(replace(HELD, expires_at="9999-01-01T00:00:00Z"))
    with pytest.raises(Unauthenticated) as caught:
        asyncio.run(verify_key(held, key))
    assert str(caught.value) == REFUSED
    assert len(held.asked) == asked, "what has not the form of a key costs no query"


class Writing(Writer):
    """Writes nothing, and notes what was to be written."""

    def __init__(self, *, free: bool = True) -> None:
        self.free = free
        self.written: dict[str, Any] = {}

    async def command(self, query: Any, **parameters: Any) -> list[dict[str, Any]]:
        assert query is SAVE_API_KEY
        self.written = parameters
        return [{"id": parameters["id"]}] if self.free else []


def made(writer: Writing, **changed: Any) -> CreatedKey:
    wanted = {"name": " desk 4 ", "role": "analyst", "days": 90} | changed
    return asyncio.run(create_key(writer, NewKey(**wanted)))


def test_a_new_key_is_kept_as_its_digest_only() -> None:
    writer = Writing()
    key = made(writer)
    assert KEY.fullmatch(key.key)
    assert writer.written["id"] == key.id
    held = writer.written["properties"]
    assert held["digest"] == digest_of(key.key)
    assert key.key not in str(writer.written)
    assert key.key[12:] not in str(writer.written) + repr(key)
    assert held["name"] == "desk 4"
    assert made(Writing()).key != key.key


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"},
        {"name": " "},
        {"name": "x" * 201},
        {"name": "a\x1b[2J"},
        {"days": 0},
        {"days": 3651},
        {"scopes": ["everything"]},
        {"role": "partner"},
        {"standing": Standing(platform="shopnest")},
    ],
)
def test_a_key_that_cannot_be_is_not_made(wrong: dict[str, Any]) -> None:
    writer = Writing()
    with pytest.raises(UsageError):
        made(writer, **wrong)
    assert writer.written == {}


def test_a_key_holds_its_scopes_and_whom_it_speaks_for() -> None:
    writer = Writing()
    made(writer, scopes=["read"], role="auditor")
    assert writer.written["properties"]["scopes"] == ["read"]
    made(writer, role="platform", standing=Standing(platform="shopnest"))
    assert writer.written["properties"]["platform"] == "shopnest"


def test_a_key_is_good_for_no_more_than_it_holds() -> None:
    held = replace(HELD, expires_at="9999-01-01T00:00:00Z", scopes=["read", "schema:write"])
    assert asyncio.run(verify_key(Held(held), GOOD)).scopes == {Scope.READ}


def test_an_id_that_is_taken_is_told() -> None:
    with pytest.raises(Conflict):
        made(Writing(free=False))
