"""What is asked of pictures: their hashes, who shows them, what looks like them."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A picture by its SHA-256; `pdq` its perceptual hash; `sellers` distinct sellers show it."""

    sha256: str
    pdq: str | None
    quality: int | None
    width: int | None
    height: int | None
    media_type: str | None
    seen_at: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    stub: bool
    sellers: int


@dataclass(frozen=True, slots=True)
class ShownImage(ImageRow):
    """A picture of the listing `key`; `position` 0 is the first of the listing."""

    key: str
    position: int | None
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A picture that looks like the picture `key`: bits apart (0-256), the turn, the tier."""

    key: str
    sha256: str
    distance: int
    transform: str
    tier: str
    model: str


_HERE = "queries.images"
IMAGES_BY_ID = load(_HERE, "images_by_id", ImageRow)
IMAGES_OF_LISTINGS = load(_HERE, "images_of_listings", ShownImage)
COPIES_OF_IMAGES = load(_HERE, "copies_of_images", CopyRow)
