"""A folder of pictures as rows: the file's stem is the listing, its path is relative."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from ingest.errors import RowIssue, SourceEmpty, SourceUnreadable

_ODD = re.compile("[\x00-\x1f\ud800-\udfff]")  # controls, and bytes that are no UTF-8
COLUMNS = ("listing_id", "path")


def describe(name: str, folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return a digest over the names and sizes of the files, and the columns of a row.

    Raises SourceEmpty, SourceUnreadable.
    """
    found, files = sha256(), _files(folder)
    try:
        for path in files:
            size = path.stat().st_size
            found.update(os.fsencode(path.relative_to(folder)) + f"\x00{size}\n".encode())
    except OSError as error:
        raise SourceUnreadable(name, f"a folder: {error.strerror}", "check its files") from None
    if not files:
        raise SourceEmpty(name, "the folder holds no files", "name a folder of pictures")
    return found.hexdigest(), COLUMNS


def read(name: str, folder: Path) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield a row for each file below the folder, in the order of their paths."""
    for line, path in enumerate(_files(folder), start=1):
        written = path.relative_to(folder).as_posix()
        if not _ODD.search(written):
            yield line, {"listing_id": path.stem, "path": written}
        else:
            reason = f"the file's name {written!r:.200} is no plain text"
            yield RowIssue(name, line, "path", reason, "rename the file", {})


def _files(folder: Path) -> list[Path]:
    visible = (path for path in folder.rglob("*") if not path.name.startswith("."))
    return sorted(path for path in visible if path.is_file())
