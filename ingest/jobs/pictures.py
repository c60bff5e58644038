"""A picture's path becomes its hashes: the one part of the images job that reads a file."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from threading import Lock

from ingest.errors import ValueRefused
from ingest.jobs.job import FieldRefused, Row
from ingest.match.images import LARGEST_FILE, PictureHash, hash_picture

INSIDE = "give a path below the folder of pictures (--pictures)"


class _Known:
    """The hashes of the pictures seen last, by their bytes: one picture is on many listings.

    Decoding takes a hundred times as long as the digest of the bytes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[str, PictureHash] = OrderedDict()
        self._lock = Lock()

    def hashes(self, data: bytes) -> PictureHash:
        """Return the hashes of a picture file's bytes; raises ValueRefused."""
        digest = sha256(data).hexdigest()
        with self._lock:
            if held := self._held.get(digest):
                self._held.move_to_end(digest)
                return held
        found = hash_picture(data)
        with self._lock:
            self._held[digest] = found
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return found


_known = _Known(most=16_384)  # some 15 MB


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
        found = _known.hashes(_bytes(written, root))
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
