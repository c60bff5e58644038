"""Read a file here, and find out in other processes what its rows say: batches come in order.

What a stretch of rows says depends on no other stretch. Each process ends with this one, however
that ends, and leaves interrupts to it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from threading import Thread

from graphsvc.errors import GraphsvcError
from graphsvc.loading.observed import Packed, pack
from graphsvc.loading.prepare import Load
from ingest import core_files
from ingest.ahead import cores, in_turn
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context
from ingest.pipeline import Stretch, batch_of, stamp_of
from ingest.records import Stamp

LEAST = 4 << 20  # bytes of files: with less the processes would take longer to start than they save
# Records made before garbage is looked for: a stretch has that many, and keeps them.
SELDOM = 100_000
EACH = 2  # stretches in hand for each process

Says = Callable[[Load], Iterable[Packed]]


@contextmanager
def saying(size: int) -> Iterator[Says]:
    """Yield what finds out what a load says; for files of `size` bytes in all, on all cores."""
    if size < LEAST or cores() == 1:
        yield Load.packed
        return
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    pool = ProcessPoolExecutor(cores(), forks, initializer=_begin)
    try:
        yield lambda load: _apart(load, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _apart(load: Load, pool: ProcessPoolExecutor) -> Iterator[Packed]:
    stamp = stamp_of(load.source, load.job)

    def begin(stretch: Stretch) -> Callable[[], Packed]:
        return pool.submit(_said, stretch, stamp, load.job.kind, load.context).result

    try:
        yield from in_turn(begin, load.stretches(), cores() * EACH)
    except BrokenProcessPool:
        raise GraphsvcError("a process that reads the rows was killed, or had no memory") from None


def _said(stretch: Stretch, stamp: Stamp, kind: str, context: Context) -> Packed:
    batch = batch_of(stretch, stamp, JOBS[kind], context)
    return batch, pack(batch, JOBS[kind])


def _begin() -> None:
    """Make a process one that reads rows: without core files, and never longer than its parent."""
    core_files.forbid()
    gc.set_threshold(SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
