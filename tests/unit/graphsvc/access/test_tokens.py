"""The token key: made once, for its owner alone, and never replaced."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from graphsvc.access.tokens import (
    create_token_key,
    key_file,
    load_tokeniser,
    next_key_file,
    next_tokeniser,
    put_next_key,
)
from graphsvc.errors import Conflict, KeyMissing, KeyRefused, NotWritable
from graphsvc.settings import Settings, load_settings


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return load_settings(None, home=tmp_path / "home")


def test_a_key_is_made_once_for_its_owner_alone(home: Settings) -> None:
    made = create_token_key(home)
    path = key_file(home)
    text = path.read_text("ascii")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert len(text.strip()) == 64
    assert load_tokeniser(home).token("phone", "x") == made.token("phone", "x")
    with pytest.raises(Conflict, match="orphan"):
        create_token_key(home)
    assert path.read_text("ascii") == text


def test_without_a_key_nothing_is_tokenised(home: Settings) -> None:
    with pytest.raises(KeyMissing):
        load_tokeniser(home)


def test_the_environment_goes_before_the_file(home: Settings) -> None:
    create_token_key(home)
    given = load_settings(None, home=home.home, token_key="ab" * 32)
    assert load_tokeniser(given).token("phone", "x") != load_tokeniser(home).token("phone", "x")


@pytest.mark.parametrize("text", ["", "xyz", "ab" * 31, "\xff" * 64])
def test_a_broken_key_is_refused_and_not_repeated(home: Settings, text: str) -> None:
    path = key_file(home)
    path.parent.mkdir(parents=True)
    path.write_text(text, "latin-1")
    with pytest.raises(KeyRefused) as caught:
        load_tokeniser(home)
    assert not text or text not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable):
        create_token_key(load_settings(None, home=tmp_path / "file"))


def test_the_next_key_is_made_once_and_takes_the_place_of_the_present_one(home: Settings) -> None:
    old, new = create_token_key(home), next_tokeniser(home)
    assert new.key_id != old.key_id
    assert next_tokeniser(home).key_id == new.key_id, "a rotation that was cut off goes on with it"
    assert load_tokeniser(home).key_id == old.key_id, "the old key stays until the end"
    assert stat.S_IMODE(next_key_file(home).stat().st_mode) == 0o600
    assert put_next_key(home) == key_file(home)
    assert load_tokeniser(home).key_id == new.key_id
    assert not next_key_file(home).exists()


def test_a_next_key_never_replaces_one_that_is_not_the_present_one(home: Settings) -> None:
    create_token_key(home)
    given = load_settings(None, home=home.home, token_key="ab" * 32)
    with pytest.raises(Conflict, match="holds another"):
        next_tokeniser(given)
