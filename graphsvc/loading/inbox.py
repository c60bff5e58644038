"""A folder of arriving files: which have arrived whole, of which kind, in which order to load.

Looks only; whoever loads and moves files is told what is there.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphsvc.errors import InputRefused
from ingest.jobs.catalogue import JOBS
from ingest.sources.opening import tells_form

DONE, FAILED = "done", "failed"
PLACES = {kind: place for place, kind in enumerate(JOBS)}  # nodes before what joins them
Mark = tuple[int, int, int]  # size, time of the last change (ns), inode


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that may be loaded: its path, its kind, and what changes while it is written."""

    path: Path
    kind: str
    mark: Mark

    @property
    def stands(self) -> bool:
        """Return whether the file is still the one that was looked at."""
        return _mark(self.path) == self.mark


@dataclass(slots=True)
class Inbox:
    """A folder and since when each of its files stands still; `seconds` of that are enough."""

    folder: Path
    seconds: float
    _since: dict[Path, tuple[Mark, float]] = field(default_factory=dict)

    def look(self, now: float) -> list[Arrival]:
        """Return the files that stood still for long enough, in the order in which to load them.

        `now` is in seconds and never goes back. Raises InputRefused where the folder is gone.
        """
        there = self._files()
        self._since = {
            each.path: held
            if (held := self._since.get(each.path)) and held[0] == each.mark
            else (each.mark, now)
            for each in there
        }
        still = [each for each in there if now - self._since[each.path][1] >= self.seconds]
        return sorted(still, key=lambda each: (PLACES[each.kind], each.path))

    @property
    def waiting(self) -> list[Path]:
        """Return the files that the last look found."""
        return sorted(self._since)

    def strangers(self) -> list[Path]:
        """Return the tables in the folder whose names tell no kind."""
        return [path for path in _tables(self.folder) if kind_of(path, self.folder) is None]

    def _files(self) -> list[Arrival]:
        found = []
        kinds = (self.folder / kind for kind in JOBS)
        for folder in (self.folder, *(each for each in kinds if each.is_dir())):
            for path in _tables(folder):
                kind, mark = kind_of(path, self.folder), _mark(path)
                if kind and mark:
                    found.append(Arrival(path, kind, mark))
        return found


def kind_of(path: Path, folder: Path) -> str | None:
    """Return the kind of a file: that of its subfolder, else the one that its name begins with."""
    if path.parent != folder:
        return path.parent.name if path.parent.name in JOBS else None
    for kind in JOBS:
        if path.name.startswith(kind) and not path.name[len(kind)].isalpha():
            return kind
    return None


def _tables(folder: Path) -> Iterator[Path]:
    """Yield the files whose names say that they hold rows; hidden and unfinished names do not."""
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        raise InputRefused(f"{folder}: {error.strerror}") from None
    for path in names:
        if not path.name.startswith(".") and tells_form(path):
            yield path


def _mark(path: Path) -> Mark | None:
    """Return what changes while a file is written, None where it is no file."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
