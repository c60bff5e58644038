"""What is asked of reports: what they say, and who they are about."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as it came in; `target` is the seller or listing that it names."""

    id: str
    platform: str | None
    reporter: str | None
    at: str | None
    verdict: str | None
    basis: str | None
    target: str | None
    seen_at: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    stub: bool


@dataclass(frozen=True, slots=True)
class KeyedReport(ReportRow):
    """A report about the seller `key`; `listing` where it names a listing of that seller."""

    key: str
    listing: str | None


REPORTS_BY_ID = load(__package__, "reports_by_id", ReportRow, scoped=True)
REPORTS_ABOUT_SELLERS = load(__package__, "reports_about_sellers", KeyedReport, scoped=True)
