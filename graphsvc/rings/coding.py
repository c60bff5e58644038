"""A market from columns of keys: integers or text become codes; pure, nothing per row.

Nine rows in ten are about an identifier of one seller, which links nobody: they go first, and only
what is left is sorted, named and folded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphsvc.rings.columns import (
    Bytes,
    Flags,
    Floats,
    Ints,
    Kind,
    Level,
    Longs,
    Market,
    Rows,
    Singles,
)
from graphsvc.rings.distinct import changes
from graphsvc.rings.gather import coarsest, distinct, in_order

Keys: TypeAlias = Any  # an arrow array of integers or of text
BLOCK = 1 << 20  # rows whose places are made at once: numpy widens them to twice the memory
SPREAD = 8  # integers over so many times as many numbers as there are keys are small enough


@dataclass(frozen=True, slots=True, eq=False)
class Assertions:
    """Who uses what, one place a row: keys of both ends, a Kind, 0..1, a Level, a day or -1."""

    seller: Keys
    kind: Bytes
    identifier: Keys
    confidence: Singles
    level: Bytes
    first_seen: Ints
    self_declared: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Sellers:
    """What is known of sellers: a key, risk 0..1 or NaN, whether reported."""

    seller: Keys
    risk: Floats
    reported: Flags


def coded(told: Assertions, known: Sellers) -> Market:
    """Return the market; the order of rows leaves no trace. Sellers are those of both columns.

    An address without a level is taken for what it is called: one unit. Told twice, a seller keeps
    the greater risk, and a report.
    """
    names, rank, (seller, own) = _everybody([told.seller, known.seller])
    place = rank[own]
    reports = np.zeros(len(names), dtype=np.int32)
    reports[place[known.reported]] = 1
    rows, identifiers, kinds = _shared(told, seller, rank)
    pairs = distinct(rows)
    return Market(
        sellers=_words(names),
        identifiers=identifiers,
        identifier_kind=kinds,
        identifier_level=coarsest(rows, len(identifiers)),
        identifier_reach=np.zeros(len(identifiers), dtype=np.int32),
        identifier_place=np.arange(len(identifiers), dtype=np.int32),
        identifier_hub=np.zeros(len(identifiers), dtype=np.uint8),
        row_seller=pairs.seller,
        row_identifier=pairs.identifier,
        row_confidence=pairs.confidence,
        row_first_seen=pairs.first_seen,
        row_self_declared=pairs.self_declared,
        risk=_greatest(known.risk, place, len(names)),
        report_count=reports,
        judged_a=np.empty(0, dtype=np.int32),
        judged_b=np.empty(0, dtype=np.int32),
        judged=np.empty(0, dtype=np.uint8),
    )


def _greatest(risk: Floats, place: Ints, size: int) -> Floats:
    found = np.full(size, np.nan)
    found[place] = risk
    again = np.flatnonzero(~(found[place] == risk))  # told twice, or unknown
    np.fmax.at(found, place[again], risk[again])
    return found


def _shared(told: Assertions, seller: Longs, rank: Ints) -> tuple[Rows, list[str], Bytes]:
    """Return in order the rows of identifiers with several of them; and these, with their kinds.

    `rank` is the place among the sellers of each number in `seller`.
    """
    parts: list[Rows] = []
    identifiers: list[str] = []
    kinds: list[Bytes] = []
    likely = _repeated(told.identifier)
    kind_of = told.kind[likely]
    for kind in Kind:
        mine = likely[kind_of == kind]
        code, called = _small(told.identifier.take(pa.array(mine)))
        several = np.bincount(code) > 1
        kept = several[code]
        names, place = _ranked(np.flatnonzero(several), called, several.size)
        final = place[code[kept]] + np.int32(len(identifiers))
        parts.append(_rows(told, rank[seller[mine[kept]]], mine[kept], final))
        identifiers.extend(_words(names))
        kinds.append(np.full(len(names), kind, np.uint8))
    return in_order(parts), identifiers, np.concatenate(kinds)


def _repeated(keys: Keys) -> Longs:
    """Return the places of the keys that are there twice, of whatever kind: all others go at once.

    Of text all places: to look it up once for this and again by kind costs more than it saves.
    """
    found = _numbers(keys)
    if not found:
        return np.arange(len(keys))
    number, _ = found
    rising = np.sort(number)  # one pass of this is faster than counting in so large a table
    twice = np.zeros(int(rising[-1]) + 1, dtype=np.bool_)
    twice[rising[~changes(rising)]] = True
    starts = range(0, number.size, BLOCK)
    return np.concatenate(
        [np.flatnonzero(twice[number[start : start + BLOCK]]) + start for start in starts]
    )


def _rows(told: Assertions, seller: Ints, at: Longs, identifier: Ints) -> Rows:
    level = told.level[at]
    unit = (told.kind[at] == Kind.ADDRESS) & (level == Level.NONE)
    return Rows(
        seller=seller,
        identifier=identifier,
        confidence=told.confidence[at],
        first_seen=told.first_seen[at],
        self_declared=told.self_declared[at],
        level=np.where(unit, np.uint8(Level.UNIT), level),
    )


def _everybody(columns: list[Keys]) -> tuple[Keys, Ints, list[Longs]]:
    """Return the distinct keys of all columns in order, each column as small numbers, and the place
    of each number among the keys."""
    if len({column.type for column in columns}) > 1:
        numbers = all(pa.types.is_integer(column.type) for column in columns)
        columns = [column.cast(pa.int64() if numbers else pa.string()) for column in columns]
    code, called = _small(pa.concat_arrays(columns))
    present = np.zeros(int(code.max(initial=-1)) + 1, dtype=np.bool_)
    for start in range(0, code.size, BLOCK):
        present[code[start : start + BLOCK]] = True
    names, rank = _ranked(np.flatnonzero(present), called, present.size)
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return names, rank, np.split(code, ends)


def _small(keys: Keys) -> tuple[Longs, Callable[[Longs], Keys]]:
    """Return keys as small numbers from 0 up, and what gives the keys of such numbers again.

    Integers that lie close together are such numbers already; all else is looked up in a table.
    """
    found = _numbers(keys)
    if found:
        number, low = found
        return number, lambda code: pa.array(code + low)
    encoded = keys.dictionary_encode()
    return encoded.indices.to_numpy(), lambda code: encoded.dictionary.take(pa.array(code))


def _numbers(keys: Keys) -> tuple[Longs, int] | None:
    """Return integers that lie close together less the least of them, and this; else None."""
    if not (pa.types.is_integer(keys.type) and len(keys)):
        return None
    value = keys.to_numpy()
    low, high = int(value.min()), int(value.max())
    if high - low >= SPREAD * value.size:
        return None
    return (value - low if low else value), low


def _ranked(codes: Longs, called: Callable[[Longs], Keys], size: int) -> tuple[Keys, Ints]:
    """Return the keys of codes in order, and for each of `size` codes its place among them."""
    names = called(codes)
    rank = np.zeros(size, dtype=np.int32)
    if pa.types.is_integer(names.type) and _rises(names.to_numpy()):  # they are their own codes
        rank[codes] = np.arange(codes.size, dtype=np.int32)
        return names, rank
    order = pc.sort_indices(names).to_numpy()
    rank[codes[order]] = np.arange(order.size, dtype=np.int32)
    return names.take(pa.array(order)), rank


def _rises(numbers: Longs) -> bool:
    return bool(np.all(numbers[1:] > numbers[:-1]))


def _words(names: Keys) -> list[str]:
    words: list[str] = names.cast(pa.string()).to_pylist()
    return words
