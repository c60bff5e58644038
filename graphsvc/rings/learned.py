"""Weights learned from pairs that people judged, and how far to trust them; pure.

It must never learn from a pair that shares nothing, or test a weight on a pair that taught it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from graphsvc.errors import Conflict
from graphsvc.rings import coupling
from graphsvc.rings.columns import Bytes, Flags, Floats, Judged
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Calibration, Ties, weigh

LEAST_PAIRS = 1_000  # fewer say less than the market says of itself
LEAST_OF_EACH = 50  # and of one verdict alone nothing is learned
ROUNDS = 40
# A weight starts where the market alone puts it, as if so many judged pairs had said that.
TRUST_IN_START = 20.0
FOLDS = 5
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Judged pairs whose P lies in one tenth: how many, their mean P, the share that is one."""

    least: float
    pairs: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How P(one operator) compares with what people judged.

    `judged` counts pairs judged the same or different that share something. `brier` is the mean
    squared error of P (Brier 1950), `brier_before` that of the weights that the market gave.
    """

    judged: int
    same: int
    brier: float
    brier_before: float
    bins: tuple[Bin, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that a model keeps."""
        return asdict(self)


def learn(
    ties: Ties, start: Calibration, parameters: Parameters
) -> tuple[Calibration, Reliability]:
    """Return weights learned from the judged pairs among `ties`, and their reliability.

    The reliability is out of sample: P of each fifth comes from the other four. Raises Conflict for
    fewer than 1,000 judged pairs that share something, or fewer than 50 of either verdict.
    """
    told, same = judged_ties(ties)
    _enough(same)
    foreseen = np.zeros(same.size)
    fold = np.random.default_rng(0).permutation(same.size) % FOLDS
    for held_out in range(FOLDS):
        table = _fit(told, same, fold != held_out, start, parameters)
        foreseen[fold == held_out] = _p(told, table, parameters)[fold == held_out]
    everything = np.ones(same.size, dtype=np.bool_)
    table = _fit(told, same, everything, start, parameters)
    return table, _reliability(foreseen, _p(told, start, parameters), same)


def measure(ties: Ties, table: Calibration, parameters: Parameters) -> Reliability:
    """Return the reliability of weights that no judgement has taught."""
    told, same = judged_ties(ties)
    p = _p(told, table, parameters)
    return _reliability(p, p, same)


def judged_ties(ties: Ties) -> tuple[Ties, Flags]:
    """Return the ties of judged pairs alone, as if nobody had judged them, and who is the same.

    The pairs are numbered anew, from 0; those that share nothing are left out.
    """
    spoken = (ties.judged == Judged.SAME) | (ties.judged == Judged.DIFFERENT)
    rows = np.flatnonzero(spoken[ties.pair])
    pairs, place = np.unique(ties.pair[rows], return_inverse=True)
    same: Flags = ties.judged[pairs] == Judged.SAME
    of_pairs: dict[str, Any] = {name: getattr(ties, name)[pairs] for name in ("a", "b")}
    of_pairs["judged"] = np.full(pairs.size, Judged.UNSURE, dtype=np.uint8)
    of_rows = {name: getattr(ties, name)[rows] for name in _OF_ROWS}
    return replace(ties, **of_pairs, **of_rows, pair=place.astype(np.int64)), same


_OF_ROWS = (
    *("place", "kind", "degree", "cell", "alike", "confidence"),
    *("firm", "first_a", "first_b"),
)


def _enough(same: Flags) -> None:
    each = int(np.count_nonzero(same)), int(np.count_nonzero(~same))
    if sum(each) < LEAST_PAIRS or min(each) < LEAST_OF_EACH:
        raise Conflict(
            f"{each[0]:,} pairs that share something are judged the same and {each[1]:,} different:"
            f" to learn from, {LEAST_PAIRS:,} are needed, {LEAST_OF_EACH} of either at least;"
            " judge more (graphsvc judge), or calibrate without --from-judgements"
        )


def _fit(
    ties: Ties, same: Flags, teaches: Flags, start: Calibration, parameters: Parameters
) -> Calibration:
    """Fit the weights of a noisy-or over kinds to verdicts, by expectation maximisation.

    Dempster, Laird and Rubin 1977; the share of an identifier in a pair that is one operator is
    its P over the pair's, and 0 in one that is not. A weight nobody judged stays where it began.
    """
    pair, cell, _ = coupling.facts(ties)
    kept = teaches[pair]
    pair, cell = pair[kept], cell[kept]
    first = np.clip(start.pi.reshape(-1), 1e-6, parameters.max_weight)
    counts, weight = _sums(cell, np.ones(cell.size), first.size), first
    for _ in range(ROUNDS):
        p = -np.expm1(np.bincount(pair, weights=np.log1p(-weight)[cell], minlength=same.size))
        blame = np.where(same[pair], weight[cell] / p[pair], 0.0)
        told = _sums(cell, blame, first.size) + TRUST_IN_START * first
        weight = np.minimum(told / (counts + TRUST_IN_START), parameters.max_weight)
    return Calibration("judged", weight.reshape(start.pi.shape))


def _sums(place: Bytes, value: Floats, size: int) -> Floats:
    return np.bincount(place, weights=value, minlength=size).astype(np.float64)


def _p(ties: Ties, table: Calibration, parameters: Parameters) -> Floats:
    return weigh(ties, table, parameters).p


def _reliability(p: Floats, before: Floats, same: Flags) -> Reliability:
    place = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    bins = tuple(
        Bin(number / BINS, int(inside.sum()), _mean(p[inside]), _mean(same[inside].astype(float)))
        for number in range(BINS)
        if (inside := place == number).any()
    )
    return Reliability(
        judged=same.size,
        same=int(np.count_nonzero(same)),
        brier=_mean((p - same) ** 2),
        brier_before=_mean((before - same) ** 2),
        bins=bins,
    )


def _mean(column: Floats) -> float:
    return float(np.mean(column)) if column.size else 0.0
