"""PDQ hashes as columns: what turned pictures have, and which of many are near each other.

PDQ is a 256-bit perceptual hash (Meta, ThreatExchange); at most 31 differing bits mean a copy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RADIUS = 31  # bits that copies differ in at most
CANDIDATE_RADIUS = 60
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
Words = npt.NDArray[np.uint64]
Chunks = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int64]
Side = tuple[Words, Places]  # hashes as four words each, and places among them
CHUNKS = 16
MOST = 1 << 20  # pairs held at once before they are checked


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


def near(
    left: Hashes, right: Hashes, radius: int = RADIUS, *, once: bool = False
) -> tuple[Places, Places, Places]:
    """Return places in `left`, in `right` and the distance of all pairs within `radius` bits.

    Each pair comes once, in the order of its places; `once` keeps those whose left place is the
    lesser one, which is all there is to know where a set is joined with itself.
    Exact for radius ≤ 31 (multi-index hashing, Norouzi et al. 2012): of 16 chunks of 16 bits, one
    at least differs in at most one bit. Up to 60 bits most pairs are found: of those 45 bits apart
    97 %, of those 60 apart 75 %. Memory is bounded but for what is returned.
    """
    if not 0 <= radius <= CANDIDATE_RADIUS:
        raise ValueError(f"from 0 to {CANDIDATE_RADIUS} bits, not {radius}")
    ours, theirs = (np.ascontiguousarray(side).view(np.uint64) for side in (left, right))
    found = [np.empty((3, 0), dtype=np.int64)]
    for chunk in range(CHUNKS):
        for i, j in _candidates(_chunks(ours)[:, chunk], _chunks(theirs)[:, chunk]):
            ahead = i < j if once else slice(None)
            found.append(_checked((ours, i[ahead]), (theirs, j[ahead]), chunk, radius))
    pairs = np.concatenate(found, axis=1)
    pairs = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return pairs[0], pairs[1], pairs[2]


def _chunks(words: Words) -> Chunks:
    return words.view(np.uint16)


def _candidates(ours: Chunks, theirs: Chunks) -> Iterator[tuple[Places, Places]]:
    """Yield the pairs that agree in one chunk but for at most one bit."""
    # In the order of the chunk, neighbours in time are neighbours in memory.
    mine, order = np.argsort(ours, kind="stable"), np.argsort(theirs, kind="stable")
    sizes = np.bincount(theirs, minlength=1 << 16)
    starts = np.cumsum(sizes) - sizes
    for mask in (0, *(1 << bit for bit in range(16))):
        wanted = ours[mine] ^ np.uint16(mask)
        for probes, found in _paired(starts[wanted], sizes[wanted]):
            yield mine[probes], order[found]


def _paired(start: Places, count: Places) -> Iterator[tuple[Places, Places]]:
    """Yield each probe with every place from its start on, in stretches of bounded size."""
    some = np.flatnonzero(count)
    ends = np.cumsum(count[some])
    first = 0
    while first < some.size:
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + MOST, side="right")))
        part = some[first:last]
        sizes = count[part]
        probes = np.repeat(part, sizes)
        within = np.arange(probes.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        yield probes, np.repeat(start[part], sizes) + within
        first = last


def _checked(ours: Side, theirs: Side, chunk: int, radius: int) -> Places:
    """Return the pairs that are within the radius, with their distance, as three rows.

    A pair that an earlier chunk has found is left out.
    """
    (left, i), (right, j) = ours, theirs
    # Half of the words tell nearly every stranger, at half the reading.
    half = np.bitwise_count(left[i, :2] ^ right[j, :2]).sum(axis=1, dtype=np.uint16) <= radius
    i, j = i[half], j[half]
    differing = left[i] ^ right[j]
    distance = np.bitwise_count(differing).sum(axis=1, dtype=np.int64)
    earlier = np.bitwise_count(_chunks(differing)[:, :chunk]) <= 1
    close = (distance <= radius) & ~earlier.any(axis=1)
    return np.stack([i[close], j[close], distance[close]])
