"""Sources: bytes become rows that know their line; whatever is wrong with one row stays with it.

A source never decides what a column means, and never holds more than a few rows in memory.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

from ingest.errors import RowIssue, SourceMissing, SourceUnreadable
from ingest.sources import columnar, delimited, jsonlines, pictures
from ingest.sources.dialect import dialect_of
from ingest.sources.opening import (
    Form,
    Metered,
    Opens,
    Piped,
    digest_of,
    form_of,
    form_shown,
    spooled,
)

Item = tuple[int, dict[str, str]] | RowIssue


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read rows from: its name as given, the SHA-256 of its bytes, its header.

    `place` is where the bytes are: of standard input the copy that was spooled, of a stream None.

    `complete` tells whether every row has exactly the columns of `header`; JSON Lines has not.
    `meter` counts the bytes that are read, where that tells how far the rows are.
    """

    name: str
    digest: str
    header: tuple[str, ...]
    complete: bool
    place: Path | None
    read: Callable[[], Iterator[Item]]
    meter: Metered | None = None

    def rows(self) -> Iterator[Item]:
        """Yield (line, row) for each readable row and a RowIssue for each other; lines from 1.

        Raises SourceUnreadable where the file ends or breaks in the middle.
        """
        return self.read()

    def share(self) -> float | None:
        """Return how much of the file is read, 0 to 1; None where nobody can tell."""
        return self.meter.share() if self.meter else None


def open_source(
    path: str | Path,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    spool: Path | None = None,
) -> Source:
    """Open CSV, JSON Lines, Parquet (each also .gz, .zst), a folder of pictures, or "-".

    Standard input is first copied to `spool`, so that it has a digest and can be read again.
    Raises SourceMissing, SourceEmpty, SourceUnreadable, ColumnsRefused.
    """
    name = str(path)
    if name == "-":
        if spool is None:
            raise SourceMissing(name, "nowhere to spool standard input", "name a file")
        place = _spooled(spool)
    else:
        place = _existing(name)
        name = name.encode("utf-8", "replace").decode()  # bytes that are no UTF-8 can be no text
    if place.is_dir():
        digest, header = pictures.describe(name, place)
        return Source(name, digest, header, True, place, partial(pictures.read, name, place))
    try:
        digest, form, meter = digest_of(place), form_of(place), Metered(place)
    except OSError as error:
        raise SourceMissing(name, error.strerror or "unreadable", "check its permissions") from None
    if form.rows == "parquet":
        header = columnar.header(name, meter, form)
        read = partial(columnar.read, name, meter, form)
        # Packed, all of it is unpacked before the first row.
        return Source(name, digest, header, True, place, read, None if form.packed else meter)
    found = _of_lines(name, meter, digest, form, (delimiter, encoding))
    return replace(found, place=place, meter=meter)


def stream_source(
    name: str, stream: IO[bytes], *, delimiter: str = ",", encoding: str = "utf-8"
) -> Source:
    """Open CSV or JSON Lines (also gzip, zstd) that arrive as a stream; nothing of it is stored.

    It has no digest and its rows can be read once. Raises SourceEmpty, SourceUnreadable,
    ColumnsRefused.
    """
    piped = Piped(stream)
    form = form_shown(piped)
    if form.rows == "parquet":
        raise SourceUnreadable(name, "Parquet is read from its end", "save it and name the file")
    return _of_lines(name, piped, "", form, (delimiter, encoding))


def _of_lines(name: str, place: Opens, digest: str, form: Form, dialect: tuple[str, str]) -> Source:
    if form.rows == "jsonl":
        first = jsonlines.first_keys(name, place, form)
        read: Callable[[], Iterator[Item]] = partial(jsonlines.read, name, place, form)
        return Source(name, digest, first, False, None, read)
    shape = dialect_of(name, "\t" if form.tabs else dialect[0], dialect[1])
    columns = delimited.header(name, place, form, shape)
    read = partial(delimited.read, name, place, form, shape)
    return Source(name, digest, columns, True, None, read)


def _spooled(folder: Path) -> Path:
    try:
        return spooled(folder)
    except OSError as error:
        reason = f"standard input cannot be spooled: {error.strerror}"
        raise SourceMissing("-", reason, f"make room in, or write access to, {folder}") from None


def _existing(name: str) -> Path:
    if "\x00" in name:
        raise SourceMissing(name.replace("\x00", "?"), "a NUL byte in the name", "correct it")
    if not name:
        raise SourceMissing(name, "an empty name", "name a file; `-` reads standard input")
    place = Path(name)
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        remedy = "check the path; `-` reads standard input"
        raise SourceMissing(name, "no such file", remedy) from None
    except OSError as error:
        raise SourceMissing(name, error.strerror or "unreadable", "check the path") from None
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise SourceUnreadable(name, "neither a file nor a folder", "name a file or `-`")
    return place
