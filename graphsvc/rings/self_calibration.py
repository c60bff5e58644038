"""The weights of what is shared, learned from the market itself: what another kind confirms.

It must never look at reports, risk or a name, nor at what people judged.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphsvc.rings.columns import Flags, Floats, Kind, Longs
from graphsvc.rings.distinct import changes
from graphsvc.rings.noisy_or import cells
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import BIN_FLOORS, PRIOR, Calibration, Ties


def calibrate(ties: Ties, parameters: Parameters) -> Calibration:
    """Learn the weights from the market itself: how often a cell's pairs are seen to agree twice.

    pi = min(max_weight, kappa / rho): kappa is the share of a cell's pairs that another kind of
    identifier confirms, rho the same for pairs of a payment account of few sellers, who are one
    operator all but surely. Too few such pairs, or too few of them confirmed (as where there is
    one kind alone): the shipped table. Addresses that are merely alike teach nothing.
    """
    ties = _exact(ties)
    anchor = (ties.kind == Kind.PAYMENT_ACCOUNT) & (ties.degree <= parameters.anchor_degree)
    anchors = np.count_nonzero(changes(ties.pair[anchor]))
    several, confirmed = _confirmed(ties, parameters)
    held = several[confirmed & anchor[several]]
    few = np.count_nonzero(changes(ties.pair[held]))
    if few < parameters.min_confirmed_anchors or anchors < parameters.min_anchor_pairs:
        return PRIOR
    size, cell = PRIOR.pi.size, ties.cell[several].astype(np.int64)
    key = ties.pair[several] * size + cell
    order = np.argsort(key)
    again = order[~changes(key[order])]  # a pair counts once in a cell
    pairs_of = np.bincount(ties.cell, minlength=size) - np.bincount(cell[again], minlength=size)
    confirmed[again] = False
    hits = np.bincount(cell[confirmed], minlength=size)
    raw = np.minimum(hits / np.maximum(pairs_of, 1) / (few / anchors), parameters.max_weight)
    sparse, shape = pairs_of < parameters.min_cell_pairs, PRIOR.pi.shape
    return Calibration("self", _smooth(raw.reshape(shape), sparse.reshape(shape), parameters))


def _exact(ties: Ties) -> Ties:
    """Return the ties without those of addresses that are merely alike; the pairs stay."""
    if not ties.alike.any():
        return ties
    looked_at = ("pair", "kind", "degree", "cell")
    return replace(ties, **{name: getattr(ties, name)[~ties.alike] for name in looked_at})


def _confirmed(ties: Ties, parameters: Parameters) -> tuple[Longs, Flags]:
    """Return the ties that are several of a pair, and which of these another kind confirms."""
    several = ties.several()
    told = cells(ties.pair[several], ties.kind[several])
    small = told.any(ties.degree[several] <= parameters.corroboration_degree)
    others = np.repeat(told.count(small), np.diff(told.pairs, append=small.size)) - small
    return several, np.repeat(others > 0, np.diff(told.starts, append=several.size))


def _smooth(raw: Floats, sparse: Flags, parameters: Parameters) -> Floats:
    """Fill sparse cells from the bin before, and let no weight but payment's rise with degree."""
    pi = raw.copy()
    pi[:, 0] = np.where(sparse[:, 0], PRIOR.pi[:, 0], raw[:, 0])
    for place in range(1, len(BIN_FLOORS)):
        before = pi[:, place - 1]
        told = np.where(sparse[:, place], parameters.sparse_factor * before, raw[:, place])
        pi[:, place] = np.minimum(told, before)
        pi[Kind.PAYMENT_ACCOUNT, place] = told[Kind.PAYMENT_ACCOUNT]
    return pi
