"""A market as columns: who uses what, coded as integers; the one input of every later stage.

It must never hold an object per row, and never depend on the order in which rows arrived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import IntEnum
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

UNKNOWN_DAY = -1


class Kind(IntEnum):
    """What an identifier is; the order is the order of codes and of tables."""

    ADDRESS = 0
    PAYMENT_ACCOUNT = 1
    PHONE = 2
    EMAIL = 3
    DEVICE = 4
    IMAGE = 5

    @property
    def word(self) -> str:
        """The word of the outside interface, as in a rows file."""
        return self.name.lower()


class Level(IntEnum):
    """How exact an address is; NONE stands for "not an address" and for "unknown"."""

    UNIT = 0
    BUILDING = 1
    STREET = 2
    NONE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Sellers, identifiers and one row per distinct (seller, identifier) pair.

    Codes are places in `sellers` and `identifiers`; rows are sorted by identifier, then seller.
    Days count from 1970-01-01, -1 is unknown; `risk` is NaN where unknown.
    """

    sellers: list[str]
    identifiers: list[str]
    identifier_kind: Bytes
    identifier_level: Bytes
    row_seller: Ints
    row_identifier: Ints
    row_confidence: Singles
    row_first_seen: Ints
    row_self_declared: Flags
    risk: Floats
    report_count: Ints

    @property
    def reported(self) -> Flags:
        """Whether a seller has a current report, by any reporter; one flag per seller."""
        return self.report_count > 0

    def degree(self) -> Longs:
        """Return how many distinct sellers use each identifier."""
        return np.bincount(self.row_identifier, minlength=len(self.identifiers)).astype(np.int64)

    def linkable(self, cap: Sequence[int]) -> Flags:
        """Tell which identifiers may link: 2 <= degree <= cap of their kind.

        An address that is not known to unit or building level stays an attribute.
        """
        degree = self.degree()
        limit = np.asarray(cap, dtype=np.int64)[self.identifier_kind]
        vague = (self.identifier_kind == Kind.ADDRESS) & (self.identifier_level > Level.BUILDING)
        active: Flags = (degree >= 2) & (degree <= limit) & ~vague
        return active

    def digest(self) -> str:
        """Return the SHA-256 of the content, equal for equal markets however they were built."""
        sha = hashlib.sha256()
        for names in (self.sellers, self.identifiers):
            sha.update(json.dumps(names, ensure_ascii=True, separators=(",", ":")).encode())
        columns: tuple[tuple[str, npt.NDArray[np.generic]], ...] = (
            ("u1", self.identifier_kind),
            ("u1", self.identifier_level),
            ("<i4", self.row_seller),
            ("<i4", self.row_identifier),
            ("<f4", self.row_confidence),
            ("<i4", self.row_first_seen),
            ("u1", self.row_self_declared),
            ("<f8", np.where(np.isnan(self.risk), -1.0, self.risk)),
            ("<i4", self.report_count),
        )
        for form, column in columns:
            sha.update(column.astype(form).tobytes())
        return sha.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Assertions as columns; the codes are the builder's passing ones until `build`."""

    seller: Ints
    identifier: Ints
    confidence: Singles
    first_seen: Ints
    self_declared: Flags
    level: Bytes


@dataclass(slots=True)
class MarketBuilder:
    """Collects columns in any order and in any chunks, then makes one Market of them."""

    _sellers: dict[str, int] = field(default_factory=dict)
    _identifiers: dict[Kind, dict[str, int]] = field(default_factory=lambda: {k: {} for k in Kind})
    _chunks: list[tuple[Kind, _Rows]] = field(default_factory=list)
    _same: list[tuple[str, str]] = field(default_factory=list)
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
        chunk = _Rows(
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
        rows = _sorted_rows(self._chunks, seller_code, code)
        pairs = _distinct(rows)
        return Market(
            sellers=sellers,
            identifiers=identifiers,
            identifier_kind=np.concatenate(kinds),
            identifier_level=_coarsest(rows, len(identifiers)),
            row_seller=pairs.seller,
            row_identifier=pairs.identifier,
            row_confidence=pairs.confidence,
            row_first_seen=pairs.first_seen,
            row_self_declared=pairs.self_declared,
            risk=np.array([self._risk.get(s, np.nan) for s in sellers], dtype=np.float64),
            report_count=np.array([self._reports.get(s, 0) for s in sellers], dtype=np.int32),
        )


def _codes(index: dict[str, int], names: Sequence[str]) -> Ints:
    return np.array([index.setdefault(name, len(index)) for name in names], dtype=np.int32)


def _check(chunk: _Rows) -> None:
    if len({getattr(chunk, part.name).shape for part in fields(chunk)}) > 1:
        raise ValueError("columns of one add must have the same length")
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
    chunks: list[tuple[Kind, _Rows]], seller_code: Ints, code: dict[Kind, Ints]
) -> _Rows:
    """Return all assertions under final codes, sorted by identifier, then seller."""
    none = _Rows(*(np.empty(0, t) for t in ("i4", "i4", "f4", "i4", "?", "u1")))
    parts = [rows for _, rows in chunks] or [none]
    seller = seller_code[np.concatenate([rows.seller for rows in parts])]
    identifier = np.concatenate(
        [code[kind][rows.identifier] for kind, rows in chunks] or [none.identifier]
    )
    order = np.lexsort((seller, identifier))
    return _Rows(
        seller[order],
        identifier[order],
        np.concatenate([rows.confidence for rows in parts])[order],
        np.concatenate([rows.first_seen for rows in parts])[order],
        np.concatenate([rows.self_declared for rows in parts])[order],
        np.concatenate([rows.level for rows in parts])[order],
    )


def _coarsest(rows: _Rows, identifiers: int) -> Bytes:
    """Return the coarsest level that is told of each identifier, NONE where none is told."""
    told = rows.level != Level.NONE
    level = np.full(identifiers, -1, dtype=np.int8)
    np.maximum.at(level, rows.identifier[told], rows.level[told].astype(np.int8))
    return np.where(level < 0, np.int8(Level.NONE), level).astype(np.uint8)


def _distinct(rows: _Rows) -> _Rows:
    """Fold sorted assertions to one row a pair: surest, earliest known, self-declared if all."""
    if not rows.seller.size:
        return rows
    fresh = np.diff(rows.seller, prepend=-1) != 0
    fresh |= np.diff(rows.identifier, prepend=-1) != 0
    starts = np.flatnonzero(fresh)
    never = np.iinfo(np.int32).max
    day = np.where(rows.first_seen == UNKNOWN_DAY, never, rows.first_seen).astype(np.int32)
    least = np.minimum.reduceat(day, starts)
    return _Rows(
        rows.seller[starts],
        rows.identifier[starts],
        np.maximum.reduceat(rows.confidence, starts),
        np.where(least == never, UNKNOWN_DAY, least).astype(np.int32),
        np.logical_and.reduceat(rows.self_declared, starts),
        np.minimum.reduceat(rows.level, starts),
    )
