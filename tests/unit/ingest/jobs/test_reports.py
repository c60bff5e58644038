"""Reports: who said what of whom, about a seller, a listing or both."""

from __future__ import annotations

import dataclasses

import pytest

from ingest.records import SHAPES, Facts
from queries.schema.findings import Report
from queries.schema.links import AboutListing, AboutSeller
from tests.unit.ingest.jobs.told import CONTEXT, SEEN, marks, refused, told

WHOLE = {
    "report_id": "r-1",
    "seller_id": "s-1",
    "listing_id": "l-1",
    "reporter": "Guild of Potters",
    "at": "2024-03-09",
    "verdict": "Confirmed fake",
    "basis": "test purchase",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    assert told("reports", WHOLE) == Facts(
        SEEN,
        (
            Report(
                id="p:r-1",
                platform="p",
                reporter="Guild of Potters",
                at="2024-03-09T00:00:00Z",
                verdict="confirmed_fake",
                basis="test purchase",
                target="p:s-1 p:l-1",
            ),
            AboutSeller(start="p:r-1", end="p:s-1", **marks(seen=SEEN)),
            AboutListing(start="p:r-1", end="p:l-1", **marks(seen=SEEN)),
        ),
    )


@pytest.mark.parametrize(
    ("without", "kind", "target"),
    [("listing_id", AboutSeller, "p:s-1"), ("seller_id", AboutListing, "p:l-1")],
)
def test_one_target_is_enough(without: str, kind: type, target: str) -> None:
    report, about = told("reports", {**WHOLE, without: ""}).records
    assert report.target == target
    assert (type(about), about.end) == (kind, target)


def test_a_seller_and_a_listing_of_one_name_are_two_assertions() -> None:
    _, seller, listing = told("reports", {**WHOLE, "listing_id": "s-1"}).records
    keys = {SHAPES[type(record)].key(record) for record in (seller, listing)}
    assert len(keys) == 2


def test_dates_are_read_as_the_mapping_says() -> None:
    context = dataclasses.replace(CONTEXT, dates="%d.%m.%Y")
    row = {**WHOLE, "at": "09.03.2024", "seen_at": "01.02.2024"}
    assert told("reports", row, context) == told("reports", WHOLE)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({**WHOLE, "report_id": ""}, "report_id", "empty"),
        ({**WHOLE, "seller_id": "", "listing_id": ""}, "seller_id", "neither seller_id nor"),
        ({**WHOLE, "seller_id": "s:1"}, "seller_id", "colon"),
        ({**WHOLE, "listing_id": "l:1"}, "listing_id", "colon"),
        ({**WHOLE, "reporter": ""}, "reporter", "empty"),
        ({**WHOLE, "reporter": "x" * 301}, "reporter", "301 characters"),
        ({**WHOLE, "at": ""}, "at", "empty"),
        ({**WHOLE, "at": "2024-02-30"}, "at", "not a date"),
        ({**WHOLE, "verdict": ""}, "verdict", "empty"),
        ({**WHOLE, "verdict": "guilty"}, "verdict", "is none of confirmed_fake"),
        ({**WHOLE, "basis": "x" * 301}, "basis", "301 characters"),
    ],
)
def test_each_refusal(row: dict[str, str], column: str, reason: str) -> None:
    named, why = refused("reports", row)
    assert named == column
    assert reason in why
