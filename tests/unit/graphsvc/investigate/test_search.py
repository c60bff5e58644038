"""No letter of what a person typed is an operator of the index."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.investigate.search import LETTERS, WORDS, lucene, suggestions
from graphsvc.store.reader import Reader

WORD = re.compile(r"\+\((.+?)\^4 (.+)\*\)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" * ?? && ", ""),
        ("Amber", "+(amber^4 amber*)"),
        ("a OR b", "+(a^4 a*) +(or^4 or*) +(b^4 b*)"),
        ("x*y", r"+(x\*y^4 x\*y*)"),
        ('say"what', r"+(say\"what^4 say\"what*)"),
        (r"a\b", r"+(a\\b^4 a\\b*)"),
        ("a\x00b\nc", "+(a^4 a*) +(b^4 b*) +(c^4 c*)"),
        ("\ud800z", "+(z^4 z*)"),
    ],
)
def test_known_texts(text: str, expected: str) -> None:
    assert lucene(text) == expected


@given(st.text(max_size=400))
def test_every_sign_of_any_text_is_escaped(text: str) -> None:
    told = lucene(text)
    told.encode("utf-8")
    parts = [WORD.fullmatch("+" + part) for part in told.split(" +")] if told else []
    assert len(parts) <= WORDS
    for part in told.removeprefix("+").split(" +") if told else []:
        found = WORD.fullmatch("+" + part)
        assert found is not None
        assert found[1] == found[2]
        bare = re.sub(r"\\.", "", found[1])
        assert re.fullmatch(r"\w*", bare, re.ASCII)
        assert found[1] == found[1].lower()


def test_a_long_text_is_bounded() -> None:
    assert len(lucene("*" * 5 + "ab" * 50_000)) < 5 * LETTERS
    assert lucene("w " * 10_000).count("+(") == WORDS


class Unasked(Reader):
    """A reader that must not be asked: the index would be told a secret value."""

    def __init__(self) -> None:
        pass


@pytest.mark.parametrize("text", ["phone:+44 20 7946 0018", " IBAN : BE68", "email:a@b.example"])
def test_nothing_is_suggested_for_a_secret_value(text: str) -> None:
    assert asyncio.run(suggestions(Unasked(), text)) == ()


def test_a_word_of_few_letters_is_not_taken_for_another() -> None:
    assert lucene("tea pots", mistyped=True) == "+(tea^4 tea*) +(pots^4 pots* pots~)"
