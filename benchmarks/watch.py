"""The memory that a command and what it starts hold at most, watched from beside them.

What wait4 tells of a process counts what whoever started it held when it did; a benchmark that has
made a market would see its own memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

from graphsvc.rings.room import peak_in

EACH_SECONDS = 0.05
PROCESSES = Path("/proc")  # of Linux; elsewhere the peak stays 0


class Watch:
    """Looks at a process and its children while the block runs; `peak` is that of the greatest."""

    def __init__(self, process: int) -> None:
        self.peak = 0
        self._process = process
        self._over = Event()
        self._looking = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        """Begin to look."""
        self._looking.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Look no more."""
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._over.wait(EACH_SECONDS):
            self.peak = max(self.peak, *map(_held, _family(self._process)))


def _family(process: int) -> Iterator[int]:
    yield process
    for thread in (PROCESSES / str(process)).glob("task/*/children"):
        for child in _text(thread).split():
            yield from _family(int(child))


def _held(process: int) -> int:
    return peak_in(_text(PROCESSES / str(process) / "status"))


def _text(place: Path) -> str:
    try:
        return place.read_text()
    except OSError:  # it has just ended
        return ""
