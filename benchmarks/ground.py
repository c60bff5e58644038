"""A Neo4j of the benchmarks' own, and how the product is run against it as a user runs it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity, Query

from benchmarks.watch import Watch
from graphsvc.settings import Settings, child_environment, load_settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.migrate import migrate

CYPHER = Path(__file__).with_name("cypher")
TOKEN_KEY = "5e" * 32
SECONDS = 3600.0  # what one text may take, whatever the server's own limit


@dataclass(frozen=True, slots=True)
class Ran:
    """A command's answer, its wall time and CPU time in seconds, its peak memory in bytes.

    The peak is that of the process, or of one it started, that held most.
    """

    answer: dict[str, Any]
    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True)
class Size:
    """How large a part is measured: nodes of the graph, seconds of asking, workers of the API."""

    nodes: int
    seconds: int
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Ground:
    """A running server with an empty migrated graph, a folder, and a plain driver."""

    settings: Settings
    server: local.Server
    folder: Path
    driver: Driver

    def graphsvc(self, *words: object) -> Ran:
        """Run a verb with --json in a process of its own to success; its last answer counts."""
        command = [sys.executable, "-m", "graphsvc", *map(str, words), "--json"]
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=child_environment(self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        with Watch(process.pid) as watch:
            said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        assert process.returncode == 0, said
        cpu = used.ru_utime + used.ru_stime
        return Ran(json.loads(said.splitlines()[-1]), seconds, cpu, watch.peak)

    def run(self, name: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a text of benchmarks/cypher in a transaction of its own and return its rows."""
        text = Query((CYPHER / f"{name}.cypher").read_text("utf-8"), timeout=SECONDS)
        with self.driver.session() as session:
            return [record.data() for record in session.run(text, parameters)]

    def wipe(self) -> None:
        """Leave no node and no relation."""
        self.run("wipe")


@contextmanager
def ground() -> Iterator[Ground]:
    """Start a server in a folder that goes with it; the jars come from the user's cache."""
    with tempfile.TemporaryDirectory(prefix="graphsvc-bench-") as name:
        folder = Path(name)
        key = {"token_key": TOKEN_KEY}
        settings = load_settings(None, home=folder / "home", neo4j_uri=None, **key)
        server = local.start(settings)
        try:
            asyncio.run(_migrate(server))
            with GraphDatabase.driver(
                server.uri,
                auth=(server.user, server.password),
                notifications_min_severity=NotificationMinimumSeverity.OFF,
            ) as driver:
                yield Ground(settings, server, folder, driver)
        finally:
            local.stop(settings)


async def _migrate(server: local.Server) -> None:
    async with connect(server) as driver:
        await migrate(driver)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
