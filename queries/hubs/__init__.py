"""Marks on identifiers: which are hubs, who decided so, and who uses what might be one."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class MarkColumns:
    """What was decided of identifiers, side by side: label, id, state."""

    labels: list[str]
    identifiers: list[str]
    states: list[str]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark, the identifier that it is on, and how many sellers that has; `figures` is JSON."""

    id: str
    state: str
    kind: str
    label: str
    identifier: str
    shown: str | None
    sellers: int
    proposal: str
    figures: str | None
    proposed_at: str
    decision: str | None
    reason: str | None
    scope: str | None
    by: str | None
    since: str | None
    until: str | None
    ended_by: str | None
    ended_because: str | None


@dataclass(frozen=True, slots=True)
class CrowdRow:
    """An identifier and those who use it; the lists run over users, '' is unknown."""

    label: str
    identifier: str
    kind: str | None
    kind_reason: str | None
    sellers: int
    platforms: list[str]
    years: list[str]
    brands: list[str]
    tied: list[bool]


@dataclass(frozen=True, slots=True)
class UsedRow:
    """An identifier that a seller uses."""

    label: str
    identifier: str
    shown: str | None


@dataclass(frozen=True, slots=True)
class MadeRow:
    """How many marks were made."""

    made: int


@dataclass(frozen=True, slots=True)
class MarkId:
    """A mark."""

    id: str


MARKS_IN_FORCE = load(__package__, "marks_in_force", MarkColumns)
HUB_MARKS = load(__package__, "hub_marks", MarkRow)
MARKS_ON = load(__package__, "marks_on", MarkId)
CROWDS = load(__package__, "crowds", CrowdRow)
PICTURE_CROWDS = load(__package__, "picture_crowds", CrowdRow)
IDENTIFIERS_OF_SELLER = load(__package__, "identifiers_of_seller", UsedRow)
SAVE_MARKS = load(__package__, "save_marks", MadeRow)
DECIDE_MARK = load(__package__, "decide_mark", MarkId)
EXPIRE_MARK = load(__package__, "expire_mark", MarkId)
