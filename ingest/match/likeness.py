"""From features to a score: a frozen model of small decision trees, kept as plain numbers.

A model is data: a version, its trees, its cuts. Nothing is unpickled, and the same version gives
the same scores for ever.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from ingest.match.address_columns import Ids, Weights
from ingest.match.address_features import FEATURES, Matrix

TOGETHER = 10  # trees that are asked before hopeless rows are left out
ROUNDING = 1e-6  # log-odds
MODEL = Path(__file__).with_name("addresses.json")


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes by columns; a row goes left where its feature is at most the bound, a leaf to itself.

    `value` is in log-odds and counts at the leaves alone.
    """

    feature: Ids
    bound: Weights
    left: Ids
    right: Ids
    value: Weights
    depth: int

    def log_odds(self, found: Matrix) -> Weights:
        """Return what the tree says of each row."""
        at = np.zeros(len(found), dtype=np.int64)
        values, rows = found.ravel(), np.arange(len(found)) * found.shape[1]
        for _ in range(self.depth):
            below = values[rows + self.feature[at]] <= self.bound[at]
            at = np.where(below, self.left[at], self.right[at])
        return self.value[at]


@dataclass(frozen=True, slots=True)
class Likeness:
    """A model: log-odds = base + the sum of its trees; `cuts` are (addresses, score) by size."""

    version: str
    base: float
    trees: tuple[Tree, ...]
    review: float
    cuts: tuple[tuple[int, float], ...]

    def scores(self, found: Matrix) -> Weights:
        """Return the likeness of each row of features, 0 to 1."""
        odds = np.full(len(found), self.base)
        for tree in self.trees:
            odds += tree.log_odds(found)
        scores: Weights = 1 / (1 + np.exp(-odds))
        return scores

    def probable(self, found: Matrix) -> tuple[Ids, Weights]:
        """Return which rows score `review` or more, and how much; the same scores as `scores`.

        Most rows are strangers, and a few trees tell: what all the others together could not lift
        up to the cut is not asked any further.
        """
        rows, odds = np.arange(len(found)), np.full(len(found), self.base)
        highest = np.array([tree.value.max() for tree in self.trees])
        least = log(self.review / (1 - self.review)) - ROUNDING
        for first in range(0, len(self.trees), TOGETHER):
            for tree in self.trees[first : first + TOGETHER]:
                odds += tree.log_odds(found)
            hopeful = odds + highest[first + TOGETHER :].sum() >= least
            rows, odds, found = rows[hopeful], odds[hopeful], found[hopeful]
        scores: Weights = 1 / (1 + np.exp(-odds))
        good = scores >= self.review
        return rows[good], scores[good]

    def confirmed(self, addresses: int) -> float:
        """Return the score that confirms among so many addresses: chance pairs grow with them.

        Between the sizes of the cuts the log-odds run straight over the logarithm of the size.
        """
        if addresses <= self.cuts[0][0]:
            return self.cuts[0][1]
        for (small, low), (large, high) in pairwise(self.cuts):
            if addresses <= large:
                part = log(addresses / small) / log(large / small)
                odds = log(low / (1 - low)) * (1 - part) + log(high / (1 - high)) * part
                return float(1 / (1 + np.exp(-odds)))
        return self.cuts[-1][1]


def likeness_of(held: dict[str, Any]) -> Likeness:
    """Return the model that was read; raises ValueError where its features are not ours."""
    if tuple(held["features"]) != FEATURES:
        raise ValueError(f"the model {held['version']} was made for other features")
    return Likeness(
        version=held["version"],
        base=float(held["base"]),
        trees=tuple(_tree(*columns) for columns in held["trees"]),
        review=float(held["review"]),
        cuts=tuple((int(size), float(score)) for size, score in held["confirmed"]),
    )


def _tree(
    feature: list[int], bound: list[float], left: list[int], right: list[int], value: list[float]
) -> Tree:
    depths = [0] * len(feature)
    for node, children in enumerate(zip(left, right, strict=True)):  # parents come first
        for child in children:
            if child > node:
                depths[child] = depths[node] + 1
    ids = (np.array(column, dtype=np.int64) for column in (feature, left, right))
    features, lefts, rights = ids
    return Tree(features, np.array(bound), lefts, rights, np.array(value), max(depths))


@lru_cache(maxsize=1)
def shipped() -> Likeness:
    """Return the model that ships with this release."""
    return likeness_of(json.loads(MODEL.read_text("utf-8")))
