"""Questions about found rings: the runs, the rings of a run, who is in one, and why.

Where no run is named, the last finished run of the product's own engine speaks; it must never
show a run that is not finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from graphsvc.errors import BadRequest, NotFound, UsageError
from graphsvc.investigate.kinds import WORDS
from graphsvc.investigate.members import judgements_of, names_like
from graphsvc.investigate.page import Page, checked, page, pages
from graphsvc.investigate.why import Shared, shared_by_seller
from graphsvc.rings.parameters import Engine
from graphsvc.rings.read import LINKING_TIERS
from graphsvc.store.reader import Reader
from queries.catalogue import Query
from queries.judgements import JudgementRow
from queries.rings.views import (
    DETECTION_RUNS,
    DETECTION_RUNS_BY_ID,
    KINDS_OF_RINGS,
    LAST_DETECTION_RUN,
    MEMBERS_OF_RINGS,
    PICTURES_OF_MEMBERS,
    PLACES_OF_MEMBERS,
    RING_VERSIONS,
    RINGS_BY_ID,
    RINGS_BY_SCORE,
    RINGS_BY_SIZE,
    RINGS_OF_SELLERS,
    SHARED_BY_MEMBERS,
    CitedRow,
    FoundRow,
    MemberRow,
    RingRow,
    SharedInRing,
)
from queries.schema.findings import DetectionRun, RunState
from queries.schema.links import Band

MOST_MEMBERS = 100_000  # a ring is shown whole; no ring comes near this


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
    reasons: tuple[Shared, ...]
    like_names: tuple[str, ...] = ()
    judgements: tuple[JudgementRow, ...] = ()


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


async def detection_runs(reader: Reader, *, first: int = 20, after: str = "") -> Page[DetectionRun]:
    """Return a page of the detection runs of every engine and state, newest first."""
    rows = await reader.rows(DETECTION_RUNS, before=after, limit=checked(first) + 1)
    return page(rows, first, lambda run: f"{run.started_at} {run.id}")


async def detection_run(reader: Reader, run: str) -> DetectionRun | None:
    """Return one detection run, or None where there is none of that id."""
    return (await detection_runs_by_id(reader, [run])).get(run)


async def detection_runs_by_id(reader: Reader, ids: Iterable[str]) -> dict[str, DetectionRun]:
    """Return the detection runs that there are, by id."""
    rows = await reader.rows(DETECTION_RUNS_BY_ID, ids=sorted(set(ids)))
    return {row.id: row for row in rows}


async def shown_run(reader: Reader, run: str | None = None) -> DetectionRun | None:
    """Return the run that views follow: the one named, else the last of the evidence engine.

    None where there is none yet. Raises NotFound for a run that is unknown or not finished.
    """
    if run is None:
        return await reader.one(LAST_DETECTION_RUN, engine=Engine.EVIDENCE.value)
    found = await detection_run(reader, run)
    if found is None or found.state != RunState.FINISHED:
        raise NotFound(f"there is no finished detection run {run}")
    return found


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
        KINDS_OF_RINGS, keys=_keys(rings), tiers=list(LINKING_TIERS), band=Band.CONFIRMED.value
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
    rows = await reader.rows(RING_VERSIONS, keys=_keys(cited), run=run or "")
    return {(row.id, row.asked): _plain(row) for row in rows}


def _plain(row: CitedRow) -> RingRow:
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
    keys = _keys([(ring.id, ring.version)])
    members = await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST_MEMBERS)
    why = (await why_members(reader, [ring]))[ring]
    ordered = sorted(members, key=lambda member: (-member.posterior, member.seller))
    names, judged = names_like(ordered), await judgements_of(reader, ordered)
    return RingView(
        ring,
        tuple(
            MemberView(
                each,
                why.get(each.seller, ()),
                names.get(each.seller, ()),
                judged.get(each.seller, ()),
            )
            for each in ordered
        ),
    )


async def why_members(
    reader: Reader, rings: Sequence[RingRow]
) -> dict[RingRow, dict[str, tuple[Shared, ...]]]:
    """Return for each ring and member what it shares with other members, strongest first.

    What is weighed is the graph as it stands, with the weights that the ring's run used.
    """
    runs = await detection_runs_by_id(reader, (ring.run for ring in rings))
    keys = _keys([(ring.id, ring.version) for ring in rings])
    rows = await reader.rows(SHARED_BY_MEMBERS, keys=keys)
    rows += await reader.rows(PLACES_OF_MEMBERS, keys=keys, band=Band.CONFIRMED.value)
    rows += await reader.rows(PICTURES_OF_MEMBERS, keys=keys, tiers=list(LINKING_TIERS))
    shared: dict[tuple[str, int], list[SharedInRing]] = {}
    for row in rows:
        shared.setdefault((row.ring, row.version), []).append(row)
    return {
        ring: shared_by_seller(shared.get((ring.id, ring.version), ()), runs.get(ring.run))
        for ring in rings
    }


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
    rows = await reader.rows(MEMBERS_OF_RINGS, keys=_keys(rings), after=after, limit=limit)
    found = (((row.ring, row.version), row) for row in rows)
    return pages(rings, found, first=first, cursor=lambda row: row.seller)


def cited(text: str) -> tuple[str, int | None]:
    """Return the ring and version of `id@version` or of `id`; raises UsageError."""
    ring, at, version = text.partition("@")
    if not at:
        return ring, None
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise UsageError(f"a ring is cited as id@version, not {text}")
    return ring, int(version)


def _keys(cited: Iterable[tuple[str, int | None]]) -> list[dict[str, Any]]:
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
