"""Work on items ahead of whoever reads the answers: on all cores, in order, a few at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
EACH = 4  # items in hand for each thread


def ahead(work: Callable[[Item], Answer], items: Iterable[Item]) -> Iterator[Answer]:
    """Yield the answer to each item in the order of the items; an error comes in its place.

    Work runs in threads, which pays where it leaves Python, as decoding a picture does.
    """
    threads = cores()
    pool = ThreadPoolExecutor(threads)
    waiting = iter(items)
    held: deque[Future[Answer]] = deque()
    try:
        held.extend(pool.submit(work, item) for item in islice(waiting, threads * EACH))
        while held:
            yield held.popleft().result()
            held.extend(pool.submit(work, item) for item in islice(waiting, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1
