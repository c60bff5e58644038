"""Pictures: their hashes by columns, and the likeness that was found between them."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class HashColumns:
    """A chunk of pictures; an unknown pixel digest is '', an unknown quality 100.

    `trimmed` holds '' for a picture without a border.
    """

    images: list[str]
    hashes: list[str]
    trimmed: list[str]
    pixels: list[str]
    qualities: list[int]


@dataclass(frozen=True, slots=True)
class SavedCopies:
    """How many pairs were new."""

    made: int


@dataclass(frozen=True, slots=True)
class PictureId:
    """A picture."""

    sha256: str


@dataclass(frozen=True, slots=True)
class PictureSellers:
    """A picture and the sellers that show it."""

    key: str
    sellers: list[str]


@dataclass(frozen=True, slots=True)
class PictureLoad:
    """Where a load read from, and what was wished for with it; both are JSON."""

    place: str
    wish: str


IMAGE_HASHES = load(__package__, "image_hashes", HashColumns)
FLAGGED_PICTURES = load(__package__, "flagged_pictures", PictureId)
SELLERS_OF_PICTURES = load(__package__, "sellers_of_pictures", PictureSellers)
PICTURE_LOADS = load(__package__, "picture_loads", PictureLoad)
SAVE_NEAR_COPIES = load(__package__, "save_near_copies", SavedCopies)
