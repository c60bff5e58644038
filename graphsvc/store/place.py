"""Files beside a managed server: private, whole or absent, and one process at a time.

Never guards the graph itself; writers of the graph serialise by a lease inside it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graphsvc.errors import DiskFull, NotWritable


@contextmanager
def held(file: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock on `file`; `waiting` is called once when another process has it.

    The system lets go of it when its holder dies. Raises NotWritable.
    """
    try:
        handle = file.open("ab")
    except OSError as error:
        raise NotWritable(f"{file}: {error.strerror}") from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def folder(path: Path) -> Path:
    """Return `path` as a folder that only the current user opens; raises NotWritable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(f"{path}: {error.strerror}") from None
    return path


def check_room(path: Path, floor: int) -> None:
    """Raise DiskFull where less than `floor` bytes are free for a folder, which may be missing."""
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    if free < floor:
        raise DiskFull(f"{path}: {free:,} bytes are free, {floor:,} are wanted")


def write(file: Path, text: str) -> None:
    """Write a file whole or not at all, readable by the current user only; raises NotWritable."""
    draft = file.with_name(file.name + ".new")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(text)
        draft.replace(file)
    except OSError as error:
        raise NotWritable(f"{file}: {error.strerror}") from None


def make_once(file: Path, text: str) -> None:
    """Make a private file whole, or leave the one that is there; raises NotWritable.

    Where another process is faster, its file stands.
    """
    if file.exists():
        return
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        raise NotWritable(f"{file}: {error.strerror}") from None


def draft_of(place: Path) -> Path:
    """Return the folder in which a database is made that is to replace that of `place`."""
    return place / "draft"


def switch(place: Path) -> None:
    """Put the data of the draft in the place of the present ones; the server must not run.

    Killed between the two steps, `mend` does the second.
    """
    draft = draft_of(place)
    os.sync()  # whole on the disk before the old one goes
    (place / "data").rename(draft / "old")
    (draft / "data").rename(place / "data")


def mend(place: Path) -> None:
    """Finish a switch that was cut off, or drop a draft that was: one whole database is left."""
    draft = draft_of(place)
    if not (place / "data").exists() and (draft / "data").exists():
        (draft / "data").rename(place / "data")
    if draft.exists():
        shutil.rmtree(draft)
