"""The watchdog: ends a worker whose event loop stands still, so that the server starts a new one.

It counts its own looks, not seconds: a process that was suspended as a whole is not ended when it
goes on. Never ends a worker that only waits.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

LOOKS = 10  # in the time that a loop may stand still
FAILED = 70  # EX_SOFTWARE: any exit that is not 0 has the worker replaced


class _Watchdog:
    """Counts what the loop does, and from a thread of its own looks whether it does."""

    def __init__(self, seconds: float) -> None:
        self._pause = seconds / LOOKS
        self._ticks = 0
        self._ended = threading.Event()

    async def tick(self) -> None:
        """Tick twice a look, until cancelled."""
        while True:
            self._ticks += 1
            await asyncio.sleep(self._pause / 2)

    def watch(self) -> None:
        """End the process after as many looks in a row without a tick; return when told to."""
        seen, still = -1, 0
        while not self._ended.wait(self._pause):
            still = still + 1 if self._ticks == seen else 0
            seen = self._ticks
            if still >= LOOKS:
                structlog.get_logger().error("stalled", seconds=round(self._pause * LOOKS, 1))
                os._exit(FAILED)

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()


@asynccontextmanager
async def watched(seconds: float) -> AsyncIterator[None]:
    """Have this process ended where its event loop stands still for so long, in the meantime."""
    dog = _Watchdog(seconds)
    ticking = asyncio.create_task(dog.tick())
    threading.Thread(target=dog.watch, name="watchdog", daemon=True).start()
    try:
        yield
    finally:
        dog.end()
        ticking.cancel()
