"""Pictures: hashes of one, and which of many are copies of each other.

PDQ is a 256-bit perceptual hash (Meta, ThreatExchange); at most 31 differing bits mean a copy.
Nothing here trusts a picture: pixels are capped, and what cannot be decoded is refused.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pdqhash
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ingest.errors import ValueRefused

RADIUS = 31
LARGEST_FILE = 50_000_000  # bytes
LARGEST_PICTURE = 100_000_000  # pixels
THUMBNAIL = (1024, 1024)
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
TURNS = (
    "none",
    "quarter_right",
    "half",
    "quarter_left",
    "upside_down",
    "mirror",
    "transpose",
    "transverse",
)
Hashes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]

ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = LARGEST_PICTURE


@dataclass(frozen=True, slots=True)
class PictureHash:
    """What is kept of a picture: digests in hex, PDQ in 64 hex digits, quality 0–100, pixels."""

    sha256: str
    pixels_sha256: str
    pdq: str
    quality: int
    width: int
    height: int
    media_type: str


def hash_picture(data: bytes) -> PictureHash:
    """Return the hashes of a picture file's bytes, turned as its EXIF says, flattened on white.

    Raises ValueRefused for what is no picture, is cut off, or is larger than the caps.
    """
    if len(data) > LARGEST_FILE:
        raise ValueRefused(f"a file of {len(data):,} bytes", "scale the picture down")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                media_type = Image.MIME[opened.format or ""]
                size = opened.size
                picture = _flat(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = f"more than {LARGEST_PICTURE:,} pixels"
        raise ValueRefused(reason, "scale the picture down") from None
    except UnidentifiedImageError:
        raise ValueRefused("not a picture", f"use {', '.join(FORMATS)}") from None
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, KeyError) as error:
        reason = f"a damaged picture: {type(error).__name__}"
        raise ValueRefused(reason, "fetch the picture again") from None
    pixels = sha256(f"{picture.size}".encode() + picture.tobytes()).hexdigest()
    picture.thumbnail(THUMBNAIL)
    bits, quality = pdqhash.compute(np.asarray(picture))
    return PictureHash(
        sha256=sha256(data).hexdigest(),
        pixels_sha256=pixels,
        pdq=np.packbits(bits.astype(np.uint8)).tobytes().hex(),
        quality=int(quality),
        width=size[0],
        height=size[1],
        media_type=media_type,
    )


def _flat(picture: Image.Image) -> Image.Image:
    """Return the first frame in RGB; what is transparent becomes white."""
    if picture.mode in ("I;16", "I;16B", "I;16L", "I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def as_array(hashes: list[str]) -> Hashes:
    """Return PDQ hashes of 64 hex digits as an array of n × 32 bytes."""
    return np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint8).reshape(-1, 32)


def turned(hashes: Hashes) -> Iterator[tuple[str, Hashes]]:
    """Yield the name of each of the eight turns with the hashes that the turned pictures have.

    A PDQ hash is the sign pattern of a 16 × 16 cosine transform: turning the picture transposes
    it and flips the sign of every odd column, odd row or both.
    """
    bits = np.unpackbits(hashes, axis=1).reshape(-1, 16, 16).astype(bool)
    for name, (transpose, rows, columns) in zip(TURNS, _SIGNS, strict=True):
        found = bits.transpose(0, 2, 1) if transpose else bits
        flips = np.zeros((16, 16), dtype=bool)
        flips[_ODD] ^= rows
        flips[:, _ODD] ^= columns
        yield name, np.packbits((found ^ flips).reshape(-1, 256), axis=1)


_ODD = slice(1, 16, 2)  # a hash runs from frequency 16 down to 1: odd places, odd frequencies
_SIGNS = (
    (False, False, False),
    (True, False, True),
    (False, True, True),
    (True, True, False),
    (False, True, False),
    (False, False, True),
    (True, False, False),
    (True, True, True),
)


def near(left: Hashes, right: Hashes, radius: int = RADIUS) -> tuple[Places, Places, Places]:
    """Return places in `left`, in `right` and the distance of all pairs within `radius` bits.

    Exact for radius ≤ 31 (multi-index hashing, Norouzi et al. 2012): of 16 chunks of 16 bits, one
    at least differs in at most one bit.
    """
    if radius > RADIUS:
        raise ValueError(f"exact up to {RADIUS} bits, not {radius}")
    found = [_checked(left, right, i, j, radius) for i, j in _candidates(left, right)]
    if not found:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty, empty
    pairs = np.unique(np.concatenate(found, axis=1), axis=1)
    return pairs[0], pairs[1], pairs[2]


def _candidates(left: Hashes, right: Hashes) -> Iterator[tuple[Places, Places]]:
    """Yield the pairs that agree in a chunk but for one bit, a chunk and a bit at a time."""
    ours, theirs = (side.view(np.dtype(">u2")).astype(np.int64) for side in _whole(left, right))
    for chunk in range(16):
        order = np.argsort(theirs[:, chunk], kind="stable")
        sizes = np.bincount(theirs[:, chunk], minlength=1 << 16)
        starts = np.cumsum(sizes) - sizes
        for mask in (0, *(1 << bit for bit in range(16))):
            wanted = ours[:, chunk] ^ mask
            yield from _paired(order, starts[wanted], sizes[wanted])


def _whole(*sides: Hashes) -> Iterator[Hashes]:
    return (np.ascontiguousarray(side) for side in sides)


def _paired(order: Places, start: Places, count: Places) -> Iterator[tuple[Places, Places]]:
    """Yield the pairs of a probe in stretches of bounded size."""
    some = np.flatnonzero(count)
    ends = np.cumsum(count[some])
    first = 0
    while first < some.size:
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + _MOST, side="right")))
        part = some[first:last]
        sizes = count[part]
        i = np.repeat(part, sizes)
        within = np.arange(i.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        yield i, order[np.repeat(start[part], sizes) + within]
        first = last


_MOST = 4_000_000


def _checked(left: Hashes, right: Hashes, i: Places, j: Places, radius: int) -> Places:
    """Return the pairs that really are within the radius, with their distance, as three rows."""
    ours, theirs = (side.view(np.uint64) for side in _whole(left, right))
    distance = np.bitwise_count(ours[i] ^ theirs[j]).sum(axis=1, dtype=np.int64)
    close = distance <= radius
    return np.stack([i[close], j[close], distance[close]])
