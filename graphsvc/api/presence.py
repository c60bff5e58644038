"""Work for a client ends where the client goes away: a question to the graph is ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")
GONE = "http.disconnect"


class Presence:
    """Knows whether a client is there, from when its body was read until the block ends.

    One for a request: a server may take it ill that what waits for its word is given up and begun
    again.
    """

    def __init__(self, receive: Receive) -> None:
        self._going = asyncio.create_task(_gone(receive))

    async def hold(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work gives; raises ClientDisconnect once the client is gone.

        The work is cancelled then, and what it does about that is waited for.
        """
        working = asyncio.create_task(work)
        try:
            await asyncio.wait({working, self._going}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            raise ClientDisconnect
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    def __enter__(self) -> Presence:
        return self

    def __exit__(self, *_: object) -> None:
        """Look no more."""
        self._going.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != GONE:
        pass
