"""Cases: what is investigated together, and what each holds."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case and how much it holds."""

    id: str
    title: str
    handling: str
    owner: str
    created_at: str
    sellers: int
    listings: int
    rings: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Something that a case holds; `version` is a ring's."""

    kind: str
    id: str
    version: int | None
    added_at: str
    added_by: str


@dataclass(frozen=True, slots=True)
class SavedCase:
    """The id of a case that was written."""

    id: str


@dataclass(frozen=True, slots=True)
class UnknownMember:
    """Something that was named and is not there."""

    id: str


@dataclass(frozen=True, slots=True)
class AddedMembers:
    """How many things a case holds now of those that were named."""

    held: int


SAVE_CASE = load(__package__, "save_case", SavedCase)
CASES = load(__package__, "cases", CaseRow)
MEMBERS_OF_CASE = load(__package__, "members_of_case", MemberRow)
UNKNOWN_MEMBERS = load(__package__, "unknown_members", UnknownMember)
ADD_MEMBERS = load(__package__, "add_members", AddedMembers)
