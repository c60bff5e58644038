"""One step of a walk: from sellers to what they use, or from identifiers to who uses them.

It never goes through a hub: the caller asks `links` before it names an identifier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from graphsvc.investigate.kinds import CAP, IMAGE, LABELS, WORDS, Ref, labels_of, links
from graphsvc.rings.read import LINKING_TIERS
from graphsvc.store.reader import Reader
from queries.neighbourhood import (
    HANDLES,
    PICTURES_FROM_SELLERS,
    STEPS_FROM_IDENTIFIERS,
    STEPS_FROM_PICTURES,
    STEPS_FROM_SELLERS,
    StepRow,
)

ROWS = 5_000  # of one step: more are said to be cut, never silently left out


@dataclass(frozen=True, slots=True)
class Tie:
    """A seller uses an identifier that `degree` distinct sellers use; pictures with their copies.

    `shown` is the display form of an address, the masked form of everything else.
    """

    seller: str
    identifier: Ref
    shown: str | None
    level: str | None
    degree: int
    first_seen: str | None
    last_seen: str | None
    sources: tuple[str, ...]
    asserted_by: tuple[str, ...]

    @property
    def links(self) -> bool:
        """Tell whether the identifier links: shared, no hub, no vague address."""
        return links(self.identifier.kind, self.level, self.degree)

    @property
    def hub(self) -> bool:
        """Tell whether too many sellers use the identifier for it to link any."""
        return self.degree > CAP


@dataclass(frozen=True, slots=True)
class Step:
    """The ties of one step, and whether there were more than ROWS of a sort."""

    ties: tuple[Tie, ...]
    cut: bool


async def from_sellers(
    reader: Reader, sellers: Iterable[str], kinds: Collection[str] | None = None
) -> Step:
    """Return what sellers use: what few share first, hubs and what nobody shares last.

    A picture that no other seller shows is left out.
    """
    names = sorted(sellers)
    labels = labels_of(kinds)
    found: list[list[StepRow]] = []
    if names and labels:
        found.append(
            await reader.rows(STEPS_FROM_SELLERS, sellers=names, labels=labels, limit=ROWS)
        )
    if names and (kinds is None or IMAGE in kinds):
        tiers = list(LINKING_TIERS)
        found.append(
            await reader.rows(PICTURES_FROM_SELLERS, sellers=names, tiers=tiers, limit=ROWS)
        )
    return _step(found)


async def from_identifiers(reader: Reader, identifiers: Iterable[Ref]) -> Step:
    """Return who uses identifiers, none of them a hub."""
    refs = sorted(identifiers)
    keys = [{"label": LABELS[ref.kind], "id": ref.id} for ref in refs if ref.kind in LABELS]
    pictures = [ref.id for ref in refs if ref.kind == IMAGE]
    found: list[list[StepRow]] = []
    if keys:
        found.append(await reader.rows(STEPS_FROM_IDENTIFIERS, keys=keys, limit=ROWS))
    if pictures:
        tiers = list(LINKING_TIERS)
        found.append(await reader.rows(STEPS_FROM_PICTURES, ids=pictures, tiers=tiers, limit=ROWS))
    return _step(found)


async def handles(reader: Reader, sellers: Iterable[str]) -> dict[str, str | None]:
    """Return the names of the sellers that there are, by id."""
    rows = await reader.rows(HANDLES, ids=sorted(set(sellers)))
    return {row.id: row.handle for row in rows}


def _step(found: Sequence[Sequence[StepRow]]) -> Step:
    ties = [_tie(row) for rows in found for row in rows]
    # One order over all kinds, so that a bounded answer keeps what says most.
    ties.sort(key=lambda tie: (tie.degree == 1, tie.degree, tie.identifier, tie.seller))
    return Step(tuple(ties), any(len(rows) >= ROWS for rows in found))


def _tie(row: StepRow) -> Tie:
    return Tie(
        seller=row.seller,
        identifier=Ref(WORDS[row.label], row.id),
        shown=row.shown,
        level=row.level,
        degree=row.degree,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        sources=tuple(sorted(row.sources)),
        asserted_by=tuple(sorted(row.asserted_by)),
    )
