"""Which jobs there are, in the order that fills the fewest stubs."""

from __future__ import annotations

from ingest.jobs import (
    addresses,
    contacts,
    devices,
    images,
    listings,
    payment_accounts,
    reports,
    sellers,
)
from ingest.jobs.job import Job

JOBS: dict[str, Job] = {
    module.JOB.kind: module.JOB
    for module in (
        sellers,
        listings,
        addresses,
        payment_accounts,
        contacts,
        devices,
        images,
        reports,
    )
}
