"""A market loaded as a user loads it, officers with a case each, an analyst, what they ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.ground import Ground
from benchmarks.raw_market import PLATFORM, Known, Raw, Thing
from benchmarks.wire import post
from graphsvc.access.grants import Given, give
from graphsvc.access.keys import NewKey, create_key
from graphsvc.access.principal import Role, Standing
from graphsvc.api.trusted import documents
from graphsvc.audit.events import digest
from graphsvc.cases.register import Members, add_members, create_case
from graphsvc.investigate.rings import RingFilter, RingSort, list_rings
from graphsvc.store.driver import connect
from graphsvc.store.local import resolve
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.schema.casework import Handling, Opened, Purpose

# As many as have points enough for ten rings a second.
ANALYSTS = 6
AGENCY, BY, PURPOSE = "customs-north", "bench", Purpose.CUSTOMS_ENFORCEMENT
OFFICERS, IN_A_CASE, HOPS = 60, 5, 1
RING = """query Ring($id: ID!) { ring(id: $id) { ringId version tier size members(first: 50) {
  edges { node { seller { handle } tier posterior reasons { kind shared sellers } } } } } }"""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody's key and what travels with each request; which sellers and things are open."""

    headers: dict[str, str]
    seen: frozenset[int] = frozenset()
    things: frozenset[Thing] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A request ready to be sent, and what it asks for by whom."""

    kind: str
    about: int | str
    who: Principal
    request: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """Who may ask on a loaded market: officers within a case each, and analysts."""

    officers: Sequence[Principal]
    analysts: Sequence[Principal]
    rings: Sequence[str]


def load(ground: Ground, raw: Raw, *, rings: bool = True) -> None:
    """Load the market in bulk and, if wanted, find its rings."""
    raw.write(ground.folder / "market")
    ground.graphsvc("load-bulk", ground.folder / "market", "--platform", PLATFORM, "--strict")
    if rings:
        ground.graphsvc("rings", "detect")


def cases(raw: Raw, dice: Random) -> list[list[int]]:
    """Return for each officer the sellers of the case: reported ones."""
    return [dice.sample(raw.reported.tolist(), IN_A_CASE) for _ in range(OFFICERS)]


def desk(ground: Ground, known: Known, cases: Sequence[Sequence[int]]) -> Desk:
    """Give an officer for each case a key and a grant, and analysts a key."""
    return asyncio.run(_desk(ground, known, cases))


async def _desk(ground: Ground, known: Known, cases: Sequence[Sequence[int]]) -> Desk:
    async with connect(resolve(ground.settings)) as driver:
        writer, reader = Writer(driver), Reader(driver)
        keys = [
            await create_key(writer, NewKey(f"bench {place}", Role.ANALYST.value, 1))
            for place in range(ANALYSTS)
        ]
        page = await list_rings(
            reader, run=None, wanted=RingFilter(), sort=RingSort.SCORE, first=100
        )
        officers = [
            await _officer(writer, f"officer-{place}", members, known)
            for place, members in enumerate(cases)
        ]
    rings = [f"{row.id}@{row.version}" for row in page.items]
    analysts = [Principal({"Authorization": f"Bearer {made.key}"}) for made in keys]
    return Desk(officers, analysts, rings)


async def _officer(writer: Writer, name: str, members: Sequence[int], known: Known) -> Principal:
    case = await create_case(writer, title=name, handling=Handling.AMBER, owner=BY)
    held = Members(sellers=[f"{PLATFORM}:s-{each}" for each in members])
    await add_members(writer, case, held, by=BY)
    standing = Standing(agency=AGENCY, officer=name)
    given = Given(case, standing, PURPOSE, "a law", list(Opened), hops=HOPS, days=1)
    await give(writer, given, by=BY)
    made = await create_key(writer, NewKey(name, Role.PARTNER.value, 1, standing=standing))
    headers = {"Authorization": f"Bearer {made.key}", "Case-Id": case, "Purpose": PURPOSE.value}
    sellers, things = known.reach(members, HOPS)
    return Principal(headers, frozenset(sellers), frozenset(things))


def lookup(who: Principal, seller: int) -> Question:
    """Return the question who a seller is, by the trusted document."""
    about = {"platform": PLATFORM, "sellerId": f"s-{seller}"}
    return Question("lookup", seller, who, _trusted("seller", about, who))


def two_hop(who: Principal, seller: int) -> Question:
    """Return the question who uses what a seller uses, by the trusted document."""
    about = {"id": f"{PLATFORM}:s-{seller}", "hops": 1}
    return Question("2-hop", seller, who, _trusted("neighbourhood", about, who))


def co_users(who: Principal, seller: int) -> Question:
    """Return the same with each identifier's users on a page of 20, by the trusted document."""
    about = {"platform": PLATFORM, "sellerId": f"s-{seller}"}
    return Question("co-users", seller, who, _trusted("co_users", about, who))


def ring(who: Principal, name: str) -> Question:
    """Return the question for a ring, its members and their reasons."""
    body = {"query": RING, "variables": {"id": name}}
    return Question("ring", name, who, post("/graphql", body, who.headers))


def mixture(desk: Desk, count: int, everyone: int, dice: Random) -> Iterator[Question]:
    """Yield 70 % look-ups (one in twenty of a seller who is not open), 20 % 2-hop, 10 % rings."""
    open_to = {id(who): sorted(who.seen) for who in desk.officers}
    for _ in range(count):
        who, throw = dice.choice(desk.officers), dice.random()
        seller = dice.choice(open_to[id(who)])
        if throw < 0.7:
            stranger = dice.random() < 0.05
            yield lookup(who, dice.randrange(everyone) if stranger else seller)
        elif throw < 0.9:
            yield two_hop(who, seller)
        else:
            yield ring(dice.choice(desk.analysts), dice.choice(desk.rings))


def _trusted(name: str, variables: dict[str, Any], who: Principal) -> bytes:
    body = {"documentId": digest(documents()[name]), "variables": variables}
    return post("/graphql", body, who.headers)
