"""Devices: fingerprints as keyed tokens."""

from __future__ import annotations

from ingest.fold import device
from ingest.jobs.job import Context, Job, Row, claim, facts, key_of, need
from ingest.records import Facts
from queries.schema.identifiers import Device
from queries.schema.links import UsesDevice


def transform(row: Row, context: Context) -> Facts:
    """Return the device and that the seller's account was used from it."""
    folded = need(row, "device", device.fold)
    token = context.tokens.token("device", folded.canonical)
    used = UsesDevice(start=key_of(row, "seller_id"), end=token, **claim(row, context))
    return facts(row, context, Device(id=token, masked=folded.masked), used)


JOB = Job(
    kind="devices",
    version="1",
    required=("seller_id", "device"),
    optional=("asserted_by",),
    transform=transform,
    secret=frozenset({"device"}),
    asserts=(UsesDevice,),
)
