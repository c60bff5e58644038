"""What differs between the rings of two runs: rings that came and went, and their members; pure.

Rings are the same by their ids, which say already who carries on whom; it must never rename one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphsvc.rings.identity import Event, Known, events, lost, since


@dataclass(frozen=True, slots=True)
class Listed:
    """A ring as a run found it: its id, version and tier, and the tier of each member by id."""

    id: str
    version: int
    tier: str
    members: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A member that stayed and whose tier changed."""

    seller: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a ring between two runs; a version or tier of None: not in that run.

    `came` and `went` are members, `moved` those that stayed in another tier; `others` are the
    rings from which it came, or to which its members went.
    """

    ring: str
    event: Event
    before: int | None
    after: int | None
    tier_before: str | None
    tier_after: str | None
    came: tuple[str, ...]
    went: tuple[str, ...]
    moved: tuple[Moved, ...]
    others: tuple[str, ...]


def compare(before: Sequence[Listed], after: Sequence[Listed]) -> list[Change]:
    """Return the rings that differ, by id; a ring with the same members and tiers does not."""
    earlier = {ring.id: ring for ring in before}
    known = [Known(ring.id, ring.version, frozenset(ring.members)) for ring in before]
    found = [frozenset(ring.members) for ring in after]
    changes = [
        _change(ring.id, earlier.get(ring.id), ring, event, came_from)
        for ring, (event, came_from) in zip(after, events(known, found), strict=True)
    ]
    changes += [
        _change(each.id, earlier[each.id], None, each.event, each.went_to)
        for each in lost(known, found, [ring.id for ring in after])
    ]
    return sorted(
        (change for change in changes if change.event is not Event.SAME),
        key=lambda change: change.ring,
    )


def _change(
    ring: str,
    before: Listed | None,
    after: Listed | None,
    event: Event,
    others: tuple[str, ...],
) -> Change:
    then: Mapping[str, str] = before.members if before else {}
    now: Mapping[str, str] = after.members if after else {}
    moved = tuple(
        Moved(seller, then[seller], now[seller])
        for seller in sorted(then.keys() & now.keys())
        if then[seller] != now[seller]
    )
    if before and after:
        event = since(frozenset(then), frozenset(now)) if event is Event.NEW else event
        if then.keys() == now.keys():
            event = Event.RESCORED if moved or before.tier != after.tier else Event.SAME
    return Change(
        ring=ring,
        event=event,
        before=before.version if before else None,
        after=after.version if after else None,
        tier_before=before.tier if before else None,
        tier_after=after.tier if after else None,
        came=tuple(sorted(now.keys() - then.keys())),
        went=tuple(sorted(then.keys() - now.keys())),
        moved=moved,
        others=tuple(other for other in others if other != ring),
    )
