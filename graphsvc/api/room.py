"""How many requests a worker answers at once: who comes to a full house is told so at once.

A request that would wait its turn takes memory, and is often given up before it is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graphsvc.api.errors import Overloaded

# At 100 requests a second as many come in half a second: a pause of the database is waited out.
MOST_AT_ONCE = 48


class Room:
    """Places for requests; not for several threads."""

    def __init__(self, places: int = MOST_AT_ONCE) -> None:
        self._free = places

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raises Overloaded where none is free."""
        if not self._free:
            raise Overloaded("more requests are being answered than this server can at once")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1
