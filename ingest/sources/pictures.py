"""A folder of pictures as rows: the file's stem is the listing, its path is relative."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from ingest.errors import RowIssue

COLUMNS = ("listing_id", "path")


def describe(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return a digest over the names and sizes of the files, and the columns of a row."""
    found = sha256()
    for path in _files(folder):
        found.update(f"{path.relative_to(folder).as_posix()}\x00{path.stat().st_size}\n".encode())
    return found.hexdigest(), COLUMNS


def read(name: str, folder: Path) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield a row for each file below the folder, in the order of their paths."""
    del name
    for line, path in enumerate(_files(folder), start=1):
        yield line, {"listing_id": path.stem, "path": path.relative_to(folder).as_posix()}


def _files(folder: Path) -> list[Path]:
    visible = (path for path in folder.rglob("*") if not path.name.startswith("."))
    return sorted(path for path in visible if path.is_file())
