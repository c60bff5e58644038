"""Files of `rings dry-run`: what is read, what is refused, and that nothing is lost on the way."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.table import ROWS, SELLERS, read
from ingest.errors import ColumnsRefused, SourceEmpty, SourceMissing, SourceUnreadable

HEADER = "seller,kind,identifier,confidence,level,first_seen,asserted_by\n"


def csv(folder: Path, text: str, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_is_read_as_what_it_means(tmp_path):
    text = (
        HEADER + "007,phone,x,0.5,,2026-01-31,self_declared\n7,address,y,,building,20484,observed\n"
    )
    told = read(csv(tmp_path, text), ROWS)
    assert told.columns["seller"].to_pylist() == ["007", "7"]
    assert told.columns["kind"].tolist() == [Kind.PHONE, Kind.ADDRESS]
    assert np.array_equal(told.columns["confidence"], [0.5, np.nan], equal_nan=True)
    assert told.columns["level"].tolist() == [Level.NONE, Level.BUILDING]
    assert told.columns["first_seen"].tolist() == [20484, 20484]
    assert told.columns["asserted_by"].tolist() == [1, 0]
    assert (told.rows, told.refused) == (2, [])


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",phone,x,,,,", "seller"),
        ("a,fax,x,,,,", "kind"),
        ("a,,x,,,,", "kind"),
        ("a,phone,,,,,", "identifier"),
        ("a,phone,x,1.5,,,", "confidence"),
        ("a,phone,x,-0.1,,,", "confidence"),
        ("a,phone,x,many,,,", "confidence"),
        ("a,phone,x,,room,,", "level"),
        ("a,phone,x,,,31/01/2026,", "first_seen"),
        ("a,phone,x,,,-5,", "first_seen"),
        ("a,phone,x,,,,hearsay", "asserted_by"),
        ("a,phone", ""),
        ("a,phone,x,,,,,,,", ""),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line_and_the_others_stay(
    tmp_path, cells, column
):
    told = read(csv(tmp_path, f"{HEADER}a,phone,x,,,,\n{cells}\nb,phone,x,,,,\n"), ROWS)
    [issue] = told.refused
    assert (issue.line, issue.column) == (3, column)
    assert issue.reason
    assert issue.remedy
    assert told.columns["seller"].to_pylist() == ["a", "b"]
    assert told.rows == 3


def test_lines_are_right_behind_a_ragged_row_and_identifiers_are_not_told(tmp_path):
    told = read(csv(tmp_path, HEADER + "a\nb,fax,DE001,,,,\n\nc\nd,phone,x,2,,,\n"), ROWS)
    assert [(issue.line, issue.column) for issue in told.refused] == [
        (2, ""),
        (3, "kind"),
        (5, ""),
        (6, "confidence"),
    ]
    assert "DE001" not in str([issue.as_json() for issue in told.refused])


def test_nan_and_nothing_are_an_unknown_risk_and_flags_are_read(tmp_path):
    text = "seller,risk,reported\na,NaN,1\nb,,0\nc,1,true\nd,1e-3,\ne,0.5,2\n"
    told = read(csv(tmp_path, text), SELLERS)
    expected = [np.nan, np.nan, 1, 0.001]
    assert np.array_equal(told.columns["risk"], expected, equal_nan=True)
    assert told.columns["reported"].tolist() == [1, 0, 1, 0]
    assert [(issue.line, issue.column) for issue in told.refused] == [(6, "reported")]


def test_parquet_and_compressed_csv_tell_the_same(tmp_path):
    table = pa.table(
        {
            "seller": [1, 2, None],
            "risk": [0.5, float("nan"), 0.1],
            "reported": [True, False, True],
            "registered_at": pa.array([20484, 20485, None], pa.int32()).cast(pa.date32()),
        }
    )
    pq.write_table(table, tmp_path / "s.parquet")
    told = read(tmp_path / "s.parquet", SELLERS)
    assert told.columns["seller"].to_pylist() == [1, 2]
    assert told.columns["registered_at"].tolist() == [20484, 20485]
    assert [(issue.line, issue.column) for issue in told.refused] == [(3, "seller")]
    packed = tmp_path / "s.csv.gz"
    packed.write_bytes(gzip.compress(b"seller,reported\n1,1\n2,0\n"))
    assert read(packed, SELLERS).columns["reported"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("", SourceEmpty, "empty"),
        ("seller,kind\n", ColumnsRefused, "identifier are missing"),
        ("seller,kind,identifier,colour\n", ColumnsRefused, "colour are unknown"),
        ("seller,seller,kind,identifier\n", ColumnsRefused, "seller are there twice"),
        (HEADER + "\udcff,phone,x,,,,\n", SourceUnreadable, "UTF"),
    ],
)
def test_a_file_of_no_use_is_refused_as_a_whole(tmp_path, text, error, told):
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(error, match=told):
        read(path, ROWS)


def test_what_is_no_file_or_no_parquet_is_said(tmp_path):
    with pytest.raises(SourceMissing):
        read(tmp_path / "gone.csv", ROWS)
    with pytest.raises(SourceUnreadable):
        read(csv(tmp_path, "PAR1 no", "rows.parquet"), ROWS)
    pq.write_table(pa.table({"seller": [1.5]}), tmp_path / "s.parquet")
    assert len(read(tmp_path / "s.parquet", SELLERS).refused) == 1


def test_a_header_alone_and_a_key_of_ten_thousand_characters_are_fine(tmp_path):
    assert read(csv(tmp_path, HEADER), ROWS).rows == 0
    long = "x" * 10_000
    told = read(csv(tmp_path, f"seller,kind,identifier\n{long},device,{long}\n"), ROWS)
    assert told.columns["identifier"].to_pylist() == [long]
