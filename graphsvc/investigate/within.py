"""What those from outside are told of rings: the versions that their case holds, from what is open.

Every question here is asked within a scope. Nothing of a run is told but what the first one found:
its weights are learned from all sellers, and what it weighed was used by others too. So why a
member is in a ring is weighed by the shipped table, on what the scope holds today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from graphsvc.errors import BadRequest, NotOpen
from graphsvc.investigate.kinds import WORDS
from graphsvc.investigate.page import Page, checked, page
from graphsvc.investigate.reasons import MOST_MEMBERS
from graphsvc.investigate.rings import (
    EVERY,
    MemberView,
    RingFilter,
    RingSort,
    RingView,
    keys_of,
    plain,
)
from graphsvc.investigate.told import member_text
from graphsvc.investigate.uses import uses_now
from graphsvc.investigate.why import Why, shared_by_seller, weights_of
from graphsvc.store.reader import Reader
from queries.rings.views import (
    MEMBERS_OF_RINGS,
    RING_VERSIONS,
    SHARED_BY_SELLERS,
    MemberRow,
    RingRow,
    SharedRow,
)

Cited = tuple[str, int]
_ORDER: dict[RingSort, Callable[[RingRow], float]] = {
    RingSort.SCORE: lambda row: -row.score,
    RingSort.SIZE: lambda row: -row.size,
    RingSort.ID: lambda row: 0,
}


async def held_rings(
    reader: Reader,
    *,
    run: str | None = None,
    wanted: RingFilter = EVERY,
    sort: RingSort = RingSort.SCORE,
    first: int = 50,
    after: str = "",
) -> Page[RingRow]:
    """Return a page of the versions of rings that a case holds, to somebody from outside.

    Raises NotOpen for a filter by status, BadRequest (first, after).
    """
    checked(first)
    if wanted.status:
        raise NotOpen("what was decided about a ring is not open to partners and platforms")
    rows = await reader.rows(RING_VERSIONS, keys=None, run=run or "")
    found = [
        plain(row) for row in rows if wanted.tier in ("", row.tier) and row.size >= wanted.min_size
    ]
    found.sort(key=lambda row: (_ORDER[sort](row), row.id, row.version))
    names = [f"{row.id}@{row.version}" for row in found]
    if after and after not in names:
        raise BadRequest("this cursor is not of this list")
    start = names.index(after) + 1 if after else 0
    return page(found[start : start + first + 1], first, lambda row: f"{row.id}@{row.version}")


async def kinds_of(
    reader: Reader, rings: Sequence[Cited]
) -> dict[Cited, tuple[tuple[str, int], ...]]:
    """Return for each (ring, version) the kinds its members share with how many of each."""
    shared = await _shared(reader, await _members(reader, rings))
    found = {}
    for ring, rows in shared.items():
        counts = Counter(row.label for row in rows)
        ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        found[ring] = tuple((WORDS[label], number) for label, number in ordered)
    return found


async def explained(reader: Reader, rings: Sequence[RingRow]) -> dict[RingRow, dict[str, Why]]:
    """Return for each ring and member what it shares with others there, and that in words."""
    members = await _members(reader, [(ring.id, ring.version) for ring in rings])
    shared = await _shared(reader, members)
    return {
        ring: _explained(ring, members[ring.id, ring.version], shared[ring.id, ring.version])
        for ring in rings
    }


async def view(reader: Reader, ring: RingRow) -> RingView:
    """Return the members of a ring that was read before, and why each is in it."""
    cited = (ring.id, ring.version)
    members = (await _members(reader, [cited]))[cited]
    why = _explained(ring, members, (await _shared(reader, {cited: members}))[cited])
    ordered = sorted(members, key=lambda member: (-member.posterior, member.seller))
    return RingView(ring, tuple(MemberView(each, why[each.seller]) for each in ordered))


async def _members(reader: Reader, rings: Sequence[Cited]) -> dict[Cited, list[MemberRow]]:
    found: dict[Cited, list[MemberRow]] = {ring: [] for ring in rings}
    keys = keys_of(rings)
    for row in await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST_MEMBERS):
        found[row.ring, row.version].append(row)
    return found


async def _shared(
    reader: Reader, members: dict[Cited, list[MemberRow]]
) -> dict[Cited, list[SharedRow]]:
    named = {f"{ring}@{version}": (ring, version) for ring, version in members}
    keys = [
        {"of": name, "sellers": [row.seller for row in members[cited]]}
        for name, cited in named.items()
    ]
    found: dict[Cited, list[SharedRow]] = {cited: [] for cited in members}
    for row in await reader.rows(SHARED_BY_SELLERS, keys=keys, ended=False):
        found[named[row.of]].append(row)
    return found


def _explained(
    ring: RingRow, members: Sequence[MemberRow], shared: Sequence[SharedRow]
) -> dict[str, Why]:
    found = shared_by_seller(uses_now(shared), weights_of(None))
    told = {}
    for row in members:
        why = found.get(row.seller, Why((), exact=True))
        told[row.seller] = replace(why, text=member_text(ring, row, why))
    return told
