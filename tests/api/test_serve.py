"""`graphsvc serve`: how it starts, how it ends, and what it says while the database is away."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.process import free_port
from tests.api.conftest import Api, code_of, environment, new_key, serving, verb
from tests.plain_http import HTTP
from tests.tap import Tap

GOOD = "{ rings { edges { node { ringId } } } }"


def test_a_taken_port_is_told(outside: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = verb(outside, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 3, done.stderr
    assert "Address already in use" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--host", "no-host"), "--host no-host"),
        (("--host", "192.0.2.1"), "--host 192.0.2.1"),  # nobody's: kept for documents
    ],
)
def test_a_wrong_option_is_told(outside: Settings, words: tuple[str, ...], said: str) -> None:
    done = verb(outside, "serve", *words)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_at_the_start_is_told(outside: Settings) -> None:
    away = outside.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{free_port()}"})
    gone = verb(away, "serve", "--port", "0")
    assert gone.returncode == 4, gone.stderr
    assert "NEO4J_URI" in gone.stderr
    assert "Traceback" not in gone.stderr


def test_two_workers_answer_and_log_what_they_answered(outside: Settings) -> None:
    key = new_key(outside)["key"]
    with serving(outside, "--workers", "2") as (url, process):
        asked = Api(url, key, outside, process)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(asked.ask, [GOOD] * 24))
        named = asked.post({"query": GOOD}).headers["X-Request-Id"]
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert all(answer == answers[0] for answer in answers)
    assert process.returncode == 0, log
    assert named in log
    assert key not in log
    assert key.rsplit("_", 1)[1] not in log


@pytest.fixture
def tapped(outside: Settings) -> Iterator[tuple[Tap, Settings, str]]:
    """A tap before the server, settings that point at it, and a key."""
    place = urlsplit(outside.neo4j_uri or "")
    tap = Tap(place.hostname or "", place.port or 0)
    key = new_key(outside)["key"]
    yield tap, outside.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{tap.port}"}), key
    tap.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_signal_lets_what_was_asked_be_answered(
    tapped: tuple[Tap, Settings, str], how: signal.Signals
) -> None:
    tap, settings, key = tapped
    with serving(settings) as (url, process), ThreadPoolExecutor(1) as pool:
        asked = Api(url, key, settings, process)
        asked.ask(GOOD)
        with tap.held():
            waiting = pool.submit(asked.post, {"query": GOOD})
            assert tap.wait_for(tap.runs + 1)
            process.send_signal(how)
            wait_deaf(url)
        answer = waiting.result(timeout=60)
        log = process.ended()
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["rings"]["edges"]
    assert process.returncode == 0, log
    assert "Traceback" not in log


def test_a_database_that_hangs_is_asked_by_one_request_at_a_time(
    tapped: tuple[Tap, Settings, str],
) -> None:
    tap, settings, key = tapped
    impatient = settings.model_copy(update={"query_seconds": 1.0})
    with serving(impatient) as (url, process), ThreadPoolExecutor(8) as pool:
        asked = Api(url, key, settings, process)
        wait_answered(asked)
        with tap.held():
            # At first it may only look slow: its key is remembered for a moment, and not asked for.
            while code_of(asked.post({"query": GOOD})) != "DATABASE_AWAY":
                pass
            before = tap.runs
            answers = list(pool.map(asked.post, [{"query": GOOD}] * 8))
            assert {each.status_code for each in answers} == {503}
            assert {code_of(each) for each in answers} == {"DATABASE_AWAY"}
            assert tap.runs == before, "no query is tried while it hangs"
        assert wait_answered(asked)["rings"]["edges"]
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert "it is being looked for" in log, "who comes while one looks does not look himself"


def wait_answered(api: Api) -> dict[str, Any]:
    """Return the data once the database is found again."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        response = api.post({"query": GOOD})
        if response.status_code == 200:
            found: dict[str, Any] = response.json()["data"]
            return found
        assert response.status_code == 503, response.text
        time.sleep(0.1)
    raise AssertionError("the database was not found again")


def wait_deaf(url: str) -> None:
    """Return once the server takes no further request."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            HTTP.get(f"{url}/livez", timeout=0.5)
        except httpx.TransportError:
            return
    raise AssertionError("the server went on taking requests")


def test_a_database_that_is_killed_is_503_until_it_is_back(own_server: Settings) -> None:
    server = local.start(own_server)
    settings = own_server
    key = new_key(settings)["key"]
    with serving(settings) as (url, process):
        api = Api(url, key, settings, process)
        assert api.ask(GOOD)["rings"]["edges"] == []
        assert server.pid is not None
        neo4j = psutil.Process(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        neo4j.wait(30)
        stranger = "gs_00000000_" + "0" * 64
        for response in (
            api.post({"query": GOOD}),
            api.post({"query": GOOD}, key=stranger),
            HTTP.get(f"{url}/readyz", timeout=30),
        ):
            assert (response.status_code, code_of(response)) == (503, "DATABASE_AWAY")
            assert int(response.headers["Retry-After"]) > 0
            assert str(urlsplit(server.uri).port) not in response.text, "tells where it is"
            assert str(own_server.home) not in response.text
        assert HTTP.get(f"{url}/livez").status_code == 200
        assert verb(settings, "neo4j", "start").returncode == 0
        assert HTTP.get(f"{url}/readyz", timeout=30).status_code == 200
        assert api.ask(GOOD)["rings"]["edges"] == []
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert process.returncode == 0, log
    assert "Traceback" not in log


def test_clients_that_only_hold_their_connections_keep_nobody_out(api: Api) -> None:
    at = urlsplit(api.url)
    with ExitStack() as held, httpx.Client(timeout=20) as another:
        for _ in range(600):
            held.enter_context(socket.create_connection((at.hostname, at.port), timeout=10))
        assert another.get(f"{api.url}/readyz").status_code == 200


def test_the_environment_of_the_server_holds_no_foreign_setting(outside: Settings) -> None:
    held = environment(outside)
    assert held["NEO4J_URI"] == outside.neo4j_uri
    assert held["GRAPHSVC_TOKEN_KEY"] == "c" * 64
