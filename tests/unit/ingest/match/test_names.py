"""Names that are nearly one are told, and only those that share a telling word are compared."""

from __future__ import annotations

import pytest

from ingest.match.names import LARGEST_BLOCK, LEAST, LikeNames, like_names


def alike(*names: str | None) -> list[tuple[int, int]]:
    return [(found.left, found.right) for found in like_names(names)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tolva Ltd", "TOLVA LIMITED"),
        ("Tolva Harnik GmbH", "The Tolva Harnik Shop"),
        ("Tolva Harnik", "Harnik Tolva"),
        ("Tölva Harnik", "Tolva Harnik"),
        ("Tolva Harnik", "Tolva Harnick"),
    ],
)
def test_legal_forms_shop_words_order_and_a_letter_do_not_matter(one: str, other: str) -> None:
    assert alike(one, other) == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tolva Ltd", "Brevik Ltd"), ("Tolva Harnik", "Tolva Crestal"), ("", ""), ("Abc", "Abc")],
)
def test_a_form_a_shared_word_or_nothing_is_no_likeness(one: str, other: str) -> None:
    assert alike(one, other) == []


def test_a_word_of_many_brings_nobody_together() -> None:
    many = ["Tolva"] * (LARGEST_BLOCK + 1)
    assert alike(*many) == []
    assert len(alike(*many[:3])) == 3


def test_an_unknown_name_is_like_none_and_the_score_is_told() -> None:
    assert like_names([None, "Tolva Ltd", "Tolva Inc"]) == [LikeNames(1, 2, 100.0)]
    assert LEAST == 90
