"""Corrected rejects as rows: what is masked or left out is what the source has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.corrections import Basis, corrected, sheets
from ingest.errors import RowIssue
from ingest.jobs.catalogue import JOBS
from ingest.mapping import Mapping
from ingest.reading import reading_of
from ingest.sources import Item, open_source

JOB = JOBS["payment_accounts"]


def rows_of(folder: Path, *rejects: dict[str, Any], source: bool = True) -> list[Item]:
    """Return the rows of rejects of p.csv, whose columns are named otherwise than ours."""
    path = folder / "r.ndjson"
    text = (json.dumps({"file": "p.csv", "reason": "", **reject}) for reject in rejects)
    path.write_text("\n\n".join(text), "utf-8")
    (folder / "p.csv").write_text("who,number,by\ns-1,111,x\ns-2,222,y\n", "utf-8")
    mapping = Mapping(columns={"seller_id": "who", "account": "number", "asserted_by": "by"})
    first = open_source(folder / "p.csv")
    basis = Basis(first, reading_of(JOB, first, mapping, platform="nest")) if source else None
    [(_, sheet)] = sheets(path).items()
    return list(corrected(path, sheet, basis, secret=JOB.secret).rows())


def test_corrections_lie_over_the_line_that_they_name(tmp_path: Path) -> None:
    found = rows_of(
        tmp_path,
        {"line": 3, "row": {"account": "***", "asserted_by": "observed"}},
        {"line": 2, "row": {"account": "999", "holder": "Tolva"}},
    )
    first = {"seller_id": "s-1", "account": "999", "asserted_by": "x", "holder": "Tolva"}
    second = {"seller_id": "s-2", "account": "222", "asserted_by": "observed"}
    # In the order of the source, so that it is read once; lines are those of the rejects file.
    assert found == [(3, first | {"platform": "nest"}), (1, second | {"platform": "nest"})]


def test_of_two_corrections_of_a_line_the_later_counts_and_empties_count_too(
    tmp_path: Path,
) -> None:
    found = rows_of(
        tmp_path,
        {"line": 2, "row": {"account": "998"}},
        {"line": 2, "row": {"account": "999", "asserted_by": ""}},
    )
    row = {"seller_id": "s-1", "account": "999", "asserted_by": "", "platform": "nest"}
    assert found == [(3, row)]


def test_a_line_that_is_not_there_needs_the_whole_row(tmp_path: Path) -> None:
    whole = {"seller_id": "s-9", "account": "999"}
    found = rows_of(
        tmp_path, {"line": 8, "row": whole}, {"line": 9, "row": {**whole, "account": "***"}}
    )
    assert found[0] == (1, whole)
    assert isinstance(found[1], RowIssue)
    assert (found[1].line, found[1].reason) == (3, "line 9 of p.csv is not there")


def test_without_a_source_a_row_is_taken_as_it_stands(tmp_path: Path) -> None:
    row = {"seller_id": "s-1", "account": "999", "asserted_by": ["no", "text"]}
    found = rows_of(
        tmp_path,
        {"line": 2, "row": row},
        {"line": 3, "row": {"seller_id": "s-2", "account": 7}},
        source=False,
    )
    assert isinstance(found[0], RowIssue)
    assert (found[0].line, found[0].column) == (1, "asserted_by")
    assert found[1] == (3, {"seller_id": "s-2", "account": "7"})


def test_which_reject_cannot_do_without_its_source(tmp_path: Path) -> None:
    rows_of(tmp_path, {"line": 2, "row": {"a": "b"}}, {"line": 3, "row": {}})
    assert sheets(tmp_path / "r.ndjson")["p.csv"].masked == 3
    rows_of(tmp_path, {"line": 2, "row": {"a": "b"}})
    assert sheets(tmp_path / "r.ndjson")["p.csv"].masked == 0
