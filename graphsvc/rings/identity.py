"""Stable names: a ring keeps its id from run to run as long as it is mostly the same sellers.

It must never invent a name at random, and never give one name to two rings.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from graphsvc.rings.parameters import Engine

KEEP = 0.5


class Event(StrEnum):
    """What happened to a ring since the run before."""

    NEW = "new"
    SAME = "same"
    GROWN = "grown"
    SHRUNK = "shrunk"
    CHANGED = "changed"
    SPLIT = "split"
    MERGED = "merged"
    RESCORED = "rescored"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Known:
    """A ring of the run before: its id, its version and the ids of its sellers."""

    id: str
    version: int
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a found ring; `came_from` are the earlier rings that its sellers came from."""

    id: str
    version: int
    event: Event
    came_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """An earlier ring that no found ring carries on; `went_to` are those that its sellers went to.

    It merged if half of it is in one found ring, split if only parts are, else it vanished.
    """

    id: str
    version: int
    event: Event
    went_to: tuple[str, ...]


def assign(
    previous: Sequence[Known],
    found: Sequence[frozenset[str]],
    engine: Engine = Engine.EVIDENCE,
) -> list[Named]:
    """Name each found ring, in the order of `found`; the order itself decides nothing.

    The best Jaccard index of at least one half with an earlier ring keeps that ring's id, each id
    once; the version rises only if the members changed. Others get `ring-` and 16 hexadecimal
    digits of the SHA-256 of their sorted members (and of the engine, unless it is evidence).
    """
    overlaps = _overlaps(previous, found)
    kept = _keep(previous, found, overlaps)
    taken = {ring.id for ring in previous}
    events = _histories(previous, found, overlaps)
    named: dict[int, Named] = {}
    for place in sorted(range(len(found)), key=lambda i: sorted(found[i])):
        members, (event, came_from) = found[place], events[place]
        if place in kept:
            old = previous[kept[place]]
            event = since(old.members, members) if event is Event.NEW else event
            version = old.version + (old.members != members)
            event = Event.SAME if old.members == members else event
            named[place] = Named(old.id, version, event, came_from or (old.id,))
        else:
            ring_id = _fresh_id(members, engine, taken)
            taken.add(ring_id)
            named[place] = Named(ring_id, 1, event, came_from)
    return [named[place] for place in range(len(found))]


def lost(
    previous: Sequence[Known], found: Sequence[frozenset[str]], ids: Sequence[str]
) -> list[Lost]:
    """Tell what became of each earlier ring whose id is not among `ids`, those of `found`.

    Sorted by id; which sellers a ring shares with which other is as in `assign`.
    """
    flows, carried, gone = _flows(previous, found, _overlaps(previous, found)), set(ids), []
    for place, ring in enumerate(previous):
        if ring.id in carried:
            continue
        whole, parts = flows.went_to[place], flows.came_out[place]
        event = Event.MERGED if whole else Event.SPLIT if parts else Event.VANISHED
        went_to = tuple(sorted(ids[new] for new in whole | parts))
        gone.append(Lost(ring.id, ring.version, event, went_to))
    return sorted(gone, key=lambda each: each.id)


def events(
    previous: Sequence[Known], found: Sequence[frozenset[str]]
) -> list[tuple[Event, tuple[str, ...]]]:
    """Tell for each found ring whether it merged or split off (else new), and from which rings."""
    return _histories(previous, found, _overlaps(previous, found))


_Overlaps = Counter[tuple[int, int]]


def _overlaps(previous: Sequence[Known], found: Sequence[frozenset[str]]) -> _Overlaps:
    """Count the sellers common to each (earlier, found) pair of rings that have any."""
    homes: dict[str, list[int]] = defaultdict(list)
    for place, ring in enumerate(previous):
        for member in ring.members:
            homes[member].append(place)
    return Counter(
        (home, place)
        for place, members in enumerate(found)
        for member in members
        for home in homes.get(member, ())
    )


def _keep(
    previous: Sequence[Known], found: Sequence[frozenset[str]], overlaps: _Overlaps
) -> dict[int, int]:
    """Return which found ring carries on which earlier one, best likeness first."""
    likeness = {
        (old, new): common / len(previous[old].members | found[new])
        for (old, new), common in overlaps.items()
    }
    order = sorted(
        (pair for pair, value in likeness.items() if value >= KEEP),
        key=lambda pair: (-likeness[pair], previous[pair[0]].id, sorted(found[pair[1]])),
    )
    kept: dict[int, int] = {}
    used: set[int] = set()
    for old, new in order:
        if new not in kept and old not in used:
            kept[new] = old
            used.add(old)
    return kept


@dataclass(frozen=True, slots=True)
class _Flows:
    """Which earlier rings went into a found one, and which found ones came out of an earlier one.

    An earlier ring went into a found one if half of it is there; a found ring came out of an
    earlier one if half of the found one was there.
    """

    went_in: dict[int, set[int]]
    went_to: dict[int, set[int]]
    came_out: dict[int, set[int]]
    came_from: dict[int, set[int]]


def _flows(
    previous: Sequence[Known], found: Sequence[frozenset[str]], overlaps: _Overlaps
) -> _Flows:
    flows = _Flows(defaultdict(set), defaultdict(set), defaultdict(set), defaultdict(set))
    for (old, new), common in overlaps.items():
        if 2 * common >= len(previous[old].members):
            flows.went_in[new].add(old)
            flows.went_to[old].add(new)
        if 2 * common >= len(found[new]):
            flows.came_out[old].add(new)
            flows.came_from[new].add(old)
    return flows


def _histories(
    previous: Sequence[Known], found: Sequence[frozenset[str]], overlaps: _Overlaps
) -> list[tuple[Event, tuple[str, ...]]]:
    """Tell for each found ring its event, and from which rings it came.

    Two that went into one make a merger, two that came out of one a split.
    """
    flows = _flows(previous, found, overlaps)
    histories = []
    for place in range(len(found)):
        went_in, came_from = flows.went_in[place], flows.came_from[place]
        event = Event.NEW
        if len(went_in) >= 2:
            event = Event.MERGED
        elif any(len(flows.came_out[old]) >= 2 for old in came_from):
            event = Event.SPLIT
        sources = tuple(sorted(previous[old].id for old in went_in | came_from))
        histories.append((event, sources))
    return histories


def since(old: frozenset[str], new: frozenset[str]) -> Event:
    """Tell what became of a ring that kept its id, from its members then and now."""
    if old == new:
        return Event.SAME
    if old < new:
        return Event.GROWN
    return Event.SHRUNK if new < old else Event.CHANGED


def _fresh_id(members: frozenset[str], engine: Engine, taken: set[str]) -> str:
    """Return a name made of the members; a name that is in use is passed over."""
    content: list[object] = [sorted(members)]
    if engine is not Engine.EVIDENCE:
        content.append(engine.value)
    while True:
        digest = hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
        ring_id = f"ring-{digest[:16]}"
        if ring_id not in taken:
            return ring_id
        content.append("again")
