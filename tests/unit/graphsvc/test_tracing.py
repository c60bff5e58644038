"""Spans say how something failed and never in what words; without a receiver there are none."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from structlog.testing import capture_logs

from graphsvc.errors import DatabaseSlow
from graphsvc.tracing import Sender, Tracing

SECRET = "Amber Lane"
IMPORTED = "[name for name in sys.modules if name.startswith('opentelemetry')]"


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(kept: InMemorySpanExporter) -> Tracing:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return Tracing(provider)


def one(kept: InMemorySpanExporter) -> ReadableSpan:
    [span] = kept.get_finished_spans()
    return span


@pytest.mark.parametrize(
    ("error", "code"),
    [(ValueError(SECRET), "ValueError"), (DatabaseSlow(SECRET), "DATABASE_TIMEOUT")],
)
def test_a_span_says_the_code_of_an_error_and_not_its_words(
    tracing: Tracing, kept: InMemorySpanExporter, error: Exception, code: str
) -> None:
    with pytest.raises(type(error)), tracing.request("POST /graphql", {}):
        raise error
    span = one(kept)
    assert span.attributes == {"error.type": code}
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert span.events == ()
    assert SECRET not in span.to_json()


def test_who_reads_no_further_has_not_failed(tracing: Tracing, kept: InMemorySpanExporter) -> None:
    async def rows() -> AsyncIterator[int]:
        with tracing.question("queries.sellers.sellers_by_id"):
            yield 1
            yield 2

    async def first() -> int:
        asked = rows()
        row = await anext(asked)
        await asked.aclose()  # type: ignore[attr-defined]
        return row

    assert asyncio.run(first()) == 1
    assert one(kept).status.status_code is StatusCode.UNSET


def test_a_question_is_nobodys_parent(tracing: Tracing, kept: InMemorySpanExporter) -> None:
    with tracing.request("GET /export", {}), tracing.question("a"), tracing.question("b"):
        pass
    b, a, request = kept.get_finished_spans()
    assert request.parent is None
    assert a.parent
    assert b.parent
    assert a.parent.span_id == b.parent.span_id == request.context.span_id


def test_a_request_is_the_root_of_its_trace(tracing: Tracing, kept: InMemorySpanExporter) -> None:
    with tracing.request("GET /livez", {}), tracing.request("POST /graphql", {}):
        pass
    assert [span.parent for span in kept.get_finished_spans()] == [None, None]


class Fickle(InMemorySpanExporter):
    """Is there or is not, as it is told."""

    there = False

    def export(self, spans: object) -> SpanExportResult:
        """Do as it is told."""
        return SpanExportResult.SUCCESS if self.there else SpanExportResult.FAILURE


def test_that_the_receiver_is_away_and_back_is_logged_once() -> None:
    inner = Fickle()
    sender = Sender(inner)
    with capture_logs() as logs:
        for there in (False, False, True, True, False):
            inner.there = there
            sender.export([])
    assert [line["event"] for line in logs] == ["traces_away", "traces_back", "traces_away"]


def test_without_a_receiver_nothing_of_the_library_is_there(tmp_path: Path) -> None:
    text = (
        "import sys; from graphsvc.app import create_app; from graphsvc.settings import "
        f"load_settings; app = create_app(load_settings()); print({IMPORTED}, app.user_middleware)"
    )
    run = subprocess.run(
        [sys.executable, "-c", text],
        env={"GRAPHSVC_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("[] ")
    assert "Traced" not in run.stdout
