"""Spans for OpenTelemetry: of requests, operations and questions, sent to where settings say.

A span has names and ids of our own making, numbers and codes; never a parameter, a text from
outside or the words of an error. Nobody imports this where no receiver is set.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import structlog
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Span, SpanKind, StatusCode, use_span

from graphsvc.errors import GraphsvcError

LAST_SECONDS = 2.0  # in which the last spans may leave once a stop is asked for
log = structlog.get_logger()
T = TypeVar("T")
Told = Mapping[str, str | int]


class Tracing:
    """Makes spans; they are sent by a thread of its own, which drops what it cannot hold."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("graphsvc")

    def request(self, name: str, told: Told) -> AbstractContextManager[Span]:
        """Return the span of a request: the root of its trace, whatever its headers say."""
        return self._span(name, SpanKind.SERVER, told, context=Context())

    async def operation(self, name: str, told: Told, work: Awaitable[T]) -> T:
        """Return what the work of an operation gives, under a span of it."""
        with self._span(name, SpanKind.INTERNAL, told):
            return await work

    def question(self, name: str) -> AbstractContextManager[Span]:
        """Return the span of a question to the graph, by its name in the catalogue.

        It is nobody's parent: rows are read by whoever asks, and in whatever task.
        """
        told = {"db.system.name": "neo4j", "db.operation.name": name}
        return self._span(name, SpanKind.CLIENT, told, parent=False)

    @staticmethod
    def failed(span: Span, code: str) -> None:
        """Mark a span as failed, by a code and no more."""
        span.set_attribute("error.type", code)
        span.set_status(StatusCode.ERROR)

    def close(self) -> None:
        """Send what is left; a receiver that is away is given up after two seconds."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_SECONDS)

    @contextmanager
    def _span(
        self,
        name: str,
        kind: SpanKind,
        told: Told,
        *,
        context: Context | None = None,
        parent: bool = True,
    ) -> Iterator[Span]:
        span = self._tracer.start_span(name, context, kind, told)
        # By itself the library would write an exception's words and its stack into the span.
        quiet = {"record_exception": False, "set_status_on_exception": False}
        try:
            with use_span(span, **quiet) if parent else nullcontext():
                yield span
        except GeneratorExit:  # whoever reads has enough
            raise
        except BaseException as error:
            self.failed(span, _code(error))
            raise
        finally:
            span.end()


def _code(error: BaseException) -> str:
    return error.code if isinstance(error, GraphsvcError) else type(error).__name__


class Sender(SpanExporter):
    """Passes spans on; logs that the receiver is away once, and that it is back once."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._away = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; what cannot be sent is lost."""
        result = self._inner.export(spans)
        away = result is not SpanExportResult.SUCCESS
        if away and not self._away:
            log.warning("traces_away")
        if self._away and not away:
            log.info("traces_back")
        self._away = away
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._inner.shutdown()


def started(endpoint: str, service: str) -> Tracing:
    """Return the tracing of this process, which sends to an OTLP receiver over HTTP."""
    # The library would log each attempt, in lines that are not JSON; the sender says it once.
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False
    )
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(Sender(exporter)))
    return Tracing(provider)
