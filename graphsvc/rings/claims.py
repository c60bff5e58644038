"""Assertions that come and go, as columns; each is found by its seller and by its identifier.

It must never hold an object per assertion.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from graphsvc.rings.columns import Ints, Longs, Rows
from graphsvc.rings.distinct import changes

_NONE = -1
_Scalar = TypeVar("_Scalar", bound=np.generic)


class Chains:
    """Numbered rows by what they are about: from the last of each code back to its first."""

    def __init__(self) -> None:
        self._last: Longs = np.empty(0, dtype=np.int64)
        self._before: Longs = np.empty(0, dtype=np.int64)

    def add(self, code: Ints, first: int) -> None:
        """Take rows `first`, `first` + 1 and so on, about these codes."""
        self._last = with_room(self._last, int(code.max(initial=0)) + 1, _NONE)
        self._before = with_room(self._before, first + code.size, _NONE)
        order = np.argsort(code, kind="stable")
        about = code[order]
        begins = changes(about)
        rows = order + first
        self._before[rows] = np.where(begins, self._last[about], np.roll(rows, 1))
        ends = np.append(begins[1:], True)[: about.size]
        self._last[about[ends]] = rows[ends]

    def of(self, code: int) -> list[int]:
        """Return the rows about a code, the last first."""
        found: list[int] = []
        row = int(self._last[code]) if code < self._last.size else _NONE
        while row != _NONE:
            found.append(row)
            row = int(self._before[row])
        return found


class Claims:
    """Who uses what by codes, several times told or not, and by how many sellers each is used."""

    def __init__(self) -> None:
        self._count = 0
        self._rows = Rows(*(np.empty(0, t) for t in ("i4", "i4", "f4", "i4", "?", "u1")))
        self._stands = np.empty(0, dtype=np.bool_)
        self._degree: Longs = np.empty(0, dtype=np.int64)
        self._by_seller, self._by_identifier = Chains(), Chains()

    def add(self, rows: Rows) -> None:
        """Take assertions."""
        first, end = self._count, self._count + rows.seller.size
        fresh = self._unheard(rows)
        kept = {f.name: with_room(getattr(self._rows, f.name), end, 0) for f in fields(Rows)}
        for name, column in kept.items():
            column[first:end] = getattr(rows, name)
        self._rows = Rows(**kept)
        self._stands = with_room(self._stands, end, False)
        self._stands[first:end] = True
        self._by_seller.add(rows.seller, first)
        self._by_identifier.add(rows.identifier, first)
        self._degree = with_room(self._degree, int(rows.identifier.max(initial=0)) + 1, 0)
        np.add.at(self._degree, fresh, 1)
        self._count = end

    def drop(self, rows: list[int]) -> None:
        """Forget these assertions, all that one seller made of each identifier among them."""
        self._stands[rows] = False
        self._degree[self.identifiers(rows)] -= 1

    def degree(self, identifiers: Ints) -> Longs:
        """Return how many distinct sellers use each of these identifiers, 0 for unheard-of ones."""
        self._degree = with_room(self._degree, int(identifiers.max(initial=0)) + 1, 0)
        return self._degree[identifiers]

    def of_seller(self, seller: int) -> list[int]:
        """Return what stands of a seller's assertions, by number."""
        return [row for row in self._by_seller.of(seller) if self._stands[row]]

    def of_identifier(self, identifier: int) -> list[int]:
        """Return what stands of the assertions about an identifier, by number."""
        return [row for row in self._by_identifier.of(identifier) if self._stands[row]]

    def sellers(self, rows: list[int]) -> set[int]:
        """Return who made these assertions."""
        return set(self._rows.seller[rows].tolist())

    def identifiers(self, rows: list[int]) -> Ints:
        """Return what these assertions are about, each once."""
        return np.unique(self._rows.identifier[rows])

    def at(self, rows: list[int]) -> Rows:
        """Return these assertions, in their order."""
        return Rows(*(getattr(self._rows, f.name)[rows] for f in fields(Rows)))

    def _unheard(self, rows: Rows) -> Ints:
        """Return the identifier of each new pair of a seller and what it uses."""
        pair = rows.seller.astype(np.int64) << 32 | rows.identifier
        pair = np.unique(pair)
        seller, identifier = pair >> 32, (pair & 0xFFFFFFFF).astype(np.int32)
        known = {
            each: set(self._rows.identifier[self.of_seller(each)].tolist())
            for each in set(seller.tolist())
        }
        told = zip(seller.tolist(), identifier.tolist(), strict=True)
        fresh = [thing not in known[each] for each, thing in told]
        return np.asarray(identifier[np.array(fresh, dtype=np.bool_)])


def with_room(column: npt.NDArray[_Scalar], size: int, fill: Any) -> npt.NDArray[_Scalar]:
    """Return a column of at least `size` places: the same, or one twice as long."""
    if column.size >= size:
        return column
    longer = np.full(max(size, 2 * column.size), fill, dtype=column.dtype)
    longer[: column.size] = column
    return longer
