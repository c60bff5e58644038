"""`match images`: the pictures of a folder in pairs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.ahead import ahead
from ingest.dry.telling import Refusals, writing
from ingest.errors import RowIssue, SourceEmpty, SourceMissing, ValueRefused
from ingest.match.images import LARGEST_FILE, PictureHash, decode, hashes_of
from ingest.match.keypoints import Keypoints, keypoints
from ingest.match.pairs import CANDIDATE, COPY, EXACT, PARTIAL, paired

PAIRS = ("left", "right", "distance", "transform", "tier")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is kept of a picture: its path below the folder, its hashes, its corners."""

    name: str
    hashes: PictureHash
    corners: Keypoints


def write_image_pairs(folder: Path, out: Path) -> dict[str, Any]:
    """Write the pairs of pictures of a folder and return counts.

    Raises SourceMissing, SourceEmpty, OutUnwritable.
    """
    began = time.perf_counter()
    refusals = Refusals()
    pictures = list(_pictures(folder, refusals))
    pairs = paired([each.hashes for each in pictures], [each.corners for each in pictures])
    with writing(out, PAIRS) as write:
        for pair in pairs:
            ends = (pictures[pair.left].name, pictures[pair.right].name)
            write((*ends, pair.distance, pair.transform, pair.tier))
    counts = Counter(pair.tier for pair in pairs)
    return {
        "pictures": len(pictures),
        "rejected": refusals.count,
        **{tier: counts[tier] for tier in (EXACT, COPY, PARTIAL, CANDIDATE)},
        "seconds": round(time.perf_counter() - began, 3),
        "out": str(out),
    }


def _pictures(folder: Path, refusals: Refusals) -> Iterator[Seen]:
    """Yield what is kept of each picture, in the order of their paths; others are refused."""
    if not folder.is_dir():
        raise SourceMissing(str(folder), "no such folder", "name a folder of pictures")
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    if not files:
        raise SourceEmpty(str(folder), "the folder holds no files", "name a folder of pictures")
    for seen in ahead(lambda name: _seen(folder, name), files):
        if isinstance(seen, RowIssue):
            refusals.add(seen)
        else:
            yield seen


def _seen(folder: Path, name: str) -> Seen | RowIssue:
    try:
        with (folder / name).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        decoded = decode(data)
        return Seen(name, hashes_of(data, decoded), keypoints(decoded.picture))
    except ValueRefused as refused:
        reason, remedy = refused.reason, refused.remedy
    except OSError as error:
        reason, remedy = error.strerror or "unreadable", "check its permissions"
    return RowIssue(f"{folder}/{name}", 0, "", reason, remedy, {})
