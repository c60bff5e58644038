"""How surely two who share something are guilty together, learned from the market's own risk.

A shared home says "one household", and honest households are many; a shared account says more.
Who shares what is known, and so is how alike their risk and reports are: that tells the two apart,
without a label. It must never decide who is in a group.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphsvc.rings.columns import Floats, Kind, Longs
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import BIN_FLOORS, Calibration, Ties, degree_bin

_SHAPE = (len(Kind), len(BIN_FLOORS), 2)
_CELLS = int(np.prod(_SHAPE[1:]))  # of one kind
_ABSENT = _CELLS


def beside_home(ties: Ties, parameters: Parameters) -> Ties:
    """Return the ties with those marked, as if of a building, that a pair has beside its home.

    A home is an address to the unit, of few sellers, that neither side merely declares: else a
    ring could declare itself a household. Who shares one has a telephone or a computer in common
    as households do, and that says less than between strangers.
    """
    address = ties.kind == Kind.ADDRESS
    home = address & ~ties.building & (ties.degree <= parameters.corroboration_degree) & ties.firm
    at_home = np.zeros(ties.a.size, dtype=np.bool_)
    at_home[ties.pair[home]] = True
    return replace(ties, building=np.where(address, ties.building, at_home[ties.pair]))


def learn(ties: Ties, own: Floats, calibration: Calibration, parameters: Parameters) -> Calibration:
    """Return P(guilty together) by kind, degree bin and level, in the form of a Calibration.

    `ties` are those of `beside_home`: the second column is what is shared there. `own` are the
    sellers' own terms in nats (ln f1/f0 of risk and reports). Model of a pair: it is coupled with
    P = 1 - prod(1 - pi) over the best identifier of each kind that it shares; coupled sellers are
    both guilty, others each by itself with `coupling_prior`. Fitted by expectation maximisation
    (Dempster, Laird and Rubin 1977) for the noisy-or (Pearl 1988), each identifier counting about
    as often as it has users, shrunk to half of what one operator is worth.
    """
    likelihood = _likelihood_ratio(own[ties.a], own[ties.b], parameters.coupling_prior)
    pair, cell, share, likelihood = _folded(*facts(ties), likelihood)
    table = calibration.pi.copy()
    others = np.arange(len(Kind)) != Kind.ADDRESS
    table[others, :, 1] = table[others, :, 0]
    start = np.clip(table.reshape(-1), 0.0, parameters.max_weight)
    counts = np.bincount(cell, weights=share, minlength=start.size)
    prior, pi = parameters.coupling_shrink, start
    for _ in range(parameters.coupling_rounds):
        p = -np.expm1(np.bincount(pair, weights=np.log1p(-pi)[cell]))
        # P(this identifier couples them | what is known of both), by Bayes.
        blame = pi[cell] * (likelihood / (p * likelihood + 1 - p))[pair]
        told = np.bincount(cell, weights=blame * share, minlength=start.size)
        pi = np.minimum((told + prior * start / 2) / (counts + prior), parameters.max_weight)
    return Calibration("coupling", pi.reshape(_SHAPE))


def _likelihood_ratio(left: Floats, right: Floats, prior: float) -> Floats:
    """Return how much better "both are guilty" explains two sellers than "each by itself"."""
    alone = (1 - prior + prior * np.exp(left)) * (1 - prior + prior * np.exp(right))
    return np.asarray(np.exp(left + right) / alone)


def facts(ties: Ties) -> tuple[Longs, Longs, Floats]:
    """Return for each (pair, kind) that shares any: the pair, its best cell, 2 / degree.

    The best is the least used: one identifier speaks for its kind, as in a pair's evidence.
    """
    place = degree_bin(ties.degree) * 2 + ties.building
    best = np.full((len(Kind), ties.a.size), _ABSENT, dtype=np.int64)
    least = np.full((len(Kind), ties.a.size), np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(best, (ties.kind, ties.pair), place)
    np.minimum.at(least, (ties.kind, ties.pair), ties.degree)
    kind, pair = np.nonzero(best < _ABSENT)
    return pair, kind * _CELLS + best[kind, pair], 2 / least[kind, pair]


def _folded(
    pair: Longs, cell: Longs, share: Floats, likelihood: Floats
) -> tuple[Longs, Longs, Floats, Floats]:
    """Make one of all pairs that share one kind and are the same to the model, their shares added.

    Most pairs share one kind, and risk comes in few bins: ten times fewer are left.
    """
    single = np.bincount(pair)[pair] == 1
    values, level = np.unique(likelihood, return_inverse=True)
    key, same = np.unique(cell[single] * values.size + level[pair[single]], return_inverse=True)
    several, place = np.unique(pair[~single], return_inverse=True)
    return (
        np.concatenate([place, several.size + np.arange(key.size)]),
        np.concatenate([cell[~single], key // max(values.size, 1)]),
        np.concatenate([share[~single], np.bincount(same, weights=share[single])]),
        np.concatenate([likelihood[several], values[key % max(values.size, 1)]]),
    )
