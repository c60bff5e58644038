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
from graphsvc.rings.gather import coarsest, distinct, in_order

Keys: TypeAlias = Any  # an arrow array of integers or of text
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
    names, (seller, place) = _everybody([told.seller, known.seller])
    risk = np.full(len(names), np.nan)
    np.fmax.at(risk, place, known.risk)
    reports = np.zeros(len(names), dtype=np.int32)
    np.maximum.at(reports, place, known.reported.astype(np.int32))
    rows, identifiers, kinds = _shared(told, seller)
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
        risk=risk,
        report_count=reports,
        judged_a=np.empty(0, dtype=np.int32),
        judged_b=np.empty(0, dtype=np.int32),
        judged=np.empty(0, dtype=np.uint8),
    )


def _shared(told: Assertions, seller: Ints) -> tuple[Rows, list[str], Bytes]:
    """Return in order the rows of identifiers with several of them; and these, with their kinds."""
    parts: list[Rows] = []
    identifiers: list[str] = []
    kinds: list[Bytes] = []
    for kind in Kind:
        mine = np.flatnonzero(told.kind == kind)
        code, called = _small(told.identifier.take(pa.array(mine)))
        several = np.bincount(code) > 1
        kept = several[code]
        names, rank = _ranked(np.flatnonzero(several), called, several.size)
        final = rank[code[kept]] + np.int32(len(identifiers))
        parts.append(_rows(told, seller, mine[kept], final))
        identifiers.extend(_words(names))
        kinds.append(np.full(len(names), kind, np.uint8))
    return in_order(parts), identifiers, np.concatenate(kinds)


def _rows(told: Assertions, seller: Ints, at: Longs, identifier: Ints) -> Rows:
    level = told.level[at]
    unit = (told.kind[at] == Kind.ADDRESS) & (level == Level.NONE)
    return Rows(
        seller=seller[at],
        identifier=identifier,
        confidence=told.confidence[at],
        first_seen=told.first_seen[at],
        self_declared=told.self_declared[at],
        level=np.where(unit, np.uint8(Level.UNIT), level),
    )


def _everybody(columns: list[Keys]) -> tuple[Keys, list[Ints]]:
    """Return the distinct keys of all columns in order, and each column as places among them."""
    if len({column.type for column in columns}) > 1:
        numbers = all(pa.types.is_integer(column.type) for column in columns)
        columns = [column.cast(pa.int64() if numbers else pa.string()) for column in columns]
    code, called = _small(pa.concat_arrays(columns))
    present = np.bincount(code) > 0
    names, rank = _ranked(np.flatnonzero(present), called, present.size)
    ends = np.cumsum([len(column) for column in columns])[:-1]
    return names, np.split(rank[code], ends)


def _small(keys: Keys) -> tuple[Longs, Callable[[Longs], Keys]]:
    """Return keys as small numbers from 0 up, and what gives the keys of such numbers again.

    Integers that lie close together are such numbers already; all else is looked up in a table.
    """
    if pa.types.is_integer(keys.type) and len(keys):
        value = keys.to_numpy()
        low, high = int(value.min()), int(value.max())
        if high - low < SPREAD * value.size:
            return value - low if low else value, lambda code: pa.array(code + low)
    encoded = keys.dictionary_encode()
    return encoded.indices.to_numpy(), lambda code: encoded.dictionary.take(pa.array(code))


def _ranked(codes: Longs, called: Callable[[Longs], Keys], size: int) -> tuple[Keys, Ints]:
    """Return the keys of codes in order, and for each of `size` codes its place among them."""
    names = called(codes)
    order = pc.sort_indices(names).to_numpy()
    rank = np.zeros(size, dtype=np.int32)
    rank[codes[order]] = np.arange(order.size, dtype=np.int32)
    return names.take(pa.array(order)), rank


def _words(names: Keys) -> list[str]:
    words: list[str] = names.cast(pa.string()).to_pylist()
    return words
