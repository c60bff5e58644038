"""Pictures: their hashes by columns, and the likeness that was found between them."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class HashColumns:
    """A chunk of pictures; an unknown pixel digest is '', an unknown quality 100."""

    images: list[str]
    hashes: list[str]
    pixels: list[str]
    qualities: list[int]


@dataclass(frozen=True, slots=True)
class SavedCopies:
    """How many pairs were new."""

    made: int


IMAGE_HASHES = load(__package__, "image_hashes", HashColumns)
SAVE_NEAR_COPIES = load(__package__, "save_near_copies", SavedCopies)
