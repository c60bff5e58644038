"""Images: a picture by its digest, with or without what was read from its file."""

from __future__ import annotations

import pytest

from ingest.records import Facts
from queries.schema.goods import Image
from queries.schema.links import Shows
from tests.unit.ingest.jobs.told import SEEN, marks, refused, told

WHOLE = {
    "listing_id": "l-1",
    "sha256": "AB" * 32,
    "pdq": "cd" * 32,
    "pixels_sha256": "ef" * 32,
    "quality": "87",
    "width": "320",
    "height": "240",
    "media_type": "image/png",
    "position": "2",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    assert told("images", WHOLE) == Facts(
        SEEN,
        (
            Image(
                sha256="ab" * 32,
                pdq="cd" * 32,
                pixels_sha256="ef" * 32,
                quality=87,
                width=320,
                height=240,
                media_type="image/png",
            ),
            Shows(start="p:l-1", end="ab" * 32, position=2, **marks(seen=SEEN)),
        ),
    )


def test_hashes_alone_are_enough() -> None:
    image, shown = told("images", {"listing_id": "l-1", "sha256": "ab" * 32}).records
    assert image == Image(sha256="ab" * 32)
    assert shown.position is None


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("listing_id", "", "empty"),
        ("listing_id", "l:1", "colon"),
        ("sha256", "", "empty"),
        ("sha256", "ab" * 31, "not 64 hexadecimal digits"),
        ("sha256", "zz" * 32, "not 64 hexadecimal digits"),
        ("sha256", "١" * 64, "not 64 hexadecimal digits"),
        ("pdq", "cd", "not 64 hexadecimal digits"),
        ("position", "-1", "not a whole number"),
        ("position", "1.5", "not a whole number"),
        ("position", "٢", "not a whole number"),
        ("position", "99999999999", "not a whole number"),
    ],
)
def test_each_refusal(column: str, value: str, reason: str) -> None:
    named, why = refused("images", {**WHOLE, column: value})
    assert named == column
    assert reason in why
