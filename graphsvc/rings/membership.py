"""How surely a member is guilty with its ring, from who else is in it and how it hangs on them.

Learned from the market's own reports and risk, without a label. It must never decide who is in a
ring, nor let the others speak for one who only pictures of its own tie to them.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from graphsvc.rings.columns import Floats, Ints, Longs
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links

# What is believed before anything is learned: each of the three counts once, as it is in nats.
_SLOPES = (1.0, 1.0, 1.0)
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
    member, columns = facts(own, label, links, parameters)
    start = np.array(unlearned(parameters))
    weights, term = start, own[member]
    spread = columns[:, :, None] * columns[:, None, :]
    for _ in range(parameters.membership_rounds):
        before = expit(columns @ weights)
        after = expit(columns @ weights + term)
        # Sums of columns and no product of matrices: these may round otherwise on another machine.
        slope = (columns * (after - before)[:, None]).sum(axis=0) - (weights - start)
        bend = (spread * (before * (1 - before))[:, None, None]).sum(axis=0) + np.eye(start.size)
        weights = weights + np.linalg.solve(bend, slope)
        weights[1:] = np.maximum(weights[1:], 0.0)
    return tuple(weights.tolist())


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
