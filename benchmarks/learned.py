"""What judgements teach: the engine by its own weights and by those of judged pairs, on markets
that nothing was chosen on.

The judgements are forgotten before rings are looked for: what is measured is the weights alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

import numpy as np

from benchmarks.market_draft import PRESETS
from benchmarks.markets import market
from benchmarks.quality import Quality, quality
from graphsvc.rings import weigh
from graphsvc.rings.calibrate import teach
from graphsvc.rings.columns import Judged, Market
from graphsvc.rings.learned import Reliability
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.solve import solve

SEEDS, SIZE, JUDGED_PAIRS = (11, 12, 13, 14), 100_000, 2_000
FIGURES = ("precision", "recall", "innocents", "recovered", "pair_f1")


def run() -> str:
    """Return a table of quality, and P against the truth of the first market of each kind."""
    rows = [
        "| market | weights | ban precision | recall | innocents, ‰ | rings found | pair F1 |",
        "|---|---|---|---|---|---|---|",
    ]
    told = []
    for name, preset in PRESETS.items():
        own, taught, reliable = [], [], []
        for seed in SEEDS:
            made = market(SIZE, seed, preset)
            held = made.columns()
            model = teach(_judged(held, made.truth.ring, seed), DEFAULT, seed=0, by_judgements=True)
            own.append(quality(made.truth, solve(held).members))
            taught.append(quality(made.truth, solve(held, model=model.model).members))
            reliable.append(model.reliability)
        rows += [_row(name, "its own", own), _row(name, "judged", taught)]
        told += ["", f"{name}, P of judged pairs out of sample:", "", *_bins(reliable)]
    return "\n".join([*rows, *told])


def _judged(held: Market, ring: np.ndarray[tuple[int], np.dtype[np.int64]], seed: int) -> Market:
    """Return the market with some of the pairs that share something judged, by the truth."""
    ties = weigh.shared_ties(held, DEFAULT)
    chosen = np.random.default_rng(seed).choice(ties.a.size, JUDGED_PAIRS, replace=False)
    chosen.sort()
    a, b = ties.a[chosen], ties.b[chosen]
    same = (ring[a] >= 0) & (ring[a] == ring[b])
    verdict = np.where(same, Judged.SAME, Judged.DIFFERENT).astype(np.uint8)
    return replace(held, judged_a=a, judged_b=b, judged=verdict)


def _row(name: str, weights: str, each: Sequence[Quality]) -> str:
    cells = [f"{mean(getattr(one, figure) for one in each):.3f}" for figure in FIGURES]
    return f"| {name} | {weights} | {' | '.join(cells)} |"


def _bins(each: Sequence[Reliability]) -> list[str]:
    """Return the reliability of all markets together."""
    rows = ["| P from | pairs | predicted | observed |", "|---|---|---|---|"]
    bins = [one for told in each for one in told.bins]
    for least in sorted({one.least for one in bins}):
        here = [one for one in bins if one.least == least]
        pairs = sum(one.pairs for one in here)
        predicted, observed = (
            sum(getattr(one, name) * one.pairs for one in here) / pairs
            for name in ("predicted", "observed")
        )
        rows.append(f"| {least:.1f} | {pairs:,} | {predicted:.3f} | {observed:.3f} |")
    before, after = (mean(getattr(one, name) for one in each) for name in ("brier_before", "brier"))
    return [
        *rows,
        "",
        f"Mean squared error {before:.4f} by its own weights, {after:.4f} by judged.",
    ]
