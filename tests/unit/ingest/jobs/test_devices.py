"""Devices: a fingerprint becomes a token, whatever its case and hyphens."""

from __future__ import annotations

import pytest

from ingest.records import Facts
from queries.schema.identifiers import Device
from queries.schema.links import UsesDevice
from tests.unit.ingest.jobs.told import SEEN, TOKENS, marks, refused, told

WHOLE = {"seller_id": "s-1", "device": "AB-CD-EF-01-23", "seen_at": "2024-02-01"}


def test_a_whole_row() -> None:
    token = TOKENS.token("device", "abcdef0123")
    assert told("devices", WHOLE) == Facts(
        SEEN,
        (
            Device(id=token, masked="…0123"),
            UsesDevice(start="p:s-1", end=token, **marks(seen=SEEN)),
        ),
    )


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("seller_id", "", "empty"),
        ("device", "", "empty"),
        ("device", "abc", "not a device fingerprint"),
        ("device", "00000000", "not a device fingerprint"),
        ("device", "unknown", "not a device fingerprint"),
        ("device", "x1" * 200, "not a device fingerprint"),
        ("asserted_by", "rumour", "is none of"),
    ],
)
def test_each_refusal(column: str, value: str, reason: str) -> None:
    named, why = refused("devices", {**WHOLE, column: value})
    assert named == column
    assert reason in why
