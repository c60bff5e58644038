"""The web application: the routes, and what a worker opens at its start and closes at its end."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from graphsvc import log
from graphsvc.access.oidc import load_issuer
from graphsvc.access.tokens import load_tokeniser
from graphsvc.api.auth import Gatekeeper
from graphsvc.api.database import Database
from graphsvc.api.documents import Documents
from graphsvc.api.door import Door
from graphsvc.api.export import Exports
from graphsvc.api.headers import Hardened
from graphsvc.api.http import RequestIds, Service, no_route
from graphsvc.api.metrics import Measured
from graphsvc.api.rates import Rates
from graphsvc.api.room import Room
from graphsvc.api.schema import EXECUTABLE
from graphsvc.api.seal import load_seal
from graphsvc.api.traced import Traced, operation
from graphsvc.api.trusted import documents
from graphsvc.api.watchdog import watched
from graphsvc.audit.journal import Journal
from graphsvc.errors import DatabaseAway
from graphsvc.investigate.pictures import PictureIndex
from graphsvc.settings import Settings, load_settings

if TYPE_CHECKING:
    from graphsvc.tracing import Tracing

# What a request may take beyond its queries' own limit, in seconds.
SPARE_SECONDS = 5.0


def create_app(settings: Settings) -> Starlette:
    """Return the application; raises NotWritable or KeyRefused for the key folder, JournalAway.

    A database that is away at a worker's start is no reason to end: requests get 503 until it
    is back.
    """
    log.configure(settings.log_level)
    tracing, seal = _tracing(settings), load_seal(settings)
    database = Database(settings, tracing)
    journal = Journal.open(settings.journal_folder)
    service = Service(
        database=database,
        documents=Documents(EXECUTABLE, documents().values()),
        gatekeeper=Gatekeeper(load_issuer(settings)),
        door=Door(journal, seal.secret(b"pseudonyms")),
        seal=seal,
        pictures=PictureIndex(),
        rates=Rates(settings.rate_points / settings.workers),
        room=Room(),
        tokens=partial(load_tokeniser, settings),
        seconds=settings.query_seconds + SPARE_SECONDS,
        home=settings.home,
        disk_floor=settings.disk_floor,
        traced=partial(operation, tracing) if tracing else lambda _, work: work,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with watched(settings.watchdog_seconds):
            try:
                await database.reader()
            except DatabaseAway as error:
                structlog.get_logger().warning("database_away", error=str(error))
            gc.collect()
            gc.freeze()  # what stays is looked at no more: each look held all answers up for 0.1 s
            yield
        await database.close()
        journal.close()
        if tracing:
            tracing.close()

    app = Starlette(
        routes=[
            Route("/graphql", service.guarded(service.graphql), methods=["POST"]),
            Route("/export/{what}", service.guarded(Exports(service).export), methods=["GET"]),
            Route("/livez", service.guarded(service.livez), methods=["GET"]),
            Route("/readyz", service.guarded(service.readyz), methods=["GET"]),
        ],
        middleware=[
            Middleware(Measured),
            Middleware(Hardened, tls=settings.tls),
            Middleware(RequestIds),
            *([Middleware(Traced, tracing=tracing)] if tracing else []),
        ],
        exception_handlers={HTTPException: no_route},
        lifespan=lifespan,
    )
    # A redirect would send the key to whatever Host the request named.
    app.router.redirect_slashes = False
    return app


def _tracing(settings: Settings) -> Tracing | None:
    """Return what makes spans; None where they have nowhere to go."""
    if settings.otel_exporter_otlp_endpoint is None:
        return None
    from graphsvc.tracing import started  # only here: who has no receiver does not pay for it

    return started(settings.otel_exporter_otlp_endpoint, settings.otel_service_name)


def worker() -> Starlette:
    """Return the application as a server's worker makes it: the environment holds the settings."""
    return create_app(load_settings())
