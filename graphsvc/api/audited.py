"""The root fields of auditors: the journal, and the proof of an entry. Each reading is recorded.

The record is durable before anything is read.
"""

from __future__ import annotations

import asyncio
import re

import strawberry
from strawberry.scalars import JSON

from graphsvc.access.policy import require
from graphsvc.access.principal import Scope
from graphsvc.api.context import Info
from graphsvc.api.types.journal import JournalEntry, entry
from graphsvc.api.types.node import Long
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    checked_first,
    connection,
)
from graphsvc.audit.events import Event, digest
from graphsvc.audit.ledger import MOST
from graphsvc.audit.proof import prove
from graphsvc.audit.read import Wanted, entries
from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.page import page

JOURNAL = "journal"
TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


@strawberry.type
class Audited:
    """What auditors can ask."""

    @strawberry.field
    async def journal(
        self,
        info: Info,
        *,
        case: str | None = None,
        principal: str | None = None,
        action: str | None = None,
        since: str | None = None,
        until: str | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[JournalEntry]:
        """The journal, newest first, for auditors: who did what, on whose grant, how it ended.

        `since` and `until` are dates or times in UTC; `until` itself is left out.
        """
        require(info.context.principal, Scope.AUDIT)
        size, place = checked_first(first), info.context.seal.place(JOURNAL, after)
        named = {"case": case, "principal": principal, "action": action}
        values = {name: value for name, value in named.items() if value is not None}
        wanted = Wanted(values, _time(since), _time(until))
        await _recorded(info, f"entries {digest(repr(wanted))}")
        folder, before = info.context.hand.journal.folder, int(place or MOST)
        found = await asyncio.to_thread(entries, folder, wanted, first=size + 1, before=before)
        shown = page(found, size, lambda told: str(told["seq"]))
        return connection(info, JOURNAL, shown, after=after, make=entry)

    @strawberry.field
    async def journal_proof(self, info: Info, seq: Long) -> JSON | None:
        """For auditors: the proof that an entry is under the signed root, as of `audit prove`.

        `graphsvc audit verify --proof` checks it without access to the journal.
        """
        require(info.context.principal, Scope.AUDIT)
        await _recorded(info, f"proof of {seq}")
        try:
            return JSON(await asyncio.to_thread(prove, info.context.hand.journal.folder, seq))
        except NotFound:
            return None


async def _recorded(info: Info, detail: str) -> None:
    """Return once it is in the journal that somebody reads it; raises JournalAway."""
    who = info.context.principal
    event = Event("journal.read", who.id, who.role.value, detail=detail)
    await info.context.hand.journal.append(event)


def _time(text: str | None) -> str:
    if text is not None and not TIME.fullmatch(text):
        raise BadRequest("a time is written 2024-05-01 or 2024-05-01T12:00:00Z")
    return text or ""
