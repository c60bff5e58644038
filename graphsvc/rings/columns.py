"""A market as columns: who uses what, coded as integers; the one input of every later stage.

It must never hold an object per row, and never depend on the order in which rows arrived.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

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
    Days count from 1970-01-01, -1 is unknown; `risk` is NaN where unknown. A likeness of two
    addresses is an identifier too: `identifier_reach` is how many sellers are at the place that it
    speaks of, 0 for everything else. Identifiers of one place have one `identifier_place`, the
    code of the least of them; all others have their own.
    """

    sellers: list[str]
    identifiers: list[str]
    identifier_kind: Bytes
    identifier_level: Bytes
    identifier_reach: Ints
    identifier_place: Ints
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

    def users(self) -> Longs:
        """Return how many distinct sellers use each identifier."""
        return np.bincount(self.row_identifier, minlength=len(self.identifiers)).astype(np.int64)

    def degree(self) -> Longs:
        """Return how widely each identifier is used: its users, of a likeness all at its place."""
        return np.maximum(self.users(), self.identifier_reach)

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
            ("<i4", self.identifier_reach),
            ("<i4", self.identifier_place),
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
class Rows:
    """Assertions as columns: seller and identifier by code, 0..1, a day or -1, a flag, a Level."""

    seller: Ints
    identifier: Ints
    confidence: Singles
    first_seen: Ints
    self_declared: Flags
    level: Bytes
