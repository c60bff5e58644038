"""Prepare the next while the present is worked on: parsing hides behind writing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from typing import TypeVar

T = TypeVar("T")
# How long the thread that reads keeps Python to itself while the one that writes wants it. Each of
# a batch's some dozens of turns with the server waits so long: 5 ms, Python's own, made them last.
_TURN_SECONDS = 0.0003


async def ahead(items: Iterator[T]) -> AsyncIterator[T]:
    """Yield the items while a thread already makes the next one."""
    was = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    coming = asyncio.create_task(asyncio.to_thread(next, items, None))
    try:
        while (item := await coming) is not None:
            coming = asyncio.create_task(asyncio.to_thread(next, items, None))
            yield item
    finally:
        coming.cancel()
        sys.setswitchinterval(was)
