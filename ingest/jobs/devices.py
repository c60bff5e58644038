"""Devices: fingerprints as keyed tokens."""

from __future__ import annotations

from ingest.fold import device
from ingest.fold.device import FoldedDevice
from ingest.fold.token import Tokeniser
from ingest.jobs.job import Context, Job, Row, claim, facts, key_of, need
from ingest.records import Facts
from queries.schema.identifiers import Device
from queries.schema.links import UsesDevice


def transform(row: Row, context: Context) -> Facts:
    """Return the device and that the seller's account was used from it."""
    folded = need(row, "device", device.fold)
    found = device_of(folded, context.tokens)
    used = UsesDevice(start=key_of(row, "seller_id"), end=found.id, **claim(row, context))
    return facts(row, context, found, used)


def device_of(folded: FoldedDevice, tokens: Tokeniser) -> Device:
    """Return a device as it is stored: the token of its fingerprint and its masked form."""
    return Device(id=tokens.token("device", folded.canonical), masked=folded.masked)


JOB = Job(
    kind="devices",
    version="1",
    required=("seller_id", "device"),
    optional=("asserted_by",),
    transform=transform,
    secret=frozenset({"device"}),
    asserts=(UsesDevice,),
)
