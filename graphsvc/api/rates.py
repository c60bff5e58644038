"""How much each client may ask: a token bucket in cost points, one a client in each worker.

It must never forget a client that is in debt before one that is not.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.api.errors import RateLimited

WINDOW = 60.0  # seconds in which an empty bucket is full again
MOST_CLIENTS = 10_000
ROUNDING = 1e-6  # of a point: what the sums of many seconds may lose


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a client stands: points a minute, points left, seconds until the bucket is full."""

    points: int
    left: int
    reset: int

    def headers(self, cost: int) -> dict[str, str]:
        """Return the headers that tell so (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "Cost": str(cost),
            "RateLimit-Policy": f'"cost";q={self.points};w={WINDOW:.0f}',
            "RateLimit": f'"cost";r={self.left};t={self.reset}',
        }


class Rates:
    """Buckets of `points` that fill up in a minute."""

    def __init__(self, points: float, now: Callable[[], float] = time.monotonic) -> None:
        self._points = points
        self._now = now
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()  # points left, at

    def take(self, client: str, cost: int) -> Allowance:
        """Take a request's points from a client's bucket.

        Raises RateLimited where it has not enough; a request that costs more than the bucket holds
        needs a full one.
        """
        now = self._now()
        left = self._left(client, now)
        needed = min(cost, self._points)
        if left < needed - ROUNDING:
            seconds = math.ceil((needed - left) / self._points * WINDOW)
            raise RateLimited(f"{cost} points are needed, {int(left)} are left", seconds)
        left = max(0.0, left - needed)
        self._held[client] = left, now
        self._held.move_to_end(client)
        while len(self._held) > MOST_CLIENTS:  # the one that asked least lately is nearly full
            self._held.popitem(last=False)
        reset = math.ceil((self._points - left) / self._points * WINDOW)
        return Allowance(int(self._points), int(left), reset)

    def _left(self, client: str, now: float) -> float:
        left, at = self._held.get(client, (self._points, now))
        return min(self._points, left + (now - at) * self._points / WINDOW)
