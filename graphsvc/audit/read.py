"""Reading the journal page by page, newest first; it must never be read without a record of that.

Whoever calls this has recorded that it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphsvc.audit.ledger import MOST, Ledger
from graphsvc.audit.proof import told
from graphsvc.errors import BadRequest

LOOKS = 200_000  # entries that are looked at for one page


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: those whose bodies have all of these values, at or after, and before."""

    values: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    until: str = ""

    def fits(self, body: Mapping[str, Any]) -> bool:
        """Tell whether the body of an entry that is late enough is wanted."""
        timely = not self.until or body["at"] < self.until
        return timely and self.values.items() <= body.items()


def entries(
    folder: Path, wanted: Wanted, *, first: int, before: int = MOST
) -> list[dict[str, Any]]:
    """Return up to `first` wanted entries of numbers less than `before`, newest first.

    Raises BadRequest where 200,000 entries were looked at and too few found; NotFound where there
    is no journal, JournalAway.
    """
    found: list[dict[str, Any]] = []
    ledger = Ledger.readable(folder)
    try:
        for looked, entry in enumerate(ledger.backwards(before - 1)):
            if len(found) == first or (row := told(entry))["body"]["at"] < wanted.since:
                break
            if looked == LOOKS:
                raise BadRequest(
                    f"{LOOKS:,} entries hold too few of these: name an earlier `until`"
                )
            if wanted.fits(row["body"]):
                found.append(row)
    finally:
        ledger.close()
    return found
