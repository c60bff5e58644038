"""The pipeline: every row ends in a batch, among its rejects, or is passed over and counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.batch import Batch
from ingest.errors import SourceUnreadable
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context
from ingest.mapping import Mapping
from ingest.pipeline import batches, transformed
from ingest.reading import reading_of
from ingest.records import Facts
from ingest.sources import open_source
from queries.schema.actors import Platform, Seller

CONTEXT = Context(source="", tokens=Tokeniser(b"k" * 32))
Feed = Callable[..., list[Batch]]


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    """A function that runs a text through the pipeline and returns its batches."""

    def made(
        text: str, kind: str = "sellers", *, size: int = 100, mapping: Mapping | None = None
    ) -> list[Batch]:
        path = tmp_path / "rows.csv"
        path.write_text(text, "utf-8")
        source, job = open_source(path), JOBS[kind]
        reading = reading_of(job, source, mapping or Mapping(), platform="p")
        return list(batches(source, job, reading=reading, context=CONTEXT, size=size))

    return made


def told(batch: Batch) -> tuple[int, int, list[int], list[int]]:
    """Return rows, skipped, the lines that are in, the lines that are refused."""
    refused = sorted(issue.line for issue in batch.issues)
    return batch.rows, batch.skipped, sorted(batch.accepted), refused


def test_every_row_is_accepted_refused_or_passed_over(feed: Feed) -> None:
    mapping = Mapping(skip={"status": "closed"}, ignore=["status"], columns={"risk": "risk"})
    text = (
        "seller_id,risk,status\n"
        "s-1,0.5,open\n"
        "s-2,9,open\n"  # refused by the job
        "s-3,0.5,closed\n"  # passed over
        "s-4,0.5\n"  # refused by the source
        ",0.5,open\n"
        "s-1,0.6,open\n"  # contradicts and wins
        "s-1,0.5,open\n"  # agrees with the one that lost
    )
    [batch] = feed(text, mapping=mapping)
    rows, skipped, accepted, refused = told(batch)
    assert (rows, skipped) == (6, 1)
    assert rows == len(accepted) + len(refused)
    assert 7 in accepted
    assert {2, 3, 5, 6} <= set(refused)


def test_batches_are_of_the_asked_size_but_the_last(feed: Feed) -> None:
    text = "seller_id,risk\n" + "".join(f"s-{n},{'x' if n == 2 else 0.5}\n" for n in range(7))
    found = feed(text, size=3)
    assert [batch.rows for batch in found] == [3, 3, 1]
    assert [issue.line for batch in found for issue in batch.issues] == [4]
    assert sum(len(batch.accepted) for batch in found) == 6


@pytest.mark.parametrize("rows", [0, 4])
def test_a_source_ends_with_what_is_left_even_of_none(feed: Feed, rows: int) -> None:
    found = feed("seller_id\n" + "".join(f"s-{n}\n" for n in range(rows)), size=4)
    assert [batch.rows for batch in found] == ([4, 0] if rows else [0])
    assert found[-1].tables == ()


def test_skipped_rows_fill_no_batch(feed: Feed) -> None:
    text = "seller_id\n" + "skip\n" * 50 + "s-1\ns-2\ns-3\n"
    found = feed(text, size=2, mapping=Mapping(skip={"seller_id": "skip"}))
    assert [(batch.rows, batch.skipped) for batch in found] == [(2, 50), (1, 0)]


def test_a_reject_holds_our_columns_and_hides_secrets(feed: Feed) -> None:
    mapping = Mapping.model_validate({"columns": {"account": "iban"}})
    [batch] = feed(
        "seller_id,iban\ns-1,GB82WEST12345698765433\n", "payment_accounts", mapping=mapping
    )
    [issue] = batch.issues
    assert (issue.line, issue.column) == (2, "account")
    assert issue.row == {"seller_id": "s-1", "account": "***", "platform": "p"}
    assert "98765433" not in repr(batch.issues)


def test_the_stamp_names_file_digest_and_job(feed: Feed, tmp_path: Path) -> None:
    [batch] = feed("seller_id\ns-1\n")
    assert batch.stamp.file == str(tmp_path / "rows.csv")
    assert batch.stamp.job == f"sellers/{JOBS['sellers'].version}"
    [source] = {source for table in batch.tables for source in table.columns["source"]}
    assert source == f"{batch.stamp.digest[:16]}:2"


def test_a_row_becomes_its_records() -> None:
    found = transformed({"seller_id": "s-1", "platform": "p"}, JOBS["sellers"], CONTEXT)
    assert found == Facts("", (Platform(id="p", name=None), Seller(id="p:s-1", platform="p")))


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("seller_id\n" + "".join(f"s-{n}\n" for n in range(9)), "utf-16")
    path.write_bytes(path.read_bytes()[:-1])
    source, job = open_source(path, encoding="utf-16"), JOBS["sellers"]
    reading = reading_of(job, source, Mapping(), platform="p")
    flow = batches(source, job, reading=reading, context=CONTEXT, size=3)
    assert [batch.rows for batch in (next(flow), next(flow))] == [3, 3]
    with pytest.raises(SourceUnreadable, match="cannot be read any further"):
        list(flow)


def test_a_row_with_an_unknown_column_keeps_its_secrets_whatever_their_column(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rows.jsonl"
    iban = "DE89370400440532013000"
    rows = [{"iban": iban, "seller_id": "s-1"}, {"iban": iban, "seller_id": "s-2", "zzz": 1}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    source, job = open_source(path), JOBS["payment_accounts"]
    reading = reading_of(job, source, Mapping(columns={"account": "iban"}), platform="p")
    [batch] = batches(source, job, reading=reading, context=CONTEXT, size=10)
    [issue] = batch.issues
    assert issue.column == "zzz"
    assert iban not in str(issue)
