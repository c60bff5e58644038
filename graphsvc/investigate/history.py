"""What became of rings from one detection run to another; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.errors import NotFound
from graphsvc.investigate.runs import shown_run
from graphsvc.rings.compare import Change, Listed, compare
from graphsvc.rings.parameters import Engine
from graphsvc.store.reader import Reader
from queries.rings.detection import RINGS_OF_RUN
from queries.rings.views import LOST_RINGS, RUNS_OF_ENGINE, LostRow
from queries.schema.findings import DetectionRun

LATEST, PREVIOUS = "latest", "previous"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two runs, how many rings each found, how many are alike in both, and those that differ."""

    before: DetectionRun
    after: DetectionRun
    rings_before: int
    rings_after: int
    alike: int
    changes: tuple[Change, ...]


async def difference(reader: Reader, before: str, after: str) -> Difference:
    """Return what differs between the rings of two finished runs.

    `latest` and `previous` name the last finished run of the product's own engine and the one
    before it. Raises NotFound.
    """
    first, last = await _run(reader, before), await _run(reader, after)
    earlier, later = await _listed(reader, first.id), await _listed(reader, last.id)
    changes = compare(earlier, later)
    found = sum(change.after is not None for change in changes)
    return Difference(
        before=first,
        after=last,
        rings_before=len(earlier),
        rings_after=len(later),
        alike=len(later) - found,
        changes=tuple(changes),
    )


async def lost_rings(reader: Reader, run: str) -> list[LostRow]:
    """Return the rings of the run before that a run did not find again, by id."""
    return await reader.rows(LOST_RINGS, run=run)


async def _run(reader: Reader, word: str) -> DetectionRun:
    name = word
    if word in (LATEST, PREVIOUS):
        wanted = 1 + (word == PREVIOUS)
        ids = await reader.rows(RUNS_OF_ENGINE, engine=Engine.EVIDENCE.value, limit=wanted)
        if len(ids) < wanted:
            raise NotFound(f"there is no {word} run; `graphsvc rings detect` makes one")
        name = ids[-1].id
    found = await shown_run(reader, name)
    assert found is not None  # noqa: S101 - a named run is found or refused
    return found


async def _listed(reader: Reader, run: str) -> list[Listed]:
    return [
        Listed(row.id, row.version, row.tier, dict(zip(row.members, row.tiers, strict=True)))
        for row in await reader.rows(RINGS_OF_RUN, run=run)
    ]
