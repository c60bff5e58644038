"""One step of a walk from sellers to identifiers and back; a walk decides itself where to go on."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class StepRow:
    """A seller uses an identifier: who says it, since when; `degree` distinct sellers use it."""

    seller: str
    label: str
    id: str
    shown: str | None
    level: str | None
    degree: int
    first_seen: str | None
    last_seen: str | None
    sources: list[str]
    asserted_by: list[str]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A seller by its id, with the name that it goes by."""

    id: str
    handle: str | None


STEPS_FROM_SELLERS = load(__package__, "steps_from_sellers", StepRow, scoped=True)
PICTURES_FROM_SELLERS = load(__package__, "pictures_from_sellers", StepRow)
STEPS_FROM_IDENTIFIERS = load(__package__, "steps_from_identifiers", StepRow, scoped=True)
STEPS_FROM_PICTURES = load(__package__, "steps_from_pictures", StepRow)
HANDLES = load(__package__, "handles", NamedRow, scoped=True)
