"""A graph on its way out: read, written and sent piece by piece, in memory that does not grow.

How it ended is recorded after the last byte, whatever ended it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphsvc.api.errors import as_json
from graphsvc.api.presence import Presence
from graphsvc.audit.outcome import DONE, INTERRUPTED, outcome_of
from graphsvc.errors import DatabaseSlow, GraphsvcError
from graphsvc.investigate.lines import Counts, Part, Written

LOT = 2_500  # parts that are paid for, a point each, before the first of them leaves
SECONDS = 300.0  # of a whole export
STALLED_SECONDS = 30.0  # in which a client must take what it was sent
PIECE = 16 * 1024  # characters that are sent at once
log = structlog.get_logger()


@dataclass(slots=True)
class Export:
    """The parts, how they are written, and what is to be done on the way.

    `pay` takes the points of a lot, `met` returns what an error is told as, `ended` records the
    counts and the outcome.
    """

    parts: AsyncIterator[Part]
    written: Written
    pay: Callable[[], object]
    met: Callable[[Exception], GraphsvcError]
    ended: Callable[[str, str], Awaitable[None]]
    counts: Counts = field(default_factory=Counts)
    _text: str = ""

    async def begin(self) -> None:
        """Read the first part, so that what is refused is refused with its status."""
        try:
            first = await anext(self.parts)
        except BaseException as error:
            await self.ended("nothing left", outcome_of(error))
            raise
        self._text = self.written.opening()
        self._write(first)

    async def leave(self, send: Send) -> None:
        """Send all of it; raises what cut it short, once the text says that it is.

        Raises ClientDisconnect for a client that takes nothing more.
        """
        error: GraphsvcError | None = None
        try:
            async with asyncio.timeout(SECONDS):
                await self._pass_on(send)
        except TimeoutError:
            error = DatabaseSlow(f"the export took longer than {SECONDS:.0f} s")
        except ClientDisconnect:
            raise
        except Exception as found:  # noqa: BLE001 - each is told as one of ours
            error = self.met(found)
        self._text += self.written.closing(self.counts, _told(error) if error else None)
        await self._give(send, more=False)
        if error is not None:
            raise error

    async def _pass_on(self, send: Send) -> None:
        async for part in self.parts:
            if (self.counts.nodes + self.counts.edges) % LOT == 0:
                self.pay()
            self._write(part)
            if len(self._text) >= PIECE:
                await self._give(send, more=True)

    def _write(self, part: Part) -> None:
        self._text += self.written.part(part)
        self.counts.add(part)

    async def _give(self, send: Send, *, more: bool) -> None:
        body, self._text = self._text.encode("utf-8"), ""
        message = {"type": "http.response.body", "body": body, "more_body": more}
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await send(message)
        except TimeoutError:
            raise ClientDisconnect from None


class Outgoing(Response):
    """The answer that an export is; `held` is let go of with its end."""

    def __init__(
        self, export: Export, present: Presence, headers: Mapping[str, str], held: ExitStack
    ) -> None:
        super().__init__(media_type=export.written.media, headers=headers)
        del self.headers["content-length"]  # nobody knows it yet
        self._export, self._present, self._held = export, present, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; the reading ends where the client goes away."""
        del scope, receive
        outcome = INTERRUPTED
        try:
            with self._held:
                start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(start)
                await self._present.hold(self._export.leave(send))
                outcome = DONE
        except GraphsvcError as error:
            outcome = error.code
        except ClientDisconnect:
            log.info("export_left", outcome=outcome)
        finally:
            await self._record(outcome)

    async def _record(self, outcome: str) -> None:
        counts = self._export.counts
        end = "whole" if outcome == DONE else "cut short"
        try:
            await self._export.ended(f"{counts.nodes} nodes, {counts.edges} edges, {end}", outcome)
        except GraphsvcError as error:  # it has left: that it did stands in the intent
            log.error("journal_away", error=str(error))


def _told(error: GraphsvcError) -> dict[str, str]:
    told = as_json(error)
    return {"message": told["message"], **told["extensions"]}
