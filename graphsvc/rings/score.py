"""Ring score: how much better a group fits "counterfeit ring" than "honest sellers", in nats.

It must never change who is in a group; it reads reports and risk, and nothing of identifiers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import expit

from graphsvc.rings.columns import Flags, Floats, Ints, Longs, Market
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Groups by label (the least member's code); every column has one place per seller code.

    Places that are no group's label hold 0 or False.
    """

    label: Ints
    size: Longs
    score_reports: Floats
    score_risk: Floats
    flagged: Flags
    sure: Flags

    @property
    def score(self) -> Floats:
        """The log-likelihood ratio of each group."""
        return self.score_reports + self.score_risk


def report_term(market: Market, parameters: Parameters, *, told: bool) -> Floats:
    """Return ln p(report_i | counterfeit) / p(report_i | honest); 0 where no report is `told`."""
    reported = market.reported
    if not told:
        return np.zeros(reported.size)
    guilty, honest = parameters.p_report, parameters.p_report_innocent
    yes, no = math.log(guilty / honest), math.log((1 - guilty) / (1 - honest))
    term: Floats = np.where(reported, yes, no)
    return term


def learn_risk(
    market: Market, suspects: Flags, posterior: Floats, parameters: Parameters
) -> Floats | None:
    """Learn ln f1/f0 of the platform's risk per equal bin of 0..1, from the graph alone.

    f0 is everybody's histogram; f1 that of the suspects (members of flagged rings), weighted by
    their posterior log-odds and shrunk to f0 by one count a bin. Smoothed (1/4 1/2 1/4), made
    rising with risk, clipped. None where fewer than `min_risk_members` weighted members know one.
    """
    known = ~np.isnan(market.risk)
    weight = np.where(known & suspects, expit(posterior), 0.0)[known]
    if weight.sum() < parameters.min_risk_members:
        return None
    place = risk_bin(market.risk[known], parameters.risk_bins)
    bins = parameters.risk_bins
    everybody = np.bincount(place, minlength=bins) + 1.0
    f0 = everybody / everybody.sum()
    counts = np.bincount(place, weights=weight, minlength=bins)
    f1 = (counts + bins * f0) / (counts.sum() + bins)
    # A bin in which nobody is says nothing: it takes what lies between its neighbours.
    held = np.flatnonzero(everybody > 1)
    told = np.interp(np.arange(bins), held, np.log(f1 / f0)[held])
    padded = np.pad(told, 1, mode="edge")
    smooth = padded[:-2] / 4 + padded[1:-1] / 2 + padded[2:] / 4
    rising = isotonic_regression(smooth, weights=everybody).x
    ratio: Floats = np.clip(rising, -parameters.risk_clip, parameters.risk_clip)
    return ratio


def risk_bin(risk: Floats, bins: int) -> Longs:
    """Return the equal-width bin of each risk in 0..1; the last bin holds 1."""
    return np.minimum((risk * bins).astype(np.int64), bins - 1)


def risk_term(market: Market, ratio: Sequence[float] | None) -> Floats:
    """Return the learned log ratio of each seller's risk; 0 where either is unknown."""
    term = np.zeros(market.risk.size)
    if ratio is not None:
        known = ~np.isnan(market.risk)
        term[known] = np.asarray(ratio)[risk_bin(market.risk[known], len(ratio))]
    return term


def score(
    label: Ints, links: Links, reports: Floats, risk: Floats, parameters: Parameters
) -> Groups:
    """Sum the members' terms per group, and tell which groups are flagged and which are sure.

    Flagged: `min_size` members and a sum above `flag_score`. Sure: `min_size` members, all of
    whose links have P >= `sure_link`.
    """
    count = label.size
    size = np.bincount(label, minlength=count).astype(np.int64)
    score_reports: Floats = np.bincount(label, weights=reports, minlength=count).astype(float)
    score_risk: Floats = np.bincount(label, weights=risk, minlength=count).astype(float)
    large = size >= parameters.min_size
    within = label[links.a] == label[links.b]
    group = label[links.a[within]]
    tied = np.bincount(group, minlength=count)
    weak = np.bincount(group, weights=links.p[within] < parameters.sure_link, minlength=count)
    return Groups(
        label=label,
        size=size,
        score_reports=score_reports,
        score_risk=score_risk,
        flagged=large & (score_reports + score_risk > parameters.flag_score),
        sure=large & (tied >= size - 1) & (weak == 0),
    )
