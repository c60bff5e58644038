"""Batches that begin while the one before them still commits: nothing may tell that they did."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from neo4j import GraphDatabase, ManagedTransaction, NotificationMinimumSeverity

from graphsvc.loading import writing
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.merge import Merged
from ingest.batch import Batch
from ingest.jobs.catalogue import JOBS
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept, wipe, write_csv
from tests.graph.odd_rows import feed
from tests.tap import Tap

ROWS = 600
SMALL = {"GRAPHSVC_BATCH_ROWS": "40"}
Ahead = Callable[..., Awaitable[tuple[Merged, Batch]]]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, in a folder of its own."""
    return Cli(empty_graph, tmp_path)


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Let batches begin early; returns for each (its records, those left for later)."""
    return spied(monkeypatch, writing.make_ahead)


def spied(monkeypatch: pytest.MonkeyPatch, work: Ahead) -> list[tuple[int, int]]:
    """Let batches begin early by `work`, and return how much each did so."""
    seen: list[tuple[int, int]] = []

    async def spy(transaction: Any, batch: Batch, *more: Any, **keys: Any) -> Any:
        done, left = await work(transaction, batch, *more, **keys)
        seen.append((records(batch), records(left)))
        return done, left

    monkeypatch.setattr(writing, "ROWS_ALONE", 0)
    monkeypatch.setattr(writing, "make_ahead", spy)
    return seen


def records(batch: Batch) -> int:
    """Return how many records a batch holds."""
    return sum(len(table.keys) for table in batch.tables)


def apart(first: int, last: int) -> list[dict[str, str]]:
    """Return rows that share nothing with their neighbours but now and then a device."""
    return [
        {"seller_id": f"s-{n}", "device": f"device-{n % 511:06}", "seen_at": "2024-01-01"}
        for n in range(first, last)
    ]


def outcome(cli: Cli, *words: str) -> tuple[str, dict[str, Any], list[Any]]:
    """Load once into the empty graph and return digest, what was told, and the rejects."""
    wipe(cli.settings)
    rejects = cli.folder / "r.ndjson"
    rejects.unlink(missing_ok=True)
    told = cli.json("load", *words, "--platform", PLATFORM, "--rejects", rejects, **SMALL)
    counts = {name: told[name] for name in ("in", "loaded", "unchanged", "rejected", "stubs")}
    return cli.digest(), counts, issues_of(rejects) if rejects.exists() else []


@pytest.mark.parametrize("kind", JOBS)
def test_what_begins_early_comes_to_the_same(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    rows = "".join(json.dumps(row) + "\n" for row in feed(kind, random.Random(kind), ROWS))
    (cli.folder / "f.jsonl").write_text(rows, "utf-8")
    in_turn = outcome(cli, kind, "f.jsonl")
    seen = spied(monkeypatch, writing.make_ahead)
    assert outcome(cli, kind, "f.jsonl") == in_turn
    assert len(seen) == ROWS // 40, "all but the first of the batches, the last of which is empty"
    again = cli.json("load", kind, "f.jsonl", "--platform", PLATFORM, **SMALL)
    assert (again["loaded"], again["in"]) == (0, ROWS)


def test_most_of_what_shares_nothing_is_made_early(cli: Cli, early: list[tuple[int, int]]) -> None:
    write_csv(cli.folder / "d.csv", apart(0, ROWS))
    told = cli.json("load", "devices", "d.csv", "--platform", PLATFORM, **SMALL)
    assert (told["loaded"], told["stubs"], told["retried"]) == (ROWS, ROWS, 0)
    assert sum(left for _, left in early) < sum(all_ for all_, _ in early) / 10


def test_a_writer_who_comes_between_loses_nothing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the lease and wants a seller that an early batch holds, which wants the lease."""
    write_csv(cli.folder / "d.csv", apart(0, ROWS))
    server = local.resolve(cli.settings)
    came: list[Thread] = []

    def make(transaction: ManagedTransaction, leased: asyncio.Event, loop: Any) -> None:
        transaction.run(kept("hold_lease")).consume()
        loop.call_soon_threadsafe(leased.set)
        held = transaction.run(kept("seller_ids"), id=f"{PLATFORM}:s-50").values()
        if not held:
            transaction.run(kept("hold_seller"), id=f"{PLATFORM}:s-50").consume()

    def stranger(leased: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
        auth = (server.user, server.password)
        quiet = NotificationMinimumSeverity.OFF
        with (
            GraphDatabase.driver(server.uri, auth=auth, notifications_min_severity=quiet) as driver,
            driver.session() as session,
        ):
            session.execute_write(make, leased, loop)

    real = writing.make_ahead

    async def crossed(*words: Any, **keys: Any) -> tuple[Merged, Batch]:
        done = await real(*words, **keys)
        if not came:
            leased = asyncio.Event()
            came.append(Thread(target=stranger, args=(leased, asyncio.get_running_loop())))
            came[0].start()
            await leased.wait()
        return done

    spied(monkeypatch, crossed)
    told = cli.json("load", "devices", "d.csv", "--platform", PLATFORM, **SMALL)
    came[0].join(60)
    assert not came[0].is_alive()
    assert (told["in"], told["loaded"]) == (ROWS, ROWS)
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == ROWS
    crossed_digest = cli.digest()
    monkeypatch.undo()
    assert outcome(cli, "devices", "d.csv")[0] == crossed_digest


@pytest.mark.parametrize("heard", [True, False])
def test_lost_answers_to_commits_while_the_next_batch_is_begun(
    cli: Cli, early: list[tuple[int, int]], *, heard: bool
) -> None:
    write_csv(cli.folder / "d.csv", apart(0, ROWS))
    server = local.resolve(cli.settings)
    host, port = server.uri.removeprefix("bolt://").split(":")
    tap = Tap(host, int(port))
    through = {"NEO4J_URI": f"bolt://127.0.0.1:{tap.port}", **SMALL}
    words = ("load", "devices", "d.csv", "--platform", PLATFORM)
    cli.json("migrate")
    cli.json(*words[:-1], "other", **through)
    before, tap.commits = tap.commits, 0
    wipe(cli.settings)
    tap.breaks = dict.fromkeys((before // 2, before // 2 + 3), heard)
    told = cli.json(*words, **through)
    tap.close()
    assert early
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS, 0)
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == ROWS


def test_where_a_batch_is_fenced_off_the_early_one_is_not_written_either(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(cli.folder / "d.csv", apart(0, ROWS))
    real = writing.make_ahead
    aborted: list[dict[str, Any]] = []

    async def abort(*words: Any, **keys: Any) -> tuple[Merged, Batch]:
        done = await real(*words, **keys)
        if not aborted:
            aborted.extend(await asyncio.to_thread(cypher, cli.settings, kept("abort_runs")))
        return done

    spied(monkeypatch, abort)
    done = cli.call("load", "devices", "d.csv", "--platform", PLATFORM, **SMALL)
    assert done.returncode == 5, done.stderr
    [run] = cypher(cli.settings, kept("runs_by_file"))
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == run["kept"]["cursor"] < ROWS
