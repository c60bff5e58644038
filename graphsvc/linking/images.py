"""Join copied pictures among what is loaded: equal pixels, or PDQ hashes close in some turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import pairwise
from typing import Any

from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.match.images import as_array
from ingest.match.pairs import COPY, EXACT, LOWEST_QUALITY, closest, copies
from queries.images import IMAGE_HASHES, SAVE_NEAR_COPIES

MODEL = "pdq-31/1"  # changes when the same pictures would be joined otherwise
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run did: pictures looked at, left out as too plain, pairs by tier, new pairs."""

    pictures: int
    too_plain: int
    exact: int
    copies: int
    made: int

    def as_json(self) -> dict[str, Any]:
        """Return the object that `link images --json` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures as columns, sorted by id; the id is the SHA-256 of the file's bytes."""

    ids: Sequence[str]
    hashes: Sequence[str]
    pixels: Sequence[str]
    qualities: Sequence[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures that look alike; `left` sorts before `right`, the distance is in bits."""

    left: str
    right: str
    distance: int
    transform: str
    tier: str


async def link_images(reader: Reader, writer: Writer) -> Linked:
    """Join the pictures of the graph; the same pictures give the same joints.

    Raises DatabaseAway, Conflict.
    """
    held = await _read(reader)
    pairs = sorted(joined(held).values(), key=lambda pair: (pair.left, pair.right))
    made = 0
    for start in range(0, len(pairs), CHUNK):
        rows = [_row(pair) for pair in pairs[start : start + CHUNK]]
        made += (await writer.command(SAVE_NEAR_COPIES, pairs=rows))[0]["made"]
    exact = sum(pair.tier == EXACT for pair in pairs)
    plain = sum(quality < LOWEST_QUALITY for quality in held.qualities)
    return Linked(len(held.ids), plain, exact, len(pairs) - exact, made)


async def _read(reader: Reader) -> Pictures:
    columns: tuple[list[str], list[str], list[str], list[int]] = ([], [], [], [])
    async for part in reader.stream(IMAGE_HASHES, chunk=CHUNK):
        columns[0].extend(part.images)
        columns[1].extend(part.hashes)
        columns[2].extend(part.pixels)
        columns[3].extend(part.qualities)
    return Pictures(*columns)


def joined(held: Pictures) -> dict[tuple[str, str], Pair]:
    """Return the pairs that look alike by their two ids; equal pixels come before close hashes."""
    found = {(pair.left, pair.right): pair for pair in _close(held)}
    found.update({(pair.left, pair.right): pair for pair in _equal(held)})
    return found


def _equal(held: Pictures) -> Iterator[Pair]:
    """Yield a chain through each group of equal pixels; a chain is enough to make it one."""
    groups: dict[str, list[str]] = {}
    for name, pixels in zip(held.ids, held.pixels, strict=True):
        if pixels:
            groups.setdefault(pixels, []).append(name)
    for group in groups.values():
        for left, right in pairwise(sorted(group)):
            yield Pair(left, right, 0, "none", EXACT)


def _close(held: Pictures) -> Iterator[Pair]:
    """Yield pairs within the radius, each once, with the turn that brings them closest."""
    good = [i for i, quality in enumerate(held.qualities) if quality >= LOWEST_QUALITY]
    if not good:
        return
    ids = [held.ids[i] for i in good]
    hashes = as_array([held.hashes[i] for i in good])
    for (i, j), (bits, name) in closest(hashes, copies).items():
        yield Pair(ids[i], ids[j], bits, name, COPY)


def _row(pair: Pair) -> dict[str, Any]:
    key = blake2b(f"{pair.left}\x1f{pair.right}".encode(), digest_size=16).hexdigest()
    return asdict(pair) | {"key": key, "model": MODEL}
