"""Reports: who said when that goods are fake or genuine, and on what ground."""

from __future__ import annotations

from typing import Any

from ingest.errors import ValueRefused
from ingest.fold import value
from ingest.jobs.job import (
    Context,
    FieldRefused,
    Job,
    Row,
    claim,
    facts,
    key_of,
    maybe,
    need,
    platform_of,
)
from ingest.records import Facts
from queries.schema.findings import Report, Verdict
from queries.schema.links import AboutListing, AboutSeller


def transform(row: Row, context: Context) -> Facts:
    """Return the report and what it is about: a seller, a listing or both."""
    seller = key_of(row, "seller_id") if row.get("seller_id") else None
    listing = key_of(row, "listing_id") if row.get("listing_id") else None
    if seller is None and listing is None:
        lacking = ValueRefused("neither seller_id nor listing_id", "fill in one of them")
        raise FieldRefused("seller_id", lacking)
    report = Report(
        id=key_of(row, "report_id"),
        platform=platform_of(row),
        reporter=need(row, "reporter", value.text, 300),
        at=need(row, "at", value.date, context.dates),
        verdict=need(row, "verdict", value.choice, Verdict).value,
        basis=maybe(row, "basis", value.text, 300),
        target=" ".join(filter(None, (seller, listing))),
    )
    marks = claim(row, context)
    about: list[Any] = []
    if seller is not None:
        about.append(AboutSeller(start=report.id, end=seller, **marks))
    if listing is not None:
        about.append(AboutListing(start=report.id, end=listing, **marks))
    return facts(row, context, report, *about)


JOB = Job(
    kind="reports",
    version="1",
    required=("report_id", "reporter", "at", "verdict"),
    optional=("seller_id", "listing_id", "basis"),
    transform=transform,
    either=(("seller_id",), ("listing_id",)),
)
