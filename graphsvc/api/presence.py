"""Work for a client ends where the client goes away: a question to the graph is ended with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

T = TypeVar("T")
GONE = "http.disconnect"


async def while_there(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives; raises ClientDisconnect once the client is gone.

    The work is cancelled then, and what it does about that is waited for. The body must have been
    read: nothing else may come from a client.
    """
    working, going = asyncio.create_task(work), asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({working, going}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        for task in (working, going):
            task.cancel()
        await asyncio.gather(working, going, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != GONE:
        pass
