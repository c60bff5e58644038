"""What can befall a load or a detection: the database goes, the user goes, another one comes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from neo4j import Driver, GraphDatabase, NotificationMinimumSeverity

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.migrate import migrate
from queries.runs import ABORT_RUN, SAVE_FENCED_RUN
from tests.graph.driving import KEY, PLATFORM, Cli, Rows, cypher, issues_of, kept, wipe, write_csv
from tests.tap import Tap

ROWS = 4_000
SLOW = {"GRAPHSVC_BATCH_ROWS": "50"}  # many batches: time enough to get in between
FIRST_SECONDS = 120


def devices(first: int, last: int, *, ring: int = 4) -> Rows:
    """Sellers of which each few share a device."""
    return [
        {"seller_id": f"s-{n}", "device": f"device-{n // ring:06}", "seen_at": "2024-01-01"}
        for n in range(first, last)
    ]


def until(holds: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait until something holds; fail where it never does, or the process ends before."""
    deadline = time.monotonic() + FIRST_SECONDS
    while not holds():
        ended = process is not None and process.poll() is not None
        assert not ended, f"ended too early: {process and process.communicate()}"
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


@contextmanager
def driven(settings: Settings) -> Iterator[Driver]:
    """Yield a plain driver of the server, for what no verb does."""
    server = local.resolve(settings)
    with GraphDatabase.driver(
        server.uri,
        auth=(server.user, server.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    ) as driver:
        yield driver


def written(settings: Settings) -> bool:
    """Tell whether a batch of the load is in the graph."""
    return bool(cypher(settings, kept("count_uses"))[0]["number"])


def state(settings: Settings) -> dict[str, object]:
    """Return the only ingest run of the graph."""
    [run] = cypher(settings, kept("runs_by_file"))
    found: dict[str, object] = run["kept"]
    return found


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, with a file of devices to load."""
    write_csv(tmp_path / "d.csv", devices(0, ROWS))
    return Cli(empty_graph, tmp_path)


LOAD = ("load", "devices", "d.csv", "--platform", PLATFORM)


def test_ctrl_c_leaves_whole_batches_and_the_same_load_goes_on(cli: Cli) -> None:
    process = cli.start(*LOAD, "--json", **SLOW)
    until(lambda: written(cli.settings), process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert out == ""
    run = state(cli.settings)
    assert run["state"] == "interrupted"
    assert run["finished_at"]
    rows_in = run["rows_in"]
    assert isinstance(rows_in, int)
    assert 0 < rows_in < ROWS
    assert rows_in % 50 == 0
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == run["loaded"] == rows_in

    told = cli.json(*LOAD)
    assert (told["run"], told["resumed"]) == (run["id"], rows_in)
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS, 0)
    assert state(cli.settings)["state"] == "finished"
    repeated = cli.digest()
    wipe(cli.settings)
    cli.json(*LOAD)
    assert cli.digest() == repeated


def test_two_loads_at_once_of_overlapping_files(cli: Cli) -> None:
    write_csv(cli.folder / "e.csv", devices(ROWS // 2, ROWS + ROWS // 2))
    other = ("load", "devices", "e.csv", "--platform", PLATFORM)
    running = [cli.start(*words, "--json", **SLOW) for words in (LOAD, other)]
    done = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], done
    told = [run["kept"] for run in cypher(cli.settings, kept("runs_by_file"))]
    assert [run["state"] for run in told] == ["finished", "finished"]
    assert [run["rejected"] for run in told] == [0, 0]
    assert sum(run["loaded"] for run in told) == ROWS + ROWS // 2
    assert sum(run["unchanged"] for run in told) == ROWS // 2
    together = cli.digest()
    wipe(cli.settings)
    cli.json(*LOAD)
    cli.json(*other)
    assert cli.digest() == together


def test_a_killed_loader_is_gone_on_with_and_no_reject_is_lost_or_told_twice(cli: Cli) -> None:
    rows = [
        dict(row, device="" if n % 7 == 0 else row["device"])
        for n, row in enumerate(devices(0, ROWS))
    ]
    write_csv(cli.folder / "d.csv", rows)
    process = cli.start(*LOAD, "--rejects", "r.ndjson", "--json", **SLOW)
    until(lambda: written(cli.settings), process)
    process.kill()
    process.communicate(timeout=180)
    left = state(cli.settings)
    assert left["state"] == "running"
    rejects = cli.folder / "r.ndjson"
    assert isinstance(left["rejects_size"], int)
    with rejects.open("ab") as file:  # what it wrote of a batch that never came
        file.truncate(left["rejects_size"])
        file.write(b'{"line": 1}\n{"half')
    told = cli.json("runs", "resume", "latest")
    assert (told["run"], told["resumed"]) == (left["id"], left["cursor"])
    assert (told["in"], told["loaded"]) == (ROWS, ROWS - len(range(0, ROWS, 7)))
    assert [issue["line"] for issue in issues_of(rejects)] == list(range(2, ROWS + 2, 7))
    assert state(cli.settings)["state"] == "finished"
    done = cli.call("runs", "resume", "latest")
    assert done.returncode == 5
    assert "not a run of this file that was left unfinished" in done.stderr


def test_of_two_loaders_on_one_run_the_older_is_fenced_off(cli: Cli) -> None:
    older = cli.start(*LOAD, "--json", **SLOW)
    until(lambda: written(cli.settings), older)
    told = cli.json("runs", "resume", "latest")
    out, err = older.communicate(timeout=180)
    assert older.returncode == 5, err
    assert "taken over by another loader" in err
    assert out == ""
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS, 0)
    run = state(cli.settings)
    assert (run["state"], run["fence"], run["rows_in"]) == ("finished", 2, ROWS)


def test_an_aborted_run_is_not_gone_on_with(cli: Cli) -> None:
    process = cli.start(*LOAD, "--json", **SLOW)
    until(lambda: written(cli.settings), process)
    aborted = cli.json("runs", "abort", "latest")
    _, err = process.communicate(timeout=180)
    assert process.returncode == 5, err
    assert state(cli.settings)["state"] == "aborted"
    assert cli.call("runs", "resume", aborted["run"]).returncode == 5
    assert cli.call("runs", "abort", aborted["run"]).returncode == 5
    told = cli.json(*LOAD)
    assert told["run"] != aborted["run"]
    assert (told["resumed"], told["unchanged"]) == (0, aborted["cursor"])


def test_a_fence_that_moves_while_a_batch_waits_for_it_holds(cli: Cli) -> None:
    cli.json(*LOAD)
    run = str(state(cli.settings)["id"])
    saved: list[Any] = []
    with driven(cli.settings) as driver, driver.session() as session:
        session.run(kept("run_again"), id=run).consume()
        with session.begin_transaction() as aborting:
            aborting.run(ABORT_RUN.text, id=run, now="2026-01-01T00:00:00Z").consume()

            def save() -> None:
                with driver.session() as other:
                    properties = {"state": "running", "cursor": 5}
                    words = {"id": run, "fence": 1, "properties": properties, "said": []}
                    saved.extend(other.run(SAVE_FENCED_RUN.text, words).values())

            saving = threading.Thread(target=save)
            saving.start()
            until(lambda: bool(cypher(cli.settings, kept("blocked"))))
            aborting.commit()
        saving.join()
    assert saved == []
    assert (state(cli.settings)["state"], state(cli.settings)["cursor"]) == ("aborted", ROWS)


@pytest.mark.parametrize("heard", [True, False])
def test_a_commit_whose_answer_is_lost_is_looked_up_and_never_guessed(
    cli: Cli, *, heard: bool
) -> None:
    server = local.resolve(cli.settings)
    host, port = server.uri.removeprefix("bolt://").split(":")
    tap = Tap(host, int(port))
    through = {"NEO4J_URI": f"bolt://127.0.0.1:{tap.port}", "GRAPHSVC_BATCH_ROWS": "500"}
    cli.json("migrate")
    cli.json("load", "devices", "d.csv", "--platform", "other", **through)
    before, tap.commits = tap.commits, 0
    wipe(cli.settings)
    # Each batch is a commit: these are in their midst, two of them one after the other.
    tap.breaks = dict.fromkeys((before // 2, before // 2 + 3), heard)
    told = cli.json(*LOAD, **through)
    tap.close()
    assert tap.commits > before
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS, 0)
    run = state(cli.settings)
    assert (run["state"], run["cursor"], run["fence"]) == ("finished", ROWS, 1)
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == ROWS


def test_another_file_or_another_wish_is_another_run(cli: Cli) -> None:
    process = cli.start(*LOAD, "--json", **SLOW)
    until(lambda: written(cli.settings), process)
    process.kill()
    process.communicate(timeout=180)
    left = state(cli.settings)["id"]
    assert cli.json(*LOAD, "--source", "desk")["resumed"] == 0
    write_csv(cli.folder / "d.csv", devices(0, ROWS + 1))
    done = cli.call("runs", "resume", left)
    assert done.returncode == 5
    assert "not a run of this file" in done.stderr


def test_a_load_waits_for_another_writer_however_long_its_batch_takes(cli: Cli) -> None:
    """The lease is held for longer than the server lets anybody wait for a lock."""
    write_csv(cli.folder / "e.csv", devices(0, 4))
    assert cli.json("load", "devices", "e.csv", "--platform", PLATFORM)["retried"] == 0
    with (
        driven(cli.settings) as driver,
        driver.session() as session,
        session.begin_transaction(timeout=FIRST_SECONDS) as holding,
    ):
        holding.run(kept("hold_lease")).consume()
        process = cli.start(*LOAD, "--json")
        blocked: set[str] = set()

        def tried_twice() -> bool:
            blocked.update(row["id"] for row in cypher(cli.settings, kept("blocked")))
            return len(blocked) > 1

        until(tried_twice, process)
        holding.commit()
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err
    told = json.loads(out)
    assert (told["loaded"], told["unchanged"], told["retried"]) == (ROWS - 4, 4, 1)


def test_a_database_that_is_away_is_said_to_be(cli: Cli) -> None:
    for words in (LOAD, ("graph", "digest"), ("rings", "detect"), ("migrate",), ("runs", "list")):
        done = cli.call(*words, NEO4J_URI="bolt://127.0.0.1:1")
        assert done.returncode == 4, words
        assert "Neo4j does not answer" in done.stderr
        assert "do:" in done.stderr
    done = cli.call(*LOAD, NEO4J_PASSWORD="wrong")
    assert done.returncode == 4
    assert "refuses" in done.stderr


def test_a_server_never_started_is_said_to_be(tmp_path: Path, own_server: Settings) -> None:
    write_csv(tmp_path / "d.csv", devices(0, 4))
    environment = {**os.environ, "GRAPHSVC_HOME": str(own_server.home), "GRAPHSVC_TOKEN_KEY": KEY}
    done = subprocess.run(
        [sys.executable, "-m", "graphsvc", *LOAD],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "graphsvc neo4j start" in done.stderr


@pytest.fixture
def own(own_server: Settings, tmp_path: Path) -> Cli:
    """The command line over a server of the test's own, which it may kill."""
    local.start(own_server)
    write_csv(tmp_path / "d.csv", devices(0, ROWS))
    return Cli(own_server, tmp_path)


def test_neo4j_killed_in_the_middle_of_a_load(own: Cli) -> None:
    server = local.resolve(own.settings)
    assert server.pid is not None
    process = own.start(*LOAD, "--json", **SLOW)

    def begun() -> bool:
        return bool(cypher(own.settings, kept("runs_by_file"))) and written(own.settings)

    until(begun, process)
    killed = psutil.Process(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    killed.wait(30)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 4, err
    assert out == ""
    assert "Neo4j" in err
    assert "repeat" in err
    assert "Traceback" not in err

    local.start(own.settings)
    told = own.json(*LOAD)
    assert told["resumed"] > 0
    assert told["in"] == ROWS == told["loaded"]
    repeated = own.digest()
    wipe(own.settings)
    own.json(*LOAD)
    assert own.digest() == repeated


def test_two_first_loads_at_once_into_a_database_without_schema(own: Cli) -> None:
    running = [own.start(*LOAD, "--json", **SLOW) for _ in range(2)]
    done = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0], done
    assert not own.json("migrate")["made"]

    async def again() -> int:
        async with connect(local.resolve(own.settings)) as driver:
            return len(await migrate(driver))

    assert asyncio.run(again()) == 0


def test_ctrl_c_in_detection_leaves_no_finding(cli: Cli) -> None:
    cli.json(*LOAD)
    process = cli.start("rings", "detect", "--engine", "louvain", "--json")
    until(lambda: bool(cypher(cli.settings, kept("detections"))), process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 130, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert out == ""
    [run] = cypher(cli.settings, kept("detections"))
    assert (run["state"], run["found"]) == ("interrupted", 0)
    told = cli.json("rings", "detect", "--engine", "louvain")
    assert told["sellers"] == ROWS
