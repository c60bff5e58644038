"""GraphQL and health over HTTP: who asks, then the body, then the answer; every status is here."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc import clock
from graphsvc.access.policy import require
from graphsvc.access.principal import Principal
from graphsvc.access.principal import Scope as May
from graphsvc.api.auth import Gatekeeper
from graphsvc.api.context import Context
from graphsvc.api.database import Database
from graphsvc.api.documents import Documents
from graphsvc.api.door import Door, Visit
from graphsvc.api.errors import (
    BodyTooLarge,
    MediaTypeRefused,
    MethodRefused,
    NoSuchPath,
    NotReady,
    RateLimited,
    as_json,
    database_away,
    unexpected,
)
from graphsvc.api.execute import Answer, Plan, answer, plan
from graphsvc.api.gate import admit
from graphsvc.api.hand import Hand
from graphsvc.api.loaders import Loaders
from graphsvc.api.presence import Presence
from graphsvc.api.rates import Rates
from graphsvc.api.room import Room
from graphsvc.api.seal import Seal
from graphsvc.errors import BadRequest, DatabaseAway, DiskFull, GraphsvcError, JournalAway
from graphsvc.investigate.pictures import PictureIndex
from graphsvc.store.place import check_room
from ingest.fold.token import Tokeniser

MOST_BODY = 64 * 1024
BODY_SECONDS = 10.0
RETRY_SECONDS = 2
JSON_TYPE = "application/json"
log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Service:
    """What a worker answers with."""

    database: Database
    documents: Documents
    gatekeeper: Gatekeeper
    door: Door
    seal: Seal
    pictures: PictureIndex
    rates: Rates
    room: Room
    tokens: Callable[[], Tokeniser]
    seconds: float
    home: Path
    disk_floor: int
    traced: Callable[[Plan, Coroutine[Any, Any, Answer]], Coroutine[Any, Any, Answer]]

    async def graphql(self, request: Request) -> Response:
        """Answer POST /graphql, unless so many are being answered that one more would wait."""
        with self.room.taken():
            return await self._graphql(request)

    async def _graphql(self, request: Request) -> Response:
        """Answer a request; nothing of the body is read before the key is good."""
        principal = await self.reading(request)
        check_media_type(request)
        planned = plan(self.documents, admit(await body_of(request)), principal)
        allowance = self.rates.take(principal.id, planned.cost)
        visit = await self.visit(request, principal)
        hand = Hand(self.database.writer, self.door.journal, principal)
        context = Context(
            visit.reader,
            principal,
            Loaders(visit.reader),
            self.seal,
            self.pictures,
            hand,
            self.tokens,
        )
        work = self.traced(planned, answer(planned, context, seconds=self.seconds))
        answering = self.door.recorded(visit, planned.document, work)
        if planned.writes:  # what is decided is done, whether its answer is waited for or not
            told = await answering
        else:
            with Presence(request.receive) as present:
                told = await present.hold(answering)
        response = written(told.body, told.status)
        response.headers.update(allowance.headers(planned.cost) | self.door.witnessed(visit))
        return response

    async def reading(self, request: Request) -> Principal:
        """Return who asks, once that is known and may read; raises Unauthenticated, Forbidden."""
        header = request.headers.get("authorization")
        principal = await self._soon(self.gatekeeper.principal(header, self.database.reader))
        require(principal, May.READ)
        structlog.contextvars.bind_contextvars(principal=principal.id)
        return principal

    async def visit(self, request: Request, principal: Principal) -> Visit:
        """Return how the graph is open to a principal; raises what the door does, DatabaseAway."""
        reader = await self.database.reader()
        return await self._soon(self.door.visit(reader, principal, request.headers))

    async def _soon(self, asked: Awaitable[T]) -> T:
        """Return what is asked of the graph before the request's own work; raises DatabaseAway."""
        try:
            async with asyncio.timeout(self.seconds):
                return await asked
        except TimeoutError:
            raise DatabaseAway("Neo4j does not answer") from None

    async def livez(self, request: Request) -> Response:
        """Answer GET /livez: this worker runs."""
        del request
        return written({"status": "alive"})

    async def readyz(self, request: Request) -> Response:
        """Answer GET /readyz: the database answers, the journal can be written, there is room."""
        del request
        try:
            check_room(self.home, self.disk_floor)
            await self.door.journal.ready()
        except (DiskFull, JournalAway) as error:
            log.warning("not_ready", error=str(error))
            raise NotReady("this server cannot record what it answers now") from None
        await self.database.ready()
        return written({"status": "ready"})

    def guarded(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """Return the endpoint with every error of its turned into an answer."""

        async def whole(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Exception as error:  # noqa: BLE001 - each is told as one of ours
                return refusal(self.met(error))

        return whole

    def met(self, error: Exception) -> GraphsvcError:
        """Return what an error is told as; what stands behind it is for the log."""
        if isinstance(error, ClientDisconnect):  # nobody is left to read this
            return BadRequest("the client went away before it had its answer")
        if not isinstance(error, GraphsvcError):
            log.error("unexpected", error=type(error).__name__, exc_info=error)
            return unexpected()
        if database_away(error):
            log.warning("database_away", error=str(error))
            self.database.lost()
        if isinstance(error, JournalAway):
            log.warning("journal_away", error=str(error))
        return error


def check_media_type(request: Request) -> None:
    """Raise MediaTypeRefused unless the body is plain application/json in UTF-8."""
    kind, *parameters = request.headers.get("content-type", "").lower().split(";")
    charset = [each.strip() for each in parameters if each.strip()]
    if kind.strip() != JSON_TYPE or charset not in ([], ["charset=utf-8"], ['charset="utf-8"']):
        raise MediaTypeRefused("the body must be application/json")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeRefused("the body must not be compressed")


async def body_of(request: Request) -> bytes:
    """Return the body; raises BodyTooLarge as soon as it is, BadRequest where it does not come."""
    told = request.headers.get("content-length", "")
    if told.isdecimal() and (len(told) > 9 or int(told) > MOST_BODY):
        raise BodyTooLarge(f"the body is larger than {MOST_BODY} bytes")
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MOST_BODY:
                    raise BodyTooLarge(f"the body is larger than {MOST_BODY} bytes")
                parts.append(part)
    except TimeoutError:
        raise BadRequest(f"the body did not come within {BODY_SECONDS:.0f} s") from None
    return b"".join(parts)


def written(value: dict[str, Any], status: int = 200) -> Response:
    """Return a value as a JSON response."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text.encode("utf-8"), status, media_type=JSON_TYPE)


def refusal(error: GraphsvcError) -> Response:
    """Return an error as a response with the status of its class."""
    response = written({"errors": [as_json(error)]}, error.status)
    if error.status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, RateLimited):
        response.headers["Retry-After"] = str(error.seconds)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def no_route(request: Request, error: Exception) -> Response:
    """Answer a path or a method that is not served."""
    del request
    if isinstance(error, HTTPException) and error.status_code == 405:
        response = refusal(MethodRefused("this path is served by another method"))
        response.headers.update(error.headers or {})
        return response
    return refusal(NoSuchPath("nothing is served here"))


class RequestIds:
    """Gives each request an id, in its answer's X-Request-Id and in the log; logs how it ended.

    Never takes an id from outside: it would stand in our log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, began, status = clock.new_id("req"), time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        await self._app(scope, receive, sending)
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        log.info("answered", path=scope["path"][:100], status=status, ms=milliseconds)
