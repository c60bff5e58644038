"""What a verb changes is in the journal: the intent before it is begun, the outcome after."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from graphsvc.audit.events import LONGEST, Event
from graphsvc.audit.journal import Journal
from graphsvc.audit.outcome import DONE, outcome_of
from graphsvc.errors import JournalAway
from graphsvc.settings import Settings

# Whoever may run the verbs may do anything; the machine says who it is.
ROLE = "operator"


@dataclass(slots=True)
class Deed:
    """What a verb does, to what, in whose name; what is learnt on the way is in the outcome.

    Ids, counts and digests only: never a text that may be personal.
    """

    action: str
    subject: str | None = None
    detail: str | None = None
    officer: str | None = None

    def also(self, subject: str) -> None:
        """Name one thing more that it was done to, as long as there is room."""
        known = f"{self.subject} {subject}" if self.subject else subject
        self.subject = known if len(known) <= LONGEST else self.subject


@contextmanager
def recorded(settings: Settings, deed: Deed) -> Iterator[Deed]:
    """Record that a deed is begun, and what became of it; raises JournalAway.

    Without a durable intent it is not begun.
    """
    journal = Journal.open(settings.journal_folder)
    try:
        begun = journal.record(_event(deed))
        try:
            yield deed
        except BaseException as error:
            _end(journal, _event(deed, begun.seq, outcome_of(error)))
            raise
        journal.record(_event(deed, begun.seq, DONE))
    finally:
        journal.close()


def _event(deed: Deed, intent: int | None = None, outcome: str | None = None) -> Event:
    done_by = f"os:{getpass.getuser()}"
    told = Event(deed.action, done_by, ROLE, subject=deed.subject, detail=deed.detail)
    return replace(told, officer=deed.officer, intent=intent, outcome=outcome)


def _end(journal: Journal, event: Event) -> None:
    """Record how a deed failed; the user is told of that, and not of a journal that is away too."""
    try:
        journal.record(event)
    except JournalAway:
        return
