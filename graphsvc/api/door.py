"""The door: who reads with the graph's own reader, who within a scope, and the journal of that.

An outsider's answer does not leave before its record is durable.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from hashlib import sha256

from starlette.datastructures import Headers

from graphsvc.access.grants import admit
from graphsvc.access.principal import Principal, Role
from graphsvc.access.redact import Redactor
from graphsvc.access.scope import Bounds, Scope
from graphsvc.access.scoped import ScopedReader
from graphsvc.api.execute import Answer
from graphsvc.audit.events import LONGEST, Event
from graphsvc.audit.journal import Journal
from graphsvc.audit.outcome import DONE, outcome_of
from graphsvc.errors import GraphsvcError
from graphsvc.investigate.kinds import CAP, LINKING_LEVELS
from graphsvc.store.reader import Reader
from queries.schema.casework import Opened

READ, EXPORT = "read", "export"
BOUNDS = Bounds(CAP, LINKING_LEVELS)


@dataclass(slots=True)
class Visit:
    """One request's reader, and what the journal will say of it; None for those from inside.

    `sellers` are those of the case that the grant opens; `whole` is False where a bound left some
    of whom the grant reaches out.
    """

    reader: Reader
    event: Event | None = None
    sellers: tuple[str, ...] = ()
    whole: bool = True


class Door:
    """Opens a reader to each principal; `secret` keys the pseudonyms."""

    def __init__(self, journal: Journal, secret: bytes) -> None:
        self.journal = journal
        self._secret = secret

    async def visit(self, reader: Reader, principal: Principal, headers: Headers) -> Visit:
        """Return the reader of a principal: for a partner by its grant, which the headers name.

        A platform that names a case reads by a grant too, else it reads its own sellers.
        Raises CaseMissing, PurposeMissing, GrantMissing; the refusal is recorded too.
        """
        if not principal.outside:
            return Visit(reader)
        standing = principal.standing
        event = Event(READ, principal.id, principal.role.value, officer=standing.officer)
        if principal.role is Role.PLATFORM and "case-id" not in headers:
            scope = Scope(CAP, platform=standing.platform)
            return Visit(self._scoped(reader, scope, standing.platform or "", list(Opened)), event)
        try:
            case, purpose = headers.get("case-id"), headers.get("purpose")
            grant, scope = await admit(reader, principal, case, purpose, BOUNDS)
        except GraphsvcError as refused:
            await self.journal.append(replace(event, outcome=refused.code))
            raise
        event = replace(event, case=grant.case, purpose=grant.purpose, grant=grant.id)
        opened = self._scoped(reader, scope, grant.id, grant.fields)
        return Visit(opened, event, tuple(grant.sellers), scope.whole)

    async def recorded(self, visit: Visit, document: str, work: Awaitable[Answer]) -> Answer:
        """Return the answer once the journal has what was read for it, and by which document.

        Raises JournalAway.
        """
        outcome = DONE
        try:
            return await work
        except BaseException as error:
            outcome = outcome_of(error)
            raise
        finally:
            if visit.event is not None:
                await self.journal.append(_told(visit, visit.event, document, outcome))

    async def intends(self, visit: Visit, principal: Principal, detail: str) -> Event:
        """Return the event of an export once its intent is durable; raises JournalAway."""
        known = visit.event or Event(READ, principal.id, principal.role.value)
        event = replace(known, action=EXPORT, detail=detail)
        begun = await self.journal.append(event)
        return replace(event, intent=begun.seq)

    async def ended(self, visit: Visit, event: Event, told: str, outcome: str) -> None:
        """Record how an export ended, and whom it told of to an outsider; raises JournalAway."""
        subject = _sellers(visit.reader) if isinstance(visit.reader, ScopedReader) else None
        detail = f"{event.detail}, {told}"
        await self.journal.append(replace(event, subject=subject, detail=detail, outcome=outcome))

    def witnessed(self, visit: Visit) -> dict[str, str]:
        """Return the headers that make an outsider a witness, and tell a partner of its reach.

        A witness holds the journal's latest checkpoint; a reach is whole, or cut by a bound.
        """
        if visit.event is None:
            return {}
        told, latest = {}, self.journal.latest
        if latest is not None:
            told["Checkpoint"] = json.dumps(latest.as_json(), separators=(",", ":"))
        if visit.event.grant is not None:
            told["Reach"] = "whole" if visit.whole else "cut"
        return told

    def _scoped(self, reader: Reader, scope: Scope, name: str, opened: list[str]) -> ScopedReader:
        key = hmac.new(self._secret, name.encode(), sha256).digest()
        return ScopedReader(reader, scope, Redactor(key, opened))


def _told(visit: Visit, event: Event, document: str, outcome: str) -> Event:
    """Return the event of a read: which sellers, how many rows, and of which document."""
    assert isinstance(visit.reader, ScopedReader)  # noqa: S101
    detail = f"{len(visit.reader.sellers)} sellers, {visit.reader.given} rows, {document}"
    return replace(event, subject=_sellers(visit.reader), detail=detail, outcome=outcome)


def _sellers(reader: ScopedReader) -> str | None:
    """Return the sellers that a reader told of, as far as an event has room for them."""
    sellers = ""
    for seller in sorted(reader.sellers):
        if len(sellers) + len(seller) >= LONGEST:
            break
        sellers = f"{sellers} {seller}".strip()
    return sellers or None
