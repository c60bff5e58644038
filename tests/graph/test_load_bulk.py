"""The verb `load-bulk`: the same graph, counts and rejects as `load`; all of it or nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from graphsvc.settings import Settings
from graphsvc.store import local, process
from graphsvc.store.place import draft_of
from ingest.jobs.catalogue import JOBS
from tests.conftest import CACHE, HEAP, JAVA, PAGECACHE
from tests.graph.driving import KEY, OTHER_KEY, PLATFORM, Cli, cypher, issues_of, kept, wipe
from tests.graph.test_digest import MID, WORLD, written

BAD = {"sellers": {"seller_id": "s-bad", "risk": "7"}, "devices": {"seller_id": "", "device": "x"}}
LATE = {"seller_id": "s-3", "handle": "vying in another file", "seen_at": MID}
MANAGED = {
    "NEO4J_URI": "",
    "GRAPHSVC_CACHE": str(CACHE),
    "GRAPHSVC_NEO4J_HEAP": HEAP,
    "GRAPHSVC_NEO4J_JAVA": JAVA,
    "GRAPHSVC_NEO4J_PAGECACHE": PAGECACHE,
    "GRAPHSVC_BATCH_ROWS": "3",
}
WAIT_SECONDS = 240


@pytest.fixture
def cli(own_server: Settings, tmp_path: Path) -> Iterator[Cli]:
    """The command line over a managed server that may be stopped."""
    local.start(own_server)
    yield Cli(own_server.model_copy(update={"token_key": SecretStr(KEY)}), tmp_path)
    process.end_imports(own_server.home.resolve() / "neo4j")


def market(folder: Path) -> list[tuple[str, Path]]:
    """Write the world and bad rows into `folder/market`; of sellers there are two files."""
    world = {kind: [*rows, BAD.get(kind, rows[0])] for kind, rows in WORLD.items()}
    files = written(folder, "market", world)
    late = folder / "market" / "sellers.jsonl"
    late.write_text(json.dumps(LATE) + "\n", "utf-8")
    (folder / "market" / "notes.txt").write_text("no kind", "utf-8")
    return [files[0], ("sellers", late), *files[1:]]


OF_THE_LOADER = ("run", "seconds", "rows_per_second", "transactions", "retried")


def told(cli: Cli, *words: object) -> list[dict[str, Any]]:
    """Run a load and return what it says of each file, its rejects in place of their file."""
    done = cli.call(*words, "--platform", PLATFORM, "--json", **MANAGED)
    assert done.returncode == 0, done.stderr
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    for report in reports:
        report["rejects"] = issues_of(Path(report["rejects"])) if report["rejects"] else []
        for name in OF_THE_LOADER:
            del report[name]
    return reports


def held(cli: Cli) -> list[str]:
    """Return every node and assertion with its provenance, but for clock values and run ids."""
    rows = cypher(cli.settings, kept("loaded"))
    for row in rows:
        del row["held"]["recorded_from"], row["held"]["run"]
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


def killed(cli: Cli) -> None:
    """Kill a bulk load while neo4j-admin imports."""
    running = cli.start("load-bulk", "market", "--platform", PLATFORM, **MANAGED)
    draft = draft_of(cli.settings.home.resolve() / "neo4j")
    deadline = time.monotonic() + WAIT_SECONDS
    while not (draft / "arguments").exists():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline, "it never imported"
        time.sleep(0.02)
    running.kill()
    running.communicate(timeout=WAIT_SECONDS)
    assert local.status(cli.settings) is None


@pytest.mark.timeout(600)
def test_a_bulk_load_is_all_that_a_load_is(cli: Cli) -> None:
    files = market(cli.folder)
    wanted = [told(cli, "load", kind, f"market/{path.name}")[0] for kind, path in files]
    assert {report["kind"] for report in wanted if report["rejected"]} > set(BAD)
    ordinary, digest = held(cli), cli.digest()
    for report in wanted:
        assert report["in"] == report["loaded"] + report["unchanged"] + report["rejected"]

    full = cli.call("load-bulk", "market", "--platform", PLATFORM, **MANAGED)
    assert full.returncode == 5
    assert "Seller" in full.stderr
    assert cli.digest() == digest

    wipe(cli.settings)
    assert told(cli, "load-bulk", "market") == wanted
    assert held(cli) == ordinary
    assert cli.digest() == digest
    made = cli.json("migrate")
    assert made["made"] == made["missing"] == made["different"] == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_bulk_load_is_gone_on_with_and_undone_as_a_load_is(cli: Cli) -> None:
    files = market(cli.folder)
    told(cli, "load-bulk", "market")
    digest = cli.digest()

    again = [told(cli, "load", kind, f"market/{path.name}")[0] for kind, path in files]
    assert [report["loaded"] + report["stubs"] for report in again] == [0] * len(files)
    other = cli.call("load", "sellers", "market/sellers.csv", GRAPHSVC_TOKEN_KEY=OTHER_KEY)
    assert other.returncode == 3, "the graph belongs to the key that it was loaded with"

    runs = cli.json("runs", "list", "--first", "100")["items"]
    assert [run["state"] for run in runs] == ["finished"] * len(runs) == ["finished"] * 18
    for run in runs:
        if run["kind"] == "listings":
            cli.json("runs", "undo", run["id"])
    undone = cli.digest()
    wipe(cli.settings)
    for kind, path in files:
        if kind != "listings":
            told(cli, "load", kind, f"market/{path.name}")
    assert cli.digest() == undone != digest


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_while_it_imports_it_leaves_nothing(cli: Cli) -> None:
    files = market(cli.folder)
    killed(cli)
    local.start(cli.settings)
    assert not draft_of(cli.settings.home.resolve() / "neo4j").exists()
    assert held(cli) == []
    assert [report["kind"] for report in told(cli, "load-bulk", "market")] == [k for k, _ in files]


def test_an_outside_server_is_refused(tmp_path: Path, settings: Settings) -> None:
    assert set(WORLD) == set(JOBS)
    market(tmp_path)
    cli = Cli(settings, tmp_path)
    done = cli.call("load-bulk", "market", "--platform", PLATFORM)
    assert done.returncode == 2
    assert "graphsvc load" in done.stderr
