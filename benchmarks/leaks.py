"""Whether a generated market gives its rings away by anything but what they share.

Each column alone, and all of them in a logistic model: what they tell must have a reason.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from scipy.stats import rankdata

from benchmarks.markets import Market
from graphsvc.rings.columns import Kind

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROUNDS, RIDGE = 30, 1.0
REASONS = {
    "risk": "the platform's risk, as given",
    "reported": "reports, 15 % of members and 0.3 % of others",
    "registered_at": "with the next: the lag, for pictures come later and who shares one has more",
    "days of rows": "as registered_at; alone neither tells",
}


def columns(market: Market) -> dict[str, Floats]:
    """Return one number a seller for every column of the market that a model could look at."""
    rows, sellers = market.rows, market.sellers
    count = sellers.num_rows
    seller = rows.column("seller").to_numpy()
    kind = rows.column("kind").combine_chunks().indices.to_numpy()
    declared = rows.column("asserted_by").to_numpy() == "self_declared"
    day = rows.column("first_seen").to_numpy().astype(np.float64)
    told = {
        "seller's number": np.arange(count, dtype=np.float64),
        "registered_at": sellers.column("registered_at").to_numpy().astype(np.float64),
        "risk": sellers.column("risk").to_numpy(),
        "reported": sellers.column("reported").to_numpy().astype(np.float64),
        "place of rows": _mean(seller, np.arange(seller.size, dtype=np.float64), count),
        "identifiers' numbers": _mean(
            seller, rows.column("identifier").to_numpy().astype(np.float64), count
        ),
        "days of rows": _mean(seller[~np.isnan(day)], day[~np.isnan(day)], count),
        "days unknown": _mean(seller, np.isnan(day).astype(np.float64), count),
        "self-declared": _mean(seller, declared.astype(np.float64), count),
    }
    for each in Kind:
        rows_of = np.bincount(seller[kind == each], minlength=count)
        told[f"rows of {each.word}"] = rows_of.astype(np.float64)
    return told


def auc(values: Floats, guilty: Flags) -> float:
    """Return the chance that a ring member has a greater value than another seller."""
    ranks = rankdata(values)
    most = guilty.sum() * (~guilty).sum()
    return float((ranks[guilty].sum() - guilty.sum() * (guilty.sum() + 1) / 2) / most)


def weights(told: dict[str, Floats], guilty: Flags) -> Floats:
    """Return the weights of a logistic model on standardised columns (ridge, Newton's method)."""
    x = np.column_stack([(v - v.mean()) / (v.std() or 1.0) for v in told.values()])
    x = np.column_stack([x, np.ones(guilty.size)])
    beta = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        p = expit(x @ beta)
        gradient = x.T @ (guilty - p) - RIDGE * beta
        beta += np.linalg.solve((x.T * (p * (1 - p))) @ x + RIDGE * np.eye(beta.size), gradient)
    return beta[:-1]


def table(market: Market) -> str:
    """Return a Markdown table of what each column tells of who is in a ring."""
    guilty = market.truth.ring >= 0
    told = columns(market)
    rows = ["| column | AUC alone | weight among all | why |", "| --- | --- | --- | --- |"]
    for (name, values), weight in zip(told.items(), weights(told, guilty), strict=True):
        why = REASONS.get(name, SHARED if name.startswith("rows of") else "")
        rows.append(f"| {name} | {auc(values, guilty):.3f} | {weight:+.2f} | {why} |")
    return "\n".join(rows)


SHARED = "who shares a second thing of a kind has one row more, in rings as in honest traps"


def _mean(seller: npt.NDArray[np.int64], values: Floats, count: int) -> Floats:
    many = np.maximum(np.bincount(seller, minlength=count), 1)
    mean: Floats = np.bincount(seller, weights=values, minlength=count) / many
    return mean
