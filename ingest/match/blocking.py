"""Which addresses are worth comparing: those that share a rare enough key; pure numpy.

A block of too many is dropped and counted, never cut: what so many share is a mail drop or a
word that says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ingest.match.address_columns import Columns, Ids, Ragged

LARGEST_BLOCK = 30
RARE_WORDS = 3
SOME_NUMBERS = 3
PAIRS = ((0, 1), (0, 2), (1, 2))  # of the rare words
_MIX = np.uint64(0x9E3779B97F4A7C15)  # splitmix64's constants spread ids over 64 bits
_FOLD = np.uint64(0xBF58476D1CE4E5B9)

Keys = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of records, left < right, each once; blocks dropped, and the largest of them."""

    left: Ids
    right: Ids
    dropped_blocks: int
    largest_block: int


def candidates(columns: Columns, *, cap: int = LARGEST_BLOCK) -> Candidates:
    """Return the pairs that share a key, without the keys that more than `cap` records share."""
    codes: list[Ids] = []
    dropped, largest = 0, 0
    for owners, keys in _keyed(columns):
        order = np.lexsort((owners, keys))
        sorted_keys, held = keys[order], owners[order]
        first = np.concatenate(([True], (np.diff(held) != 0) | (np.diff(sorted_keys) != 0)))
        sorted_keys, held = sorted_keys[first[: held.size]], held[first[: held.size]]
        starts = np.flatnonzero(np.concatenate(([True], np.diff(sorted_keys) != 0)))
        starts = starts[: sorted_keys.size]
        sizes = np.diff(np.append(starts, sorted_keys.size))
        dropped += int((sizes > cap).sum())
        largest = max(largest, int(sizes.max(initial=0)))
        codes.extend(_pairs(held, starts, sizes, cap, columns.size))
    found = np.unique(np.concatenate(codes)) if codes else np.empty(0, dtype=np.int64)
    width = max(columns.size, 1)
    return Candidates(found // width, found % width, dropped, largest if dropped else 0)


def _pairs(held: Ids, starts: Ids, sizes: Ids, cap: int, width: int) -> Iterator[Ids]:
    """Yield the pairs of all blocks of one size as `left * width + right`."""
    for size in range(2, cap + 1):
        blocks = starts[sizes == size]
        if blocks.size:
            members = held[blocks[:, None] + np.arange(size)]
            i, j = np.triu_indices(size, 1)
            yield np.unique((members[:, i] * width + members[:, j]).ravel())


def _keyed(columns: Columns) -> Iterator[tuple[Ids, Keys]]:
    """Yield (record, key) of one kind of key after another."""
    rare = _rarest(columns)
    numbers = _leading(columns.numbers, SOME_NUMBERS)
    starts = np.where(rare > 0, columns.prefixes[rare], 0)
    codes = columns.postcodes[:, None]
    pairs = [_ordered(starts[:, [i]], starts[:, [j]]) for i, j in PAIRS]
    yield _keys(codes, numbers)
    yield _keys(codes, starts)
    yield _joined(_keys(numbers, low, high) for low, high in pairs)
    yield _joined(_keys(numbers, rare[:, [place]]) for place in range(RARE_WORDS))
    yield _joined(_keys(*_ordered(rare[:, [i]], rare[:, [j]])) for i, j in PAIRS)


def _ordered(one: Ids, other: Ids) -> tuple[Ids, Ids]:
    return np.minimum(one, other), np.maximum(one, other)


def _joined(found: Iterable[tuple[Ids, Keys]]) -> tuple[Ids, Keys]:
    owners, keys = zip(*found, strict=True)
    return np.concatenate(owners), np.concatenate(keys)


def _keys(*given: Ids) -> tuple[Ids, Keys]:
    """Return (record, key) wherever none of the parts is 0; every part is records × n."""
    parts = np.broadcast_arrays(*given)
    whole = np.all([part > 0 for part in parts], axis=0)
    owners, _ = np.nonzero(whole)
    key = np.zeros(owners.size, dtype=np.uint64)
    for part in parts:
        key = (key ^ part[whole].astype(np.uint64)) * _MIX
        key = (key ^ (key >> np.uint64(29))) * _FOLD
    return owners, key


def _rarest(columns: Columns) -> Ids:
    """Return the three rarest words of each record, records × 3, 0 where it has fewer."""
    words = columns.words
    owners = words.owners
    order = np.lexsort((words.flat, columns.frequencies[words.flat], owners))
    return _leading(Ragged(words.flat[order], words.starts), RARE_WORDS)


def _leading(lists: Ragged, most: int) -> Ids:
    """Return the first ids of each record as records × most, 0 where it has fewer."""
    places = lists.starts[:-1, None] + np.arange(most)
    inside = places < lists.starts[1:, None]
    padded = np.append(lists.flat, 0)
    return np.where(inside, padded[np.minimum(places, lists.flat.size)], 0)
