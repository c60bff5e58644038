"""The register of cases: make one, add to it, list them. It must never open a case to anybody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc import clock
from graphsvc.errors import NotFound, UsageError
from graphsvc.investigate.citing import cited
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.records import relation_key
from queries.cases import (
    ADD_MEMBERS,
    CASES,
    MEMBERS_OF_CASE,
    SAVE_CASE,
    UNKNOWN_MEMBERS,
    CaseRow,
    MemberRow,
)
from queries.schema.casework import Handling

LATEST = "latest"
MOST_TITLE = 200
MOST_MEMBERS = 1_000


@dataclass(frozen=True, slots=True)
class Members:
    """What is to be added: sellers and listings by id, rings as id@version."""

    sellers: Sequence[str] = ()
    listings: Sequence[str] = ()
    rings: Sequence[str] = ()


async def create_case(writer: Writer, *, title: str, handling: Handling, owner: str) -> str:
    """Make an empty case and return its id; raises UsageError for a title that cannot be shown."""
    if not title.strip() or len(title) > MOST_TITLE or not title.isprintable():
        raise UsageError(f"a case's title has 1 to {MOST_TITLE} printable characters")
    name = clock.new_id("case")
    properties = {
        "title": title.strip(),
        "handling": handling.value,
        "owner": owner,
        "created_at": clock.stamp(),
    }
    await writer.command(SAVE_CASE, id=name, properties=properties)
    return name


async def add_members(writer: Writer, case: str, wanted: Members, *, by: str) -> int:
    """Add to a case, all of it or nothing; return how many of them it holds now.

    Raises NotFound for anything that is not there, UsageError for a ring without a version, for
    nothing at all, and for more than 1,000 at once.
    """
    named = _named(case, wanted)
    count = sum(map(len, named.values()))
    if not 1 <= count <= MOST_MEMBERS:
        raise UsageError(f"name 1 to {MOST_MEMBERS:,} sellers, listings and rings")
    properties = {"added_at": clock.stamp(), "added_by": by}

    async def work(transaction: Transaction) -> int:
        ids = {kind: [each["id"] for each in named[kind]] for kind in ("sellers", "listings")}
        unknown = await transaction.run(UNKNOWN_MEMBERS, **ids, rings=named["rings"])
        if unknown:
            raise NotFound("there is no " + ", no ".join(row["id"] for row in unknown[:5]))
        rows = await transaction.run(ADD_MEMBERS, id=case, properties=properties, **named)
        return int(rows[0]["held"])

    return await writer.within(work)


async def case_of(reader: Reader, name: str) -> CaseRow:
    """Return a case, `latest`: the newest; raises NotFound."""
    found = await reader.rows(CASES, id="" if name == LATEST else name, limit=1)
    if not found or not name:
        raise NotFound(f"there is no case {name}; `graphsvc cases list` has them")
    return found[0]


async def list_cases(reader: Reader, *, first: int) -> list[CaseRow]:
    """Return up to `first` cases, newest first."""
    return await reader.rows(CASES, id="", limit=first)


async def members_of(reader: Reader, case: str) -> list[MemberRow]:
    """Return what a case holds, by kind and id."""
    return await reader.rows(MEMBERS_OF_CASE, id=case)


def _named(case: str, wanted: Members) -> dict[str, list[dict[str, Any]]]:
    return {
        "sellers": [_plain(case, "seller", name) for name in _once(wanted.sellers)],
        "listings": [_plain(case, "listing", name) for name in _once(wanted.listings)],
        "rings": [_ring(case, text) for text in _once(wanted.rings)],
    }


def _once(names: Iterable[str]) -> list[str]:
    return sorted(set(names))


def _plain(case: str, kind: str, name: str) -> dict[str, Any]:
    return {"id": name, "key": relation_key("contains", case, kind, name)}


def _ring(case: str, text: str) -> dict[str, Any]:
    ring, version = cited(text)
    if version is None:
        raise UsageError(f"a case holds a version of a ring: {text}@VERSION")
    key = relation_key("contains", case, "ring", ring, str(version))
    return {"ring": ring, "version": version, "key": key}
