"""A process that writes a journal: `FOLDER COUNT LANES`; it prints each entry once it has it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from graphsvc.audit.events import Event
from graphsvc.audit.journal import Journal


async def write(journal: Journal, count: int, lanes: int) -> None:
    """Record `count` events, up to `lanes` at once, and tell of each."""

    async def lane(numbers: range) -> None:
        for number in numbers:
            entry = await journal.append(
                Event("seller.read", "k", "partner", subject=f"n-{number}")
            )
            sys.stdout.write(f"{entry.seq} {entry.hash.hex()}\n")
            sys.stdout.flush()

    await asyncio.gather(*(lane(range(first, count, lanes)) for first in range(lanes)))


if __name__ == "__main__":
    place, count, lanes = sys.argv[1:]
    opened = Journal.open(Path(place))
    asyncio.run(write(opened, int(count), int(lanes)))
    opened.close()
