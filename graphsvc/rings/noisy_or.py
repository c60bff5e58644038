"""Fold what pairs of sellers share to one probability a pair: a noisy-or over kinds.

It must never know what a tie is about: kinds, weights and what counts come from its caller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.rings.columns import Bytes, Flags, Floats, Longs


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of equal neighbours in a sorted column: where each begins, and `long`, those of two
    or more: their places among the runs, and their beginnings and ends by turns."""

    starts: Longs
    long: Longs
    bounds: Longs


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Ties in the order of (pair, kind): a cell is what one pair has of one kind.

    `order` sorts the ties and `key`, pair * `kinds` + kind, is in that order; `cells` are runs of
    ties, `pairs` runs of cells. Every pair has a cell.
    """

    order: Longs
    key: Longs
    kinds: int
    cells: Runs
    pairs: Runs

    def only(self, pairs: Flags) -> Cells:
        """Return the cells of these pairs alone, one flag a pair, in the same order."""
        kept = pairs[self.key // self.kinds]
        return _in_order(self.order[kept], self.key[kept], self.kinds)


def cells(pair: Longs, kind: Bytes) -> Cells:
    """Return the cells of ties, whose pairs are numbered from 0 with none left out."""
    kinds = int(kind.max(initial=0)) + 1
    key = pair * kinds + kind
    order = np.argsort(key, kind="stable")
    return _in_order(order, key[order], kinds)


def _in_order(order: Longs, key: Longs, kinds: int) -> Cells:
    found = _runs(key)
    return Cells(order, key, kinds, found, _runs(key[found.starts] // kinds))


def noisy_or(told: Cells, weight: Floats) -> Floats:
    """Return 1 - prod(1 - w) of each pair, w the greatest weight in each of its cells.

    Pearl 1988; the greatest, for ten of a kind are one piece of evidence.
    """
    return 1 - _folded(np.multiply, 1 - _greatest(told, weight), told.pairs)


def second(told: Cells, value: Floats) -> Floats:
    """Return the second greatest of the cells' greatest values of each pair; 0 where it has one."""
    found = np.zeros(told.pairs.starts.size)
    if told.pairs.long.size:
        best = _greatest(told, value)
        starts, ends = told.pairs.bounds[::2, None], told.pairs.bounds[1::2, None]
        places = starts + np.arange(int((ends - starts).max()))
        rows = np.where(places < ends, best[np.minimum(places, best.size - 1)], 0.0)
        found[told.pairs.long] = np.partition(rows, -2, axis=1)[:, -2]
    return found


def _runs(column: Longs) -> Runs:
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    ends = np.append(starts[1:], column.size)
    long = np.flatnonzero(ends - starts > 1)
    return Runs(starts, long, np.column_stack([starts[long], ends[long]]).ravel())


def _greatest(told: Cells, value: Floats) -> Floats:
    return _folded(np.maximum, value[told.order], told.cells)


def _folded(fold: np.ufunc, value: Floats, runs: Runs) -> Floats:
    """Fold each run of values to one; most runs are of one, and cost nothing."""
    found = value[runs.starts]
    if runs.long.size:
        # The last run may end where the column does, which is no place to begin at.
        padded = np.append(value, value[-1])
        found[runs.long] = fold.reduceat(padded, runs.bounds)[::2]
    return found
