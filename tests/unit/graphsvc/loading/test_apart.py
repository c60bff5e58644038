"""Rows that other processes read: the same batches in the same order, and nobody left behind."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graphsvc.errors import GraphsvcError
from graphsvc.loading import apart
from graphsvc.loading.prepare import Load, Wish, prepare
from graphsvc.settings import load_settings
from ingest.batch import Batch
from ingest.errors import SourceUnreadable
from ingest.fold.token import Tokeniser

WAIT_SECONDS = 120
ROWS = 10
ENDLESS = """
import sys
from pathlib import Path
from tests.unit.graphsvc.loading.test_apart import load_of
from graphsvc.loading import apart

if __name__ == "__main__":
    with apart.saying(apart.LEAST) as says:
        while True:
            for _ in says(load_of(Path(sys.argv[1]))):
                print("a batch", flush=True)
"""


def load_of(file: Path, kind: str = "payment_accounts", *, rows: int = ROWS) -> Load:
    settings = load_settings(None, home=file.parent / "home", batch_rows=rows)
    tokens = Tokeniser(b"k" * 32)
    wish = Wish(kind, None, "p")
    return prepare(settings, wish, str(file), tokens=tokens, tell=lambda counts: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Accounts of which some are used again, some are contradicted, some cannot be."""
    found = tmp_path / "accounts.csv"
    rows = [f"s-{n % 40},MERCHANT{n % 30:04},holder {n % 3},2024-01-01" for n in range(95)]
    rows[50:53] = ("s-1,,,", "s-1,MERCHANT0001,A,2024-01-01", "s-1,MERCHANT0001,B,2024-01-01")
    found.write_text("\n".join(("seller_id,account,holder,seen_at", *rows)), "utf-8")
    return found


def told(batch: Batch) -> tuple[object, ...]:
    return (
        batch.stamp,
        batch.rows,
        batch.skipped,
        batch.cursor,
        batch.tables,
        batch.issues,
        batch.accepted,
    )


def test_other_processes_say_what_this_one_would(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "cores", lambda: 2)
    with apart.saying(0) as says:
        here = [(told(batch), packed) for batch, packed in says(load_of(file))]
    with apart.saying(apart.LEAST) as says:
        there = [(told(batch), packed) for batch, packed in says(load_of(file))]
    assert len(here) == 10
    assert [len(batch[5]) for batch, _ in here] == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0]
    assert there == here


def test_a_file_that_breaks_off_ends_the_processes_too(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "cores", lambda: 2)
    cut = file.with_name("cut.csv.gz")
    cut.write_bytes(gzip.compress(file.read_bytes())[:-9])
    with pytest.raises(SourceUnreadable), apart.saying(apart.LEAST) as says:
        list(says(load_of(cut)))
    assert not multiprocessing.active_children()


def test_a_reading_process_that_is_killed_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "cores", lambda: 2)
    with apart.saying(apart.LEAST) as says:
        said = iter(says(load_of(file)))
        next(said)
        for server in psutil.Process().children():
            for reader in server.children():
                reader.kill()
        with pytest.raises(GraphsvcError, match="killed, or had no memory"):
            list(said)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.skipif(apart.cores() == 1, reason="on one core no other process is started")
@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGKILL])
def test_however_a_load_ends_its_processes_end(file: Path, signum: signal.Signals) -> None:
    script = file.with_name("endless.py")
    script.write_text(ENDLESS, "utf-8")
    begun = subprocess.Popen(
        [sys.executable, script, file],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert begun.stdout is not None
    assert begun.stdout.readline() == b"a batch\n"
    assert len(list(session(begun.pid))) > 2
    if signum == signal.SIGINT:
        os.killpg(begun.pid, signum)  # as a terminal does: to all of them
    else:
        begun.kill()
    begun.stdout.close()
    begun.wait(WAIT_SECONDS)
    deadline = time.monotonic() + WAIT_SECONDS
    while list(session(begun.pid)):
        assert time.monotonic() < deadline, "processes are left"
        time.sleep(0.1)


def session(leader: int) -> Iterator[int]:
    """Yield the processes of a session that are not dead."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own, *_ = place.read_text("ascii", "replace").rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(own) == leader and state != "Z":
            yield int(place.parent.name)
