"""A market from columns of keys: integers or text become codes; pure, nothing per row.

Nine rows in ten are about an identifier of one seller, which links nobody: they go first, and only
what is left is sorted, named and folded.
"""

from __future__ import annotations

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
    names, (seller, place) = _ranked([told.seller, known.seller])
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
        row_seller=pairs.seller,
        row_identifier=pairs.identifier,
        row_confidence=pairs.confidence,
        row_first_seen=pairs.first_seen,
        row_self_declared=pairs.self_declared,
        risk=risk,
        report_count=reports,
    )


def _shared(told: Assertions, seller: Ints) -> tuple[Rows, list[str], Bytes]:
    """Return in order the rows of identifiers with several of them; and these, with their kinds."""
    parts: list[Rows] = []
    identifiers: list[str] = []
    kinds: list[Bytes] = []
    for kind in Kind:
        mine = np.flatnonzero(told.kind == kind)
        if not mine.size:
            continue
        encoded = told.identifier.take(pa.array(mine)).dictionary_encode()
        code = encoded.indices.to_numpy()
        several = np.bincount(code) > 1
        kept = several[code]
        names, rank = _sorted(encoded.dictionary.filter(pa.array(several)))
        place = np.cumsum(several) - 1
        final = rank[place[code[kept]]] + np.int32(len(identifiers))
        parts.append(_rows(told, seller, mine[kept], final.astype(np.int32)))
        identifiers.extend(_words(names))
        kinds.append(np.full(len(names), kind, np.uint8))
    none = Rows(*(np.empty(0, t) for t in ("i4", "i4", "f4", "i4", "?", "u1")))
    return in_order([none, *parts]), identifiers, np.concatenate([np.empty(0, np.uint8), *kinds])


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


def _ranked(columns: list[Keys]) -> tuple[Keys, list[Ints]]:
    """Return the distinct keys of all columns in order, and each column as places among them."""
    if len({column.type for column in columns}) > 1:
        columns = [column.cast(pa.string()) for column in columns]
    encoded = pa.chunked_array(columns).dictionary_encode().unify_dictionaries()
    names, rank = _sorted(encoded.chunk(0).dictionary if encoded.num_chunks else columns[0])
    return names, [rank[chunk.indices.to_numpy()] for chunk in encoded.chunks]


def _sorted(names: Keys) -> tuple[Keys, Ints]:
    """Return distinct keys in order, and for each the place that it comes to."""
    order = pc.sort_indices(names).to_numpy()
    rank = np.empty(order.size, dtype=np.int32)
    rank[order] = np.arange(order.size, dtype=np.int32)
    return names.take(pa.array(order)), rank


def _words(names: Keys) -> list[str]:
    words: list[str] = names.cast(pa.string()).to_pylist()
    return words
