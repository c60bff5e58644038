"""The arithmetic of an evaluation, on a market small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.demo.truth import SellerTruth, TrapOutcome, evaluate, read_truth, write_truth
from graphsvc.errors import InputRefused

ROWS = (
    SellerTruth("p:1", "ring-a", "ring", ""),
    SellerTruth("p:2", "ring-a", "ring", "catalogue"),
    SellerTruth("p:3", "ring-a", "ring", ""),
    SellerTruth("p:4", "ring-b", "ring", ""),
    SellerTruth("p:5", "alone-5", "innocent", "family"),
    SellerTruth("p:6", "alone-6", "innocent", "family+catalogue"),
    SellerTruth("p:7", "alone-7", "innocent", ""),
    SellerTruth("p:8", "alone-8", "innocent", ""),
)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """Return a world's folder with this truth."""
    write_truth(tmp_path / "truth", ROWS)
    return tmp_path


def test_counts_and_shares(truth: Path) -> None:
    found = evaluate(truth, banned=["p:1", "p:2", "p:6", "p:9"], reviewed=["p:3", "p:5", "p:1"])
    assert (found.ring_members, found.innocents) == (4, 4)
    assert (found.banned_members, found.banned_innocents, found.banned_unknown) == (2, 1, 1)
    assert found.ban_precision == pytest.approx(2 / 4)
    assert found.ban_recall == pytest.approx(2 / 4)
    assert found.innocents_banned_per_1000 == pytest.approx(250.0)
    assert (found.reviewed, found.reviewed_members, found.reviewed_innocents) == (2, 1, 1)
    assert (found.rings, found.rings_touched) == (2, 1)


def test_traps_count_innocents_only_and_a_seller_in_two_counts_twice(truth: Path) -> None:
    found = evaluate(truth, banned=["p:2", "p:6"], reviewed=["p:5", "p:8"])
    assert found.traps == {
        "": TrapOutcome(sellers=2, banned=0, reviewed=1),
        "catalogue": TrapOutcome(sellers=1, banned=1, reviewed=0),
        "family": TrapOutcome(sellers=2, banned=1, reviewed=1),
    }


def test_nothing_banned_has_no_precision(truth: Path) -> None:
    found = evaluate(truth, banned=[], reviewed=[])
    assert found.ban_precision is None
    assert found.ban_recall == 0
    assert found.innocents_banned_per_1000 == 0


def test_a_seller_named_twice_counts_once(truth: Path) -> None:
    found = evaluate(truth, banned=["p:1", "p:1"], reviewed=[])
    assert (found.banned, found.ban_precision) == (1, 1.0)


def test_truth_is_found_by_file_folder_and_world(truth: Path) -> None:
    places = (truth, truth / "truth", truth / "truth" / "truth.csv")
    assert [list(read_truth(place).values()) for place in places] == [list(ROWS)] * 3


def test_a_missing_or_foreign_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no truth"):
        evaluate(tmp_path, [], [])
    (tmp_path / "truth.csv").write_text("id,what\n1,2\n")
    with pytest.raises(InputRefused, match="columns"):
        evaluate(tmp_path, [], [])
