"""How a verb reaches the graph: the configured server, connected, and migrated for a writer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from graphsvc.cli.recorded import Deed, recorded
from graphsvc.settings import Settings
from graphsvc.store.driver import connect
from graphsvc.store.local import resolve
from graphsvc.store.migrate import migrate
from graphsvc.store.place import check_room
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer

LONG_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph's reader and writer, with a job's time limit, and what is done with them."""

    reader: Reader
    writer: Writer
    deed: Deed


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[Reader]:
    """Yield a reader of the configured server; raises DatabaseAway, DatabaseRefused."""
    async with connect(resolve(settings)) as driver:
        yield Reader(driver, seconds=LONG_SECONDS)


@asynccontextmanager
async def writing(settings: Settings, deed: Deed) -> AsyncIterator[Graph]:
    """Yield a reader and a writer of the configured server, once its schema is as declared.

    The journal has the deed before the server is asked for anything, and its outcome at the end.
    Raises DiskFull, before anything is written, where there is no room for what is to be, and
    JournalAway.
    """
    check_room(settings.home, settings.disk_floor)
    with recorded(settings, deed):
        async with connect(resolve(settings)) as driver:
            await migrate(driver)
            reader = Reader(driver, seconds=LONG_SECONDS)
            yield Graph(reader, Writer(driver, seconds=LONG_SECONDS), deed)
