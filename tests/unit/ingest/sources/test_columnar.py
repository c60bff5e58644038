"""Parquet: real files of every type, and files that are damaged."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingest.errors import ColumnsRefused, RowIssue, SourceUnreadable
from ingest.sources import Source, columnar, open_source

Opening = Callable[..., Source]


def written(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        (pa.array(["x", None, ""]), ["x", "", ""]),
        (pa.array(["x", "y", "x"]).dictionary_encode(), ["x", "y", "x"]),
        (pa.array([1, None, -7]), ["1", "", "-7"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([204.0, 19.9, None]), ["204", "19.9", ""]),
        (pa.array([19.9], pa.float32()), ["19.9"]),
        (pa.array([True, False, None]), ["true", "false", ""]),
        (pa.array([Decimal("1.50")]), ["1.50"]),
        (pa.array([dt.date(2024, 3, 9)]), ["2024-03-09"]),
        (pa.array([b"ok", "é".encode()]), ["ok", "é"]),
        (pa.nulls(2), ["", ""]),
        (
            pa.array([1709945999123456789], pa.timestamp("ns")),
            ["2024-03-09 00:59:59.123456"],
        ),
        (
            pa.array([1709945999], pa.timestamp("s", "Europe/Berlin")),
            ["2024-03-09 00:59:59.000000Z"],
        ),
    ],
)
def test_types_become_text(tmp_path: Path, array: pa.Array, texts: list[str]) -> None:
    source = open_source(written(tmp_path / "s.parquet", a=array))

    assert source.header == ("a",)
    assert list(source.rows()) == [(i, {"a": text}) for i, text in enumerate(texts, start=1)]


NOT_UTF8 = pa.StringArray.from_buffers(
    2, pa.py_buffer(b"\0\0\0\0\1\0\0\0\3\0\0\0"), pa.py_buffer(b"\xffok")
)


@pytest.mark.parametrize(
    ("array", "reason", "good"),
    [
        (pa.array([[1], None]), "type list", ""),
        (pa.array([{"b": 1}, None]), "type struct", ""),
        (pa.array([b"\xff", b"ok"]), "UTF-8", "ok"),
        (NOT_UTF8, "UTF-8", "ok"),
        (pa.array(["a\0b", "ok"]), "NUL", "ok"),
        (pa.array(["y" * 1_000_001, "ok"]), "1,000,000 characters", "ok"),
    ],
)
def test_a_value_that_is_no_text_costs_its_row(
    tmp_path: Path, array: pa.Array, reason: str, good: str
) -> None:
    bad, other = open_source(written(tmp_path / "s.parquet", a=array)).rows()

    assert isinstance(bad, RowIssue)
    assert (bad.line, bad.column) == (1, "a")
    assert reason in bad.reason
    assert other == (2, {"a": good})


def test_rows_are_counted_over_batches(tmp_path: Path) -> None:
    numbers = range(3 * columnar.ROWS)
    path = written(tmp_path / "s.parquet", a=pa.array(numbers), b=pa.array(map(str, numbers)))
    found = list(open_source(path).rows())

    assert found == [(n + 1, {"a": str(n), "b": str(n)}) for n in numbers]


def test_no_rows_is_no_error_and_packed_files_are_read(tmp_path: Path) -> None:
    empty = written(tmp_path / "s.parquet", a=pa.array([], pa.string()))
    assert list(open_source(empty).rows()) == []
    full = written(tmp_path / "t.parquet", a=pa.array(["x"]))
    packed = tmp_path / "t.parquet.gz"
    packed.write_bytes(gzip.compress(full.read_bytes()))
    assert list(open_source(packed).rows()) == [(1, {"a": "x"})]


def test_columns_there_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]), path)
    with pytest.raises(ColumnsRefused, match="a are there twice"):
        open_source(path)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1xxxxPAR1", b"a,b\n1,2\n"])
def test_what_is_not_parquet_is_refused(opening: Opening, data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="not a Parquet file"):
        opening("s.parquet", data)


def test_damage_is_told_and_never_a_crash(tmp_path: Path, opening: Opening) -> None:
    ids = pa.array([f"s-{i}" for i in range(5000)])
    whole = written(tmp_path / "whole.parquet", a=ids).read_bytes()
    dice = random.Random(4)
    told = 0
    for turn in range(60):
        data = bytearray(whole[: dice.randrange(len(whole))] if turn % 2 else whole)
        for _ in range(3 if turn % 2 == 0 else 0):
            data[-dice.randrange(1, 600)] = dice.randrange(256)
        try:
            assert len(list(opening("s.parquet", bytes(data)).rows())) <= 5000
        except SourceUnreadable:
            told += 1
    assert told >= 30, "each file that was cut off, at least"
