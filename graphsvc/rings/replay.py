"""What decisions about hubs would change: rings and members, before and after; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc.errors import NotFound
from graphsvc.rings.parameters import DEFAULT, Engine, Wanted
from graphsvc.rings.read import read_market
from graphsvc.rings.registry import list_marks, mark_of
from graphsvc.rings.run import in_thread
from graphsvc.rings.save import name_rings, rings_before
from graphsvc.rings.solve import solve
from graphsvc.store.reader import Reader
from queries.hubs import MarkRow
from queries.rings.views import LAST_DETECTION_RUN, MEMBERS_OF_RINGS, RINGS_BY_ID
from queries.schema.decisions import HubState

MOST = 1_000_000  # rings and members are compared whole

Tiers = Mapping[str, str]  # a tier by seller


@dataclass(frozen=True, slots=True)
class Changed:
    """A ring before and after, each cited as id@version (None: it is not there).

    `left` and `joined` are sellers; `retiered` has the tiers of those who stay, before and after.
    """

    before: str | None
    after: str | None
    size_before: int
    size_after: int
    left: list[str]
    joined: list[str]
    retiered: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Replay:
    """What would change since `run` if `marks` were decided so: rings, and members by tier.

    `graph_changed` where the graph is not what that run read, so that not all is the marks' doing.
    """

    run: str
    marks: dict[str, str]
    graph_changed: bool
    rings: list[Changed]
    unchanged: int
    members_before: dict[str, int]
    members_after: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `hubs replay --json` prints."""
        return asdict(self)


async def replay(reader: Reader, name: str | None, state: HubState) -> Replay:
    """Return what changes against the last evidence run if a mark (None: all proposals) is `state`.

    Raises NotFound for an unknown mark or where no run has finished, Conflict where the graph is
    written to meanwhile.
    """
    run = await reader.one(LAST_DETECTION_RUN, engine=Engine.EVIDENCE.value)
    if run is None:
        raise NotFound("no detection has finished; `graphsvc rings detect` runs one")
    marks = await _supposed(reader, name)
    supposed = {(mark.label, mark.identifier): state.value for mark in marks}
    now = await read_market(reader, DEFAULT)
    then = await read_market(reader, DEFAULT, supposed)
    wanted = Wanted(Engine.EVIDENCE, run.seed or 0, DEFAULT)
    solution = await in_thread(lambda: solve(then, wanted.parameters, seed=wanted.seed))
    earlier = await rings_before(reader, wanted.engine)
    found = name_rings(earlier, then, solution.rings, wanted.parameters)
    before = await _rings_of(reader, run.id)
    after = {
        ring.id: (ring.version, {member.seller: member.tier for member in ring.members})
        for ring in found.rings
    }
    changes = compare(before, after)
    return Replay(
        run=run.id,
        marks={mark.id: state.value for mark in marks},
        graph_changed=now.digest() != run.input_digest,
        rings=changes,
        unchanged=len(before.keys() | after.keys()) - len(changes),
        members_before=_by_tier(before),
        members_after=_by_tier(after),
    )


async def _supposed(reader: Reader, name: str | None) -> Sequence[MarkRow]:
    if name is None:
        return await list_marks(reader, state=HubState.PROPOSED, first=MOST)
    return [await mark_of(reader, name, [HubState.PROPOSED])]


async def _rings_of(reader: Reader, run: str) -> dict[str, tuple[int, Tiers]]:
    rows = await reader.rows(
        RINGS_BY_ID, run=run, tier="", status="", min_size=0, after_id="", limit=MOST
    )
    keys = [{"ring": row.id, "version": row.version} for row in rows]
    tiers: dict[str, dict[str, str]] = {row.id: {} for row in rows}
    for member in await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST):
        tiers[member.ring][member.seller] = member.tier
    return {row.id: (row.version, tiers[row.id]) for row in rows}


def compare(
    before: Mapping[str, tuple[int, Tiers]], after: Mapping[str, tuple[int, Tiers]]
) -> list[Changed]:
    """Return the rings whose members or tiers differ, by id; each is a version and its tiers."""
    nothing: tuple[int, Tiers] = (0, {})
    found = []
    for ring in sorted(before.keys() | after.keys()):
        (old, was), (new, will_be) = before.get(ring, nothing), after.get(ring, nothing)
        if was == will_be:
            continue
        found.append(
            Changed(
                before=f"{ring}@{old}" if ring in before else None,
                after=f"{ring}@{new}" if ring in after else None,
                size_before=len(was),
                size_after=len(will_be),
                left=sorted(was.keys() - will_be.keys()),
                joined=sorted(will_be.keys() - was.keys()),
                retiered={
                    seller: (was[seller], will_be[seller])
                    for seller in sorted(was.keys() & will_be.keys())
                    if was[seller] != will_be[seller]
                },
            )
        )
    return found


def _by_tier(rings: Mapping[str, tuple[int, Tiers]]) -> dict[str, int]:
    tiers = [tier for _, members in rings.values() for tier in members.values()]
    return {tier: tiers.count(tier) for tier in sorted(set(tiers))}
