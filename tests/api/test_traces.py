"""Traces reach a real receiver: what is in them, what is not, and that nobody waits for it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from graphsvc.api.trusted import documents
from graphsvc.audit.events import digest
from graphsvc.store import local
from graphsvc.store.process import free_port
from queries.catalogue import QUERIES
from tests.api.conftest import Api, Server, wait_ready
from tests.api.leak_world import (
    CANARY,
    CASES,
    CHAIN,
    PLATFORM,
    World,
    build,
    emptied,
    seller,
)
from tests.contract.test_catalogue import everything
from tests.graph.driving import Cli

RECEIVER = Path(__file__).resolve().parents[1] / "receiver.py"
PATIENCE = 60.0
SELLER = documents()["seller"]
TRACE = "0af7651916cd43dd8448eb211c80319c"
MANY, QUEUE = 60, 64  # requests of several spans each: more than the sender has room for
NAMED = """($platform: String!, $id: String!) { seller(platform: $platform, sellerId: $id) {
  handle legalName reports { edges { node { reporter } } } } }"""
RINGS = "{ rings { edges { node { ringId } } } }"


@dataclass(frozen=True, slots=True)
class Traced:
    """The traced API, the log of its server, and what the receiver has."""

    api: Api
    log: Path
    received: Path
    client: httpx.Client

    def bodies(self) -> list[bytes]:
        """Return every message that came, as it came."""
        lines = self.received.read_bytes().splitlines() if self.received.exists() else []
        return [b64decode(line) for line in lines]

    def spans(self) -> list[Span]:
        """Return every span that came."""
        return [
            span
            for body in self.bodies()
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def trace_of(self, answer: httpx.Response) -> list[Span]:
        """Return the spans of a request's trace once its last one, the request's own, is there."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            spans = self.spans()
            for span in spans:
                if told(span).get("graphsvc.request") == answer.headers["X-Request-Id"]:
                    return [each for each in spans if each.trace_id == span.trace_id]
            time.sleep(0.05)
        raise AssertionError("no trace came")


def told(span: Span) -> dict[str, object]:
    """Return what a span says."""
    return {
        each.key: getattr(each.value, str(each.value.WhichOneof("value")))
        for each in span.attributes
    }


@contextmanager
def receiving(file: Path) -> Iterator[str]:
    """Run a receiver in a process of its own; yield its address."""
    process = subprocess.Popen(
        [sys.executable, str(RECEIVER), str(file)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def tracing(cli: Cli, endpoint: str, log: Path) -> Iterator[tuple[str, Server]]:
    """Run the server with a receiver's address until the block ends."""
    settings = cli.settings.model_copy(
        update={"otel_exporter_otlp_endpoint": endpoint, "rate_points": 100_000_000}
    )
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "50")
        patch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", str(QUEUE))
        patch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", str(QUEUE // 2))
        process = Server(("--port", str(port)), settings, log)
        try:
            wait_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(timeout=60)


@pytest.fixture(scope="module")
def cli(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line over an empty graph."""
    return emptied(neo4j_server, tmp_path_factory.mktemp("traces") / "home")


@pytest.fixture(scope="module")
def world(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A market whose personal values are all marked."""
    return build(cli, tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="module")
def desk(cli: Cli, world: World) -> str:
    """A key that may read and decide."""
    scopes = ("--scope", "read", "--scope", "query:adhoc", "--scope", "decide")
    words = ("keys", "create", "--role", "enforcer", "--name", f"{CANARY} desk", *scopes)
    made: str = cli.json(*words)["key"]
    return made


@pytest.fixture(scope="module")
def traced(cli: Cli, desk: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    """The server, its traces going to a receiver."""
    folder = tmp_path_factory.mktemp("received")
    file, log = folder / "spans", folder / "log"
    with (
        receiving(file) as endpoint,
        tracing(cli, endpoint, log) as (url, process),
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield Traced(Api(url, desk, cli.settings, process), log, file, client)


def test_a_request_leads_to_its_operation_and_to_its_questions(
    traced: Traced, world: World
) -> None:
    headers = {"Authorization": f"Bearer {world.keys['customs-north']}", **world.headers(0)}
    variables = {"platform": PLATFORM, "sellerId": seller(0, 0)}
    body = {"documentId": digest(SELLER), "variables": variables}
    answer = traced.client.post("/graphql", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    spans = traced.trace_of(answer)
    [request] = [span for span in spans if not span.parent_span_id]
    assert (request.name, request.kind) == ("POST /graphql", Span.SPAN_KIND_SERVER)
    assert told(request) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "graphsvc.request": answer.headers["X-Request-Id"],
    }
    [operation] = [span for span in spans if span.kind == Span.SPAN_KIND_INTERNAL]
    assert (operation.name, operation.parent_span_id) == ("query Seller", request.span_id)
    assert told(operation) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Seller",
        "graphql.document.id": digest(SELLER),
        "graphsvc.cost": int(answer.headers["Cost"]),
    }
    parents: dict[bytes, set[str]] = {}
    for span in spans:
        if span.kind == Span.SPAN_KIND_CLIENT:
            parents.setdefault(span.parent_span_id, set()).add(span.name)
            assert told(span) == {"db.system.name": "neo4j", "db.operation.name": span.name}
    assert parents.keys() == {request.span_id, operation.span_id}
    assert "queries.grants.opened" in parents[request.span_id]
    assert "queries.sellers.sellers_by_id" in parents[operation.span_id]
    everything()
    assert set().union(*parents.values()) <= QUERIES.keys()
    [line] = [
        json.loads(line)
        for line in traced.log.read_text("utf-8").splitlines()
        if answer.headers["X-Request-Id"] in line and '"answered"' in line
    ]
    assert line["trace"] == request.trace_id.hex()
    for body_ in traced.bodies():
        for resource in ExportTraceServiceRequest.FromString(body_).resource_spans:
            names = {each.key: each.value.string_value for each in resource.resource.attributes}
            assert names["service.name"] == "graphsvc"


def hostile(traced: Traced, world: World) -> list[httpx.Response]:
    """Ask in every way that has personal values on the way in, on the way out, or in an error."""
    client, answers = traced.client, []
    key = {"Authorization": f"Bearer {traced.api.key}"}
    outside = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": f"a={CANARY}",
               "baggage": f"name={CANARY}", "User-Agent": CANARY}  # fmt: skip
    inside = {"Authorization": f"Bearer {world.keys['customs-north']}", **world.headers(0)}
    name = f"{PLATFORM}:{seller(0, 0)}"
    asked = [
        (f"query {CANARY} {NAMED}", {"platform": PLATFORM, "id": seller(0, 0)}),
        ("query ($t: String!) { search(text: $t) { edges { node { text } } } }", {"t": CANARY}),
        ("query ($t: String!) { search(text: $t) { edges { node { text } } } }",
         {"t": "phone:+44 20 7946 0010"}),
        ("query ($t: String!) { search(text: $t) { edges { node { text } } } }",
         {"t": f"phone:{CANARY}"}),
        (f'{{ {CANARY}: rings {{ edges {{ cursor }} }} }}', {}),
        (f'{{ {CANARY} }}', {}),
        (f'{{ rings(after: "{CANARY}") {{ edges {{ cursor }} }} }}', {}),
        (f'{{ rings(filter: {{ run: "{CANARY}" }}) {{ edges {{ cursor }} }} }}', {}),
        (f'mutation {{ judge(a: "{name}", b: "{PLATFORM}:{seller(0, 1)}", verdict: same, '
         f'because: "{CANARY}") {{ p }} }}', {}),
        (f'mutation {{ judge(a: "{name}", b: "{PLATFORM}:{CANARY}", verdict: same, '
         f'because: "{CANARY}") {{ p }} }}', {}),
    ]  # fmt: skip
    for text, variables in asked:
        for who in (key, inside):
            body = {"query": text, "variables": variables}
            answers.append(client.post("/graphql", json=body, headers={**who, **outside}))
    answers.append(client.post("/graphql", content=CANARY.encode(), headers=key))
    answers.append(client.request(CANARY.upper(), "/graphql", headers=key))
    for path in (f"/{CANARY}", f"/graphql/{CANARY}", f"/export/{CANARY}", "/livez", "/readyz",
                 f"/export/neighbourhood?id={name}&hops=3", f"/export/case?{CANARY}=1",
                 "/export/case.graphml?hops=2", f"/export/neighbourhood?id={CANARY}"):  # fmt: skip
        answers += [client.get(path, headers=who) for who in (key, inside, {**key, **outside})]
    wrong = {"Authorization": f"Bearer {CANARY}"}
    answers.append(client.post("/graphql", json={"query": RINGS}, headers=wrong))
    return answers


def test_no_personal_value_and_no_text_from_outside_is_in_a_span(
    traced: Traced, world: World
) -> None:
    answers = hostile(traced, world)
    assert {200, 400, 401, 403, 404} <= {each.status_code for each in answers}
    assert any(CANARY in each.text for each in answers), "there is something to be told"
    traced.trace_of(answers[-1])
    got = b"".join(traced.bodies())
    names = [seller(case, place) for case in range(CASES) for place in range(CHAIN)]
    keys = [traced.api.key, *world.keys.values()]
    for text in (CANARY, CANARY.lower(), CANARY.upper(), PLATFORM, "7946", *names, *keys):
        assert text.encode() not in got, text
    for case in world.cases.values():
        assert case.encode() not in got
    assert bytes.fromhex(TRACE) not in got, "a trace from outside is not taken up"
    spans = traced.spans()
    assert {span.name for span in spans if span.kind == Span.SPAN_KIND_SERVER} == {
        "POST /graphql", "_OTHER /graphql", "GET /graphql", "GET /other", "GET /export",
        "GET /livez", "GET /readyz",
    }  # fmt: skip
    assert {span.name for span in spans if span.kind == Span.SPAN_KIND_INTERNAL} <= {
        "query", "mutation", "query Seller",
    }  # fmt: skip
    assert any(span.name == "transaction" for span in spans)
    assert not any(span.events or span.status.message for span in spans)


@contextmanager
def silent() -> Iterator[str]:
    """Listen, take every connection, and never say a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def nobody() -> Iterator[str]:
    """Give an address where nobody listens."""
    yield f"http://127.0.0.1:{free_port()}"


@pytest.mark.parametrize("away", [silent, nobody])
def test_a_receiver_that_is_away_is_nobodys_concern(
    cli: Cli, desk: str, tmp_path: Path, away: object
) -> None:
    log = tmp_path / "log"
    with away() as endpoint, tracing(cli, endpoint, log) as (url, process):  # type: ignore[operator]
        with httpx.Client(base_url=url, timeout=60) as client:
            headers = {"Authorization": f"Bearer {desk}"}
            # Each export that is given up takes seconds: were one waited for, this would not end.
            for _ in range(MANY):
                answer = client.post("/graphql", json={"query": RINGS}, headers=headers)
                assert answer.json() == {"data": {"rings": {"edges": []}}}
        process.terminate()
        assert process.wait(timeout=60) == 0
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line[:1] == "{"]
    assert sum(line["event"] == "answered" for line in lines) >= MANY
    assert sum(line["event"] == "traces_away" for line in lines) <= 1
    assert "opentelemetry" not in log.read_text("utf-8")
