"""Who asks: the bearer key or token of a request, verified; a key is remembered for a moment."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

import structlog

from graphsvc.access.keys import KEY, REFUSED, verify_key
from graphsvc.access.oidc import Issuer, TokenRefused
from graphsvc.access.principal import Principal
from graphsvc.errors import Unauthenticated
from graphsvc.store.reader import Reader

# Every worker asks anew after this time, so that a revoked key is refused within a second.
REMEMBERED_SECONDS = 0.5
MOST_REMEMBERED = 1000
SCHEME = "bearer"


class Gatekeeper:
    """Verifies keys against the graph, each at most twice a second, and tokens of the issuer.

    A key is remembered by its SHA-256, and a refused one not at all; so one that is revoked or
    expires is let in for half a second at most, and a new one at once. A token is not remembered.
    """

    def __init__(
        self, issuer: Issuer | None = None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer = issuer
        self._now = now
        self._known: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    async def principal(
        self, header: str | None, reader: Callable[[], Awaitable[Reader]]
    ) -> Principal:
        """Return whom an Authorization header stands for.

        Raises Unauthenticated, DatabaseAway, or IssuerAway where no keys of the issuer are held.
        """
        credential = bearer(header)
        if KEY.fullmatch(credential):
            return await self._holder(credential, reader)
        if self._issuer is None:
            raise Unauthenticated(REFUSED)
        try:
            return await self._issuer.principal(credential)
        except TokenRefused as refused:
            structlog.contextvars.bind_contextvars(refused=f"token: {refused}")
            raise Unauthenticated(REFUSED) from None

    async def _holder(self, key: str, reader: Callable[[], Awaitable[Reader]]) -> Principal:
        digest = sha256(key.encode("ascii")).digest()
        held = self._known.get(digest)
        if held is not None and self._now() < held[0]:
            return held[1]
        self._known.pop(digest, None)
        began = self._now()
        found = await verify_key(await reader(), key)
        self._known[digest] = began + REMEMBERED_SECONDS, found
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return found


def bearer(header: str | None) -> str:
    """Return what an Authorization header bears; raises Unauthenticated where it bears nothing."""
    if not header:
        raise Unauthenticated("this request carries no key")
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != SCHEME or not credential:
        raise Unauthenticated(REFUSED)
    return credential
