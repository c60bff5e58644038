"""Sources: bytes become rows that know their line; whatever is wrong with one row stays with it.

A source never decides what a column means, and never holds more than a few rows in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ingest.errors import RowIssue, SourceMissing, SourceUnreadable
from ingest.sources import columnar, delimited, jsonlines, pictures
from ingest.sources.opening import Form, digest_of, form_of, spooled

Item = tuple[int, dict[str, str]] | RowIssue


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read rows from: its name as given, the SHA-256 of its bytes, its header.

    `complete` tells whether every row has exactly the columns of `header`; JSON Lines has not.
    """

    name: str
    digest: str
    header: tuple[str, ...]
    complete: bool
    read: Callable[[], Iterator[Item]]

    def rows(self) -> Iterator[Item]:
        """Yield (line, row) for each readable row and a RowIssue for each other; lines from 1.

        Raises SourceUnreadable where the file ends or breaks in the middle.
        """
        return self.read()


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
        place = spooled(spool)
    else:
        place = _existing(name)
    if place.is_dir():
        return Source(name, *pictures.describe(place), True, partial(pictures.read, name, place))
    try:
        digest, form = digest_of(place), form_of(place)
    except OSError as error:
        raise SourceMissing(name, error.strerror or "unreadable", "check its permissions") from None
    return _of_form(name, place, digest, form, (delimiter, encoding))


def _of_form(name: str, place: Path, digest: str, form: Form, dialect: tuple[str, str]) -> Source:
    if form.rows == "parquet":
        header = columnar.header(name, place, form)
        return Source(name, digest, header, True, partial(columnar.read, name, place, form))
    if form.rows == "jsonl":
        first = jsonlines.first_keys(name, place, form)
        return Source(name, digest, first, False, partial(jsonlines.read, name, place, form))
    shape = delimited.Dialect(*dialect) if not form.tabs else delimited.Dialect("\t", dialect[1])
    shape.check(name)
    columns = delimited.header(name, place, form, shape)
    return Source(name, digest, columns, True, partial(delimited.read, name, place, form, shape))


def _existing(name: str) -> Path:
    if "\x00" in name:
        raise SourceMissing(name.replace("\x00", "?"), "a NUL byte in the name", "correct it")
    place = Path(name)
    if not place.exists():
        raise SourceMissing(name, "no such file", "check the path; `-` reads standard input")
    if not place.is_file() and not place.is_dir():
        raise SourceUnreadable(name, "neither a file nor a folder", "name a file or `-`")
    return place
