"""A picture's path becomes its hashes: the one part of the images job that reads a file."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import ValueRefused
from ingest.jobs.job import FieldRefused, Row
from ingest.match.images import LARGEST_FILE, hash_picture

INSIDE = "give a path below the folder of pictures (--pictures)"


def names_picture(row: Row) -> bool:
    """Tell whether there is a file to read."""
    return bool(row.get("path"))


def resolve_picture(row: Row, root: Path | None) -> Row:
    """Return the row with the hashes of the picture at its `path`, read below `root`.

    A row without a path is returned as it is. Raises FieldRefused, also where the row names
    another SHA-256 than its picture has.
    """
    written = row.get("path", "")
    if not written:
        return row
    try:
        found = hash_picture(_bytes(written, root))
    except ValueRefused as refused:
        raise FieldRefused("path", refused) from None
    if row.get("sha256", "").lower() not in ("", found.sha256):
        other = ValueRefused("not that of the picture at `path`", "leave one of the two out")
        raise FieldRefused("sha256", other)
    return {
        **row,
        "sha256": found.sha256,
        "pixels_sha256": found.pixels_sha256,
        "pdq": found.pdq,
        "pdq_trimmed": found.pdq_trimmed,
        "quality": str(found.quality),
        "width": str(found.width),
        "height": str(found.height),
        "media_type": found.media_type,
    }


def default_root(file: str) -> Path | None:
    """Return where the pictures that a file names are looked for: beside it, or in the folder."""
    if file == "-":
        return None
    path = Path(file)
    return path if path.is_dir() else path.parent


def _bytes(written: str, root: Path | None) -> bytes:
    if root is None:
        raise ValueRefused("no folder of pictures", "give --pictures DIR")
    try:
        base = root.resolve(strict=True)
        place = (base / written).resolve()
        if Path(written).is_absolute() or not place.is_relative_to(base):
            raise ValueRefused("a path that leaves the folder", INSIDE)
        if not place.is_file():
            raise ValueRefused("no such file", INSIDE)
        with place.open("rb") as file:
            return file.read(LARGEST_FILE + 1)  # one more than is accepted: enough to be refused
    except (OSError, ValueError, RuntimeError) as error:  # also NUL bytes, links in a circle
        raise ValueRefused(f"cannot be read: {type(error).__name__}", INSIDE) from None
