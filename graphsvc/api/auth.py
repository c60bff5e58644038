"""Who asks: the bearer key of a request, verified; remembered for seconds, in this worker only."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

from graphsvc.access.keys import KEY, REFUSED, verify_key
from graphsvc.access.principal import Principal
from graphsvc.errors import Unauthenticated
from graphsvc.store.reader import Reader

REMEMBERED_SECONDS = 30.0
MOST_REMEMBERED = 1000
SCHEME = "bearer"


class Gatekeeper:
    """Verifies keys against the graph, each at most once in 30 seconds.

    A key is remembered by its SHA-256, and a refused one not at all; so one that is revoked or
    expires is let in for 30 seconds at most, and a new one at once.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def principal(
        self, header: str | None, reader: Callable[[], Awaitable[Reader]]
    ) -> Principal:
        """Return whom an Authorization header stands for; raises Unauthenticated, DatabaseAway."""
        key = bearer(header)
        digest = sha256(key.encode("ascii")).digest()
        held = self._known.get(digest)
        if held is not None and self._now() < held[0]:
            return held[1]
        self._known.pop(digest, None)
        found = await verify_key(await reader(), key)
        self._known[digest] = self._now() + REMEMBERED_SECONDS, found
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return found


def bearer(header: str | None) -> str:
    """Return the key of an Authorization header; raises Unauthenticated.

    What has not the form of a key is refused here, and costs no query.
    """
    if not header:
        raise Unauthenticated("this request carries no key")
    scheme, _, key = header.partition(" ")
    if scheme.lower() != SCHEME or not KEY.fullmatch(key):
        raise Unauthenticated(REFUSED)
    return key
