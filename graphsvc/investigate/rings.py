"""Questions about found rings: the runs, the rings of a run, who is in one, and why.

Where no run is named, the last finished run of the product's own engine speaks; it must never
show a run that is not finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.kinds import WORDS
from graphsvc.investigate.members import judgements_of, names_like
from graphsvc.investigate.page import Page, checked, page, pages
from graphsvc.investigate.reasons import MOST_MEMBERS, explained
from graphsvc.investigate.runs import shown_run
from graphsvc.investigate.why import Shared, Why
from graphsvc.rings.read import LINKING_TIERS
from graphsvc.store.reader import Reader
from queries.catalogue import Query
from queries.judgements import JudgementRow
from queries.rings.views import (
    KINDS_OF_RINGS,
    MEMBERS_OF_RINGS,
    RING_VERSIONS,
    RINGS_BY_ID,
    RINGS_BY_SCORE,
    RINGS_BY_SIZE,
    RINGS_OF_SELLERS,
    CitedRow,
    FoundRow,
    MemberRow,
    RingRow,
)
from queries.schema.links import Band


class RingSort(StrEnum):
    """How rings are listed; the greatest score or size comes first."""

    SCORE = "score"
    SIZE = "size"
    ID = "id"


@dataclass(frozen=True, slots=True)
class RingFilter:
    """Which rings are wanted; an empty text or 0 leaves that out."""

    tier: str = ""
    status: str = ""
    min_size: int = 0


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member and why it is in the ring: what it shares with other members, strongest first.

    `like_names` are members whose name is nearly the same: they weigh nothing and link nobody.
    `judgements` are those that stand now between it and other members.
    """

    member: MemberRow
    why: Why
    like_names: tuple[str, ...] = ()
    judgements: tuple[JudgementRow, ...] = ()

    @property
    def reasons(self) -> tuple[Shared, ...]:
        """What it shares with other members."""
        return self.why.reasons


@dataclass(frozen=True, slots=True)
class RingView:
    """A version of a ring, its members (surest first) and their reasons."""

    ring: RingRow
    members: tuple[MemberView, ...]


EVERY = RingFilter()
_SORTED: dict[RingSort, Query[RingRow]] = {
    RingSort.SCORE: RINGS_BY_SCORE,
    RingSort.SIZE: RINGS_BY_SIZE,
    RingSort.ID: RINGS_BY_ID,
}


async def list_rings(
    reader: Reader,
    *,
    run: str | None = None,
    wanted: RingFilter = EVERY,
    sort: RingSort = RingSort.SCORE,
    first: int = 50,
    after: str = "",
) -> Page[RingRow]:
    """Return a page of the rings of a run; raises NotFound (run), BadRequest (first, after)."""
    limit = checked(first) + 1
    shown = await shown_run(reader, run)
    if shown is None:
        return Page()
    place: dict[str, Any] = _place(sort, after)
    rows = await reader.rows(
        _SORTED[sort],
        run=shown.id,
        tier=wanted.tier,
        status=wanted.status,
        min_size=wanted.min_size,
        limit=limit,
        **place,
    )
    return page(rows, first, lambda row: _cursor(sort, row))


async def kinds_of(
    reader: Reader, rings: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], tuple[tuple[str, int], ...]]:
    """Return for each (ring, version) the kinds its members share with how many of each."""
    found: dict[tuple[str, int], tuple[tuple[str, int], ...]] = dict.fromkeys(rings, ())
    for row in await reader.rows(
        KINDS_OF_RINGS, keys=keys_of(rings), tiers=list(LINKING_TIERS), band=Band.CONFIRMED.value
    ):
        found[row.ring, row.version] += ((WORDS[row.label], row.identifiers),)
    return found


async def ring_of(
    reader: Reader, ring: str, version: int | None = None, *, run: str | None = None
) -> RingRow | None:
    """Return a version of a ring (None: its latest, or the one of `run`), or None."""
    return (await rings_cited(reader, [(ring, version)], run=run)).get((ring, version))


async def rings_cited(
    reader: Reader, cited: Sequence[tuple[str, int | None]], *, run: str | None = None
) -> dict[tuple[str, int | None], RingRow]:
    """Return the versions of rings that there are, by (ring, version); a version as in ring_of."""
    rows = await reader.rows(RING_VERSIONS, keys=keys_of(cited), run=run or "")
    return {(row.id, row.asked): plain(row) for row in rows}


def plain(row: CitedRow) -> RingRow:
    """Return the row without how it was asked for, so that all ways of asking tell the same."""
    return RingRow(**{field.name: getattr(row, field.name) for field in fields(RingRow)})


async def top_ring(reader: Reader, *, run: str | None = None) -> RingRow:
    """Return the ring of a run that has the highest score; raises NotFound where there is none."""
    best = await list_rings(reader, run=run, first=1)
    if not best.items:
        raise NotFound("no ring was found; `graphsvc rings detect` looks for them")
    return best.items[0]


async def show_ring(
    reader: Reader, ring: str, version: int | None = None, *, run: str | None = None
) -> RingView:
    """Return a ring with its members and why each is in it; raises NotFound."""
    found = await ring_of(reader, ring, version, run=run)
    if found is None:
        cited = ring if version is None else f"{ring}@{version}"
        raise NotFound(f"there is no ring {cited}")
    return await view(reader, found)


async def view(reader: Reader, ring: RingRow) -> RingView:
    """Return the members of a ring that was read before, and why each is in it."""
    keys = keys_of([(ring.id, ring.version)])
    members = await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST_MEMBERS)
    why = (await explained(reader, [ring]))[ring]
    ordered = sorted(members, key=lambda member: (-member.posterior, member.seller))
    names, judged = names_like(ordered), await judgements_of(reader, ordered)
    return RingView(
        ring,
        tuple(
            MemberView(
                each, why[each.seller], names.get(each.seller, ()), judged.get(each.seller, ())
            )
            for each in ordered
        ),
    )


async def rings_of(
    reader: Reader, sellers: Sequence[str], *, run: str | None = None
) -> dict[str, tuple[FoundRow, ...]]:
    """Return for each seller the rings in which the run found it (none: an empty tuple)."""
    found: dict[str, tuple[FoundRow, ...]] = dict.fromkeys(sellers, ())
    shown = await shown_run(reader, run)
    if shown is None:
        return found
    for row in await reader.rows(RINGS_OF_SELLERS, run=shown.id, sellers=list(found)):
        found[row.seller] += (row,)
    return found


async def members_of(
    reader: Reader, rings: Sequence[tuple[str, int]], *, first: int = 50, after: str = ""
) -> dict[tuple[str, int], Page[MemberRow]]:
    """Return for each (ring, version) a page of its members, by seller id."""
    limit = checked(first) + 1
    rows = await reader.rows(MEMBERS_OF_RINGS, keys=keys_of(rings), after=after, limit=limit)
    found = (((row.ring, row.version), row) for row in rows)
    return pages(rings, found, first=first, cursor=lambda row: row.seller)


def keys_of(cited: Iterable[tuple[str, int | None]]) -> list[dict[str, Any]]:
    """Return versions of rings as questions take them, each once."""
    return [{"ring": ring, "version": version} for ring, version in dict.fromkeys(cited)]


def _cursor(sort: RingSort, row: RingRow) -> str:
    value = {RingSort.SCORE: repr(row.score), RingSort.SIZE: str(row.size)}.get(sort, "")
    return f"{value} {row.id}"


def _place(sort: RingSort, after: str) -> dict[str, Any]:
    """Return where a page begins: after the value and id that a cursor holds."""
    value, _, ring = after.partition(" ")
    if sort is RingSort.ID:
        return {"after_id": ring}
    try:
        return {"after": float(value) if after else None, "after_id": ring}
    except ValueError:
        raise BadRequest("this cursor is not of this list") from None
