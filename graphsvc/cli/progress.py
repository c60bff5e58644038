"""How far a load is: rows, rows/s and the time left, on a terminal and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from graphsvc.cli.main import notes
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts

SOON_SECONDS = 2.0  # before that a speed says nothing


class Bar:
    """Told the counts of a load it shows how far it is; `share` says how much is read, 0 to 1."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task
        self._began: tuple[float, int, float] | None = None
        self._read = 0.0
        self.share: Callable[[], float | None] = lambda: None

    def follow(self, load: Load) -> Load:
        """Return the load, of whose source the bar now shows how much is read."""
        self.share = load.source.share
        return load

    def __call__(self, counts: Counts) -> None:
        """Show the counts."""
        now, share = time.monotonic(), self.share()
        read = share or 0.0
        if self._began is None or read < self._read:  # a file may be read twice
            self._began = (now, counts.rows_in, read)
        began, self._read = self._began, read
        seconds = now - began[0]
        self._progress.update(
            self._task,
            completed=read,
            total=None if share is None else 1.0,
            rows=counts.rows_in,
            rate=(counts.rows_in - began[1]) / seconds if seconds else 0.0,
            left=left(seconds, read - began[2], 1.0 - read),
        )


def left(seconds: float, done: float, rest: float) -> str:
    """Return how long the rest takes where `done` took so long, as text; "" while unknown."""
    if seconds < SOON_SECONDS or done <= 0.0 or rest <= 0.0:
        return ""
    minutes, over = divmod(round(seconds * rest / done), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{over:02} left" if hours else f"{minutes}:{over:02} left"


@contextmanager
def progress(file: str, *, quiet: bool = False) -> Iterator[Bar]:
    """Yield what shows, on a terminal's standard error, how far the load of a file is."""
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f} rows/s"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
        console=notes,
        transient=True,
        disable=quiet or not notes.is_terminal,
    )
    task = shown.add_task(Path(file).name, total=None, rows=0, rate=0.0, left="")
    with shown:
        yield Bar(shown, task)
