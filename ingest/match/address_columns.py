"""Many addresses as numpy columns: words and numbers by id, so that no pair is an object."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingest.fold.address_words import GENERIC, KINDS
from ingest.match.address_text import Place, read_place

Ids = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]

# What the world knows before these addresses are read: words of streets and parts of buildings
# are common in any thousand, so that two addresses alone do not make "street" a rare word.
KNOWN = 1000
COMMON = 100
PREFIX = 4
NAME = 0.5


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of ids of unequal length, one a record: record r holds flat[starts[r]:starts[r+1]]."""

    flat: Ids
    starts: Ids

    @property
    def sizes(self) -> Ids:
        """Return how many ids each record holds."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Ids:
        """Return, beside `flat`, the record that each id belongs to."""
        return np.repeat(np.arange(self.starts.size - 1), self.sizes)

    def of(self, records: Ids) -> tuple[Ids, Ids]:
        """Return for places in `records` (place, id), one row for each id that they hold."""
        sizes = self.sizes[records]
        places = np.repeat(np.arange(records.size), sizes)
        within = np.arange(places.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return places, self.flat[np.repeat(self.starts[records], sizes) + within]


@dataclass(frozen=True, slots=True)
class Columns:
    """Distinct addresses by columns; an id of 0 means that a record names none.

    `pool` holds whatever could answer a number of the other side: a record's numbers, those of its
    units, a postcode of digits. `asked` holds its numbers as they look for an answer: the house
    number of `floor 6, 6 High Street` is not answered by another's floor 6.
    `weights` (0–1) tell how rare each word is, `doubts` (0–1) what it says when one side lacks it:
    that many addresses are in Leeds does not make Leeds and York one town.
    """

    words: Ragged
    numbers: Ragged
    asked: Ragged
    pool: Ragged
    units: Ragged
    postcodes: Ids
    areas: Ids
    countries: Ids
    vocabulary: list[str]
    prefixes: Ids
    frequencies: Ids
    weights: Weights
    doubts: Weights

    @property
    def size(self) -> int:
        """Return how many distinct addresses there are."""
        return self.postcodes.size


@dataclass(slots=True)
class _Lists:
    flat: array[int] = field(default_factory=lambda: array("q"))
    starts: array[int] = field(default_factory=lambda: array("q", [0]))

    def add(self, ids: Iterable[int]) -> None:
        self.flat.extend(ids)
        self.starts.append(len(self.flat))

    def as_ragged(self) -> Ragged:
        return Ragged(np.array(self.flat, dtype=np.int64), np.array(self.starts, dtype=np.int64))


class Reading:
    """Reads texts into columns; those that say the same become one record."""

    def __init__(self) -> None:
        self._words, self._numbers, self._units = _Lists(), _Lists(), _Lists()
        self._asked, self._pool = _Lists(), _Lists()
        self._word_ids: dict[str, int] = {"": 0}
        self._other_ids: dict[str, int] = {"": 0}
        self._marks = array("q")  # postcode, area, country of each record
        self._seen: dict[tuple[int, ...], int] = {}

    def add(self, text: str, country: str | None = None) -> int:
        """Read one text and return its record; -1 where it says nothing."""
        place = read_place(text, country)
        if place.empty:
            return -1
        words = [_known(self._word_ids, word) for word in place.words]
        numbers = [self._other(number) for number in place.numbers]
        units = [self._other(unit) for unit in place.units]
        marks = [
            self._other(text) for text in (place.postcode, _area(place.postcode), place.country)
        ]
        signature = (*sorted(words), -1, *sorted(numbers), -1, *sorted(units), -1, *marks)
        held = self._seen.setdefault(signature, len(self._seen))
        if held * 3 == len(self._marks):
            lent = _lent(place)
            self._words.add(words)
            self._numbers.add(numbers)
            self._units.add(units)
            self._asked.add(
                self._other(f"={number}" if number in lent else number) for number in place.numbers
            )
            answers = (*place.numbers, *(f"={number}" for number in place.numbers), *lent)
            self._pool.add(map(self._other, dict.fromkeys(answers)))
            self._marks.extend(marks)
        return held

    def _other(self, text: str) -> int:
        return _known(self._other_ids, text)

    def columns(self) -> Columns:
        """Return what was read."""
        vocabulary = list(self._word_ids)
        words = self._words.as_ragged()
        marks = np.array(self._marks, dtype=np.int64).reshape(-1, 3)
        frequencies = np.bincount(words.flat, minlength=len(vocabulary))
        weights = _rarity(vocabulary, frequencies, len(marks))
        starts = {"": 0}
        prefixes = [_known(starts, word[:PREFIX]) for word in vocabulary]
        return Columns(
            words=words,
            numbers=self._numbers.as_ragged(),
            asked=self._asked.as_ragged(),
            pool=self._pool.as_ragged(),
            units=self._units.as_ragged(),
            postcodes=marks[:, 0],
            areas=marks[:, 1],
            countries=marks[:, 2],
            vocabulary=vocabulary,
            prefixes=np.array(prefixes, dtype=np.int64),
            frequencies=frequencies,
            weights=weights,
            doubts=_doubts(vocabulary, weights),
        )


def _known(ids: dict[str, int], text: str) -> int:
    return ids.setdefault(text, len(ids))


def _area(postcode: str) -> str:
    """Return the part of a postcode that a town shares: `mk40` of `mk401lr`, `115` of `115114`."""
    half = len(postcode) // 2
    return postcode[:half] if postcode.isdigit() else postcode[:-3] or postcode


def _lent(place: Place) -> set[str]:
    """Return what else may be somebody's number: those of units, a postcode of digits."""
    units = (digits for unit in place.units for digits in unit.lstrip("f").split("-"))
    return {*units, *([place.postcode] if place.postcode.isdigit() else [])}


def _rarity(vocabulary: list[str], frequencies: Ids, records: int) -> Weights:
    """Return how rare each word is: 0 where every record holds it, 1 where only one does."""
    usual = [COMMON if _says_little(word) else 1 for word in vocabulary]
    total = records + KNOWN
    held = frequencies * (1 - KNOWN / (total * 10)) + np.array(usual)
    found: Weights = np.clip(np.log(total / held) / np.log(total), 0.02, 1.0)
    return found


def _doubts(vocabulary: list[str], weights: Weights) -> Weights:
    names = np.array([not _says_little(word) and len(word) > 2 for word in vocabulary])
    return np.where(names, np.maximum(weights, NAME), weights)


def _says_little(word: str) -> bool:
    return len(word) == 1 or word in KINDS or word in GENERIC
