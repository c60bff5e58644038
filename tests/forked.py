"""Verbs that begin at once: each a process of its own, forked from one that has imported all.

Importing takes a loader longer than loading, and a server longer than what most tests ask of it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

from graphsvc.cli.main import main

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["graphsvc.cli.load", "graphsvc.cli.serve", "graphsvc.app", __name__])


class Forked:
    """A verb under way, whose output of both kinds goes to the file `said`."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, said: Path
    ) -> None:
        told = (list(words), dict(environment), folder, said)
        self._process = FORKS.Process(target=_verb, args=told)
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        return self._process.exitcode

    @property
    def returncode(self) -> int | None:
        """Its exit code, None while it runs."""
        return self.poll()

    def wait(self, timeout: float) -> int:
        """Return its exit code; fails where it runs on for so many seconds."""
        self._process.join(timeout)
        code = self.poll()
        assert code is not None, f"it still runs after {timeout:.0f} s"
        return code

    def send_signal(self, how: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


def _verb(words: list[str], environment: dict[str, str], folder: Path, said: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.argv = ["graphsvc", *words]
    main()
