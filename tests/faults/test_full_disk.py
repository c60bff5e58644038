"""A disk that is full: refused before the first write, or nothing half-written and gone on with."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.faults.test_load_faults import devices, until
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept, write_csv

ROWS, BATCH = 2_000, 50
HOME_KILOBYTES = 192  # the journal has half of it
REJECTED = range(0, ROWS, 3)
LOAD = ("load", "devices", "d.csv", "--platform", PLATFORM, "--json")
TO_SMALL = ("--rejects", "small/r.ndjson")


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, with a file of which every third row is refused."""
    rows = devices(0, ROWS)
    days = ["never" if n in REJECTED else "" for n in range(ROWS)]
    write_csv(
        tmp_path / "d.csv", [{**row, "seen_at": day} for row, day in zip(rows, days, strict=True)]
    )
    (tmp_path / "small").mkdir()
    return Cli(empty_graph, tmp_path)


def verb(*words: str, into: str) -> str:
    """Return the shell's line for a verb: what it says goes to files, its code is printed."""
    command = shlex.join([sys.executable, "-m", "graphsvc", *words])
    return f"{command} >{into} 2>{into}.err; echo $?"


def small_disk(*steps: str, kilobytes: int = 64) -> list[str]:
    """Return the command that runs steps where the folder `small` is a disk so small.

    It is mounted in a namespace of its own, which wants no rights and ends with the shell.
    """
    unshare = shutil.which("unshare") or pytest.skip("no unshare(1) here")
    script = "\n".join([f"mount -t tmpfs -o size={kilobytes}k tmpfs small || exit 77", *steps])
    return [unshare, "--map-root-user", "--mount", "/bin/sh", "-c", script]


def on_a_small_disk(cli: Cli, *steps: str, floor: int = 0) -> list[int]:
    """Run steps where the folder `small` is a disk of 64 kB; return the codes of the verbs."""
    done = subprocess.run(
        small_disk(*steps),
        env=cli.environment(GRAPHSVC_BATCH_ROWS=str(BATCH), GRAPHSVC_DISK_FLOOR=str(floor)),
        cwd=cli.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    return [int(line) for line in done.stdout.splitlines()]


def test_rejects_that_find_no_room_leave_whole_batches_and_the_load_goes_on(cli: Cli) -> None:
    codes = on_a_small_disk(
        cli,
        verb(*LOAD, *TO_SMALL, into="first"),
        verb("runs", "show", "latest", "--json", into="between"),
        "mount -o remount,size=8m small",
        verb(*LOAD, *TO_SMALL, into="second"),
        "cp small/r.ndjson r.ndjson",
    )
    assert codes == [3, 0, 0]
    said = (cli.folder / "first.err").read_text()
    assert "small/r.ndjson: No space left on device" in said
    assert "Traceback" not in said
    left = json.loads((cli.folder / "between").read_text())
    assert left["state"] == "failed"
    assert 0 < left["cursor"] < ROWS
    assert left["cursor"] % BATCH == 0
    assert left["rows_in"] == left["cursor"] == left["loaded"] + left["rejected"]
    told = json.loads((cli.folder / "second").read_text())
    assert (told["run"], told["resumed"]) == (left["id"], left["cursor"])
    assert (told["in"], told["rejected"]) == (ROWS, len(REJECTED))
    assert [issue["line"] - 2 for issue in issues_of(cli.folder / "r.ndjson")] == [*REJECTED]
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == ROWS - len(REJECTED)


def test_standard_input_that_finds_no_room_is_refused_and_nothing_of_it_is_left(cli: Cli) -> None:
    stdin = ("load", "devices", "-", "--platform", PLATFORM)
    home = f"export GRAPHSVC_HOME={shlex.quote(str(cli.folder / 'small'))}"
    [code] = on_a_small_disk(
        cli,
        home,
        f"cat d.csv d.csv | {verb(*stdin, into='first')}",
        "find small -type f -not -path 'small/journal/*' > left",
    )
    assert code == 3
    assert "cannot be spooled: No space left on device" in (cli.folder / "first.err").read_text()
    assert (cli.folder / "left").read_text() == ""
    assert cypher(cli.settings, kept("runs_by_file")) == []


def test_under_the_floor_nothing_is_begun(cli: Cli) -> None:
    [code] = on_a_small_disk(cli, verb(*LOAD, *TO_SMALL, into="first"), floor=1_000_000)
    assert code == 3
    said = (cli.folder / "first.err").read_text()
    assert "small: 65,536 bytes are free, 1,000,000 are wanted" in said
    assert "GRAPHSVC_DISK_FLOOR" in said
    for words in (LOAD, ("rings", "detect"), ("tokens", "rotate")):
        done = cli.call(*words, GRAPHSVC_DISK_FLOOR=str(10**18))
        assert done.returncode == 3, words
        assert "bytes are free, 1,000,000,000,000,000,000 are wanted" in done.stderr
    assert cypher(cli.settings, kept("count_all"))[0]["number"] == 0


@contextmanager
def watching_on_a_small_disk(
    cli: Cli, *, floor: int
) -> Iterator[tuple[subprocess.Popen[str], Callable[[], str]]]:
    """Watch `in` with the small disk as home; it grows once there is a file `room`.

    Yields the watcher and what it has said so far.
    """
    grows = (
        "(while kill -0 $$; do [ -e room ] && exec mount -o remount,size=8m small; sleep 0.1; done)"
    )
    watch = shlex.join(
        [sys.executable, "-m", "graphsvc", "watch", "in", "--platform", PLATFORM, "--json"]
    )
    said = cli.folder / "said"
    said.touch()
    watcher = subprocess.Popen(
        small_disk(f"{grows} >/dev/null 2>&1 &", f"exec {watch} 2>said", kilobytes=HOME_KILOBYTES),
        env=cli.environment(
            GRAPHSVC_HOME=str(cli.folder / "small"),
            GRAPHSVC_BATCH_ROWS=str(BATCH),
            GRAPHSVC_DISK_FLOOR=str(floor),
            GRAPHSVC_WATCH_SECONDS="0.2",
        ),
        cwd=cli.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield watcher, said.read_text
    finally:
        watcher.kill()
        watcher.communicate()


def ended_by_ctrl_c(watcher: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Interrupt a watcher and return what it told of its files."""
    watcher.send_signal(signal.SIGINT)
    out, _ = watcher.communicate(timeout=180)
    assert watcher.returncode == 130
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def watched(cli: Cli) -> Path:
    """The file of the fixture `cli` in a folder to watch."""
    on_a_small_disk(cli, "echo 0")  # skips where there can be no small disk
    (cli.folder / "in").mkdir()
    return (cli.folder / "d.csv").rename(cli.folder / "in" / "devices.csv")


def test_watch_waits_for_room_for_rejects_and_goes_on_at_its_cursor(
    cli: Cli, watched: Path
) -> None:
    with watching_on_a_small_disk(cli, floor=0) as (watcher, said):
        until(lambda: "waiting: " in said(), watcher)
        assert "No space left on device" in said()
        assert watched.exists()
        left = cli.json("runs", "show", "latest")
        assert 0 < left["cursor"] < ROWS
        assert left["rows_in"] == left["cursor"] == left["loaded"] + left["rejected"]
        (cli.folder / "room").touch()
        until(lambda: not watched.exists(), watcher)
        [told] = ended_by_ctrl_c(watcher)
        assert "going on" in said()
        assert "Traceback" not in said()
    assert (told["run"], told["resumed"], told["state"]) == (left["id"], left["cursor"], "done")
    assert (told["in"], told["rejected"]) == (ROWS, len(REJECTED))
    rejects = issues_of(cli.folder / "in" / "done" / "devices.csv.rejects.ndjson")
    assert [issue["line"] - 2 for issue in rejects] == [*REJECTED]
    assert cypher(cli.settings, kept("count_uses"))[0]["number"] == ROWS - len(REJECTED)


def test_watch_waits_for_room_under_the_floor_and_begins_nothing(cli: Cli, watched: Path) -> None:
    with watching_on_a_small_disk(cli, floor=1_000_000) as (watcher, said):
        until(lambda: "waiting: " in said(), watcher)
        assert f"{HOME_KILOBYTES * 1024:,} bytes are free, 1,000,000 are wanted" in said()
        assert watched.exists()
        assert cypher(cli.settings, kept("runs_by_file")) == []
        (cli.folder / "room").touch()
        until(lambda: not watched.exists(), watcher)
        [told] = ended_by_ctrl_c(watcher)
    assert (told["in"], told["resumed"], told["state"]) == (ROWS, 0, "done")
