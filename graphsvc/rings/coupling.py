"""How surely two who share something are guilty together, learned from the market's own risk.

A shared home says "one household", and honest households are many; a shared account says more.
Who shares what is known, and so is how alike their risk and reports are: that tells the two apart,
without a label. It must never decide who is in a group.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphsvc.rings.columns import Bytes, Floats, Kind, Longs
from graphsvc.rings.distinct import changes, distinct
from graphsvc.rings.noisy_or import cells
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Calibration, Ties


def beside_home(ties: Ties, parameters: Parameters) -> Ties:
    """Return the ties with those marked, as if of a building, that a pair has beside its home.

    A home is an address to the unit, of few sellers, that neither side merely declares: else a
    ring could declare itself a household. Who shares one has a telephone or a computer in common
    as households do, and that says less than between strangers.
    """
    address = ties.kind == Kind.ADDRESS
    few = ties.degree <= parameters.corroboration_degree
    at_home = np.zeros(ties.a.size, dtype=np.bool_)
    at_home[ties.pair[address & ~ties.second & few & ties.firm]] = True
    second = np.where(address, ties.second, at_home[ties.pair])
    return replace(ties, cell=ties.cell - ties.second + second)


def learn(ties: Ties, own: Floats, calibration: Calibration, parameters: Parameters) -> Calibration:
    """Return P(guilty together) by kind, degree bin and level, in the form of a Calibration.

    `ties` are those of `beside_home`: the second column is what is shared there. `own` are the
    sellers' own terms in nats (ln f1/f0 of risk and reports). Model of a pair: it is coupled with
    P = 1 - prod(1 - pi) over the best identifier of each kind that it shares; coupled sellers are
    both guilty, others each by itself with `coupling_prior`. Fitted by expectation maximisation
    (Dempster, Laird and Rubin 1977) for the noisy-or (Pearl 1988), each identifier counting about
    as often as it has users, shrunk to half of what one operator is worth.
    """
    level, values = _likelihoods(ties, own, parameters.coupling_prior)
    pair, cell, share, likelihood = _folded(*facts(ties), level, values)
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
    return Calibration("coupling", pi.reshape(calibration.pi.shape))


def _likelihoods(ties: Ties, own: Floats, prior: float) -> tuple[Longs, Floats]:
    """Return of each pair how much better "both are guilty" explains it than "each by itself".

    It comes as places among the distinct values: risk comes in few bins.
    """
    terms = np.unique(own)
    place = np.searchsorted(terms, own)
    codes, of_pair = distinct(place[ties.a] * terms.size + place[ties.b], terms.size**2)
    ratio = _likelihood_ratio(terms[codes // terms.size], terms[codes % terms.size], prior)
    values, level = np.unique(ratio, return_inverse=True)
    return level[of_pair], values


def _likelihood_ratio(left: Floats, right: Floats, prior: float) -> Floats:
    alone = (1 - prior + prior * np.exp(left)) * (1 - prior + prior * np.exp(right))
    return np.asarray(np.exp(left + right) / alone)


def facts(ties: Ties) -> tuple[Longs, Bytes, Floats]:
    """Return for each (pair, kind) that shares any: the pair, its best cell, 2 / degree.

    The best is the least used: one identifier speaks for its kind, as in a pair's evidence.
    """
    starts = cells(ties.pair, ties.kind).starts
    least = np.minimum.reduceat(ties.degree, starts)
    return ties.pair[starts], np.minimum.reduceat(ties.cell, starts), 2 / least


def _folded(
    pair: Longs, cell: Bytes, share: Floats, level: Longs, values: Floats
) -> tuple[Longs, Longs, Floats, Floats]:
    """Make one of all pairs that share one kind and are the same to the model, their shares added.

    Most pairs share one kind, and risk comes in few bins: ten times fewer are left. `level` is the
    place of each pair's likelihood among `values`.
    """
    fresh = changes(pair)
    single = fresh & np.append(fresh[1:], True)[: pair.size]
    key = cell[single] * np.int64(values.size) + level[pair[single]]
    key, same = distinct(key, (int(cell.max(initial=0)) + 1) * values.size)
    several, place = pair[fresh & ~single], np.cumsum(fresh[~single]) - 1
    return (
        np.concatenate([place, several.size + np.arange(key.size)]),
        np.concatenate([cell[~single], key // max(values.size, 1)]),
        np.concatenate([share[~single], np.bincount(same, weights=share[single])]),
        np.concatenate([values[level[several]], values[key % max(values.size, 1)]]),
    )
