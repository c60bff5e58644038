"""The span of a request, and what an operation's says; the trace's id is in the log too.

Never a path, a header or a name that a client chose.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.api.execute import Answer, Plan
from graphsvc.api.metrics import served

if TYPE_CHECKING:
    from graphsvc.tracing import Tracing

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER = "_OTHER"  # the conventions' word for a method that is none of HTTP's
GONE = "client_gone"


class Traced:
    """Opens a trace for each request; `request` in its span and `trace` in the log name each other.

    The trace that a client says it is in is not taken up: its id would stand in our log.
    """

    def __init__(self, app: ASGIApp, *, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        method = scope["method"] if scope["method"] in METHODS else OTHER
        path = served(scope["path"])
        told = {
            "http.request.method": method,
            "http.route": f"/{path}",
            "graphsvc.request": structlog.contextvars.get_contextvars()["request"],
        }
        with self._tracing.request(f"{method} /{path}", told) as span:
            trace = f"{span.get_span_context().trace_id:032x}"
            structlog.contextvars.bind_contextvars(trace=trace)
            await self._app(scope, receive, sending)
            span.set_attribute("http.response.status_code", status)
            if not status or status >= 500:
                self._tracing.failed(span, str(status) if status else GONE)


async def operation(tracing: Tracing, planned: Plan, work: Awaitable[Answer]) -> Answer:
    """Return what the work of an operation gives, under a span of it."""
    return await tracing.operation(*_named(planned), work)


def _named(planned: Plan) -> tuple[str, dict[str, str | int]]:
    """Return the name of an operation's span and what it says.

    The name of a document of a client's own is a text from outside, and so is left out.
    """
    kind = planned.operation.operation.value
    told: dict[str, str | int] = {"graphql.operation.type": kind, "graphsvc.cost": planned.cost}
    if not planned.trusted or planned.operation.name is None:
        return kind, told
    name = planned.operation.name.value
    told |= {"graphql.operation.name": name, "graphql.document.id": planned.document}
    return f"{kind} {name}", told
