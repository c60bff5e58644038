"""How the tests drive the product: its verbs in processes of their own, or a load in this one."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from neo4j import GraphDatabase, NotificationMinimumSeverity, Query, Session

from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli.main import main
from graphsvc.loading.prepare import Wish, prepare
from graphsvc.loading.report import LoadReport
from graphsvc.loading.run import claim_key, load_file
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.digest import graph_digest
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer

DATA = Path(__file__).resolve().parents[1] / "data"
KEY = "5e" * 32
OTHER_KEY = "a7" * 32
PLATFORM = "shopnest"
LONGEST = 300.0  # seconds of one text of ours
Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Cli:
    """The command line against one server and home, in this process or in one of its own."""

    settings: Settings
    folder: Path

    def environment(self, **extra: str) -> dict[str, str]:
        """Return the environment of a verb: the server's address and a token key."""
        server = local.resolve(self.settings)
        return {
            **os.environ,
            "GRAPHSVC_HOME": str(self.settings.home),
            "GRAPHSVC_TOKEN_KEY": KEY,
            "NEO4J_URI": server.uri,
            "NEO4J_USER": server.user,
            "NEO4J_PASSWORD": server.password,
            **extra,
        }

    def call(self, *words: object, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a verb from its words to its exit code, in this process."""
        command = ["graphsvc", *map(str, words)]
        return called(command, self.environment(**extra), self.folder)

    def spawn(self, *words: object, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a verb in a process of its own to its end and return what it printed."""
        process = self.start(*words, **extra)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def start(self, *words: object, **extra: str) -> subprocess.Popen[str]:
        """Start a verb and return its process."""
        return subprocess.Popen(
            [sys.executable, "-m", "graphsvc", *map(str, words)],
            env=self.environment(**extra),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def json(self, *words: object, **extra: str) -> dict[str, Any]:
        """Run a verb with --json and return its one object; it must succeed."""
        done = self.call(*words, "--json", **extra)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def digest(self) -> str:
        """Return what `graph digest` prints."""
        found: str = self.json("graph", "digest")["digest"]
        return found


def called(
    command: list[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in a folder and in this process: importing takes longer than most."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", command),
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


def write_csv(path: Path, rows: Rows) -> Path:
    """Write rows as CSV under the union of their columns, in order of appearance."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def load_all(
    settings: Settings, files: Iterable[tuple[str, Path]], *, batch_rows: int = 10_000
) -> list[LoadReport]:
    """Load files of (kind, path) one after another in this process, as the verb does."""
    return asyncio.run(_load_all(settings, list(files), batch_rows))


async def _load_all(
    settings: Settings, files: list[tuple[str, Path]], batch_rows: int
) -> list[LoadReport]:
    own = settings.model_copy(update={"batch_rows": batch_rows})
    tokens = load_tokeniser(own)
    reports = []
    async with connect(local.resolve(own)) as driver:
        writer = Writer(driver)
        await claim_key(Reader(driver), writer, tokens)
        for kind, path in files:
            rejects = own.home / "rejects" / f"{path.stem}.ndjson"
            wish = Wish(kind, None, PLATFORM, None, rejects, None)
            made = prepare(own, wish, str(path), tokens=tokens, tell=lambda counts: None)
            reports.append(await load_file(writer, made))
    return reports


def digest_of(settings: Settings) -> str:
    """Return the graph's digest, asked for in this process."""

    async def ask() -> str:
        async with connect(local.resolve(settings)) as driver:
            return await graph_digest(Reader(driver))

    return asyncio.run(ask())


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """Yield a session of the plain driver at the server of these settings."""
    server = local.resolve(settings)
    with (
        GraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            notifications_min_severity=NotificationMinimumSeverity.OFF,
        ) as driver,
        driver.session() as opened,
    ):
        yield opened


def cypher(settings: Settings, text: str, **parameters: Any) -> list[dict[str, Any]]:
    """Run a text of tests/data against the server and return its rows."""
    with session(settings) as opened:
        # The server's own limit is for questions; emptying a large graph takes longer.
        asked = Query(text, timeout=LONGEST)  # type: ignore[arg-type]
        return [record.data() for record in opened.run(asked, parameters)]


def kept(name: str) -> str:
    """Return a text of tests/data."""
    return (DATA / f"{name}.cypher").read_text("utf-8")


def wipe(settings: Settings) -> None:
    """Leave no node and no relation; a hub is too much for one transaction."""
    cypher(settings, kept("empty_hubs"))
    cypher(settings, kept("empty_graph"))


def issues_of(path: Path) -> list[dict[str, Any]]:
    """Return the rejects of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
