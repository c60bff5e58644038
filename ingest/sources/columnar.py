"""Parquet: read by row batches; a row's line is its number, from 1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.errors import ColumnsRefused, RowIssue, SourceUnreadable
from ingest.sources.jsonlines import as_text
from ingest.sources.opening import Form, whole_file

ROWS = 4096


def header(name: str, path: Path, form: Form) -> tuple[str, ...]:
    """Return the column names; raises SourceUnreadable, ColumnsRefused."""
    try:
        with whole_file(name, path, form.packed) as file:
            names = tuple(pq.ParquetFile(file).schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(name, 0, error) from None
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise ColumnsRefused(name, f"columns {', '.join(twice)} are there twice", "rename one")
    return names


def read(name: str, path: Path, form: Form) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows in the file's order; raises SourceUnreadable where it breaks off."""
    number = 0
    try:
        with whole_file(name, path, form.packed) as file:
            for batch in pq.ParquetFile(file).iter_batches(batch_size=ROWS):
                for values in batch.to_pylist():
                    number += 1
                    yield _row(name, number, values)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(name, number, error) from None


def _row(
    name: str, number: int, values: dict[str, object]
) -> tuple[int, dict[str, str]] | RowIssue:
    row = {}
    for column, value in values.items():
        text = _text(value)
        if text is None:
            reason = f"a value of type {type(value).__name__}"
            return RowIssue(name, number, column, reason, "use text, numbers or dates", {})
        if "\x00" in text:
            return RowIssue(name, number, column, "a NUL character", "remove it", {})
        row[column] = text
    return number, row


def _text(value: object) -> str | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else as_text(value)


def _unreadable(name: str, line: int, error: Exception) -> SourceUnreadable:
    reason = (str(error).splitlines() or ["unreadable"])[0][:200]
    return SourceUnreadable(name, f"not a Parquet file: {reason}", "export it again", line=line)
