"""What two addresses have in common, as numbers between 0 and 1: the evidence of a likeness.

Every feature is a column over pairs. Words are paired softly: an equal word counts whole, a
misspelt or shortened one in part, so that one typing error is no contradiction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from ingest.fold.address_words import GENERIC, KINDS, SAME
from ingest.match.address_columns import Columns, Ids, Ragged, Weights

FEATURES = (
    "shared",  # weight of common words, of the shorter address
    "overlap",  # weight of common words, of both together
    "evidence",  # weight of common words as such; three rare ones are all one needs
    "contradiction",  # each side has words that the other lacks
    "surplus",  # one side has words that the other lacks
    "number_equal",  # a common number
    "house_equal",  # the first numbers agree
    "number_overlap",  # common numbers, of both together
    "number_contradiction",  # each side has a number that the other lacks
    "number_alone",  # one side has a number, the other none
    "numberless",  # neither side has one
    "postcode_equal",
    "postcode_near",  # unlike, but of one area
    "postcode_contradiction",
    "country_contradiction",
    "unit_contradiction",
    "numberless_unit_contradiction",
    "numberless_contradiction",
    "numberless_surplus",
    "alone_contradiction",
    "contradiction_elsewhere",  # words contradict, and so do the postcodes
    "contradiction_unplaced",  # words contradict, and a postcode is missing
    "numbered_street",  # number and words agree
)
CLOSE = 0.72  # one error in four letters
LONGEST_SHORT = 5  # letters of an abbreviation
SHORTENED = 0.85
JOINED = 0.6
LEAST = 0.05

LONG_FORMS: dict[str, list[str]] = {}
for _short, _word in SAME.items():
    if len(_short) > 4:
        LONG_FORMS.setdefault(_word, []).append(_short)

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Words:
    """Weights of words over pairs: common ones, and those that either side has alone."""

    common: Weights
    left: Weights
    right: Weights


def features(columns: Columns, left: Ids, right: Ids) -> Matrix:
    """Return the features of pairs of records, pairs × FEATURES, each from 0 to 1."""
    words = _words(columns, left, right)
    least = np.minimum(words.left, words.right)
    whole = words.common + words.left + words.right
    shorter = words.common + least
    shared = _part(words.common, shorter)
    contradiction = np.clip(least, 0, 1)
    surplus = np.clip(np.maximum(words.left, words.right) / 3, 0, 1)
    numbers = _numbers(columns, left, right)
    equal, near, elsewhere, unplaced = _postcodes(columns, left, right)
    units = rotated(columns, left, right)
    numberless, alone = numbers["numberless"], numbers["number_alone"]
    found = {
        "shared": shared,
        "overlap": _part(words.common, whole),
        "evidence": np.clip(words.common / 3, 0, 1),
        "contradiction": contradiction,
        "surplus": surplus,
        **numbers,
        "postcode_equal": equal,
        "postcode_near": near,
        "postcode_contradiction": elsewhere,
        "country_contradiction": _unlike(columns.countries, left, right),
        "unit_contradiction": units,
        "numberless_unit_contradiction": numberless * units,
        "numberless_contradiction": numberless * contradiction,
        "numberless_surplus": numberless * surplus,
        "alone_contradiction": alone * contradiction,
        "contradiction_elsewhere": elsewhere * contradiction,
        "contradiction_unplaced": unplaced * contradiction,
        "numbered_street": numbers["number_equal"] * shared,
    }
    return np.stack([np.asarray(found[name], dtype=np.float64) for name in FEATURES], axis=1)


def rotated(columns: Columns, left: Ids, right: Ids) -> Flags:
    """Tell where each side names a unit that the other does not."""
    units = columns.units
    common = _held(units, left, units, right)
    found: Flags = (common < units.sizes[left]) & (common < units.sizes[right])
    return found


def same_units(columns: Columns, left: Ids, right: Ids) -> Flags:
    """Tell where both sides name the same units, or none."""
    units = columns.units
    common = _held(units, left, units, right)
    found: Flags = (common == units.sizes[left]) & (common == units.sizes[right])
    return found


def _part(some: Weights, whole: Weights) -> Weights:
    return np.divide(some, whole, out=np.zeros_like(some), where=whole > 0)


def _unlike(ids: Ids, left: Ids, right: Ids) -> Flags:
    """Tell where both sides name something and not the same."""
    ours, theirs = ids[left], ids[right]
    unlike: Flags = (ours > 0) & (theirs > 0) & (ours != theirs)
    return unlike


def _postcodes(columns: Columns, left: Ids, right: Ids) -> tuple[Flags, Flags, Flags, Flags]:
    ours, theirs = columns.postcodes[left], columns.postcodes[right]
    both = (ours > 0) & (theirs > 0)
    equal = both & (ours == theirs)
    near = both & ~equal & (columns.areas[left] == columns.areas[right])
    return equal, near, both & ~equal & ~near, ~both


def _numbers(columns: Columns, left: Ids, right: Ids) -> dict[str, Weights]:
    numbers, asked, pool = columns.numbers, columns.asked, columns.pool
    ours, theirs = numbers.sizes[left], numbers.sizes[right]
    common = _held(numbers, left, numbers, right)
    lonely = (_held(asked, left, pool, right) < ours) & (_held(asked, right, pool, left) < theirs)
    padded = np.append(numbers.flat, -1)
    first, other = padded[numbers.starts[left]], padded[numbers.starts[right]]
    none = (ours == 0) & (theirs == 0)
    total = (ours + theirs - common).astype(np.float64)
    found = {
        "number_equal": common > 0,
        "house_equal": (ours > 0) & (theirs > 0) & (first == other),
        "number_overlap": _part(common.astype(np.float64), total),
        "number_contradiction": lonely | ((ours > 0) & (theirs > 0) & (common == 0)),
        "number_alone": ((ours == 0) | (theirs == 0)) & ~none,
        "numberless": none,
    }
    return {name: column.astype(np.float64) for name, column in found.items()}


def _held(some: Ragged, left: Ids, other: Ragged, right: Ids) -> Ids:
    """Return how many ids of each left record the right one holds."""
    places, ids = some.of(left)
    others, wanted = other.of(right)
    width = int(max(ids.max(initial=0), wanted.max(initial=0))) + 1
    found = np.isin(places * width + ids, others * width + wanted)
    return np.bincount(places[found], minlength=left.size)


def _words(columns: Columns, left: Ids, right: Ids) -> _Words:
    """Return the weights of words, softly paired; what is split otherwise is no contradiction."""
    width = len(columns.vocabulary)
    ours, theirs = columns.words.of(left), columns.words.of(right)
    our_keys, their_keys = (places * width + ids for places, ids in (ours, theirs))
    ours_alone = ~np.isin(our_keys, their_keys, assume_unique=True)
    theirs_alone = ~np.isin(their_keys, our_keys, assume_unique=True)
    common = _sum(columns.weights, ours[0][~ours_alone], ours[1][~ours_alone], left.size)
    rest = (ours[0][ours_alone], ours[1][ours_alone])
    other = (theirs[0][theirs_alone], theirs[1][theirs_alone])
    our_credit, their_credit = _paired(columns, rest, other, left.size)
    alone = [
        _sum(columns.doubts, places, ids, left.size, 1 - credit)
        for (places, ids), credit in ((rest, our_credit), (other, their_credit))
    ]
    whole = [_sum(columns.doubts, places, ids, left.size) for places, ids in (rest, other)]
    joined = _joined(columns, rest, other, np.minimum(*alone))
    alone = [mass * (1 - joined) for mass in alone]
    gained = np.minimum(whole[0] - alone[0], whole[1] - alone[1])
    return _Words(common + np.maximum(gained, 0), alone[0], alone[1])


def _sum(
    known: Weights, places: Ids, ids: Ids, pairs: int, parts: Weights | None = None
) -> Weights:
    weights = known[ids] if parts is None else known[ids] * parts
    return np.bincount(places, weights=weights, minlength=pairs).astype(np.float64)


def _paired(
    columns: Columns, rest: tuple[Ids, Ids], other: tuple[Ids, Ids], pairs: int
) -> tuple[Weights, Weights]:
    """Return for every word its likeness (0–1) to the closest one of the other side."""
    counts = np.bincount(other[0], minlength=pairs)
    starts = np.cumsum(counts) - counts
    repeats = counts[rest[0]]
    ours = np.repeat(np.arange(rest[0].size), repeats)
    within = np.arange(ours.size) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    theirs = np.repeat(starts[rest[0]], repeats) + within
    likeness = _likeness(columns, rest[1][ours], other[1][theirs])
    best, best_other = np.zeros(rest[0].size), np.zeros(other[0].size)
    np.maximum.at(best, ours, likeness)
    np.maximum.at(best_other, theirs, likeness)
    return best, best_other


def _likeness(columns: Columns, ours: Ids, theirs: Ids) -> Weights:
    """Return how much two words are the same one, misspelt or shortened; 0 for strangers."""
    width = len(columns.vocabulary)
    low, high = np.minimum(ours, theirs), np.maximum(ours, theirs)
    codes, places = np.unique(low * width + high, return_inverse=True)
    one = [columns.vocabulary[i] for i in codes // width]
    other = [columns.vocabulary[i] for i in codes % width]
    if not one:
        return np.zeros(0)
    close = cpdist(one, other, scorer=OSA.normalized_similarity, dtype=np.float64)
    close[close < CLOSE] = 0
    kept = cpdist(one, other, scorer=LCSseq.similarity, dtype=np.int64)
    # Only few pairs can be either; the questions themselves cost more than all the rest.
    lengths = np.minimum([len(word) for word in one], [len(word) for word in other])
    short = np.zeros(len(one))
    for at in np.flatnonzero((kept >= lengths) & (lengths <= LONGEST_SHORT)):
        short[at] = SHORTENED * _shortened(one[at], other[at])
    known = np.array([word in LONG_FORMS for word in columns.vocabulary])
    formed = known[codes // width] | known[codes % width]
    for at in np.flatnonzero((close == 0) & (short == 0) & formed):
        close[at] = _alias(one[at], other[at])
    found: Weights = np.maximum(close, short)[places]
    return found


def _shortened(one: str, other: str) -> bool:
    """Tell whether the shorter word, all of whose letters the longer has in this order,
    abbreviates it: `hse` of house, `s` of south.
    """
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return (
        one[0] == other[0]
        and len(long) > 3
        and (len(short) > 1 or long in KINDS or long in GENERIC)
    )


def _alias(one: str, other: str) -> float:
    """Return how close a misspelt word is to another form of the other: `avenda` to avenue."""
    forms = ((one, form) for form in LONG_FORMS.get(other, ()))
    turned = ((other, form) for form in LONG_FORMS.get(one, ()))
    alike = (OSA.normalized_similarity(*pair, score_cutoff=0.8) for pair in (*forms, *turned))
    return max(alike, default=0.0)


def _joined(
    columns: Columns, rest: tuple[Ids, Ids], other: tuple[Ids, Ids], least: Weights
) -> Weights:
    """Return how far the words of both sides are one text, written apart or together otherwise."""
    wanted = np.flatnonzero(least > LEAST)
    found = np.zeros(least.size)
    if not wanted.size:
        return found
    texts = [_texts(columns, places, ids, wanted) for places, ids in (rest, other)]
    alike = cpdist(*texts, scorer=ratio, dtype=np.float64) / 100
    found[wanted] = np.clip((alike - JOINED) / (1 - JOINED), 0, 1) * (alike >= 0.8)
    return found


def _texts(columns: Columns, places: Ids, ids: Ids, wanted: Ids) -> list[str]:
    low, high = np.searchsorted(places, wanted), np.searchsorted(places, wanted, side="right")
    words = [columns.vocabulary[i] for i in ids]
    return ["".join(words[a:b]) for a, b in zip(low, high, strict=True)]
