"""Processes that write one journal at once, and writers that are killed: nothing told is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.audit.ledger import Ledger
from graphsvc.audit.verify import verify
from tests.conftest import ROOT

LANES = 8
FOREVER = 10_000_000
Told = dict[int, str]


def writer(folder: Path, count: int) -> subprocess.Popen[str]:
    """Start a process that writes to a journal."""
    words = [sys.executable, "-m", "tests.faults.journal_writer", folder, count, LANES]
    return subprocess.Popen(
        [str(word) for word in words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def told_by(lines: list[str]) -> Told:
    """Return the entries that whole lines tell of."""
    pairs = (line.split() for line in lines if line.endswith("\n"))
    return {int(seq): hashed for seq, hashed in pairs}


def held(folder: Path) -> Told:
    ledger = Ledger.readable(folder)
    try:
        return {entry.seq: entry.hash.hex() for entry in ledger.entries()}
    finally:
        ledger.close()


def until_killed(folder: Path, after: int) -> Told:
    """Let a writer tell of so many entries, kill it, and return all that it told."""
    process = writer(folder, FOREVER)
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(after)]
    process.kill()
    lines += process.stdout.readlines()
    process.stdout.close()
    assert process.wait(60) == -9
    assert len(lines) >= after
    return told_by(lines)


def assert_nothing_told_is_lost(folder: Path, times: int) -> None:
    """Kill writers of one journal again and again, another of them at work meanwhile."""
    other = writer(folder, FOREVER)
    told: Told = {}
    for number in range(times):
        one = until_killed(folder, 1 + 7 * number % 50)
        assert not one.keys() & told.keys()
        told |= one
    other.kill()
    assert other.stdout
    told |= told_by(other.stdout.readlines())
    other.stdout.close()
    other.wait(60)
    assert told.items() <= held(folder).items()
    verdict = verify(folder)
    assert verdict.problem is None
    assert verdict.checkpoints > 0


def test_two_processes_write_one_chain(tmp_path: Path) -> None:
    count = 400
    processes = [writer(tmp_path, count) for _ in range(2)]
    told = [told_by(process.communicate(timeout=120)[0].splitlines(True)) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert [len(each) for each in told] == [count, count]
    assert told[0] | told[1] == held(tmp_path)
    verdict = verify(tmp_path)
    assert verdict.problem is None
    assert verdict.latest
    assert verdict.latest.size == 2 * count


def test_what_killed_writers_told_of_is_there(tmp_path: Path) -> None:
    assert_nothing_told_is_lost(tmp_path, 4)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_many_killed_writers_told_of_is_there(tmp_path: Path) -> None:
    assert_nothing_told_is_lost(tmp_path, 300)
