"""Which numbers occur, and where: counted where they are small, sorted where they are not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graphsvc.rings.columns import Flags, Longs

_ROOM = 4  # so many places a number may be counted in before sorting is the cheaper


def distinct(numbers: Longs, bound: int) -> tuple[Longs, Longs]:
    """Return the distinct ones of `numbers`, all in 0..`bound`-1, rising; and the place of each."""
    if bound > _ROOM * numbers.size:
        return np.unique(numbers, return_inverse=True)
    present = np.zeros(bound, dtype=np.bool_)
    present[numbers] = True
    return np.flatnonzero(present), (np.cumsum(present) - 1)[numbers]


def rising(numbers: Longs) -> Longs:
    """Return the distinct ones of `numbers`, rising.

    They are sorted: numpy's own hashes them first, which takes many times as long.
    """
    ordered = np.sort(numbers)
    found: Longs = ordered[changes(ordered)]
    return found


def changes(column: npt.NDArray[np.integer]) -> Flags:
    """Tell of which places of a column the one before holds another number; the first counts."""
    found = np.ones(column.size, dtype=np.bool_)
    np.not_equal(column[1:], column[:-1], out=found[1:])
    return found
