"""Work on items ahead of whoever reads the answers: on all cores, in order, a few at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
EACH = 32  # items in hand for each thread


def ahead(
    work: Callable[[Item], Answer],
    items: Iterable[Item],
    *,
    pays: Callable[[Item], bool] = lambda item: True,
) -> Iterator[Answer]:
    """Yield the answer to each item in the order of the items; an error comes in its place.

    Work runs in threads, which pays where it leaves Python, as decoding a picture does; an item for
    which it does not is worked on when its turn comes.
    """
    threads = cores()
    pool = ThreadPoolExecutor(threads)
    waiting = iter(items)
    held: deque[Callable[[], Answer]] = deque()

    def begun(item: Item) -> Callable[[], Answer]:
        return pool.submit(work, item).result if pays(item) else partial(work, item)

    try:
        held.extend(map(begun, islice(waiting, threads * EACH)))
        while held:
            yield held.popleft()()
            held.extend(map(begun, islice(waiting, 1)))
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1
