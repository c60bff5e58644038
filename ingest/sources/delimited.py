"""CSV by RFC 4180: physical lines to rows; a bad row is one RowIssue and swallows no other."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from ingest.errors import MASK, ColumnsRefused, RowIssue, SourceEmpty, SourceUnreadable
from ingest.fold.column import listed
from ingest.sources.dialect import Dialect
from ingest.sources.lines import (
    LONGEST_FIELD,
    LONGEST_RECORD,
    MOST_LINES,
    SPOILT,
    Lines,
    RecordTooLong,
    Refused,
)
from ingest.sources.opening import BROKEN, Form, Opens, broken, opened

Record = tuple[int, list[str] | Refused]
_MARK = codecs.BOM_UTF8.decode()

csv.field_size_limit(LONGEST_FIELD)  # the module has one limit for the whole process


def header(name: str, path: Opens, form: Form, dialect: Dialect) -> tuple[str, ...]:
    """Return the column names; raises SourceEmpty, SourceUnreadable, ColumnsRefused."""
    try:
        with opened(path, form.packed) as stream:
            dialect.check_mark(name, stream.read(4))
        found = next(_records(path, form, dialect), None)
    except BROKEN as error:
        raise broken(name, 1, error) from None
    if found is None:
        raise SourceEmpty(name, "the file is empty", "a header line is the least that is needed")
    line, cells = found
    if isinstance(cells, Refused):
        raise SourceUnreadable(name, f"the header: {cells.reason}", cells.remedy, line=line)
    return _names(name, line, cells)


def _names(name: str, line: int, cells: list[str]) -> tuple[str, ...]:
    # Exports end their lines with a delimiter: such a column is known by its place.
    bare = (cell.strip().strip(_MARK).strip() for cell in cells)  # joined exports bring more marks
    names = tuple(cell or f"column_{place}" for place, cell in enumerate(bare, start=1))
    twice = sorted(column for column, times in Counter(names).items() if times > 1)
    if twice:
        reason = f"the header names {listed(twice)} more than once"
        raise ColumnsRefused(name, reason, "rename or drop one of them", line=line)
    return names


def read(
    name: str, path: Opens, form: Form, dialect: Dialect
) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows below the header; raises SourceUnreadable where the file breaks off."""
    columns = header(name, path, form, dialect)
    width = len(columns)
    line = 1
    try:
        for line, cells in islice(_records(path, form, dialect), 1, None):
            if isinstance(cells, Refused):
                column = columns[cells.place] if 0 <= cells.place < width else ""
                yield RowIssue(name, line, column, cells.reason, cells.remedy, {})
            elif len(cells) != width:
                yield _ragged(name, line, columns, cells)
            else:
                yield line, dict(zip(columns, cells, strict=False))
    except BROKEN as error:
        raise broken(name, line, error) from None


def _records(path: Opens, form: Form, dialect: Dialect) -> Iterator[Record]:
    """Yield (first line, cells or what is wrong) for each record that is not blank."""
    with opened(path, form.packed) as packed:
        lines = Lines(dialect.narrow(packed), dialect.line_encoding)
        lines.again.append(lines.fresh().removeprefix(codecs.BOM_UTF8))
        yield from _one_by_one(lines, dialect)
        while block := lines.block():
            yield from _at_once(block, lines, dialect)
            yield from _one_by_one(lines, dialect)


def _at_once(block: bytes, lines: Lines, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a block up to the first trouble; from there on it is given back.

    Only speed is gained here: `_one_by_one` gives the same records.
    """
    text = None if b"\x00" in block else _decoded(block, dialect.line_encoding)
    start, done = lines.number, 0
    # Undecodable, or with line ends that only the decoder sees: line by line, then.
    if text is not None and text.count("\n") == block.count(b"\n"):
        reader = csv.reader(StringIO(text, "\n"), delimiter=dialect.delimiter, strict=True)
        try:
            for cells in reader:
                if cells:
                    yield start + done + 1, cells
                done = reader.line_num
        except csv.Error:
            lines.again.extend(_split(block)[done:])
    else:
        lines.again.extend(_split(block))
    lines.number = start + done


def _split(block: bytes) -> list[bytes]:
    """Return the lines of a block, of which only a line feed is the end."""
    found = block.split(b"\n")
    last = found.pop()
    return [line + b"\n" for line in found] + ([last] if last else [])


def _decoded(block: bytes, encoding: str) -> str | None:
    try:
        return block.decode(encoding)
    except UnicodeError:
        return None


def _one_by_one(lines: Lines, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of the lines that were given back; the last may reach beyond them."""
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    while lines.again:
        first = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, RecordTooLong) as error:
            refused = _refusal(error, lines, dialect)
            lines.give_back()
            yield first, refused
        else:
            if lines.spoilt is not None:
                place = next((i for i, cell in enumerate(cells) if SPOILT in cell), -1)
                yield first, Refused(lines.spoilt.reason, lines.spoilt.remedy, place)
            elif cells:
                yield first, cells


def _refusal(error: Exception, lines: Lines, dialect: Dialect) -> Refused:
    said = str(error)
    if isinstance(error, RecordTooLong) or "limit" in said:
        return _too_long(lines, dialect)
    if "unexpected end" in said:
        return Refused("a quote is opened and never closed", "close it, or double it inside")
    if "new-line" in said:
        remedy = "end lines with LF or CRLF, and quote fields that hold a carriage return"
        return Refused("a carriage return that ends no line", remedy)
    return Refused(f"not RFC 4180: {said}", "quote the field and double the quotes in it")


def _too_long(lines: Lines, dialect: Dialect) -> Refused:
    place = _long_field(lines, dialect)
    if len(lines.record) > 1:
        reason = f"a quote that never closes, or more than {MOST_LINES:,} lines in a field"
        return Refused(reason, "close the quote, or shorten the field", place)
    if place < 0:
        return Refused(f"a line of more than {LONGEST_RECORD:,} bytes", "shorten it")
    return Refused(f"a field of more than {LONGEST_FIELD:,} characters", "shorten it", place)


def _long_field(lines: Lines, dialect: Dialect) -> int:
    """Return which field of the record passes the limit, -1 for none; the end may be cut off."""
    text = b"".join(lines.record).decode(lines.encoding, "replace")
    mark = re.escape(dialect.delimiter)
    fields = re.finditer(rf'(?:"(?:[^"]++|"")*+"?|[^{mark}\n]*+)(?:{mark}|\n|$)', text)
    lengths = enumerate(len(found[0]) for found in fields)
    return next((place for place, length in lengths if length > LONGEST_FIELD), -1)


def _ragged(name: str, line: int, columns: tuple[str, ...], cells: list[str]) -> RowIssue:
    row = dict(zip(columns, cells, strict=False))
    return RowIssue(
        file=name,
        line=line,
        column=columns[len(cells)] if len(cells) < len(columns) else "",
        reason=f"columns: {len(cells)} here, {len(columns)} in the header",
        remedy="quote fields that hold the delimiter; fill missing fields with nothing",
        row=dict.fromkeys(row, MASK),  # the cells may be out of place: secrets too
    )
