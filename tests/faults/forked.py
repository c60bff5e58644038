"""Loaders that begin at once: each a process of its own, forked from one that has imported all.

Two hundred and fifty of them are killed in one test; importing takes each longer than loading.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from graphsvc.cli.main import main

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["graphsvc.cli.load", __name__])


def start(
    words: Sequence[str], environment: Mapping[str, str], folder: Path, said: Path
) -> ForkServerProcess:
    """Start a verb whose output of both kinds goes to the file `said`."""
    process = FORKS.Process(target=_verb, args=(words, dict(environment), folder, said))
    process.start()
    return process


def _verb(words: Sequence[str], environment: dict[str, str], folder: Path, said: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.argv = ["graphsvc", *words]
    main()
