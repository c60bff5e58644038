"""The verb `watch`: what arrives is loaded once and moved, whatever happens in between."""

from __future__ import annotations

import gzip
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
import pytest
import zstandard

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.process import free_port
from tests.graph.driving import PLATFORM, Cli, Rows, cypher, kept, write_csv
from tests.tap import Tap

QUICK = {"GRAPHSVC_WATCH_SECONDS": "0.2"}
SLOW = {**QUICK, "GRAPHSVC_BATCH_ROWS": "50"}
WAIT_SECONDS = 180
ROWS = 3_000
SELLERS: Rows = [{"seller_id": f"s-{n}", "handle": f"shop {n}"} for n in range(3)]
DEVICES: Rows = [
    {"seller_id": f"s-{n}", "device": f"device-{n // 4:06}", "seen_at": "2024-01-01"}
    for n in range(ROWS)
]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, with a folder where files arrive."""
    (tmp_path / "in").mkdir()
    return Cli(empty_graph, tmp_path)


def until(holds: Callable[[], Any], process: Popen[str]) -> None:
    """Wait until something holds; fail where the process ends before, or nothing ever comes."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert process.poll() is None, f"ended too early: {process.communicate()}"
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@contextmanager
def watching(cli: Cli, *words: str, **extra: str) -> Iterator[Popen[str]]:
    """Watch the folder in a process of its own, which is ended if it still runs."""
    process = cli.start("watch", "in", "--platform", PLATFORM, "--json", *words, **extra)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=WAIT_SECONDS)


def once(cli: Cli, *, code: int = 0, **extra: str) -> list[dict[str, Any]]:
    """Take in what is there and return what was told of each file."""
    done = cli.call("watch", "in", "--once", "--platform", PLATFORM, "--json", **QUICK, **extra)
    assert done.returncode == code, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def left(cli: Cli) -> set[str]:
    """Return the paths of the files in the folder, hidden ones apart."""
    inbox = cli.folder / "in"
    found = (path for path in inbox.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path.relative_to(inbox).as_posix() for path in found}


def runs(cli: Cli) -> list[dict[str, Any]]:
    """Return the ingest runs of the graph."""
    found: list[dict[str, Any]] = cli.json("runs", "list")["items"]
    return found


def test_files_of_every_form_are_loaded_in_order_and_moved_with_their_reports(cli: Cli) -> None:
    inbox = cli.folder / "in"
    plain = write_csv(cli.folder / "plain.csv", SELLERS).read_bytes()
    (inbox / "sellers-2024.11.02.csv.gz").write_bytes(gzip.compress(plain))
    listing = json.dumps({"listing_id": "l-1", "seller_id": "s-1", "title": "Vase"}) + "\n"
    packed = zstandard.ZstdCompressor().compress(listing.encode())
    (inbox / "listings.jsonl.zst").write_bytes(packed)
    (inbox / "devices").mkdir()
    write_csv(inbox / "devices" / "export 7.csv", [*DEVICES[:4], {"seller_id": "s-9"}])
    (inbox / "contacts.csv.part").write_bytes(b"seller_id,phone\n")
    (inbox / ".contacts.csv").write_bytes(b"seller_id,phone\n")
    write_csv(inbox / "notes.csv", [{"a": "b"}])
    told = once(cli)
    assert [each["kind"] for each in told] == ["sellers", "listings", "devices"]
    assert [each["state"] for each in told] == ["done"] * 3
    assert [each["stubs"] for each in told[:2]] == [0, 0]
    assert all(e["in"] == e["loaded"] + e["unchanged"] + e["rejected"] for e in told)
    assert told[2]["refused"] == [{"column": "device", "reason": "empty", "count": 1, "lines": [6]}]
    assert left(cli) == {
        "done/sellers-2024.11.02.csv.gz",
        "done/sellers-2024.11.02.csv.gz.report.json",
        "done/listings.jsonl.zst",
        "done/listings.jsonl.zst.report.json",
        "done/devices/export 7.csv",
        "done/devices/export 7.csv.report.json",
        "done/devices/export 7.csv.rejects.ndjson",
        "contacts.csv.part",
        "notes.csv",
    }
    for each in told:
        assert json.loads(Path(cli.folder, each["moved"] + ".report.json").read_text()) == each
    assert "notes.csv" in cli.call("watch", "in", "--once", **QUICK).stderr


def test_what_cannot_be_loaded_goes_to_failed_and_says_why(cli: Cli) -> None:
    inbox = cli.folder / "in"
    whole = gzip.compress(write_csv(cli.folder / "d.csv", DEVICES).read_bytes())
    (inbox / "devices.csv.gz").write_bytes(whole[: len(whole) // 2])
    (inbox / "sellers.csv").write_bytes(b"")
    write_csv(inbox / "listings.csv", [{"listing_id": "l-1", "colour": "red"}])
    write_csv(inbox / "contacts.csv", [{"seller_id": "s-1", "phone": "+44 20 7946 0018"}])
    told = {each["kind"]: each for each in once(cli, code=3, GRAPHSVC_BATCH_ROWS="50")}
    assert {kind: each["state"] for kind, each in told.items()} == {
        "sellers": "failed", "listings": "failed", "contacts": "done", "devices": "failed",
    }  # fmt: skip
    assert "the file is empty" in told["sellers"]["error"]["message"]
    assert "missing columns: seller_id, title" in told["listings"]["error"]["message"]
    assert "copy the file again" in told["devices"]["error"]["advice"]
    assert 0 < told["devices"]["in"] < ROWS
    assert {f"failed/{name}" for name in ("sellers.csv", "listings.csv", "devices.csv.gz")} < left(
        cli
    )
    report = json.loads((inbox / "failed" / "sellers.csv.report.json").read_text("utf-8"))
    assert report["error"] == told["sellers"]["error"]


def test_a_name_is_never_written_over_and_the_same_bytes_are_not_loaded_again(cli: Cli) -> None:
    inbox = cli.folder / "in"
    for handle in ("amber", "birch", "birch"):
        write_csv(inbox / "sellers.csv", [{"seller_id": "s-1", "handle": handle}])
        [told] = once(cli)
    assert told["again"] is True
    assert {path for path in left(cli) if path.endswith(".csv")} == {
        "done/sellers.csv", "done/sellers~2.csv", "done/sellers~3.csv",
    }  # fmt: skip
    assert "amber" in (inbox / "done" / "sellers.csv").read_text("utf-8")
    assert len(runs(cli)) == 2


def test_a_file_that_is_being_written_is_left_alone_until_it_stands_still(cli: Cli) -> None:
    path = cli.folder / "in" / "sellers.csv"
    path.write_text("seller_id,handle\n", "utf-8")
    pause = {"GRAPHSVC_WATCH_SECONDS": "1.5"}
    with watching(cli, **pause) as process, path.open("a", encoding="utf-8") as file:
        until((cli.folder / "in" / ".watch.lock").exists, process)
        ends, number = time.monotonic() + 6, 0
        while time.monotonic() < ends:  # four times as long as a file has to stand still
            file.write(f"s-{number},shop\n")
            file.flush()
            number += 1
            assert path.exists()
            time.sleep(0.1)
        file.close()
        until(lambda: not path.exists(), process)
    [run] = runs(cli)
    assert (run["rows_in"], run["loaded"]) == (number, number)


def test_killed_in_the_midst_it_goes_on_and_nothing_is_loaded_twice(cli: Cli) -> None:
    rows = [dict(row, device="" if n % 7 == 0 else row["device"]) for n, row in enumerate(DEVICES)]
    write_csv(cli.folder / "in" / "devices.csv", rows)
    with watching(cli, **SLOW) as process:
        until(lambda: cypher(cli.settings, kept("count_uses"))[0]["number"], process)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=WAIT_SECONDS)
    assert left(cli) == {"devices.csv"}
    [told] = once(cli)
    [run] = runs(cli)
    assert told["resumed"] > 0
    assert told["run"] == run["id"]
    refused = len(range(0, ROWS, 7))
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS - refused, 0)
    assert told["refused"][0]["count"] == told["rejected"] == refused
    rejects = cli.folder / "in" / "done" / "devices.csv.rejects.ndjson"
    assert len(rejects.read_text("utf-8").splitlines()) == refused
    shown = cli.json("runs", "show", "latest")
    assert shown["rejects_file"] == str(rejects)
    assert shown["refused"] == told["refused"]


def test_killed_between_loading_and_moving_it_only_moves(cli: Cli) -> None:
    path = write_csv(cli.folder / "in" / "devices.csv", [*DEVICES[:8], {"seller_id": "s-9"}])
    [told] = once(cli)
    done = cli.folder / "in" / "done"
    # As a kill before the last step, then one before the rejects were moved, would leave it.
    (done / "devices.csv").rename(path)
    (done / "devices.csv.report.json").unlink()
    home = cli.settings.home / "rejects" / f"{told['run']}.ndjson"
    (done / "devices.csv.rejects.ndjson").rename(home)
    [again] = once(cli)
    assert (again["again"], again["run"]) == (True, told["run"])
    assert again["refused"] == told["refused"]
    assert len(runs(cli)) == 1
    assert left(cli) == {
        "done/devices.csv", "done/devices.csv.report.json", "done/devices.csv.rejects.ndjson",
    }  # fmt: skip


def test_ctrl_c_ends_it_cleanly_and_a_folder_has_one_watcher(cli: Cli) -> None:
    write_csv(cli.folder / "in" / "sellers.csv", [{"seller_id": "s-1"}])
    with watching(cli, **{**SLOW, "GRAPHSVC_BATCH_ROWS": "1"}) as process:
        until(lambda: "done/sellers.csv" in left(cli), process)
        other = cli.call("watch", "in", "--once", **QUICK)
        assert other.returncode == 5
        assert "watched by another" in other.stderr
        write_csv(cli.folder / "in" / "devices.csv", DEVICES)
        until(lambda: cypher(cli.settings, kept("count_uses"))[0]["number"], process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    run = next(run for run in runs(cli) if run["kind"] == "devices")
    assert run["state"] == "interrupted"
    assert "devices.csv" in left(cli)
    [told] = once(cli)
    assert (told["run"], told["in"], told["loaded"]) == (run["id"], ROWS, ROWS)


def test_a_mapping_beside_the_files_is_used_and_one_that_is_broken_waited_for(cli: Cli) -> None:
    inbox = cli.folder / "in"
    write_csv(inbox / "sellers.csv", [{"ID": "s-1", "Name": "amber"}])
    beside = inbox / "sellers.yml"
    beside.write_text("colums: {}\n", "utf-8")
    done = cli.call("watch", "in", "--once", **QUICK)
    assert done.returncode == 3
    assert "sellers.yml" in done.stderr
    assert left(cli) == {"sellers.csv", "sellers.yml"}
    with watching(cli, **QUICK) as process:
        said = iter(process.stderr)  # type: ignore[arg-type]
        assert any("waiting: " in line for line in said)
        beside.write_text("columns: {seller_id: ID, handle: Name}\n", "utf-8")
        assert any("going on" in line for line in said)
        until(lambda: (inbox / "done" / "sellers.csv").exists(), process)
    [row] = cypher(cli.settings, kept("provenance"))
    assert row["handle"] == "amber"


def test_a_mapping_of_the_command_line_names_its_kind(cli: Cli) -> None:
    write_csv(cli.folder / "in" / "sellers.csv", [{"ID": "s-1"}])
    mapping = cli.folder / "m.yml"
    mapping.write_text("columns: {seller_id: ID}\n", "utf-8")
    words = ("watch", "in", "--once", "--platform", PLATFORM, "--mapping", "m.yml", "--json")
    assert cli.call(*words, **QUICK).returncode == 2
    mapping.write_text("kind: sellers\ncolumns: {seller_id: ID}\n", "utf-8")
    assert json.loads(cli.call(*words, **QUICK).stdout)["loaded"] == 1


def test_without_a_database_it_waits_and_then_goes_on(cli: Cli) -> None:
    path = write_csv(cli.folder / "in" / "devices.csv", DEVICES)
    host, port = local.resolve(cli.settings).uri.removeprefix("bolt://").split(":")
    own = free_port()
    with watching(cli, NEO4J_URI=f"bolt://127.0.0.1:{own}", **QUICK) as process:
        said = iter(process.stderr)  # type: ignore[arg-type]
        assert any("waiting: Neo4j does not answer" in line for line in said)
        assert path.exists()
        tap = Tap(host, int(port), own=own)
        assert any("going on" in line for line in said)
        until(lambda: not path.exists(), process)
        tap.close()
    [run] = runs(cli)
    assert (run["state"], run["rows_in"], run["loaded"]) == ("finished", ROWS, ROWS)


def test_once_does_not_wait_for_a_database(cli: Cli) -> None:
    write_csv(cli.folder / "in" / "sellers.csv", SELLERS)
    assert once(cli, code=4, NEO4J_URI="bolt://127.0.0.1:1") == []
    assert left(cli) == {"sellers.csv"}


# The managed server is looked up by GRAPHSVC_HOME: started again it listens on another port.
MANAGED = {"NEO4J_URI": "", "NEO4J_USER": "", "NEO4J_PASSWORD": ""}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_neo4j_killed_in_a_load_is_waited_for_and_the_run_goes_on(
    own_server: Settings, tmp_path: Path
) -> None:
    server = local.start(own_server)
    assert server.pid is not None
    own = Cli(own_server, tmp_path)
    (tmp_path / "in").mkdir()
    path = write_csv(tmp_path / "in" / "devices.csv", DEVICES)
    with watching(own, **SLOW, **MANAGED) as process:
        said = iter(process.stderr)  # type: ignore[arg-type]
        until(lambda: cypher(own_server, kept("count_uses"))[0]["number"], process)
        killed = psutil.Process(server.pid)
        killed.kill()
        killed.wait(30)
        assert any("waiting: " in line for line in said)
        assert left(own) == {"devices.csv"}
        local.start(own_server)
        assert any("going on" in line for line in said)
        until(lambda: not path.exists(), process)
        [told] = ended_by_ctrl_c(process)
    assert_gone_on(own, told)


@pytest.fixture
def tap(cli: Cli) -> Iterator[Tap]:
    """A way to the server that can be broken, with a file of devices in the folder."""
    write_csv(cli.folder / "in" / "devices.csv", DEVICES)
    host, port = local.resolve(cli.settings).uri.removeprefix("bolt://").split(":")
    made = Tap(host, int(port))
    yield made
    made.close()


@contextmanager
def losing_the_database(cli: Cli, tap: Tap, *words: str) -> Iterator[Popen[str]]:
    """Watch through a tap that lets no commit pass once some batches of the load are written."""
    with watching(cli, *words, **SLOW, NEO4J_URI=f"bolt://127.0.0.1:{tap.port}") as process:
        until(lambda: cypher(cli.settings, kept("count_uses"))[0]["number"], process)
        tap.breaks = dict.fromkeys(range(10_000), False)
        yield process


def ended_by_ctrl_c(process: Popen[str]) -> list[dict[str, Any]]:
    """Interrupt a watcher, which ends at once and cleanly; return what it told of its files."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    return [json.loads(line) for line in out.splitlines()]


def assert_gone_on(cli: Cli, told: dict[str, Any]) -> None:
    """Compare what was told of the devices with one run that was cut off and went on."""
    [run] = runs(cli)
    assert 0 < told["resumed"] < ROWS
    assert (told["run"], told["state"], run["state"]) == (run["id"], "done", "finished")
    assert (told["in"], told["loaded"], told["unchanged"]) == (ROWS, ROWS, 0)
    assert "done/devices.csv" in left(cli)


def test_a_database_lost_in_a_load_is_waited_for_and_the_run_goes_on(cli: Cli, tap: Tap) -> None:
    with losing_the_database(cli, tap) as process:
        said = iter(process.stderr)  # type: ignore[arg-type]
        assert any("waiting: " in line for line in said)
        assert left(cli) == {"devices.csv"}
        tap.breaks = {}
        assert any("going on" in line for line in said)
        until(lambda: "done/devices.csv" in left(cli), process)
        [told] = ended_by_ctrl_c(process)
    assert_gone_on(cli, told)


def test_ctrl_c_ends_the_wait_for_a_database_lost_in_a_load(cli: Cli, tap: Tap) -> None:
    with losing_the_database(cli, tap) as process:
        said = iter(process.stderr)  # type: ignore[arg-type]
        assert any("waiting: " in line for line in said)
        assert ended_by_ctrl_c(process) == []
    assert left(cli) == {"devices.csv"}


def test_once_ends_where_the_database_is_lost_in_a_load(cli: Cli, tap: Tap) -> None:
    with losing_the_database(cli, tap, "--once") as process:
        out, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == 4, err
    assert "Traceback" not in err
    assert (out, left(cli)) == ("", {"devices.csv"})
