"""`python -m benchmarks.train_addresses > ingest/match/addresses.json`: fit the likeness anew.

Gradient boosting whose every feature pulls the way that sense demands, so that more of what is
common never lowers a score. It learns on half 0 of the real addresses, never on half 1, needs
scikit-learn (`pip install scikit-learn`; the product itself does not) and is the same each time.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from benchmarks.address_corpus import mixed, read
from benchmarks.address_disguises import real_addresses
from ingest.match.address_features import FEATURES, features
from ingest.match.blocking import candidates

SEED = 11
TRUE_WEIGHT = 4.0  # a pair that is missed is never looked at; a false one is, in review
VERSION = "addresses-1"
FOR = {
    "shared",
    "overlap",
    "evidence",
    "number_equal",
    "house_equal",
    "number_overlap",
    "postcode_equal",
    "postcode_near",
    "numbered_street",
}
CARD = {
    "learnt_on": "half of the real addresses of two public collections (British companies and "
    "food businesses; an American sanctions list, world-wide), under seeded disguises, against "
    "neighbours, the same street in other towns, other streets and other units",
    "fails_on": "addresses without a number, towns left out where no postcode is, units that "
    "stand for house numbers, texts in which a typing error hit the house number",
}


def main() -> None:
    """Fit the model and print it."""
    corpus = mixed([real for real in real_addresses() if real.half == 0], SEED)
    held = read(corpus)
    pairs = candidates(held.columns)
    found = features(held.columns, pairs.left, pairs.right)
    truth = held.same(corpus.premises, pairs.left, pairs.right)
    model = HistGradientBoostingClassifier(
        max_iter=100,
        max_leaf_nodes=12,
        min_samples_leaf=20,
        monotonic_cst=[1 if name in FOR else -1 for name in FEATURES],
        random_state=SEED,
    ).fit(found, truth, sample_weight=np.where(truth, TRUE_WEIGHT, 1.0))
    sys.stdout.write(json.dumps(exported(model)).replace('"trees"', '\n"trees"') + "\n")
    sys.stderr.write(f"{truth.size} pairs, {int(truth.sum())} true\n")


def exported(model: Any) -> dict[str, Any]:
    """Return a fitted model as plain numbers: the columns of each tree's nodes."""
    return {
        "version": VERSION,
        "card": CARD,
        "features": FEATURES,
        "review": 0.5,
        "confirmed": [[20_000, 0.9], [100_000, 0.97], [1_000_000, 0.995]],
        "base": float(np.ravel(model._baseline_prediction)[0]),
        "trees": [_columns(trees[0].nodes) for trees in model._predictors],
    }


def _columns(nodes: Any) -> list[list[Any]]:
    leaf = nodes["is_leaf"].astype(bool)
    own = np.arange(len(nodes))
    return [
        np.where(leaf, 0, nodes["feature_idx"]).tolist(),
        np.where(leaf, 0, nodes["num_threshold"]).round(5).tolist(),
        np.where(leaf, own, nodes["left"]).tolist(),
        np.where(leaf, own, nodes["right"]).tolist(),
        np.where(leaf, nodes["value"], 0).round(5).tolist(),
    ]


if __name__ == "__main__":
    main()
