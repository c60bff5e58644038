"""Text and names: disguises undone, plain text left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fold import name
from ingest.fold.text import plain, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Main Street", "main street"),
        ("M\u0430in Str\u0435et", "main street"),
        ("Ma\u200bin", "main"),
        ("Ｍａｉｎ", "main"),
        ("Hauptstraße", "hauptstrasse"),
        ("HAUPTSTRAẞE", "hauptstrasse"),
        ("Ærøgade Çiğli Łódź", "aerogade cigli lodz"),
        ("Cafe\u0301", "cafe"),
        ("Ленина", "lenina"),
        ("M a i n Street", "main street"),
        ("A B C Street", "a b c street"),
        ("1O Road", "10 road"),
        ("I2 lO5", "12 105"),
        ("Oil Ill", "oil ill"),
        ("a\tb\x00c", "a b c"),
    ],
)
def test_disguises_are_undone(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(max_size=80))
def test_plain_text_is_ascii_lower_case(text: str) -> None:
    found = plain(text)
    assert found.isascii()
    assert found == found.lower()
    assert all(letter.isprintable() for letter in visible(text) if letter < " ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acorn Traders Ltd.", "acorn traders"),
        ("ACORN TRADERS LIMITED", "acorn traders"),
        ("The Official Acorn Traders Shop", "acorn traders"),
        ("Acorn Traders G.m.b.H.", "acorn traders"),
        ("Ácörn-Traders S.A.", "acorn traders"),
        ("O'Acorn & Sons", "oacorn sons"),
        ("The Shop Ltd", "the shop ltd"),
        ("!!!", ""),
    ],
)
def test_names_lose_legal_forms_and_shop_words(text: str, expected: str) -> None:
    assert name.fold(text) == expected


@given(st.text(max_size=60))
def test_any_name_folds_to_words(text: str) -> None:
    words = name.fold(text).split()
    assert all(word.isascii() and word.isalnum() for word in words)
