"""Fold what pairs of sellers share to one probability a pair: a noisy-or over kinds.

It must never know what a tie is about: kinds, weights and what counts come from its caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.rings.columns import Bytes, Flags, Floats, Longs
from graphsvc.rings.distinct import changes


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Where runs begin in ties that are sorted by pair, then kind.

    A cell is what one pair has of one kind: `starts` are the first ties of cells, `pairs` the
    first cells of pairs; pairs without a tie are not there.
    """

    starts: Longs
    pairs: Longs

    def any(self, told: Flags) -> Flags:
        """Tell of which cells any tie is told."""
        return np.logical_or.reduceat(told, self.starts) if self.starts.size else told

    def count(self, told: Flags) -> Longs:
        """Count for each pair the cells that are told."""
        return np.add.reduceat(told, self.pairs, dtype=np.int64)


def cells(pair: Longs, kind: Bytes) -> Cells:
    """Return the cells of ties that are sorted by pair, then kind."""
    fresh = changes(pair)
    other = fresh | changes(kind)
    starts = np.flatnonzero(other)
    return Cells(starts, np.flatnonzero(fresh[starts]))


def noisy_or(told: Cells, weight: Floats) -> Floats:
    """Return 1 - prod(1 - w) of each pair, w the greatest weight in each of its cells.

    Pearl 1988; the greatest, for ten of a kind are one piece of evidence.
    """
    return 1 - np.multiply.reduceat(1 - np.maximum.reduceat(weight, told.starts), told.pairs)


def second(told: Cells, value: Floats) -> Floats:
    """Return the second greatest of the cells' greatest values of each pair; 0 where it has one."""
    found = np.zeros(told.pairs.size)
    ends = np.append(told.pairs[1:], told.starts.size)
    long = np.flatnonzero(ends - told.pairs > 1)
    if long.size:
        best = np.maximum.reduceat(value, told.starts)
        starts, ends = told.pairs[long, None], ends[long, None]
        places = starts + np.arange(int((ends - starts).max()))
        rows = np.where(places < ends, best[np.minimum(places, best.size - 1)], 0.0)
        found[long] = np.partition(rows, -2, axis=1)[:, -2]
    return found
