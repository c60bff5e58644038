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

    def begun(item: Item) -> Callable[[], Answer]:
        return pool.submit(work, item).result if pays(item) else partial(work, item)

    try:
        yield from in_turn(begun, items, threads * EACH)
    finally:
        pool.shutdown(cancel_futures=True)


def in_turn(
    begin: Callable[[Item], Callable[[], Answer]], items: Iterable[Item], most: int
) -> Iterator[Answer]:
    """Yield the answer to each item in the order of the items, at most `most` begun at a time.

    `begin` starts the work on an item and returns what waits for its answer.
    """
    waiting = iter(items)
    held = deque(map(begin, islice(waiting, most)))
    while held:
        yield held.popleft()()
        held.extend(map(begin, islice(waiting, 1)))


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1
