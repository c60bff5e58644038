"""Addresses that are alike: each confirmed pair is one identifier, used by the sellers of both.

Likeness is never closed transitively: only the two ends of a pair meet. What hangs together is
used for one thing, to hold back: it tells how many sellers are at a place, and that ten spellings
of it are one fact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.rings.columns import Bytes, Flags, Floats, Hub, Ints, Level, Longs, Rows
from graphsvc.rings.distinct import rising
from graphsvc.rings.project import components


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Pairs of addresses: the codes of both ends and of the pair itself, 0..1, one unit or not."""

    left: Ints
    right: Ints
    own: Ints
    score: Floats
    unit: Flags


def name_of(left: str, right: str) -> str:
    """Return what a pair is called among the identifiers, whichever end is named first."""
    return " ≈ ".join(sorted((left, right)))


def users_of_both(alike: Alike, rows: Rows) -> Rows:
    """Return the assertions about the ends (sorted by identifier) once more, now about the pair.

    Each takes the root of the score, for a tie multiplies the confidence of its two sides. One
    premise is known to the building, one unit as exactly as its ends are.
    """
    ends = np.concatenate([alike.left, alike.right])
    first = np.searchsorted(rows.identifier, ends, side="left")
    count = np.searchsorted(rows.identifier, ends, side="right") - first
    which = np.repeat(np.arange(ends.size), count)
    at = np.arange(which.size) + np.repeat(first - (np.cumsum(count) - count), count)
    pair = which % max(alike.own.size, 1)
    exact = np.where(alike.unit[pair], Level.UNIT, Level.BUILDING)
    return Rows(
        rows.seller[at],
        alike.own[pair],
        (rows.confidence[at] * np.sqrt(alike.score[pair])).astype(np.float32),
        rows.first_seen[at],
        rows.self_declared[at],
        np.maximum(rows.level[at], exact).astype(np.uint8),
    )


def places(alike: Alike, identifiers: int) -> Ints:
    """Return for each identifier the least of all that are in one building with it, or itself."""
    if not alike.own.size:
        return np.arange(identifiers, dtype=np.int32)
    place = components(identifiers, alike.left, alike.right)
    place[alike.own] = place[alike.left]
    return place


def reach(alike: Alike, rows: Rows, identifiers: int) -> Ints:
    """Return for each pair how many sellers are at its place, 0 for every other identifier.

    The place of one unit is all that pairs of one unit join to it, that of one premise whatever
    any pair does: so the flats of a tower, each of one seller, are a tower of many.
    """
    found = np.zeros(identifiers, dtype=np.int32)
    if not alike.own.size:
        return found
    unit = components(identifiers, alike.left[alike.unit], alike.right[alike.unit])
    for label, mine in ((unit, alike.unit), (places(alike, identifiers), ~alike.unit)):
        found[alike.own[mine]] = _sellers(label, rows, identifiers)[label[alike.left[mine]]]
    return found


def hubs(alike: Alike, marked: Bytes) -> Bytes:
    """Spread what people decided (a Hub of each identifier) over addresses that are alike.

    What is one unit with a hub is that hub, written another way. A pair is a hub where an end is
    one, and freed where both ends are.
    """
    if not alike.own.size or not marked.any():
        return marked
    unit = components(marked.size, alike.left[alike.unit], alike.right[alike.unit])
    hub = np.zeros(marked.size, dtype=np.bool_)
    hub[unit[marked == Hub.HUB]] = True
    found = np.where(hub[unit], np.uint8(Hub.HUB), marked)
    left, right = found[alike.left], found[alike.right]
    either = (left == Hub.HUB) | (right == Hub.HUB)
    freed = (left == Hub.NONE) & (right == Hub.NONE)
    found[alike.own] = np.where(either, Hub.HUB, np.where(freed, Hub.NONE, Hub.UNDECIDED))
    return found


def _sellers(label: Ints, rows: Rows, identifiers: int) -> Longs:
    """Count the distinct sellers of all identifiers of each label that several have."""
    mine = (np.bincount(label, minlength=identifiers) > 1)[label][rows.identifier]
    seller, label = rows.seller[mine], label[rows.identifier[mine]]
    width = int(seller.max(initial=0)) + 1
    key = rising(label.astype(np.int64) * width + seller)
    return np.bincount(key // width, minlength=identifiers).astype(np.int64)
