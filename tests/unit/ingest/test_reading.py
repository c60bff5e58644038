"""Binding a mapping to a job and a header: what is refused before the first row, and how.

What a mapping does to rows is in test_mapping.py.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import ColumnsRefused
from ingest.fold.column import listed
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import FieldRefused
from ingest.mapping import Mapping
from ingest.reading import Reading, reading_of
from ingest.sources import open_source

Binds = Callable[..., Reading]


@pytest.fixture
def binds(tmp_path: Path) -> Binds:
    """A function that binds a mapping, as a dictionary, to a kind and a header or a JSON line."""

    def made(kind: str, header: str, mapping: dict[str, object] | None = None) -> Reading:
        path = tmp_path / ("rows.jsonl" if header.startswith("{") else "rows.csv")
        path.write_text(header + "\n", "utf-8")
        return reading_of(JOBS[kind], open_source(path), Mapping.model_validate(mapping or {}))

    return made


def refusal(binds: Binds, *asked: object) -> tuple[str, str]:
    """Return the reason and the remedy."""
    with pytest.raises(ColumnsRefused) as caught:
        binds(*asked)
    return caught.value.reason, caught.value.remedy


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_header_of_one_column_hints_at_the_delimiter(binds: Binds, mark: str) -> None:
    reason, remedy = refusal(binds, "sellers", mark.join(("seller_id", "handle")))
    assert reason == "missing columns: seller_id"
    assert f"if fields end with {mark!r}, set `delimiter`" in remedy


def test_what_is_there_is_named_where_something_is_missing(binds: Binds) -> None:
    reason, remedy = refusal(binds, "listings", "listing_id,vendor")
    assert reason == "missing columns: seller_id, title"
    assert "the file has: listing_id, vendor" in remedy
    assert "delimiter" not in remedy


def test_a_mapped_column_that_is_not_there_comes_before_one_that_is_left_over(binds: Binds) -> None:
    reason, remedy = refusal(binds, "sellers", "seller_id,handle", {"columns": {"handle": "nick"}})
    assert reason == "the mapping reads nick, which is not there"
    assert remedy == "the file has: seller_id, handle"


@pytest.mark.parametrize("key", ["skip", "where"])
def test_a_column_that_only_chooses_rows_must_be_there_and_is_no_unknown_one(
    binds: Binds, key: str
) -> None:
    wanted = {key: {"state": "on"}}
    assert binds("sellers", "seller_id,state", wanted).apply({"seller_id": "s", "state": "?"}) == (
        {"seller_id": "s"} if key == "skip" else None
    )
    assert "reads state" in refusal(binds, "sellers", "seller_id", wanted)[0]


def test_a_column_used_by_the_mapping_is_not_read_under_its_own_name(binds: Binds) -> None:
    reading = binds("sellers", "seller_id,handle", {"columns": {"legal_name": "handle"}})
    assert reading.apply({"seller_id": "s", "handle": "Tolva"}) == {
        "seller_id": "s",
        "legal_name": "Tolva",
    }


def test_an_ignored_column_is_not_read(binds: Binds) -> None:
    reading = binds("sellers", "seller_id,risk,x", {"ignore": ["risk", "x"]})
    assert reading.apply({"seller_id": "s", "risk": "?", "x": "?"}) == {"seller_id": "s"}


def test_json_lines_may_hold_any_known_field_in_any_line(binds: Binds) -> None:
    reading = binds("sellers", '{"seller_id": "s"}', {"ignore": ["note"]})
    found = reading.apply({"handle": "b", "note": "n"})
    assert found is not None
    assert (found["seller_id"], found["handle"]) == ("", "b")
    with pytest.raises(FieldRefused) as caught:
        reading.apply({"seller_id": "s", "shoe": "9"})
    assert (caught.value.column, caught.value.reason) == ("shoe", "an unknown column")
    anything = binds("sellers", '{"seller_id": "s"}', {"ignore": "rest"})
    assert anything.apply({"seller_id": "s", "shoe": "9"}) is not None


def test_a_message_stays_short_whatever_the_header_is(binds: Binds) -> None:
    many = ",".join(f"c{n}" for n in range(50_000))
    for header in ("x" * 100_000, many, f"seller_id,{many}"):
        reason, remedy = refusal(binds, "sellers", header)
        assert len(reason) + len(remedy) < 500


def test_names_are_listed_ten_at_most() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(n) for n in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 2 more"
    assert listed(["x" * 61]) == "x" * 60 + "…"
