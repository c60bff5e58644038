"""Making the next while the present is worked on: in order, and Python's turns as they were."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from graphsvc.loading.ahead import ahead


async def _taken(items: Iterator[int], most: int = 100) -> list[int]:
    found = []
    async for item in ahead(items):
        found.append(item)
        if len(found) == most:
            break
    return found


def test_items_come_in_order_until_there_are_none() -> None:
    assert asyncio.run(_taken(iter(range(1, 6)))) == [1, 2, 3, 4, 5]
    assert asyncio.run(_taken(iter(()))) == []


def test_a_thread_gives_python_up_sooner_only_while_it_makes_items() -> None:
    usual = sys.getswitchinterval()
    during = []

    def items() -> Iterator[int]:
        for item in (1, 2):
            during.append(sys.getswitchinterval())
            yield item
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="gone"):
        asyncio.run(_taken(items()))
    assert max(during) < usual / 10
    assert sys.getswitchinterval() == usual
