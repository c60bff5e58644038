"""The graph as a worker reaches it: found at the start, found again after it was away.

A managed server may come back under another address; an outside one comes back under its own,
and its driver finds it. Never starts a server.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from graphsvc.errors import DatabaseAway
from graphsvc.settings import Settings
from graphsvc.store.driver import connect, translated
from graphsvc.store.local import Server, resolve
from graphsvc.store.migrate import migrate
from graphsvc.store.reader import Reader
from graphsvc.store.traced import TracedReader, TracedWriter
from graphsvc.store.writer import Writer

if TYPE_CHECKING:
    from graphsvc.tracing import Tracing

READY_SECONDS = 3.0


class Database:
    """One driver a worker, and the reader over it; `lost` makes the next request look again."""

    def __init__(self, settings: Settings, tracing: Tracing | None = None) -> None:
        self._settings = settings
        self._tracing = tracing
        self._server: Server | None = None
        self._reader: Reader | None = None
        self._stack = AsyncExitStack()
        self._doubted = True
        self._finding = asyncio.Lock()

    async def reader(self) -> Reader:
        """Return the reader of the server as it stands now; raises DatabaseAway."""
        if self._doubted or self._reader is None:
            await self._find()
        if self._reader is None:
            raise DatabaseAway("Neo4j does not answer")
        return self._reader

    async def writer(self) -> Writer:
        """Return a writer to the server as it stands now; raises DatabaseAway."""
        await self.reader()
        seconds = self._settings.query_seconds
        if self._tracing is None:
            return Writer(self._driver, seconds=seconds)
        return TracedWriter(self._driver, seconds=seconds, tracing=self._tracing)

    def lost(self) -> None:
        """Note that a request found the database away."""
        self._doubted = True

    async def ready(self) -> None:
        """Return where the server answers now; raises DatabaseAway."""
        await self.reader()
        try:
            await self._answers()
        except DatabaseAway:
            self.lost()
            raise

    async def close(self) -> None:
        """Close what is open."""
        await self._stack.aclose()
        self._reader = None

    def _made_reader(self) -> Reader:
        seconds = self._settings.query_seconds
        if self._tracing is None:
            return Reader(self._driver, seconds=seconds)
        return TracedReader(self._driver, seconds=seconds, tracing=self._tracing)

    async def _answers(self) -> None:
        """Return where the server that is known answers; raises DatabaseAway."""
        try:
            with translated():
                async with asyncio.timeout(READY_SECONDS):
                    await self._driver.verify_connectivity()
        except TimeoutError:
            raise DatabaseAway("Neo4j does not answer") from None

    async def _find(self) -> None:
        """Connect to the server that the settings name, or see that the one that is known answers.

        This is the circuit breaker: one request at a time tries, all others are refused at once.
        """
        if self._finding.locked():
            raise DatabaseAway("Neo4j does not answer; it is being looked for")
        async with self._finding:
            server = resolve(self._settings)
            if self._reader is None or self._server != server:
                await self.close()
                self._stack = AsyncExitStack()
                self._driver = await self._stack.enter_async_context(connect(server))
                await migrate(self._driver)
                self._reader = self._made_reader()
                self._server = server
            else:
                await self._answers()
            self._doubted = False
