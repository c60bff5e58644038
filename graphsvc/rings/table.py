"""Rows and sellers of a market from files, as checked columns; it never makes an object per row.

A row with a value that cannot be used is refused as a whole, with its line, column and remedy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from graphsvc.rings.columns import UNKNOWN_DAY, Flags, Kind, Level, Longs
from ingest.errors import (
    MASK,
    ColumnsRefused,
    RowIssue,
    SourceEmpty,
    SourceMissing,
    SourceUnreadable,
)
from ingest.fold.column import listed

MASKED = "identifier"  # it may be somebody's account or telephone number
SELF_DECLARED = "self_declared"
ASSERTED_BY = ("observed", "platform_verified", SELF_DECLARED)
LEVELS = {level.name.lower(): level for level in (Level.UNIT, Level.BUILDING, Level.STREET)}
_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_FLAGS = {"0": 0, "1": 1, "false": 0, "true": 1}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Values = npt.NDArray[np.generic]
Parsed = tuple[Values | pa.Array, Flags]  # the values, and which of them cannot be used


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column: how its cells are read, and what to do about one that cannot be."""

    parse: Callable[[pa.Array], Parsed]
    reason: str
    remedy: str
    required: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The columns of the rows that can be used, those that were not there left out; `rows` in all.

    Keys are arrow arrays of integers or text, all else numpy arrays.
    """

    columns: dict[str, Any]
    rows: int
    refused: list[RowIssue]


def read(path: Path, wanted: Mapping[str, Wanted]) -> Table:
    """Return the wanted columns of a CSV (also .gz, .zst) or Parquet file.

    Raises SourceError where the file cannot be read or its columns are not those wanted.
    """
    if not path.is_file():
        raise SourceMissing(str(path), "there is no such file", "check the path")
    raw, lines, ragged = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    _check_columns(path, raw.column_names, wanted)
    columns: dict[str, Any] = {}
    bad: dict[str, Flags] = {}
    for name in raw.column_names:
        columns[name], bad[name] = wanted[name].parse(_whole(raw.column(name)))
    unfit = np.logical_or.reduce(list(bad.values()))
    if not unfit.any():
        return Table(columns, raw.num_rows + len(ragged), ragged)
    at = np.flatnonzero(unfit)
    cells = raw.take(pa.array(at)).to_pylist()
    issues = [
        RowIssue(str(path), line, *_fault(bad, place, wanted), _told(row))
        for place, line, row in zip(at.tolist(), lines[at].tolist(), cells, strict=True)
        if set(row.values()) != {""}  # an empty line
    ]
    kept = {name: _where(column, ~unfit) for name, column in columns.items()}
    refused = sorted([*ragged, *issues], key=lambda issue: issue.line)
    return Table(kept, raw.num_rows - at.size + len(refused), refused)


def _fault(
    bad: Mapping[str, Flags], place: int, wanted: Mapping[str, Wanted]
) -> tuple[str, str, str]:
    """Return the first column that is at fault, why, and what to do."""
    name = next(name for name in bad if bad[name][place])
    return name, wanted[name].reason, wanted[name].remedy


def _told(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: MASK if name == MASKED else str(cell)[:200] for name, cell in row.items()}


def _parquet(path: Path) -> tuple[pa.Table, Longs, list[RowIssue]]:
    try:
        found = pq.read_table(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SourceUnreadable(
            str(path), f"no Parquet: {_first_line(error)}", "write it anew"
        ) from None
    return found, np.arange(1, found.num_rows + 1), []


def _csv(path: Path) -> tuple[pa.Table, Longs, list[RowIssue]]:
    """Read every cell as text, for only so is 007 another seller than 7."""
    left_out: list[pyarrow.csv.InvalidRow] = []

    def leave_out(row: pyarrow.csv.InvalidRow) -> str:
        left_out.append(row)
        return "skip"

    form = pyarrow.csv.ParseOptions(invalid_row_handler=leave_out, ignore_empty_lines=False)
    try:
        header = _header(path)
        with pa.input_stream(path) as stream:
            found = pyarrow.csv.read_csv(
                stream,
                # Only a single thread knows the number of a row that is left out.
                read_options=pyarrow.csv.ReadOptions(use_threads=False),
                parse_options=form,
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(header, pa.string())
                ),
            )
    except (pa.ArrowException, OSError) as error:
        if "Empty CSV file" in str(error):
            raise SourceEmpty(str(path), "the file is empty", "write a header and rows") from None
        raise SourceUnreadable(str(path), _first_line(error), "write it as CSV in UTF-8") from None
    gone = [0, *(row.number - 1 for row in left_out)]
    lines = np.delete(np.arange(1, found.num_rows + len(gone) + 1), gone)
    return found, lines, [_ragged(path, row) for row in left_out]


def _header(path: Path) -> list[str]:
    form = pyarrow.csv.ParseOptions(invalid_row_handler=lambda _: "skip")
    with pa.input_stream(path) as stream, pyarrow.csv.open_csv(stream, parse_options=form) as told:
        names: list[str] = told.schema.names
    return names


def _ragged(path: Path, row: pyarrow.csv.InvalidRow) -> RowIssue:
    reason = f"the row has {row.actual_columns} fields, the header {row.expected_columns}"
    return RowIssue(str(path), row.number, "", reason, "quote fields that hold a comma", {})


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _check_columns(path: Path, names: list[str], wanted: Mapping[str, Wanted]) -> None:
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    unknown = sorted(set(names) - set(wanted))
    missing = [name for name, column in wanted.items() if column.required and name not in names]
    known = listed(list(wanted))
    for found, fault in (
        (twice, "are there twice"),
        (missing, "are missing"),
        (unknown, "are unknown"),
    ):
        if found:
            raise ColumnsRefused(
                str(path), f"columns {listed(found)} {fault}", f"known are {known}"
            )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def _where(column: Values | pa.Array, kept: Flags) -> Values | pa.Array:
    return column.filter(pa.array(kept)) if isinstance(column, pa.Array) else column[kept]


def _keys(column: pa.Array) -> Parsed:
    """Read what a seller or an identifier is called: an integer or a text that is not empty."""
    if pa.types.is_integer(column.type):
        return _narrow(column.cast(pa.int64()).fill_null(0)), _flags(column.is_null())
    text = column.cast(pa.string()) if not pa.types.is_floating(column.type) else None
    if text is None:  # 7.0 and 7 would be two sellers
        return column, np.ones(len(column), np.bool_)
    return text.fill_null(""), _flags(pc.equal(text.fill_null(""), ""))


def _narrow(numbers: pa.Array) -> pa.Array:
    """Return integers in half the memory where they fit."""
    bounds = pc.min_max(numbers).as_py()
    most = max(abs(bounds["min"] or 0), abs(bounds["max"] or 0))
    return numbers.cast(pa.int32()) if most < 2**31 else numbers


def _shares(column: pa.Array) -> Parsed:
    """Read numbers of 0 to 1; nothing and NaN are NaN."""
    if pa.types.is_string(column.type):
        text = pc.if_else(pc.equal(column, ""), None, column)
        number = pc.match_substring_regex(text, _NUMBER)
        nan = pc.equal(pc.utf8_lower(text), "nan")
        column = pc.cast(pc.utf8_trim_whitespace(pc.if_else(number, text, None)), pa.float64())
        odd = _flags(pc.invert(pc.or_(number, nan)).fill_null(False))
    else:
        column, odd = column.cast(pa.float64()), np.zeros(len(column), np.bool_)
    values = column.fill_null(float("nan")).to_numpy(zero_copy_only=False)
    return values, odd | (values < 0) | (values > 1)


def _flags(column: pa.Array) -> Flags:
    flags: Flags = np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.bool_)
    return flags


def _worded(words: Mapping[str, int], *, missing: int | None) -> Callable[[pa.Array], Parsed]:
    """Read a few words as numbers; `missing` stands for an empty cell, None refuses it."""

    def number(text: str) -> int | None:
        return missing if text == "" else words.get(text)

    return lambda column: _each_value(column, number, np.uint8)


def _days(column: pa.Array) -> Parsed:
    """Read dates and day numbers since 1970-01-01 as day numbers; nothing is -1."""
    return _each_value(column, _day, np.int32)


def _day(text: str) -> int | None:
    if text in ("", str(UNKNOWN_DAY)):
        return UNKNOWN_DAY
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 7 else None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return max(0, (told.replace(tzinfo=UTC) - _EPOCH).days)


def _each_value(
    column: pa.Array, number: Callable[[str], int | None], form: type[np.generic]
) -> Parsed:
    """Read every distinct value once, and spread what it means over the rows."""
    encoded = column.dictionary_encode()
    told = [number(_text(value)) for value in encoded.dictionary.to_pylist()]
    told.append(number(""))  # the last place, which -1 means: no value
    place = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    values = np.array([0 if value is None else value for value in told]).astype(form)
    return values[place], np.array([value is None for value in told])[place]


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).strip().lower() if isinstance(value, (str, bool, int)) else str(value)


ROWS = {
    "seller": Wanted(_keys, "no seller", "use an integer or a text", required=True),
    "kind": Wanted(
        _worded({kind.word: kind for kind in Kind}, missing=None),
        "unknown kind of identifier",
        f"use one of {', '.join(kind.word for kind in Kind)}",
        required=True,
    ),
    "identifier": Wanted(_keys, "no identifier", "use an integer or a text", required=True),
    "confidence": Wanted(_shares, "no confidence", "use a number of 0 to 1"),
    "level": Wanted(
        _worded(LEVELS, missing=Level.NONE), "unknown level", f"use one of {', '.join(LEVELS)}"
    ),
    "first_seen": Wanted(_days, "no day", "use a date (2026-01-31) or days since 1970-01-01"),
    "asserted_by": Wanted(
        _worded({word: word == SELF_DECLARED for word in ASSERTED_BY}, missing=0),
        "unknown claimant",
        f"use one of {', '.join(ASSERTED_BY)}",
    ),
}
SELLERS = {
    "seller": ROWS["seller"],
    "risk": Wanted(_shares, "no risk", "use a number of 0 to 1"),
    "reported": Wanted(_worded(_FLAGS, missing=0), "no flag", "use 0 or 1"),
    "registered_at": Wanted(_days, "no day", "use a date (2026-01-31) or days since 1970-01-01"),
}
