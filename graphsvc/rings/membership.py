"""How surely a member is guilty with its ring, from who else is in it and how it hangs on them.

Learned from the market's own reports and risk, without a label. It must never decide who is in a
ring, nor let the others speak for one who only pictures of its own tie to them.
"""

from __future__ import annotations

import numpy as np

from graphsvc.rings.columns import Floats, Ints, Longs
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links

# What is believed before anything is learned: each of the three counts once, as it is in nats.
_SLOPES = (1.0, 1.0, 1.0)
_UTMOST = 300.0  # log-odds; the odds of two such are still a number
Weights = tuple[float, ...]  # a constant, then one for each column of `facts` behind the first


def facts(own: Floats, label: Ints, links: Links, parameters: Parameters) -> tuple[Longs, Floats]:
    """Return the members of groups of `min_size` or more, by code, and four columns about each.

    `own` are the sellers' terms in nats, `links` those that guilt flows along. The columns: 1; the
    mean term of all others in the group; the weight -ln(1 - P) of the links into the group, summed,
    with P as it speaks towards the member; the mean term of the others at these links, by weight.
    A member whom no link speaks against has no group to be guilty with: 0 but for the 1.
    """
    size = np.bincount(label, minlength=label.size)
    member = np.flatnonzero(size[label] >= parameters.min_size)
    within = label[links.a] == label[links.b]
    ends = np.concatenate([links.a[within], links.b[within]])
    others = np.concatenate([links.b[within], links.a[within]])
    p = np.concatenate([links.to_a[within], links.to_b[within]])
    weight = -np.log1p(-np.minimum(p, parameters.max_link))
    tied = np.bincount(ends, weights=weight, minlength=label.size)[member]
    near = np.bincount(ends, weights=weight * own[others], minlength=label.size)[member]
    total = np.bincount(label, weights=own, minlength=label.size)[label[member]]
    others_mean = (total - own[member]) / (size[label[member]] - 1)
    held = tied > 0
    columns = np.column_stack(
        [
            np.ones(member.size),
            np.where(held, others_mean, 0.0),
            tied,
            np.divide(near, tied, out=np.zeros(member.size), where=held),
        ]
    )
    return member, columns


def learn(own: Floats, label: Ints, links: Links, parameters: Parameters) -> Weights:
    """Return the weights of `facts` under which reports and risk of all members are likeliest.

    Model: a member is guilty with log-odds columns @ weights before its own term is known; own is
    ln p(own | guilty) / p(own | honest). Logistic regression on guilt that nobody has seen, by
    expectation maximisation (Dempster, Laird and Rubin 1977), each step one of Newton's (Lange
    1995). A weight starts at what it is without learning, as if one member had said so, and none
    but the constant falls below 0: guilt of others never speaks for anybody.
    """
    member, told = facts(own, label, links, parameters)
    start = np.array(unlearned(parameters))
    weights, own_against = start, _against(own[member])
    columns = np.ascontiguousarray(told.T)
    upper = np.triu_indices(start.size)
    spread = columns[upper[0]] * columns[upper[1]]
    product = np.empty_like(spread)  # fresh memory each round would cost more than what is in it
    bend = np.empty((start.size, start.size))
    for _ in range(parameters.membership_rounds):
        against = _against(_summed(columns, weights))
        before, after = 1 / (1 + against), 1 / (1 + against * own_against)
        # Sums of columns and no product of matrices: these may round otherwise on another machine.
        slope = (columns * (after - before)).sum(axis=1) - (weights - start)
        np.multiply(spread, before * (1 - before), out=product)
        bend[upper] = bend.T[upper] = product.sum(axis=1)
        weights = weights + np.linalg.solve(bend + np.eye(start.size), slope)
        weights[1:] = np.maximum(weights[1:], 0.0)
    return tuple(weights.tolist())


def _against(log_odds: Floats) -> Floats:
    """Return the odds against what has these log-odds, none beyond what can be multiplied."""
    return np.exp(np.clip(-log_odds, -_UTMOST, _UTMOST))


def _summed(columns: Floats, weights: Floats) -> Floats:
    """Return the sum of the columns, each by its weight."""
    total: Floats = columns[0] * weights[0]
    for column, weight in zip(columns[1:], weights[1:], strict=True):
        total += column * weight
    return total


def unlearned(parameters: Parameters) -> Weights:
    """Return the weights that hold before anything is learned."""
    prior = parameters.coupling_prior
    return (float(np.log(prior / (1 - prior))), *_SLOPES)


def posterior(
    own: Floats, label: Ints, links: Links, weights: Weights, parameters: Parameters
) -> tuple[Longs, Floats]:
    """Return the members of groups of `min_size` or more and their log-odds of being guilty."""
    member, columns = facts(own, label, links, parameters)
    return member, own[member] + (columns * np.array(weights)).sum(axis=1)
