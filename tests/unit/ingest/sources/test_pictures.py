"""A folder of pictures: one row a file, in the order of their paths."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.errors import RowIssue, SourceEmpty
from ingest.sources import open_source


def test_files_become_rows_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.png", "b/l-2.jpg", "a b.jpg", ".hidden"):
        (tmp_path / name).write_bytes(name.encode())
    source = open_source(tmp_path)

    assert source.header == ("listing_id", "path")
    assert list(source.rows()) == [
        (1, {"listing_id": "a b", "path": "a b.jpg"}),
        (2, {"listing_id": "l-2", "path": "b/l-2.jpg"}),
        (3, {"listing_id": "c", "path": "c.png"}),
    ]


def test_the_digest_tells_another_listing_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"1")
    first = open_source(tmp_path).digest

    assert open_source(tmp_path).digest == first
    (tmp_path / "b.png").write_bytes(b"1")
    assert open_source(tmp_path).digest != first


def test_a_name_that_is_no_text_costs_its_row(tmp_path: Path) -> None:
    for name in (b"\xff.png", b"a\nb.png", b"good.png"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")
    issues = [item for item in open_source(tmp_path).rows() if isinstance(item, RowIssue)]

    assert len(issues) == 2
    assert all(issue.column == "path" and issue.reason.isprintable() for issue in issues)


def test_a_folder_of_nothing_is_empty(tmp_path: Path) -> None:
    with pytest.raises(SourceEmpty, match="no files"):
        open_source(tmp_path)
