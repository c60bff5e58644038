"""Which pictures may share a part: those whose corners look alike, counted without comparing all.

Two descriptors of one corner agree in whole stretches of 32 bits; strangers seldom do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ingest.match.keypoints import Keypoints

VOTES = 4  # stretches that two pictures must share
MOST = 20  # pictures that are looked at more closely for one picture
COMMON = 100  # a stretch in more pictures than this says nothing

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def voted(pictures: Sequence[Keypoints], wanted: Flags | None = None) -> list[tuple[int, int]]:
    """Return places of two pictures, left < right, that share enough, those with most votes first.

    Where `wanted` flags pictures, one of the two is one of them. Of each picture at most 50 pairs
    are kept that are not among another picture's 20.
    """
    if not pictures:
        return []
    owners = np.repeat(np.arange(len(pictures)), [len(each.places) for each in pictures])
    descriptors = np.concatenate([each.descriptors for each in pictures])
    codes = [np.empty(0, dtype=np.int64)]
    for stretch in descriptors.view(np.uint32).T:
        for left, right in _sharing(stretch, owners):
            kept = slice(None) if wanted is None else wanted[left] | wanted[right]
            codes.append((left * len(pictures) + right)[kept])
    pairs, votes = np.unique(np.concatenate(codes), return_counts=True)
    enough = votes >= VOTES
    left, right = np.divmod(pairs[enough], len(pictures))
    return _best(left, right, votes[enough])


def _sharing(keys: npt.NDArray[np.uint32], owners: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of pictures that share a key, once a key."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    first = np.ones(keys.size, dtype=np.bool_)
    first[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    keys, owners = keys[first], owners[first]
    end = np.searchsorted(keys, keys, side="right")
    few = end - np.searchsorted(keys, keys) <= COMMON
    place = np.arange(keys.size)
    for step in range(1, COMMON):
        near = few & (place + step < end)
        if not near.any():
            return
        yield owners[place[near]], owners[place[near] + step]


def _best(left: Ints, right: Ints, votes: Ints) -> list[tuple[int, int]]:
    """Return the pairs that are among the first of either side, those with most votes first."""
    order = np.lexsort((right, left, -votes))
    left, right = left[order], right[order]
    ranks = _rank(np.stack([left, right], axis=1).ravel()).reshape(-1, 2)
    kept = ranks.min(axis=1) < MOST
    return list(zip(left[kept].tolist(), right[kept].tolist(), strict=True))


def _rank(values: Ints) -> Ints:
    """Return for each value how many equal ones come before it."""
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    rank = np.empty(values.size, dtype=np.int64)
    rank[order] = np.arange(values.size) - np.searchsorted(ranked, ranked)
    return rank
