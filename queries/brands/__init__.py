"""Brands: the titles to look through, and which listings name which brand."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class TitleColumns:
    """A chunk of listings with their titles, place by place."""

    listings: list[str]
    titles: list[str]


@dataclass(frozen=True, slots=True)
class SavedBrands:
    """How many brands are held now of those that were given."""

    held: int


@dataclass(frozen=True, slots=True)
class SavedNames:
    """How many namings were new."""

    made: int


@dataclass(frozen=True, slots=True)
class DroppedNames:
    """How many namings were taken away."""

    gone: int


LISTING_TITLES = load(__package__, "listing_titles", TitleColumns)
SAVE_BRANDS = load(__package__, "save_brands", SavedBrands)
SAVE_NAMES = load(__package__, "save_names", SavedNames)
DROP_NAMES = load(__package__, "drop_names", DroppedNames)
