"""Tokens: the same value under the same key only; the key never shows."""

from __future__ import annotations

import hmac
import pickle
import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser, parse_key

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


def test_a_token_is_the_hmac_of_kind_and_value_behind_the_key_id() -> None:
    tokens = Tokeniser(KEY)
    expected = hmac.new(KEY, b"phone\x1f+442079460018", sha256).hexdigest()
    assert tokens.token("phone", "+442079460018") == f"{tokens.key_id}:{expected}"


def test_the_key_id_is_eight_hex_digits_and_no_part_of_the_key() -> None:
    tokens = Tokeniser(KEY)
    assert re.fullmatch("[0-9a-f]{8}", tokens.key_id)
    assert tokens.key_id not in KEY.hex()
    assert tokens.key_id != sha256(KEY).hexdigest()[:8]
    assert tokens.key_id == Tokeniser(KEY).key_id != Tokeniser(OTHER).key_id


@given(st.text(max_size=40), st.text(max_size=40))
def test_values_and_keys_never_meet(one: str, other: str) -> None:
    tokens = Tokeniser(KEY)
    assert (tokens.token("phone", one) == tokens.token("phone", other)) == (one == other)
    assert tokens.token("phone", one) != tokens.token("email", one)
    assert tokens.token("phone", one) != Tokeniser(OTHER).token("phone", one)


def test_kind_and_value_cannot_be_shifted_into_each_other() -> None:
    tokens = Tokeniser(KEY)
    assert tokens.token("a", "bc") != tokens.token("ab", "c")


def test_neither_repr_nor_str_shows_the_key() -> None:
    tokens = Tokeniser(KEY)
    shown = repr(tokens) + str(tokens)
    assert KEY.hex() not in shown
    assert repr(KEY) not in shown


def test_a_tokeniser_reaches_another_process_unchanged() -> None:
    tokens = Tokeniser(KEY)
    copied = pickle.loads(pickle.dumps(tokens))  # noqa: S301 - our own bytes
    assert copied.token("phone", "1") == tokens.token("phone", "1")


@pytest.mark.parametrize("text", [KEY.hex(), KEY.hex().upper()])
def test_sixty_four_hex_digits_are_a_key(text: str) -> None:
    assert parse_key(text) == KEY


@pytest.mark.parametrize("text", ["", "ab" * 31, "ab" * 33, "zz" * 32, "ab" * 32 + "\n", "é" * 64])
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        parse_key(text)
    assert not text or text.strip() not in refused.value.reason + refused.value.remedy
