"""Parquet: read by row batches; a row's line is its number, from 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.errors import ColumnsRefused, RowIssue, SourceUnreadable
from ingest.fold.column import listed
from ingest.sources.jsonlines import oddity
from ingest.sources.lines import LONGEST_FIELD
from ingest.sources.opening import Form, Opens, whole_file

ROWS = 1024  # at most a thousand of the longest values are held at once
_BROKEN = (pa.ArrowException, OSError, ValueError)
_UNFIT = "use text, numbers, truth values or dates"

Cell = str | tuple[str, str]  # a text, or why there is none and what would do


def header(name: str, path: Opens, form: Form) -> tuple[str, ...]:
    """Return the column names; raises SourceUnreadable, ColumnsRefused."""
    try:
        with whole_file(name, path, form.packed) as file:
            names = tuple(pq.ParquetFile(file).schema_arrow.names)
    except _BROKEN as error:
        raise _unreadable(name, 0, error) from None
    twice = sorted(column for column, times in Counter(names).items() if times > 1)
    if twice:
        raise ColumnsRefused(name, f"columns {listed(twice)} are there twice", "rename one")
    return names


def read(name: str, path: Opens, form: Form) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows in the file's order; raises SourceUnreadable where it breaks off."""
    number = 0
    try:
        with whole_file(name, path, form.packed) as file:
            for batch in pq.ParquetFile(file).iter_batches(batch_size=ROWS):
                names = tuple(batch.schema.names)
                columns = [_cells(column) for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield _row(name, number, names, cells)
    except _BROKEN as error:
        raise _unreadable(name, number, error) from None


def _row(
    name: str, number: int, names: tuple[str, ...], cells: tuple[Cell, ...]
) -> tuple[int, dict[str, str]] | RowIssue:
    row: dict[str, str] = {}
    for column, cell in zip(names, cells, strict=True):
        if isinstance(cell, tuple):
            return RowIssue(name, number, column, *cell, {})
        row[column] = cell
    return number, row


def _cells(column: Any) -> list[Cell]:
    """Return a column as texts: null is "", numbers are as short as they can be written."""
    try:
        texts = _as_text(column).to_pylist()
        whole = "".join(text for text in texts if text)
    except (pa.ArrowException, UnicodeDecodeError):
        return [_cell(value) for value in column]
    if "\x00" in whole or len(whole) > LONGEST_FIELD:
        return [(oddity(text) or text) if text else "" for text in texts]
    return [text or "" for text in texts]


def _as_text(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    elif pa.types.is_timestamp(kind):
        # Dates are read to the second; a moment with a zone is written in UTC, and says so.
        column = column.cast(pa.timestamp("us", "UTC" if kind.tz else None), safe=False)
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = column.cast(pa.large_binary())
    return column.cast(pa.large_string())


def _cell(scalar: Any) -> Cell:
    """Return one value of a column of which not every value is text."""
    if not scalar.is_valid:
        return ""
    if isinstance(scalar, pa.StringScalar | pa.LargeStringScalar | pa.BinaryScalar):
        try:
            text = bytes(scalar.as_buffer()).decode("utf-8")
        except UnicodeDecodeError:
            return "not UTF-8", "write text as UTF-8"
        return oddity(text) or text
    return f"a value of type {scalar.type}", _UNFIT


def _unreadable(name: str, line: int, error: Exception) -> SourceUnreadable:
    reason = (str(error).splitlines() or ["unreadable"])[0][:200]
    return SourceUnreadable(name, f"not a Parquet file: {reason}", "export it again", line=line)
