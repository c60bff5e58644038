"""The frozen model: plain numbers in, scores out; more in common never scores less."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.match.address_features import FEATURES
from ingest.match.likeness import MODEL, likeness_of, shipped

FOR = {
    *("shared", "overlap", "evidence", "number_equal", "house_equal", "number_overlap"),
    *("postcode_equal", "postcode_near", "numbered_street"),
}


def held() -> dict[str, object]:
    found: dict[str, object] = json.loads(MODEL.read_text("utf-8"))
    return found


def test_a_tree_is_walked_to_its_leaf() -> None:
    at = FEATURES.index("shared")
    tree = [[at, 0, 0], [0.5, 0, 0], [1, 1, 2], [2, 1, 2], [0.0, -2.0, 3.0]]
    model = likeness_of(held() | {"base": 1.0, "trees": [tree, tree]})
    rows = np.zeros((2, len(FEATURES)))
    rows[1, at] = 0.51
    odds = np.log(model.scores(rows) / (1 - model.scores(rows)))
    assert odds.round(6).tolist() == [-3.0, 7.0]


def test_a_model_for_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="other features"):
        likeness_of(held() | {"features": ["shared"]})


@pytest.mark.parametrize(
    ("size", "cut"), [(2, 0.9), (20_000, 0.9), (100_000, 0.97), (10**6, 0.995), (10**8, 0.995)]
)
def test_the_cut_rises_with_the_number_of_addresses(size: int, cut: float) -> None:
    assert shipped().confirmed(size) == pytest.approx(cut)


@given(st.integers(2, 10**7), st.integers(2, 10**7))
def test_the_cut_never_falls(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert shipped().confirmed(low) <= shipped().confirmed(high) + 1e-12


ROW = st.lists(st.floats(0, 1), min_size=len(FEATURES), max_size=len(FEATURES))


@given(ROW, st.sampled_from(FEATURES), st.floats(0, 1))
def test_every_feature_pulls_one_way(row: list[float], name: str, value: float) -> None:
    at, other = FEATURES.index(name), list(row)
    other[at] = value
    low, high = shipped().scores(np.array([row, other]))
    more = (value >= row[at]) == (name in FOR)
    assert low <= high + 1e-9 if more else low >= high - 1e-9


def test_the_model_says_where_it_fails() -> None:
    card = held()["card"]
    assert isinstance(card, dict)
    assert set(card) == {"learnt_on", "fails_on"}
    assert shipped().version == held()["version"]


@given(st.integers(0, 2**32 - 1), st.floats(0.05, 0.95))
def test_strangers_are_left_out_and_no_score_is_another(seed: int, review: float) -> None:
    rows = np.random.default_rng(seed).random((40, len(FEATURES))).round()
    model = replace(shipped(), review=review)
    every = model.scores(rows)
    places, scores = model.probable(rows)
    assert places.tolist() == np.flatnonzero(every >= review).tolist()
    assert scores.tolist() == every[places].tolist()
