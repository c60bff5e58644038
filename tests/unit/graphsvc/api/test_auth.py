"""The gatekeeper: a verified key is remembered for half a second, a refused one never."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from graphsvc.access.keys import digest_of
from graphsvc.access.principal import Principal
from graphsvc.api import auth
from graphsvc.api.auth import Gatekeeper, bearer
from graphsvc.errors import DatabaseAway, Unauthenticated
from graphsvc.store.reader import Reader
from queries.schema.casework import ApiKey


def key(number: int) -> str:
    return f"gs_{number:08x}_" + "5e" * 32


@dataclass
class World:
    """A clock, the keys that there are, and how often they were asked for."""

    now: float = 100.0
    keys: dict[str, ApiKey] = field(default_factory=dict)
    asked: int = 0
    away: bool = False

    def make(self, number: int) -> str:
        made = key(number)
        self.keys[f"{number:08x}"] = ApiKey(
            id=f"{number:08x}", name="t", role="analyst", digest=digest_of(made),
            expires_at="9999-01-01T00:00:00Z",
        )  # fmt: skip
        return made


class Keys(Reader):
    def __init__(self, world: World) -> None:
        self._world = world

    async def rows(self, query: Any, **parameters: Any) -> list[Any]:
        del query
        self._world.asked += 1
        found = self._world.keys.get(parameters["id"])
        return [found] if found else []


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def gate(world: World) -> Gatekeeper:
    return Gatekeeper(now=lambda: world.now)


def let_in(gate: Gatekeeper, world: World, told: str) -> Principal:
    async def reader() -> Reader:
        if world.away:
            raise DatabaseAway("gone")
        return Keys(world)

    return asyncio.run(gate.principal(f"Bearer {told}", reader))


def test_a_key_is_asked_for_twice_a_second_at_most(gate: Gatekeeper, world: World) -> None:
    made = world.make(1)
    assert let_in(gate, world, made) == let_in(gate, world, made)
    assert world.asked == 1
    world.now += 0.4
    let_in(gate, world, made)
    assert world.asked == 1
    world.now += 0.2
    let_in(gate, world, made)
    assert world.asked == 2


def test_a_revoked_key_is_let_in_for_half_a_second_at_most(gate: Gatekeeper, world: World) -> None:
    made = world.make(1)
    let_in(gate, world, made)
    world.keys.clear()
    world.now += 0.5
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            let_in(gate, world, made)


def test_a_refused_key_is_not_remembered(gate: Gatekeeper, world: World) -> None:
    with pytest.raises(Unauthenticated):
        let_in(gate, world, key(1))
    assert let_in(gate, world, world.make(1)).id == "00000001"


def test_a_key_of_the_same_id_is_not_the_key(gate: Gatekeeper, world: World) -> None:
    made = world.make(1)
    let_in(gate, world, made)
    with pytest.raises(Unauthenticated):
        let_in(gate, world, made[:-1] + "0")


def test_a_known_key_is_good_while_the_database_is_away(gate: Gatekeeper, world: World) -> None:
    made = world.make(1)
    let_in(gate, world, made)
    world.away = True
    let_in(gate, world, made)
    with pytest.raises(DatabaseAway):
        let_in(gate, world, world.make(2))


def test_what_is_remembered_is_bounded_and_holds_no_key(
    gate: Gatekeeper, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "MOST_REMEMBERED", 3)
    made = [world.make(number) for number in range(5)]
    for each in made:
        let_in(gate, world, each)
    assert len(gate._known) == 3
    assert not any(each in str(gate._known) for each in made)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic " + key(1),
        key(1),
        f"Bearer  {key(1)}",
        f"Bearer {key(1)} ",
        f"Bearer {key(1)}, Bearer {key(2)}",
        f"Bearer {key(1)}\n",
        f"Bearer {key(1).upper()}",
        "Bearer gs_0000000\xb2_" + "5e" * 32,
    ],
)
def test_what_is_no_key_is_refused_without_a_query(header: str | None) -> None:
    async def no_reader() -> Reader:
        raise AssertionError("it costs no query")

    with pytest.raises(Unauthenticated):
        asyncio.run(Gatekeeper().principal(header, no_reader))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_name_of_the_scheme_is_of_any_letters(scheme: str) -> None:
    assert bearer(f"{scheme} {key(1)}") == key(1)
