"""Addresses: their texts by columns, and the likeness that was found between them."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import Nothing, load


@dataclass(frozen=True, slots=True)
class TextColumns:
    """A chunk of addresses; what is unknown is ''."""

    addresses: list[str]
    texts: list[str]
    countries: list[str]
    levels: list[str]
    marks: list[str]


@dataclass(frozen=True, slots=True)
class UseColumns:
    """A chunk of addresses with the numbers of those who use them; what is unknown is ''."""

    addresses: list[str]
    texts: list[str]
    units: list[str]
    levels: list[str]
    kinds: list[str]
    reasons: list[str]
    sellers: list[int]
    names: list[int]
    countries: list[int]
    platforms: list[int]
    shipping: list[int]
    returns: list[int]


@dataclass(frozen=True, slots=True)
class SavedPairs:
    """How many pairs were new."""

    made: int


@dataclass(frozen=True, slots=True)
class DroppedPairs:
    """How many pairs were taken back."""

    dropped: int


@dataclass(frozen=True, slots=True)
class LikenessRow:
    """An address that is probably one place with the address `key`; `features` is JSON."""

    key: str
    id: str
    level: str
    score: float
    rule: str
    features: str
    band: str
    model: str
    cut_at: str | None
    cut_by: str | None
    cut_because: str | None


@dataclass(frozen=True, slots=True)
class CutPairs:
    """How many joints there are between two addresses, and how many of them were cut now."""

    joints: int
    cut: int


ADDRESS_TEXTS = load(__package__, "address_texts", TextColumns)
ADDRESS_USES = load(__package__, "address_uses", UseColumns)
SAVE_KINDS = load(__package__, "save_kinds", Nothing)
SAVE_LIKENESSES = load(__package__, "save_likenesses", SavedPairs)
CUT_LIKENESS = load(__package__, "cut_likeness", CutPairs)
DROP_LIKENESSES = load(__package__, "drop_likenesses", DroppedPairs)
LIKENESS_OF_ADDRESSES = load(__package__, "likeness_of_addresses", LikenessRow)
MARK_LINKED = load(__package__, "mark_linked", Nothing)
