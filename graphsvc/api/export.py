"""Exports over HTTP: who may have which sub-graph, and that nothing leaves before its record."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack

from starlette.requests import Request
from starlette.responses import Response

from graphsvc.access.scoped import CLOSED
from graphsvc.api.asked import Asked, Of, asked
from graphsvc.api.door import Visit
from graphsvc.api.http import Service, body_of
from graphsvc.api.outgoing import LOT, Export, Outgoing
from graphsvc.api.parts import ring_parts, walked
from graphsvc.api.presence import Presence
from graphsvc.api.room import Room
from graphsvc.api.types.lookup import cited
from graphsvc.errors import Forbidden, NotFound, NotOpen
from graphsvc.investigate import rings, within
from graphsvc.investigate.kinds import IMAGE, SELLER, IdentifierKind, Ref
from graphsvc.investigate.lines import FORMS, Part
from graphsvc.investigate.roam import ABSENT, roam

MOST_AT_ONCE = 4  # exports of a worker: each may take minutes
SEEN_OUTSIDE = tuple(kind for kind in IdentifierKind if kind != IMAGE)


class Exports:
    """Answers GET /export/neighbourhood, /export/case and /export/ring."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._room = Room(MOST_AT_ONCE)

    async def export(self, request: Request) -> Response:
        """Return the answer whose first part is read; raises what a query raises, and NotFound."""
        service = self._service
        principal = await service.reading(request)
        wanted = asked(request)
        await body_of(request)
        allowance = service.rates.take(principal.id, LOT)
        with ExitStack() as held:
            held.enter_context(self._room.taken())
            visit = await service.visit(request, principal)
            if wanted.of is Of.CASE and (visit.event is None or visit.event.grant is None):
                raise Forbidden("a case leaves under a grant; export its sellers and its rings")
            event = await service.door.intends(visit, principal, wanted.told)
            export = Export(
                parts=self._parts(visit, wanted),
                written=FORMS[wanted.form],
                pay=lambda: service.rates.take(principal.id, LOT),
                met=service.met,
                ended=lambda told, how: service.door.ended(visit, event, told, how),
            )
            present = held.enter_context(Presence(request.receive))
            await present.hold(export.begin())
            headers = allowance.headers(LOT) | service.door.witnessed(visit)
            return Outgoing(export, present, headers, held.pop_all())

    async def _parts(self, visit: Visit, wanted: Asked) -> AsyncIterator[Part]:
        seal = self._service.seal
        if wanted.of is Of.RING:
            for part in ring_parts(seal, await self._ring(visit, wanted.id)):
                yield part
            return
        starts = visit.sellers if wanted.of is Of.CASE else [self._seller(wanted.id)]
        found = roam(visit.reader, starts, hops=wanted.hops, kinds=_kinds(visit, wanted))
        async for part in walked(seal, found):
            yield part

    def _seller(self, text: str) -> str:
        """Return the seller that a node id or platform:seller_id stands for; raises NotFound."""
        ref = self._service.seal.ref(text) or Ref(SELLER, text)
        if ref.kind != SELLER:
            raise NotFound(ABSENT)
        return ref.id

    async def _ring(self, visit: Visit, text: str) -> rings.RingView:
        ref = self._service.seal.ref(text)
        found = await rings.ring_of(visit.reader, *cited(ref.id if ref else text))
        if found is None:
            raise NotFound(ABSENT)
        told = within.view if visit.event is not None else rings.view
        return await told(visit.reader, found)


def _kinds(visit: Visit, wanted: Asked) -> tuple[str, ...] | None:
    """Return the kinds to walk over; raises NotOpen for pictures that an outsider names."""
    if visit.event is None:
        return wanted.kinds
    if wanted.kinds is not None and IMAGE in wanted.kinds:
        raise NotOpen(CLOSED)
    return wanted.kinds or SEEN_OUTSIDE
