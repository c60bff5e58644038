"""Pages say whether there is more, and never lose a key that has nothing."""

from __future__ import annotations

import pytest

from graphsvc.errors import BadRequest
from graphsvc.investigate.page import MOST, Page, checked, page, pages


def test_one_item_more_than_asked_for_means_more() -> None:
    assert page("abc", 2, str.upper) == Page(("a", "b"), ("A", "B"), True)
    assert page("ab", 2, str.upper) == Page(("a", "b"), ("A", "B"), False)


def test_every_key_has_its_page() -> None:
    rows = [("x", 1), ("z", 2), ("x", 3)]
    found = pages(["x", "y", "z", "x"], rows, first=1, cursor=str)
    assert found == {"x": Page((1,), ("1",), True), "y": Page(), "z": Page((2,), ("2",), False)}


def test_bounds() -> None:
    assert (checked(1), checked(MOST)) == (1, MOST)
    for wrong in (0, MOST + 1):
        with pytest.raises(BadRequest):
            checked(wrong)
