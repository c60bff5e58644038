"""Loaders and Neo4j killed again and again at random moments: nothing lost, nothing double.

Each load is gone on with by the same command or by `runs resume`. What is there at the end is
compared with the same files loaded undisturbed: the digest, each run's counts, every reject.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import psutil
import pytest

from graphsvc.settings import Settings
from graphsvc.store import local
from ingest.jobs.catalogue import JOBS
from tests.forked import Forked
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept, wipe
from tests.graph.odd_rows import feed

ROWS = 1_200  # of a file
BATCH = {"GRAPHSVC_BATCH_ROWS": "20"}  # which rows count as loaded hangs on the batches
SECONDS = 120.0
COUNTS = ("kind", "state", "rows_in", "loaded", "unchanged", "rejected", "stubs", "cursor")


def files(folder: Path, dice: random.Random) -> Iterator[tuple[str, str]]:
    """Write files one by one, each when it is wanted; yield their kinds and names."""
    kinds = list(JOBS)
    for number in range(10_000):
        kind = kinds[number % len(kinds)]
        name = f"{number:05}.jsonl"
        rows = "".join(json.dumps(row) + "\n" for row in feed(kind, dice, ROWS))
        (folder / name).write_text(rows, "utf-8")
        yield kind, name


def words_for(kind: str, name: str) -> tuple[str, ...]:
    """Return the command that loads a file."""
    return ("load", kind, name, "--platform", PLATFORM)


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail where it never does."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


def kill_server(settings: Settings) -> None:
    """Kill Neo4j as a power cut would, and wait until it is gone."""
    pid = local.resolve(settings).pid
    assert pid is not None
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGKILL)
    process.wait(30)


def runs(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return what each file's run came to; a file has one run, however often it was cut off."""
    rows = cypher(settings, kept("runs_by_file"))
    found = {row["file"]: row["kept"] for row in rows}
    assert len(found) == len(rows), "a load was begun twice"
    return found


@dataclass
class Havoc:
    """Loads files and kills meanwhile what `victims` names, the last one first."""

    cli: Cli
    dice: random.Random
    victims: list[str]
    loaded: list[tuple[str, str]] = field(default_factory=list)
    went_on: int = 0

    def load(self, kind: str, name: str) -> None:
        """Load one file to its end, however often that takes."""
        words: tuple[str, ...] = words_for(kind, name)
        while (state := self.state(name)) != "finished":
            if state and self.dice.random() < 0.5:
                words = ("runs", "resume", "latest")
            self.went_on += bool(state)
            environment = self.cli.environment(**BATCH)
            process = Forked(words, environment, self.cli.folder, self.said)
            if not (self.victims and self.strike(process)):
                assert process.wait(SECONDS) == 0, self.said.read_text()
        self.loaded.append((kind, name))
        print(f"{name} loaded; {len(self.victims)} kills to come", flush=True)  # noqa: T201

    def strike(self, process: Forked) -> bool:
        """Kill the next victim after a while; tell whether the load was not done before."""
        if self.dice.random() < 0.8:
            # Most kills are meant to fall among the batches, some on what comes before them.
            before = self.rows_done()
            wait_for(lambda: process.poll() is not None or self.rows_done() > before)
            time.sleep(self.dice.uniform(0.0, 0.8))
        else:
            time.sleep(self.dice.uniform(0.0, 3.0))
        if process.poll() is not None:
            return False
        if self.victims.pop() == "loader":
            process.kill()
            process.wait(SECONDS)
            return True
        kill_server(self.cli.settings)
        both = self.dice.random() < 0.5  # a power cut takes the loader as well
        if both:
            process.kill()
        local.start(self.cli.settings)  # on another port: the loader gives up meanwhile
        ended, told = process.wait(SECONDS), self.said.read_text()
        assert ended in ((0, 4, -signal.SIGKILL) if both else (0, 4)), told
        assert "Traceback" not in told
        return True

    @property
    def said(self) -> Path:
        """Return the file of what the last loader printed."""
        return self.cli.folder / "said"

    def state(self, name: str) -> str | None:
        """Return the state of a file's run, None before there is one."""
        return runs(self.cli.settings).get(name, {}).get("state")

    def rows_done(self) -> int:
        """Return how many rows of all files are in the graph."""
        return sum(run["cursor"] for run in runs(self.cli.settings).values())


def outcome(cli: Cli, names: list[str]) -> tuple[str, dict[str, Any], dict[str, list[Any]]]:
    """Return the digest, the counts of each run and its rejects."""
    found = runs(cli.settings)
    assert sorted(found) == sorted(names)
    counts = {name: [run[count] for count in COUNTS] for name, run in found.items()}
    rejects = {name: issues_of(Path(run["rejects_file"])) for name, run in found.items()}
    for issue in chain.from_iterable(rejects.values()):
        issue["file"] = Path(issue["file"]).name  # `runs resume` knows the whole path
    return cli.digest(), counts, rejects


@pytest.mark.parametrize(
    ("servers", "loaders"),
    [
        pytest.param(1, 2, marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
        pytest.param(0, 200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param(50, 0, marks=[pytest.mark.slow, pytest.mark.timeout(5400)]),
    ],
)
def test_kills_at_random_moments_leave_no_trace(
    own_server: Settings, tmp_path: Path, servers: int, loaders: int
) -> None:
    dice = random.Random(servers)
    victims = ["server"] * servers + ["loader"] * loaders
    dice.shuffle(victims)
    local.start(own_server)
    cli = Cli(own_server, tmp_path)
    cli.json("migrate")
    havoc = Havoc(cli, dice, victims)
    for kind, name in files(tmp_path, random.Random(loaders)):
        havoc.load(kind, name)
        if not havoc.victims:
            break
    names = [name for _, name in havoc.loaded]
    assert havoc.went_on > (servers + loaders) / 2, "most kills are to fall into a load"
    print(f"{len(names)} files; went on {havoc.went_on} times")  # noqa: T201 - for pytest -s
    disturbed = outcome(cli, names)
    wipe(cli.settings)
    for kind, name in havoc.loaded:
        cli.json(*words_for(kind, name), **BATCH)
    assert disturbed == outcome(cli, names)
    for _, _, rows_in, loaded, unchanged, rejected, *_ in disturbed[1].values():
        assert rows_in == ROWS == loaded + unchanged + rejected
