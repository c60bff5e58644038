"""CSV by RFC 4180: physical lines to rows; a bad row is one RowIssue and swallows no other."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from ingest.errors import ColumnsRefused, MappingRefused, RowIssue, SourceEmpty, SourceUnreadable
from ingest.sources.opening import BROKEN, Form, broken, opened

LONGEST_FIELD = 1_000_000  # characters; a longer one is a broken quote or not a table
LONGEST_LINE = 4 * LONGEST_FIELD  # bytes
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

csv.field_size_limit(LONGEST_FIELD)  # the module has one limit for the whole process


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: one character between fields, and its encoding."""

    delimiter: str
    encoding: str

    def check(self, name: str) -> None:
        """Raise MappingRefused for a delimiter or an encoding that cannot be."""
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n':
            raise MappingRefused(name, f"delimiter {self.delimiter!r}", "give one character")
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            remedy = "use utf-8, cp1252, latin-1 or another name that Python knows"
            raise MappingRefused(name, f"unknown encoding {self.encoding!r}", remedy) from None


@dataclass(slots=True)
class _BadLine(Exception):
    """A physical line that cannot be text."""

    reason: str
    remedy: str


@dataclass(slots=True)
class _Lines:
    """Physical lines as text; remembers those of the record being read, to give them back."""

    stream: IO[bytes]
    encoding: str
    number: int = 0
    record: list[bytes] = field(default_factory=list)
    again: deque[bytes] = field(default_factory=deque)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.stream.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.record.append(line)
        if len(line) > LONGEST_LINE:
            self._skip_rest(line)
            raise _BadLine(f"a line of more than {LONGEST_LINE:,} bytes", "shorten it")
        if b"\x00" in line:
            raise _BadLine("a NUL byte", "remove it; NUL bytes are no text")
        try:
            return line.decode(self.encoding)
        except UnicodeDecodeError as error:
            bad = f"byte {error.start + 1} of the line is not {self.encoding}"
            raise _BadLine(bad, "save as UTF-8, or name its `encoding` in the mapping") from None

    def give_back(self) -> None:
        """Let every line of the record but its first be read again as records of their own."""
        later = self.record[1:]
        self.again.extendleft(reversed(later))
        self.number -= len(later)

    def _skip_rest(self, line: bytes) -> None:
        while line and not line.endswith(b"\n"):
            line = self.stream.readline(LONGEST_LINE)


def header(name: str, path: Path, form: Form, dialect: Dialect) -> tuple[str, ...]:
    """Return the column names; raises SourceEmpty, SourceUnreadable, ColumnsRefused."""
    try:
        with opened(path, form.packed) as stream:
            start = stream.read(4)
        with opened(path, form.packed) as stream:
            if _is_wide(start) and not dialect.encoding.lower().startswith(("utf-16", "utf-32")):
                remedy = "save it as UTF-8, or set `encoding: utf-16` in the mapping"
                raise SourceUnreadable(name, "the file is UTF-16 or UTF-32", remedy)
            found = next(_records(name, stream, dialect), None)
    except BROKEN as error:
        raise broken(name, 1, error) from None
    if found is None:
        raise SourceEmpty(name, "the file is empty", "a header line is the least that is needed")
    line, cells = found
    if isinstance(cells, _BadLine):
        raise SourceUnreadable(name, f"the header: {cells.reason}", cells.remedy, line=line)
    return _names(name, line, cells)


def _names(name: str, line: int, cells: list[str]) -> tuple[str, ...]:
    # Exports end their lines with a delimiter: such a column is known by its place.
    names = tuple(cell.strip() or f"column_{place}" for place, cell in enumerate(cells, start=1))
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        reason = f"the header names {', '.join(twice)} more than once"
        raise ColumnsRefused(name, reason, "rename or drop one of them", line=line)
    return names


def read(
    name: str, path: Path, form: Form, dialect: Dialect
) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows below the header; raises SourceUnreadable where the file breaks off."""
    columns = header(name, path, form, dialect)
    line = 1
    try:
        with opened(path, form.packed) as stream:
            for line, cells in islice(_records(name, stream, dialect), 1, None):
                if isinstance(cells, _BadLine):
                    yield RowIssue(name, line, "", cells.reason, cells.remedy, {})
                elif len(cells) != len(columns):
                    yield _ragged(name, line, columns, cells)
                else:
                    yield line, dict(zip(columns, cells, strict=True))
    except BROKEN as error:
        raise broken(name, line, error) from None


def _records(
    name: str, stream: IO[bytes], dialect: Dialect
) -> Iterator[tuple[int, list[str] | _BadLine]]:
    """Yield (first line, cells or what is wrong) for each record that is not blank."""
    lines = _Lines(_narrow(stream, dialect), _line_encoding(dialect))
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    while True:
        lines.record.clear()
        first = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _BadLine as bad:
            lines.give_back()
            yield first, bad
        except csv.Error as error:
            lines.give_back()
            yield first, _refusal(error)
        else:
            if first == 1 and cells:
                cells[0] = cells[0].removeprefix("\ufeff")
            if cells:
                yield first, cells


def _refusal(error: csv.Error) -> _BadLine:
    said = str(error)
    if "limit" in said:
        return _BadLine(
            f"a field of more than {LONGEST_FIELD:,} characters, or a quote that never closes",
            "close the quote, or shorten the field",
        )
    if "unexpected end" in said:
        return _BadLine("a quote is opened and never closed", "close it, or double it inside")
    return _BadLine(f"not RFC 4180: {said}", "quote the field and double the quotes in it")


def _ragged(name: str, line: int, columns: tuple[str, ...], cells: list[str]) -> RowIssue:
    row = dict(zip(columns, cells, strict=False))
    return RowIssue(
        file=name,
        line=line,
        column=columns[len(cells)] if len(cells) < len(columns) else "",
        reason=f"{len(cells)} fields, the header has {len(columns)}",
        remedy="quote fields that hold the delimiter; fill missing fields with nothing",
        row=dict.fromkeys(row, "***"),  # the cells may be out of place: secrets too
    )


def _is_wide(start: bytes) -> bool:
    return start.startswith(_WIDE)


def _narrow(stream: IO[bytes], dialect: Dialect) -> IO[bytes]:
    """Return a stream whose lines end in one byte: wide encodings are turned into UTF-8."""
    if dialect.encoding.lower().startswith(("utf-16", "utf-32")):
        return codecs.EncodedFile(stream, "utf-8", dialect.encoding)
    return stream


def _line_encoding(dialect: Dialect) -> str:
    wide = dialect.encoding.lower().startswith(("utf-16", "utf-32"))
    return "utf-8" if wide else dialect.encoding
