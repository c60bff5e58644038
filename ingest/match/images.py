"""Pictures: what is kept of one, its digests and its perceptual hashes.

Nothing here trusts a picture: pixels are capped, and what cannot be decoded is refused.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pdqhash
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ingest.errors import ValueRefused

LARGEST_FILE = 50_000_000  # bytes
LARGEST_PICTURE = 64_000_000  # pixels: some 500 MB while it is decoded
LOWEST_QUALITY = 50  # of PDQ: below, a picture is too plain for its hash to tell anything
SIDE = 512  # pixels that a picture is shrunk to before it is hashed
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

_STRIP = 256  # rows
_LEAST_TRIM = 0.01  # of the area
_LEAST_LEFT = 64  # pixels of either side: of less no picture is left
_SHADE = 16  # of 256: a border is as even as this, after compression too
_SPECKS = 0.02  # of a line: so much of a border may be something else
# What the decoders raise on damaged files; none of them is told from a fault of our own here,
# because nothing of our own runs while they do.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    struct.error,
    zlib.error,
    Warning,  # where somebody makes errors of them
)
Grey = npt.NDArray[np.uint8]

ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = LARGEST_PICTURE
# For good, because a filter cannot be set for one thread: odd metadata spoils no pixel.
warnings.filterwarnings("ignore", module=r"PIL\.")


@dataclass(frozen=True, slots=True)
class PictureHash:
    """What is kept of a picture: digests in hex, PDQ in 64 hex digits, quality 0–100, pixels.

    `pdq_trimmed` is that of the picture without its even border, '' where it has none.
    """

    sha256: str
    pixels_sha256: str
    pdq: str
    quality: int
    width: int
    height: int
    media_type: str
    pdq_trimmed: str = ""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as it is meant to be seen: in RGB, turned, flat, its first frame."""

    picture: Image.Image
    media_type: str


def decode(data: bytes) -> Decoded:
    """Return the picture of a file's bytes, turned as its EXIF says, flattened on white.

    Raises ValueRefused for what is no picture, is cut off, or is larger than the caps.
    """
    if len(data) > LARGEST_FILE:
        raise ValueRefused(f"a file of more than {LARGEST_FILE:,} bytes", "scale the picture down")
    try:
        return _decoded(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        reason = f"more than {LARGEST_PICTURE:,} pixels"
        raise ValueRefused(reason, "scale the picture down") from None
    except UnidentifiedImageError:
        raise ValueRefused("not a picture", f"use {', '.join(FORMATS)}") from None
    except _DAMAGE as error:
        reason = f"a damaged picture: {type(error).__name__}"
        raise ValueRefused(reason, "fetch the picture again") from None


def hash_picture(data: bytes) -> PictureHash:
    """Return the hashes of a picture file's bytes; raises ValueRefused as `decode` does."""
    return hashes_of(data, decode(data))


def hashes_of(data: bytes, decoded: Decoded) -> PictureHash:
    """Return the hashes of a file's bytes and the picture in them, which is not kept as it is.

    Width and height are those of the turned picture.
    """
    picture = decoded.picture
    grey = shrunk(picture, SIDE)
    pdq, quality = _pdq(grey)
    cut = trimmed(grey)
    inner, inner_quality = ("", 0) if cut is None else _pdq(cut)
    return PictureHash(
        sha256=sha256(data).hexdigest(),
        pixels_sha256=_pixels_digest(picture),
        pdq=pdq,
        quality=quality,
        width=picture.width,
        height=picture.height,
        media_type=decoded.media_type,
        pdq_trimmed=inner if inner_quality >= LOWEST_QUALITY else "",
    )


def shrunk(picture: Image.Image, side: int) -> Grey:
    """Return the greys of a picture (height × width), no side longer than `side` pixels."""
    grey = picture.convert("L")
    grey.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(grey)


def trimmed(grey: Grey) -> Grey | None:
    """Return a picture without its even border, None where that is next to nothing, or all."""
    top, bottom = _lines(grey)
    left, right = _lines(grey[top:bottom].T) if top < bottom else (0, 0)
    inner = grey[top:bottom, left:right]
    if min(inner.shape) < _LEAST_LEFT or inner.size > grey.size * (1 - _LEAST_TRIM):
        return None
    return inner


def _lines(grey: Grey) -> tuple[int, int]:
    """Return from which line to which a picture is more than a border, top and bottom."""
    first, last = (_depth(side) for side in (grey, grey[::-1]))
    return first, max(first, len(grey) - last)


def _depth(grey: Grey) -> int:
    """Return how many lines from the first one on are of one shade, its own."""
    shade = np.median(grey[0])
    other = np.abs(grey - shade) > _SHADE
    inside = np.flatnonzero(other.mean(axis=1) > _SPECKS)
    return int(inside[0]) if inside.size else len(grey)


def _pdq(grey: Grey) -> tuple[str, int]:
    """Return the hash as 64 hex digits and its quality."""
    bits, quality = pdqhash.compute(np.repeat(grey[:, :, None], 3, axis=2))
    return np.packbits(bits.astype(np.uint8)).tobytes().hex(), int(quality)


def _decoded(data: bytes) -> Decoded:
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > LARGEST_PICTURE:  # Pillow alone refuses twice as many
            raise Image.DecompressionBombError
        # A JPEG of several pictures, as telephones write, is a JPEG to everybody else.
        form = "JPEG" if opened.format == "MPO" else opened.format or ""
        return Decoded(_flat(ImageOps.exif_transpose(opened)), Image.MIME[form])


def _flat(picture: Image.Image) -> Image.Image:
    """Return a picture in RGB; what is transparent becomes white."""
    if picture.mode.startswith("I"):  # 16 bits a pixel, of which 8 are kept
        wide = np.asarray(picture, dtype=np.int64) >> 8
        return Image.fromarray(wide.clip(0, 255).astype(np.uint8)).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _pixels_digest(picture: Image.Image) -> str:
    width, height = picture.size
    found = sha256(f"{width}x{height}".encode())
    for top in range(0, height, _STRIP):
        found.update(picture.crop((0, top, width, min(top + _STRIP, height))).tobytes())
    return found.hexdigest()
