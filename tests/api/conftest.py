"""The real server in front of the small market, spoken to over real HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from graphsvc.settings import Settings, child_environment
from graphsvc.store import local
from graphsvc.store.process import free_port
from tests.conftest import over
from tests.forked import Forked
from tests.graph.driving import Cli
from tests.graph.small_world import build
from tests.plain_http import HTTP

TOKEN_KEY = "c" * 64  # the one that the small market was loaded with
READY_SECONDS = 60.0
ENDED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Api:
    """A running server, a good key, and how to ask."""

    url: str
    key: str
    settings: Settings
    process: Server | Quick

    def post(self, body: object = None, *, key: str | None = None, **more: Any) -> httpx.Response:
        """Send a body (bytes as they are, all else as JSON) to /graphql."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "Authorization": f"Bearer {self.key if key is None else key}",
            "Content-Type": "application/json",
            **more.pop("headers", {}),
        }
        return HTTP.post(
            f"{self.url}/graphql", content=content, headers=headers, timeout=60, **more
        )

    def get(self, path: str, *, key: str | None = None, **headers: str) -> httpx.Response:
        """Get a path whole; a header's `_` stands for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["Authorization"] = f"Bearer {self.key if key is None else key}"
        return HTTP.get(f"{self.url}{path}", headers=sent, timeout=60)

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data of a query that must succeed."""
        response = self.post({"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def refused(self, query: str, **variables: Any) -> tuple[int, str]:
        """Return status and code of a query that must be refused, and look at how it is said."""
        response = self.post({"query": query, "variables": variables})
        return response.status_code, code_of(response)


def code_of(response: httpx.Response) -> str:
    """Return the code of a response's first error; it must have advice and no stack trace."""
    error = response.json()["errors"][0]
    assert error["message"]
    assert error["extensions"]["advice"]
    assert "Traceback" not in response.text
    assert 'File "' not in response.text
    code: str = error["extensions"]["code"]
    return code


def verb(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a verb of the command line to its end."""
    return subprocess.run(
        [sys.executable, "-m", "graphsvc", *words],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with these settings in it."""
    return {**os.environ, **child_environment(settings)}


class Logged:
    """A server whose log goes to a file: it would stand still once nobody empties a pipe."""

    _log: Path
    wait: Callable[..., int]

    def ended(self) -> str:
        """Return its log once it has ended."""
        self.wait(timeout=ENDED_SECONDS)
        return self._log.read_text("utf-8")


class Server(Logged, subprocess.Popen[str]):
    """Begun as its user begins it."""

    def __init__(self, words: Sequence[str], settings: Settings, log: Path) -> None:
        self._log = log
        command = [sys.executable, "-m", "graphsvc", "serve", *words]
        with log.open("w") as file:
            super().__init__(command, env=environment(settings), stderr=file, text=True)


class Quick(Logged, Forked):
    """Begun without the time that importing takes."""

    def __init__(self, words: Sequence[str], settings: Settings, log: Path) -> None:
        self._log = log
        super().__init__(["serve", *words], environment(settings), Path.cwd(), log)


@contextmanager
def started(settings: Settings, port: int, *words: str) -> Iterator[Server | Quick]:
    """Run `graphsvc serve` on a port; end it by SIGTERM."""
    # Whether there are figures is decided when the application is imported.
    kind = Quick if settings.metrics_port is None else Server
    with TemporaryDirectory() as folder:
        process = kind(("--port", str(port), *words), settings, Path(folder) / "log")
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.ended()


@contextmanager
def serving(settings: Settings, *words: str) -> Iterator[tuple[str, Server | Quick]]:
    """Run `graphsvc serve` on a free port until the block ends; yield its address and process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with started(settings, port, *words) as process:
        wait_ready(url, process)
        yield url, process


def wait_ready(url: str, process: Server | Quick, path: str = "/readyz") -> None:
    """Return once /readyz, or another path, says so."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None
        try:
            if HTTP.get(f"{url}{path}", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not get ready")


@pytest.fixture(scope="module")
def outside(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that point at the session's server with the small market in it."""
    folder = tmp_path_factory.mktemp("api")
    build(neo4j_server, folder)
    return over(neo4j_server, folder / "home", token_key=TOKEN_KEY)


def new_key(settings: Settings, *words: str, role: str = "analyst") -> dict[str, str]:
    """Make a key on the command line and return its id and itself."""
    made: dict[str, str] = in_process(settings).json(
        "keys", "create", "--role", role, "--name", "test", *words
    )
    return made


def in_process(settings: Settings) -> Cli:
    """Return the command line in this process: importing it takes longer than most verbs."""
    settings.home.mkdir(parents=True, exist_ok=True)
    return Cli(settings, settings.home)


def ended(cli: Cli) -> list[dict[str, Any]]:
    """Return what the journal has of the last export: its end, once it has one, and its intent.

    An export's end is written behind its last byte, which its client has by then.
    """
    deadline, found = time.monotonic() + 60, list[dict[str, Any]]()
    while not (found and found[0].get("outcome")) and time.monotonic() < deadline:
        shown = cli.json("audit", "show", "--first", "2")["items"]
        found = [each["body"] for each in shown]
    return found


@pytest.fixture(scope="module")
def api(outside: Settings) -> Iterator[Api]:
    """The API over the small market, with an analyst's key."""
    key = new_key(outside)["key"]
    with serving(outside) as (url, process):
        yield Api(url, key, outside, process)


@pytest.fixture(scope="module")
def quiet(outside: Settings) -> Iterator[Api]:
    """The same with points enough for very many requests; its log tells errors only."""
    settings = outside.model_copy(update={"log_level": "error", "rate_points": 10**9})
    key = new_key(settings)["key"]
    with serving(settings) as (url, process):
        yield Api(url, key, settings, process)
