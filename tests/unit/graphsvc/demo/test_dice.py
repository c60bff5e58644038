"""Chance: the same stream for the same name, no stream moved by another."""

from __future__ import annotations

from collections import Counter

from graphsvc.demo.dice import Dice


def test_a_name_gives_the_same_stream_and_another_name_another() -> None:
    first, again, other = Dice(1, "a"), Dice(1, "a"), Dice(1, "b")
    drawn = [first.share() for _ in range(5000)]
    assert drawn == [again.share() for _ in range(5000)]
    assert drawn != [other.share() for _ in range(5000)]
    assert Dice(2, "a").share() != drawn[0]


def test_between_reaches_both_ends_and_nothing_else() -> None:
    dice = Dice(1, "ends")
    assert {dice.between(3, 6) for _ in range(500)} == {3, 4, 5, 6}


def test_weights_are_obeyed() -> None:
    dice = Dice(1, "weights")
    found = Counter(dice.weighted((("a", 3.0), ("b", 1.0), ("never", 0.0))) for _ in range(8000))
    assert 0.72 < found["a"] / 8000 < 0.78
    assert "never" not in found


def test_a_sample_has_no_item_twice_and_no_more_than_there_are() -> None:
    dice = Dice(1, "sample")
    assert sorted(dice.sample(range(10), 99)) == list(range(10))
    assert len(set(dice.sample(range(1000), 50))) == 50
