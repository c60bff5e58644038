"""How steady a membership is: the share of runs, with other luck, that leave a seller in its ring.

Only the grouping is drawn by lot, so only that is run again; it must never look at a report.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graphsvc.rings import detect
from graphsvc.rings.columns import Flags, Floats, Ints, Market
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.project import Links


def membership_confidence(
    market: Market,
    links: Links,
    label: Ints,
    parameters: Parameters,
    *,
    engine: Engine,
    seed: int,
    runs: int,
) -> Floats:
    """Return for each seller in how many of `runs` runs (0..1) it is with most of its group.

    `label` is each seller's group in the run that counts, as its least member. Each further run
    has a seed of its own and meets sellers and links in another order. A seller is with its group
    where more than half of that group is with it; a group that falls apart evenly has no such
    half. A seller alone has 1. The engine `components` draws no lot: 1 for all.
    """
    held = np.zeros(label.size)
    if engine is Engine.COMPONENTS:
        return held + 1
    for turn in range(runs):
        again = grouped_again(market, links, parameters, engine=engine, luck=(seed, turn))
        held += with_most(label, again)
    return held / runs


def with_most(label: Ints, again: Ints) -> Flags:
    """Tell which sellers have more than half of their group by `label` with them in `again`."""
    size = np.bincount(label, minlength=label.size)[label]
    pair = label.astype(np.int64) * (int(again.max(initial=0)) + 1) + again
    _, place, common = np.unique(pair, return_inverse=True, return_counts=True)
    return np.asarray(2 * common[place] > size)


def grouped_again(
    market: Market, links: Links, parameters: Parameters, *, engine: Engine, luck: tuple[int, int]
) -> Ints:
    """Return each seller's group (any code of it) in a run with other luck."""
    draw = np.random.default_rng(luck)
    place = draw.permutation(links.sellers).astype(np.int32)  # the new code of each seller
    at = np.argsort(place)
    ends = np.sort(np.stack([place[links.a], place[links.b]]), axis=0)
    order = np.lexsort((ends[1], ends[0]))
    shuffled = replace(
        links,
        a=ends[0][order],
        b=ends[1][order],
        p=links.p[order],
        to_a=links.to_a[order],  # towards whom it speaks is not asked by any grouping
        to_b=links.to_b[order],
        weight=links.weight[order],
        pair=links.pair[order],
    )
    named = replace(market, sellers=[market.sellers[code] for code in at.tolist()])
    label = detect.groups(
        named, shuffled, parameters, engine=engine, seed=int(draw.integers(2**62))
    )
    return label[place]
