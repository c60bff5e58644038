"""Pictures of a folder joined in pairs: equal, copies, and candidates that a person should see.

The same hashes and radii as for loaded pictures; the partial tier for crops is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from ingest.match.images import RADIUS, Hashes, PictureHash, Words, as_array, near, turned

EXACT, COPY, CANDIDATE = "exact", "copy", "candidate"
LOWEST_QUALITY = 50
CANDIDATE_RADIUS = 60
Search = Callable[[Hashes, Hashes], Iterator[tuple[int, int, int]]]
_ROWS = 256  # hashes that are compared with all others at once


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures that look alike by their places, left < right; the distance is in bits.

    `transform` is the turn of the right one that brings it closest to the left one.
    """

    left: int
    right: int
    distance: int
    transform: str
    tier: str


def paired(pictures: Sequence[PictureHash]) -> list[Pair]:
    """Return the pairs of pictures in order; pictures too plain for a hash are joined if equal."""
    good = [place for place, each in enumerate(pictures) if each.quality >= LOWEST_QUALITY]
    best: dict[tuple[int, int], tuple[int, str]] = {}
    if good:
        hashes = as_array([pictures[place].pdq for place in good])
        best = closest(hashes, copies, _candidates)
    places = {(good[left], good[right]): each for (left, right), each in best.items()}
    found = {key: _pair(key, *each) for key, each in places.items()}
    found.update((key, Pair(*key, 0, "none", EXACT)) for key in _equal(pictures))
    return [found[key] for key in sorted(found)]


def closest(hashes: Hashes, *searches: Search) -> dict[tuple[int, int], tuple[int, str]]:
    """Return for each pair that a search finds, left < right, its least distance and the turn."""
    best: dict[tuple[int, int], tuple[int, str]] = {}
    for name, other in turned(hashes):
        for left, right, distance in chain(*(search(hashes, other) for search in searches)):
            if distance < best.get((left, right), (257, ""))[0]:
                best[left, right] = (distance, name)
    return best


def _pair(key: tuple[int, int], distance: int, name: str) -> Pair:
    return Pair(*key, distance, name, COPY if distance <= RADIUS else CANDIDATE)


def _equal(pictures: Sequence[PictureHash]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(pictures):
        groups.setdefault(each.pixels_sha256, []).append(place)
    for group in groups.values():
        yield from combinations(group, 2)


def copies(hashes: Hashes, other: Hashes) -> Iterator[tuple[int, int, int]]:
    """Yield the pairs within the radius of a copy: places left < right, and the distance."""
    left, right, distance = near(hashes, other, once=True)
    yield from zip(left.tolist(), right.tolist(), distance.tolist(), strict=True)


def _candidates(hashes: Hashes, other: Hashes) -> Iterator[tuple[int, int, int]]:
    """Yield pairs beyond the radius by comparing all with all, a stretch of rows at a time."""
    ours, theirs = (np.ascontiguousarray(side).view(np.uint64) for side in (hashes, other))
    for start in range(0, len(ours), _ROWS):
        distance = _distances(ours[start : start + _ROWS], theirs)
        rows, columns = np.nonzero((distance > RADIUS) & (distance <= CANDIDATE_RADIUS))
        ahead = rows + start < columns
        for row, column in zip(rows[ahead].tolist(), columns[ahead].tolist(), strict=True):
            yield row + start, column, int(distance[row, column])


def _distances(ours: Words, theirs: Words) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    found = np.zeros((len(ours), len(theirs)), dtype=np.uint16)
    for word in range(ours.shape[1]):
        found += np.bitwise_count(ours[:, word, None] ^ theirs[None, :, word])
    return found
