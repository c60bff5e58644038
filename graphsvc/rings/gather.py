"""Collect assertions in any order and in any chunks, and make one Market of them.

It must never let the order of its calls leave a trace, nor hold an object per row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import chain

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.rings import hubs, judgements, likeness
from graphsvc.rings.columns import UNKNOWN_DAY, Bytes, Ints, Kind, Level, Market, Rows
from graphsvc.rings.distinct import changes
from graphsvc.rings.likeness import Alike


@dataclass(slots=True)
class MarketBuilder:
    """Collects columns in any order and in any chunks, then makes one Market of them."""

    _sellers: dict[str, int] = field(default_factory=dict)
    _identifiers: dict[Kind, dict[str, int]] = field(default_factory=lambda: {k: {} for k in Kind})
    _chunks: list[tuple[Kind, Rows]] = field(default_factory=list)
    _same: list[tuple[str, str]] = field(default_factory=list)
    _alike: list[Alike] = field(default_factory=list)
    _marks: list[tuple[Kind, Ints, Bytes]] = field(default_factory=list)
    _judged: dict[tuple[str, str], int] = field(default_factory=dict)
    _risk: dict[str, float] = field(default_factory=dict)
    _reports: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        kind: Kind,
        sellers: Sequence[str],
        identifiers: Sequence[str],
        *,
        first_seen: Sequence[int],
        self_declared: Sequence[bool],
        confidence: Sequence[float] | None = None,
        level: Sequence[int] | None = None,
    ) -> None:
        """Take assertions "this seller uses this identifier", one per place of the columns.

        `first_seen` is a day number or -1; `confidence` is 0..1 (default 1); `level` is a Level.
        Raises ValueError for columns of unequal length or a value out of range.
        """
        rows = len(sellers)
        chunk = Rows(
            _codes(self._sellers, sellers),
            _codes(self._identifiers[kind], identifiers),
            np.ones(rows, np.float32) if confidence is None else np.asarray(confidence, np.float32),
            np.asarray(first_seen, dtype=np.int32),
            np.asarray(self_declared, dtype=np.bool_),
            np.full(rows, Level.NONE, np.uint8) if level is None else np.asarray(level, np.uint8),
        )
        _check(chunk)
        self._chunks.append((kind, chunk))

    def same_picture(self, left_ids: Sequence[str], right_ids: Sequence[str]) -> None:
        """Take pairs of pictures of the copy tier: each component becomes one identifier.

        Raises ValueError for columns of unequal length.
        """
        self._same.extend(zip(left_ids, right_ids, strict=True))

    def same_place(
        self,
        left_ids: Sequence[str],
        right_ids: Sequence[str],
        score: Sequence[float],
        unit: Sequence[bool],
    ) -> None:
        """Take pairs of addresses that are confirmed to be one unit, or else one premise.

        `score` is 0..1. Raises ValueError for columns of unequal length or a score out of range.
        """
        index = self._identifiers[Kind.ADDRESS]
        pairs = zip(left_ids, right_ids, strict=True)
        chunk = Alike(
            left=_codes(index, left_ids),
            right=_codes(index, right_ids),
            own=_codes(index, [likeness.name_of(left, right) for left, right in pairs]),
            score=np.asarray(score, dtype=np.float64),
            unit=np.asarray(unit, dtype=np.bool_),
        )
        if not np.all((chunk.score >= 0) & (chunk.score <= 1)):
            raise ValueError("score must lie between 0 and 1")
        _check_lengths(chunk)
        self._alike.append(chunk)

    def decided(self, kind: Kind, identifiers: Sequence[str], marks: Sequence[int]) -> None:
        """Take what people decided of identifiers, each a Hub; told twice, a hub stays one.

        Raises ValueError for columns of unequal length.
        """
        codes, marked = _codes(self._identifiers[kind], identifiers), np.array(marks, np.uint8)
        if codes.shape != marked.shape:
            raise ValueError("columns of one add must have the same length")
        self._marks.append((kind, codes, marked))

    def judged(
        self, left_ids: Sequence[str], right_ids: Sequence[str], verdicts: Sequence[int]
    ) -> None:
        """Take what people judged of pairs of sellers, each a Judged, once a pair.

        Raises ValueError for unequal lengths, a seller judged against itself or a pair told twice.
        """
        for pair in zip(left_ids, right_ids, verdicts, strict=True):
            a, b = sorted(pair[:2])
            if a == b or (a, b) in self._judged:
                raise ValueError(f"{a} and {b} are one seller, or judged twice")
            self._judged[a, b] = pair[2]
        _codes(self._sellers, [*left_ids, *right_ids])

    def sellers(
        self, ids: Sequence[str], risk: Sequence[float | None], reports: Sequence[int]
    ) -> None:
        """Take sellers with their risk (0..1, None or NaN = unknown) and number of reporters.

        Told twice, a seller keeps the greater of each. Raises ValueError for unequal lengths or
        a value out of range.
        """
        _codes(self._sellers, ids)
        for seller, value, count in zip(ids, risk, reports, strict=True):
            if count < 0 or (value is not None and (value < 0 or value > 1)):
                raise ValueError(f"risk {value} or report count {count} of {seller} is impossible")
            if value is not None and value == value:  # NaN is not equal to itself
                self._risk[seller] = max(value, self._risk.get(seller, value))
            self._reports[seller] = max(count, self._reports.get(seller, 0))

    def build(self) -> Market:
        """Return the Market of all that was taken; the order of the calls leaves no trace."""
        sellers, seller_code = _sorted(self._sellers, {})
        identifiers: list[str] = []
        kinds: list[Bytes] = []
        code: dict[Kind, Ints] = {}
        rename = _least_of_component(self._same)
        for kind in Kind:
            names, places = _sorted(self._identifiers[kind], rename if kind is Kind.IMAGE else {})
            code[kind] = places + np.int32(len(identifiers))
            identifiers.extend(names)
            kinds.append(np.full(len(names), kind, np.uint8))
        told = _sorted_rows(self._chunks, seller_code, code)
        alike = _joined(self._alike, code[Kind.ADDRESS])
        again = likeness.users_of_both(alike, told)
        rows = in_order([told, again]) if again.seller.size else told
        pairs = distinct(rows)
        marks = [(code[kind][mine], marked) for kind, mine, marked in self._marks]
        a, b, verdict = judgements.columns(self._judged, sellers)
        return Market(
            sellers=sellers,
            identifiers=identifiers,
            identifier_kind=np.concatenate(kinds),
            identifier_level=coarsest(rows, len(identifiers)),
            identifier_reach=likeness.reach(alike, told, len(identifiers)),
            identifier_place=likeness.places(alike, len(identifiers)),
            identifier_hub=likeness.hubs(alike, hubs.column(marks, len(identifiers))),
            row_seller=pairs.seller,
            row_identifier=pairs.identifier,
            row_confidence=pairs.confidence,
            row_first_seen=pairs.first_seen,
            row_self_declared=pairs.self_declared,
            risk=np.array([self._risk.get(s, np.nan) for s in sellers], dtype=np.float64),
            report_count=np.array([self._reports.get(s, 0) for s in sellers], dtype=np.int32),
            judged_a=a,
            judged_b=b,
            judged=verdict,
        )


def _codes(index: dict[str, int], names: Sequence[str]) -> Ints:
    return np.array([index.setdefault(name, len(index)) for name in names], dtype=np.int32)


def _check_lengths(chunk: Rows | Alike) -> None:
    if len({getattr(chunk, part.name).shape for part in fields(chunk)}) > 1:
        raise ValueError("columns of one add must have the same length")


def _check(chunk: Rows) -> None:
    _check_lengths(chunk)
    if not np.all((chunk.confidence >= 0) & (chunk.confidence <= 1)):
        raise ValueError("confidence must lie between 0 and 1")
    if np.any(chunk.first_seen < UNKNOWN_DAY) or np.any(chunk.level > Level.NONE):
        raise ValueError("first_seen must be a day number or -1, level a Level")


def _sorted(index: dict[str, int], rename: dict[str, str]) -> tuple[list[str], Ints]:
    """Return the sorted (renamed) names, and for each passing code its place among them."""
    final = [rename.get(name, name) for name in index]
    names = sorted(set(final))
    place = {name: i for i, name in enumerate(names)}
    return names, np.array([place[name] for name in final], dtype=np.int32)


def _least_of_component(pairs: list[tuple[str, str]]) -> dict[str, str]:
    names = sorted(set(chain.from_iterable(pairs)))
    place = {name: i for i, name in enumerate(names)}
    left = [place[a] for a, _ in pairs]
    right = [place[b] for _, b in pairs]
    size = len(names)
    if not size:
        return {}
    links = coo_matrix((np.ones(len(pairs), np.int8), (left, right)), shape=(size, size))
    _, label = connected_components(links, directed=False)
    _, least, inverse = np.unique(label, return_index=True, return_inverse=True)
    return {name: names[least[i]] for name, i in zip(names, inverse, strict=True)}


def _sorted_rows(
    chunks: list[tuple[Kind, Rows]], seller_code: Ints, code: dict[Kind, Ints]
) -> Rows:
    """Return all assertions under final codes, in order."""
    none = Rows(*(np.empty(0, t) for t in ("i4", "i4", "f4", "i4", "?", "u1")))
    return in_order(
        [
            none,
            *(
                replace(
                    rows, seller=seller_code[rows.seller], identifier=code[kind][rows.identifier]
                )
                for kind, rows in chunks
            ),
        ]
    )


def in_order(parts: list[Rows]) -> Rows:
    """Return assertions as one, sorted by identifier, then seller."""
    columns = [
        np.concatenate([getattr(rows, part.name) for rows in parts]) for part in fields(Rows)
    ]
    seller, identifier = columns[0].astype(np.int64), columns[1]
    # One key of two columns sorts faster than the two do.
    order = np.argsort(identifier * (seller.max(initial=0) + 1) + seller)
    return Rows(*(column[order] for column in columns))


def _joined(chunks: list[Alike], code: Ints) -> Alike:
    """Return all pairs as one, under final codes."""
    none = Alike(*(np.empty(0, t) for t in ("i4", "i4", "i4", "f8", "?")))
    whole = Alike(
        *(np.concatenate([getattr(c, f.name) for c in (none, *chunks)]) for f in fields(Alike))
    )
    return replace(whole, left=code[whole.left], right=code[whole.right], own=code[whole.own])


def coarsest(rows: Rows, identifiers: int) -> Bytes:
    """Return the coarsest level that rows in order tell of each identifier, NONE where none is."""
    level = np.full(identifiers, Level.NONE, dtype=np.uint8)
    starts = np.flatnonzero(changes(rows.identifier))
    told = np.where(rows.level == Level.NONE, np.int8(-1), rows.level.astype(np.int8))
    found = np.maximum.reduceat(told, starts)
    level[rows.identifier[starts]] = np.where(found < 0, np.int8(Level.NONE), found)
    return level


def distinct(rows: Rows) -> Rows:
    """Fold sorted assertions to one row a pair: surest, earliest known, self-declared if all."""
    if not rows.seller.size:
        return rows
    fresh = changes(rows.seller) | changes(rows.identifier)
    starts = np.flatnonzero(fresh)
    never = np.iinfo(np.int32).max
    day = np.where(rows.first_seen == UNKNOWN_DAY, never, rows.first_seen).astype(np.int32)
    least = np.minimum.reduceat(day, starts)
    return Rows(
        rows.seller[starts],
        rows.identifier[starts],
        np.maximum.reduceat(rows.confidence, starts),
        np.where(least == never, UNKNOWN_DAY, least).astype(np.int32),
        np.logical_and.reduceat(rows.self_declared, starts),
        np.minimum.reduceat(rows.level, starts),
    )
