"""Pictures joined in pairs: equal, copies, sharing a part, and candidates for a person to see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from ingest.ahead import ahead
from ingest.match.images import LOWEST_QUALITY, PictureHash
from ingest.match.keypoints import Keypoints, shared_part
from ingest.match.pdq import CANDIDATE_RADIUS, RADIUS, Hashes, Words, as_array, near, turned
from ingest.match.votes import voted

EXACT, COPY, PARTIAL, CANDIDATE = "exact", "copy", "partial", "candidate"
Places = tuple[int, int]
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


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """PDQ hashes of pictures, those of a trimmed picture beside its own; owners are in order."""

    hashes: Hashes
    owners: Sequence[int]


def looks(pdq: Sequence[str], trimmed: Sequence[str], qualities: Sequence[int]) -> Looks:
    """Return the hashes that tell something, by columns of all pictures; '' is no hash."""
    rows = []
    for owner, (own, inner, quality) in enumerate(zip(pdq, trimmed, qualities, strict=True)):
        if own and quality >= LOWEST_QUALITY:
            rows.append((owner, own))
        if inner:
            rows.append((owner, inner))
    return Looks(as_array([text for _, text in rows]), [owner for owner, _ in rows])


def paired(pictures: Sequence[PictureHash], corners: Sequence[Keypoints]) -> list[Pair]:
    """Return the pairs of pictures in order; each picture comes with its corners."""
    seen = looks(
        [each.pdq for each in pictures],
        [each.pdq_trimmed for each in pictures],
        [each.quality for each in pictures],
    )
    best = closest(seen, copies, _candidates)
    found = {key: Pair(*key, *each, _tier(each[0])) for key, each in best.items()}
    found.update((key, Pair(*key, 0, "none", EXACT)) for key in _equal(pictures))
    asked = [key for key, pair in found.items() if pair.tier == CANDIDATE]
    asked += [key for key in voted(corners) if key not in found]
    raw = as_array([each.pdq for each in pictures])
    for key, turn in parts(corners, asked):
        found[key] = Pair(*key, apart(raw, key), turn, PARTIAL)
    return [found[key] for key in sorted(found)]


def parts(corners: Sequence[Keypoints], asked: Iterable[Places]) -> Iterator[tuple[Places, str]]:
    """Yield those of the asked pairs that share a part, with the turn of the right picture."""

    def one(key: Places) -> tuple[Places, str | None]:
        return key, shared_part(corners[key[0]], corners[key[1]])

    return ((key, turn) for key, turn in ahead(one, asked) if turn is not None)


def apart(hashes: Hashes, key: Places) -> int:
    """Return by how many bits two pictures differ in the turn that brings them closest."""
    left, right = (hashes[place : place + 1] for place in key)
    return min(int(np.bitwise_count(left ^ other).sum()) for _, other in turned(right))


def closest(seen: Looks, *searches: Search) -> dict[Places, tuple[int, str]]:
    """Return for each pair that a search finds, left < right, its least distance and the turn."""
    best: dict[Places, tuple[int, str]] = {}
    if not len(seen.owners):
        return best
    for name, other in turned(seen.hashes):
        for i, j, distance in chain(*(search(seen.hashes, other) for search in searches)):
            key = (seen.owners[i], seen.owners[j])
            if key[0] != key[1] and distance < best.get(key, (257, ""))[0]:
                best[key] = (distance, name)
    return best


def _tier(distance: int) -> str:
    return COPY if distance <= RADIUS else CANDIDATE


def _equal(pictures: Sequence[PictureHash]) -> Iterator[Places]:
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(pictures):
        groups.setdefault(each.pixels_sha256, []).append(place)
    for group in groups.values():
        yield from combinations(group, 2)


def copies(hashes: Hashes, other: Hashes) -> Iterator[tuple[int, int, int]]:
    """Yield the pairs within the radius of a copy: places left < right, and the distance."""
    return _near(hashes, other, RADIUS)


def likely(hashes: Hashes, other: Hashes) -> Iterator[tuple[int, int, int]]:
    """Yield copies, and most of the candidates, at the price of the copies alone."""
    return _near(hashes, other, CANDIDATE_RADIUS)


def _near(hashes: Hashes, other: Hashes, radius: int) -> Iterator[tuple[int, int, int]]:
    left, right, distance = near(hashes, other, radius, once=True)
    yield from zip(left.tolist(), right.tolist(), distance.tolist(), strict=True)


def _candidates(hashes: Hashes, other: Hashes) -> Iterator[tuple[int, int, int]]:
    """Yield pairs beyond the radius by comparing all with all, a stretch of rows at a time."""
    ours, theirs = (np.ascontiguousarray(side).view(np.uint64) for side in (hashes, other))
    for start in range(0, len(ours), _ROWS):
        distance = _distances(ours[start : start + _ROWS], theirs)
        rows, columns = np.nonzero((distance > RADIUS) & (distance <= CANDIDATE_RADIUS))
        ahead_of = rows + start < columns
        for row, column in zip(rows[ahead_of].tolist(), columns[ahead_of].tolist(), strict=True):
            yield row + start, column, int(distance[row, column])


def _distances(ours: Words, theirs: Words) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
    found = np.zeros((len(ours), len(theirs)), dtype=np.uint16)
    for word in range(ours.shape[1]):
        found += np.bitwise_count(ours[:, word, None] ^ theirs[None, :, word])
    return found
