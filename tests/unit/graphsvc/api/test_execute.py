"""Running a request: which errors are told in which words, and which are not told at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import structlog

from graphsvc.access.policy import USUAL
from graphsvc.access.principal import Principal, Role
from graphsvc.api.context import Context
from graphsvc.api.documents import Documents
from graphsvc.api.errors import IntrospectionOff, VariablesInvalid
from graphsvc.api.execute import Answer, answer, plan
from graphsvc.api.gate import Request
from graphsvc.api.hand import Hand
from graphsvc.api.loaders import Loaders
from graphsvc.api.schema import EXECUTABLE
from graphsvc.api.seal import Seal
from graphsvc.errors import DatabaseAway, DatabaseSlow, Forbidden, NotFound
from graphsvc.investigate.pictures import PictureIndex
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.fold.token import Tokeniser

SECRET = "the password is swordfish"


class Planted(Reader):
    """A reader whose every question ends as it was planted."""

    def __init__(self, planted: Exception | None) -> None:
        self._planted = planted

    async def rows(self, query: Any, **parameters: Any) -> list[Any]:
        del query, parameters
        if self._planted is None:
            await asyncio.sleep(60)
        assert self._planted is not None
        raise self._planted


def hand_of(role: Role) -> Hand:
    """Return a hand that nothing here may use."""

    async def writer() -> Writer:
        raise AssertionError("no query writes")

    nowhere: Any = None
    return Hand(writer, nowhere, Principal("k", "t", role, USUAL[role]))


def no_key() -> Tokeniser:
    """Refuse: nothing here names a secret value."""
    raise AssertionError("no query names a secret value")


def told(
    query: str, planted: Exception | None, role: Role = Role.ANALYST, *, seconds: float = 30
) -> Answer:
    """Return the answer to a query whose questions end as planted (None: not in time)."""
    reader = Planted(planted)
    context = Context(
        reader,
        Principal("k", "t", role, USUAL[role]),
        Loaders(reader),
        Seal(b"s" * 32),
        PictureIndex(),
        hand_of(role),
        no_key,
    )
    planned = plan(Documents(EXECUTABLE), Request(query, {}, None), context.principal)
    return asyncio.run(answer(planned, context, seconds=seconds))


RUNS = "{ detectionRuns { edges { cursor } } }"
PARTS = '{ seller(platform: "p", sellerId: "a") { id } __typename }'


@pytest.mark.parametrize(
    "planted",
    [RuntimeError(SECRET), KeyError(SECRET), AssertionError(SECRET), RecursionError(SECRET)],
)
def test_an_error_that_nobody_foresaw_is_masked_and_logged(planted: Exception) -> None:
    with structlog.testing.capture_logs() as logged:
        whole, part = told(RUNS, planted), told(PARTS, planted)
    for each in (whole, part):
        assert each.body["errors"][0]["extensions"]["code"] == "INTERNAL"
        assert SECRET not in str(each.body)
        assert type(planted).__name__ not in str(each.body)
    assert (whole.status, whole.body["data"]) == (500, None)
    assert part.status == 200
    assert part.body["data"] == {"seller": None, "__typename": "Query"}
    assert part.body["errors"][0]["path"] == ["seller"]
    assert [entry["exc_info"] for entry in logged] == [planted, planted]
    assert logged[0]["field"] == "detectionRuns"


def test_an_error_of_ours_is_told_with_its_advice() -> None:
    found = told(RUNS, NotFound("no such run"))
    assert found.status == 404
    assert found.body["errors"] == [
        {
            "message": "no such run",
            "extensions": {"code": "NOT_FOUND", "advice": NotFound.advice},
            "path": ["detectionRuns"],
        }
    ]


def test_half_an_answer_is_none_where_the_database_went_away() -> None:
    with pytest.raises(DatabaseAway):
        told(PARTS, DatabaseAway("gone"))


def test_a_request_that_takes_too_long_is_ended() -> None:
    with pytest.raises(DatabaseSlow):
        told(RUNS, None, seconds=0.05)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_introspection_is_for_administrators(role: Role) -> None:
    text = "{ __schema { queryType { name } } }"
    refused = Forbidden if role is Role.PARTNER else IntrospectionOff
    with pytest.raises(refused):
        told(text, RuntimeError(), role)
    found = told(text, RuntimeError(), Role.ADMIN)
    assert found.body == {"data": {"__schema": {"queryType": {"name": "Query"}}}}


def test_null_where_a_field_takes_none_is_the_callers_error() -> None:
    text = "query ($n: Int) { detectionRuns(first: $n) { edges { cursor } } }"
    reader = Planted(RuntimeError())
    context = Context(
        reader,
        Principal("k", "t", Role.ANALYST, USUAL[Role.ANALYST]),
        Loaders(reader),
        Seal(b"s" * 32),
        PictureIndex(),
        hand_of(Role.ANALYST),
        no_key,
    )
    planned = plan(Documents(EXECUTABLE), Request(text, {"n": None}, None), context.principal)
    found = asyncio.run(answer(planned, context, seconds=30))
    assert found.status == 400
    assert found.body["errors"][0]["extensions"]["code"] == VariablesInvalid.code
    assert "first" in found.body["errors"][0]["message"]
