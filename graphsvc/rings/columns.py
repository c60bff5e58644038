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
# So many sellers may an identifier have that a person called no hub: pairs grow with the square.
MOST_FREED = 500


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


class Hub(IntEnum):
    """What a person decided of an identifier: nothing, that it is a hub, that it is none."""

    UNDECIDED = 0
    HUB = 1
    NONE = 2


class Judged(IntEnum):
    """What a person judged of two sellers: cannot tell, one operator, not one operator."""

    UNSURE = 0
    SAME = 1
    DIFFERENT = 2


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Sellers, identifiers and one row per distinct (seller, identifier) pair.

    Codes are places in `sellers` and `identifiers`; rows are sorted by identifier, then seller.
    Days count from 1970-01-01, -1 is unknown; `risk` is NaN where unknown. A likeness of two
    addresses is an identifier too: `identifier_reach` is how many sellers are at the place that it
    speaks of, 0 for everything else. Identifiers of one place have one `identifier_place`, the
    code of the least of them; all others have their own. `identifier_hub` is a Hub. Judgements are
    one row per pair of sellers, `judged_a` < `judged_b`, sorted; `judged` is a Judged.
    """

    sellers: list[str]
    identifiers: list[str]
    identifier_kind: Bytes
    identifier_level: Bytes
    identifier_reach: Ints
    identifier_place: Ints
    identifier_hub: Bytes
    row_seller: Ints
    row_identifier: Ints
    row_confidence: Singles
    row_first_seen: Ints
    row_self_declared: Flags
    risk: Floats
    report_count: Ints
    judged_a: Ints
    judged_b: Ints
    judged: Bytes

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

        An address that is not known to unit or building level stays an attribute. A hub never
        links; what a person called none does up to MOST_FREED sellers.
        """
        degree = self.degree()
        limit = np.asarray(cap, dtype=np.int64)[self.identifier_kind]
        limit = np.where(self.freed, np.maximum(limit, MOST_FREED), limit)
        vague = (self.identifier_kind == Kind.ADDRESS) & (self.identifier_level > Level.BUILDING)
        held_back = vague | (self.identifier_hub == Hub.HUB)
        active: Flags = (degree >= 2) & (degree <= limit) & ~held_back
        return active

    @property
    def freed(self) -> Flags:
        """Which identifiers a person called no hub, however many use them; one flag each."""
        freed: Flags = self.identifier_hub == Hub.NONE
        return freed

    def ahead(self, left: Ints, right: Ints, days: int) -> Flags:
        """Tell of which rows the left one had a picture so many days before the right one.

        Not where a day is unknown or the identifier is no picture.
        """
        mine, theirs = self.row_first_seen[left], self.row_first_seen[right]
        picture = self.identifier_kind[self.row_identifier[left]] == Kind.IMAGE
        dated = picture & (mine != UNKNOWN_DAY) & (theirs != UNKNOWN_DAY)
        ahead: Flags = dated & (theirs - mine >= days)
        return ahead

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
            ("u1", self.identifier_hub),
            ("<i4", self.row_seller),
            ("<i4", self.row_identifier),
            ("<f4", self.row_confidence),
            ("<i4", self.row_first_seen),
            ("u1", self.row_self_declared),
            ("<f8", np.where(np.isnan(self.risk), -1.0, self.risk)),
            ("<i4", self.report_count),
            ("<i4", self.judged_a),
            ("<i4", self.judged_b),
            ("u1", self.judged),
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
