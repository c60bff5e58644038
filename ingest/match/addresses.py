"""Which addresses are probably one place: scored pairs, never a merge and never closed further.

Texts that say the same are one record; records that share a rare key are compared; a frozen model
scores what they have in common. A unit is only the same where both sides name the same ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.match.address_columns import Columns, Ids, Weights
from ingest.match.address_features import FEATURES, Flags, Matrix, features, same_units
from ingest.match.blocking import candidates
from ingest.match.likeness import Likeness

CHUNK = 50_000  # pairs compared at once
LARGEST_GROUP = 300  # texts that say the same; of more, each is paired with the first alone
LEAST_EVIDENCE = 0.1
EXACT = "exact"
RULES = ("postcode_number", "number_words", "postcode_words", "words")
UNIT, PREMISE = "unit", "premise"


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of records from the review score up, by columns; `rules` are places in RULES."""

    left: Ids
    right: Ids
    scores: Weights
    units: Flags
    rules: Ids
    features: npt.NDArray[np.float32]
    compared: int
    dropped_blocks: int
    largest_block: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by their places, left < right; `features` are those of a scored pair."""

    left: int
    right: int
    score: float
    level: str
    rule: str
    features: dict[str, float]


def alike(columns: Columns, model: Likeness, fresh: Flags | None = None) -> Alike:
    """Return the pairs of records that are probably one place, one of each pair a fresh one."""
    found = candidates(columns)
    left, right = found.left, found.right
    if fresh is not None:
        wanted = fresh[left] | fresh[right]
        left, right = left[wanted], right[wanted]
    kept = [_scored(columns, model, *part) for part in _parts(left, right)]
    empty = np.empty(0, dtype=np.int64)
    columns_of = [np.concatenate(column) for column in zip(*kept, strict=True)] if kept else None
    ours, theirs, scores, seen = columns_of or (
        empty,
        empty,
        np.empty(0),
        np.empty((0, len(FEATURES)), dtype=np.float32),
    )
    return Alike(
        left=ours,
        right=theirs,
        scores=scores,
        units=same_units(columns, ours, theirs),
        rules=_rules(seen),
        features=seen,
        compared=left.size,
        dropped_blocks=found.dropped_blocks,
        largest_block=found.largest_block,
    )


def _parts(left: Ids, right: Ids) -> Iterator[tuple[Ids, Ids]]:
    for start in range(0, left.size, CHUNK):
        yield left[start : start + CHUNK], right[start : start + CHUNK]


def _scored(
    columns: Columns, model: Likeness, left: Ids, right: Ids
) -> tuple[Ids, Ids, Weights, npt.NDArray[np.float32]]:
    seen = features(columns, left, right)
    telling = _telling(seen)
    left, right, seen = left[telling], right[telling], seen[telling]
    good, scores = model.probable(seen)
    return left[good], right[good], scores, seen[good].astype(np.float32)


def _telling(seen: Matrix) -> Flags:
    """Tell where more than a word like `avenue` and one of the numbers is common."""
    said = seen[:, FEATURES.index("evidence")] >= LEAST_EVIDENCE
    coded = seen[:, FEATURES.index("postcode_equal")] > 0
    numbered = seen[:, FEATURES.index("number_overlap")] == 1
    found: Flags = said | coded | numbered
    return found


def _rules(seen: npt.NDArray[np.float32]) -> Ids:
    """Return for each pair what it rests on, as a place in RULES."""
    postcode = seen[:, FEATURES.index("postcode_equal")] > 0
    number = seen[:, FEATURES.index("number_equal")] > 0
    return np.select([postcode & number, number, postcode], [0, 1, 2], 3).astype(np.int64)


def pairs(records: Sequence[int], columns: Columns, found: Alike) -> Iterator[Pair]:
    """Yield every pair of texts: those that say the same, then those of records alike.

    `records` holds the record of each text, -1 where it says nothing.
    """
    members: list[list[int]] = [[] for _ in range(columns.size)]
    for place, record in enumerate(records):
        if record >= 0:
            members[record].append(place)
    for group in members:
        for left, right in _of_group(group):
            yield Pair(left, right, 1.0, UNIT, EXACT, {})
    rows = zip(found.left.tolist(), found.right.tolist(), strict=True)
    for at, (ours, theirs) in enumerate(rows):
        score, level = float(found.scores[at]), UNIT if found.units[at] else PREMISE
        rule = RULES[int(found.rules[at])]
        seen = {
            name: round(float(v), 3) for name, v in zip(FEATURES, found.features[at], strict=True)
        }
        for one in members[ours][:LARGEST_GROUP]:
            for other in members[theirs][:LARGEST_GROUP]:
                yield Pair(min(one, other), max(one, other), score, level, rule, seen)


def _of_group(group: list[int]) -> Iterator[tuple[int, int]]:
    for at, left in enumerate(group[:LARGEST_GROUP]):
        for right in group[at + 1 : None if at == 0 else LARGEST_GROUP]:
            yield left, right
