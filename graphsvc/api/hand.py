"""The hand that writes for a principal: nothing is begun before the journal has the intent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from graphsvc.access.policy import require
from graphsvc.access.principal import Principal, Scope
from graphsvc.audit.events import Event, digest
from graphsvc.audit.journal import Journal
from graphsvc.audit.outcome import DONE, outcome_of
from graphsvc.errors import BadRequest, UsageError
from graphsvc.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Hand:
    """How one request may write, and in whose name."""

    writer: Callable[[], Awaitable[Writer]]
    journal: Journal
    principal: Principal

    @property
    def name(self) -> str:
        """Who decides, as it is kept with the decision: a name and the public id behind it."""
        return f"{self.principal.name} ({self.principal.id})"

    @asynccontextmanager
    async def decides(self, action: str, subject: str, because: str) -> AsyncIterator[Writer]:
        """Yield a writer once the intent is durable, and record what became of it.

        Of the reason the journal has the digest. Raises Forbidden, JournalAway, DatabaseAway.
        """
        require(self.principal, Scope.DECIDE)
        by, role = self.principal.id, self.principal.role.value
        event = Event(action, by, role, subject=subject, detail=digest(because))
        begun = await self.journal.append(event)
        event = replace(event, intent=begun.seq)
        try:
            yield await self.writer()
        except UsageError as error:  # the services speak of the options of the command line
            await self.journal.append(replace(event, outcome=BadRequest.code))
            raise BadRequest(str(error).replace("--", "")) from None
        except BaseException as error:
            await self.journal.append(replace(event, outcome=outcome_of(error)))
            raise
        await self.journal.append(replace(event, outcome=DONE))
