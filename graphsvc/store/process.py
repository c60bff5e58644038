"""The server's process: spawn it, know it again, ask it to end; never one that is not ours."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from pathlib import Path

import psutil

from graphsvc.errors import DatabaseAway
from graphsvc.store import configure
from graphsvc.store.place import draft_of

STOP_SECONDS = 180.0


def is_ours(pid: int, place: Path) -> bool:
    """Tell whether a process is the server of this home, by its command line.

    A number alone proves nothing: after a crash the system gives it to someone else.
    """
    words = _words(pid)
    return configure.MAIN in words and configure.home_argument(place) in words


def end_strays(place: Path) -> None:
    """End a server of this home that nobody noted: its start was killed between two steps."""
    for process in psutil.process_iter():
        if is_ours(process.pid, place):
            end(process.pid)


def end_imports(place: Path) -> None:
    """End an import for this home whose command was killed: it works in the draft it left."""
    if not draft_of(place).exists():
        return
    words = set(configure.admin_words(draft_of(place)))
    for process in psutil.process_iter():
        if words.issubset(_words(process.pid)):
            end(process.pid)


def _words(pid: int) -> list[str]:
    try:
        return psutil.Process(pid).cmdline()
    except (psutil.Error, ValueError, TypeError, OverflowError):
        return []


def end(pid: int) -> None:
    """Ask a process to end and wait; raises DatabaseAway where it does not within the time."""
    try:
        process = psutil.Process(pid)
        process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        # One that has ended stays listed for as long as its own parent does not ask.
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                raise DatabaseAway(f"Neo4j (process {pid}) does not end")
            with suppress(psutil.TimeoutExpired):
                process.wait(0.1)
    except psutil.NoSuchProcess:
        return


def spawn(command: list[str], environment: dict[str, str], log: Path) -> int:
    """Start a process that outlives us and our terminal's Ctrl-C; return its pid."""
    read, append = os.O_RDONLY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    pid = os.posix_spawn(
        command[0],
        command,
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, read, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), append, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    _await_command_line(pid)
    return pid


def _await_command_line(pid: int) -> None:
    """Wait until a fresh process can be known: for a moment its command line is still empty."""
    try:
        while not psutil.Process(pid).cmdline():
            time.sleep(0.001)
    except psutil.NoSuchProcess:
        return


def free_port() -> int:
    """Return a port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
