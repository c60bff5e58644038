"""What a worker counts of its requests, for Prometheus: how many, how long, how they ended.

Never a label that comes from outside: a path that is not served counts as `other`.
"""

from __future__ import annotations

import time

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SERVED = ("graphql", "livez", "readyz", "export")
OTHER = "other"
REQUESTS = Counter("graphsvc_requests", "Answers by path and status.", ["path", "status"])
SECONDS = Histogram("graphsvc_request_seconds", "From request to answer.", ["path"])


def served(path: str) -> str:
    """Return which of the served paths a path is, by its first part."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in SERVED else OTHER


class Measured:
    """Counts each request once it is answered; one whose client went away has status 0."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            path = served(scope["path"])
            REQUESTS.labels(path, str(status)).inc()
            SECONDS.labels(path).observe(time.perf_counter() - began)
