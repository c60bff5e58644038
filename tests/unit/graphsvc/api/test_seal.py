"""Sealed ids and cursors: always the same, of one field only, and nobody else can make one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.api.errors import CursorRefused
from graphsvc.api.seal import LONGEST, Seal, load_seal, seal_file
from graphsvc.errors import KeyRefused, NotWritable
from graphsvc.investigate.kinds import Ref
from graphsvc.settings import Settings, load_settings

SEAL, OTHER = Seal(b"s" * 32), Seal(b"t" * 32)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.sampled_from(["seller", "phone", "ring"]), WORDS)
def test_a_node_id_is_always_the_same_and_opens_to_what_was_sealed(kind: str, name: str) -> None:
    sealed = SEAL.node(kind, name)
    assert sealed == SEAL.node(kind, name)
    assert SEAL.ref(sealed) == Ref(kind, name)
    assert OTHER.ref(sealed) is None


@given(WORDS)
def test_nobody_makes_an_id(text: str) -> None:
    assert SEAL.ref(text) is None
    with pytest.raises(CursorRefused):
        SEAL.place("rings", text)


def test_a_sealed_id_tells_nothing_of_what_is_in_it() -> None:
    token = "k1:" + "ab" * 32
    sealed = SEAL.node("phone", token)
    assert token not in sealed
    one, two = SEAL.node("phone", token), SEAL.node("phone", token + "c")
    assert one[:20] != two[:20], "no beginning in common"


def test_every_changed_letter_is_noticed() -> None:
    sealed = SEAL.cursor("rings", "9.5 ring-1")
    for place in range(len(sealed)):
        for letter in "A_9!=\n":
            changed = sealed[:place] + letter + sealed[place + 1 :]
            added = sealed[:place] + letter + sealed[place:]
            for text in {changed, added, sealed[:place]} - {sealed}:
                with pytest.raises(CursorRefused):
                    SEAL.place("rings", text)


def test_a_cursor_is_of_one_field_and_no_node_id() -> None:
    cursor = SEAL.cursor("rings score", "9.5 ring-1")
    assert SEAL.place("rings score", cursor) == "9.5 ring-1"
    assert SEAL.place("rings score", None) == ""
    for field in ("rings size", "members", "node", ""):
        with pytest.raises(CursorRefused):
            SEAL.place(field, cursor)
    assert SEAL.ref(cursor) is None
    with pytest.raises(CursorRefused):
        SEAL.place("rings score", SEAL.node("ring", "ring-1@1"))


@pytest.mark.parametrize("text", ["", "=", "AAAA", "é", "\x00", "A" * (LONGEST + 1), "A" * LONGEST])
def test_odd_texts_are_refused(text: str) -> None:
    assert SEAL.ref(text) is None
    with pytest.raises(CursorRefused):
        SEAL.place("rings", text)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return load_settings(None, home=tmp_path / "home")


def test_the_key_is_made_once_for_its_owner_alone(home: Settings) -> None:
    made = load_seal(home)
    path = seal_file(home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["ids.key"], "no draft is left"
    assert load_seal(home).ref(made.node("seller", "p:a")) == Ref("seller", "p:a")


@pytest.mark.parametrize("text", ["", "xyz", "ab" * 31, "ab" * 33, "\xff" * 64])
def test_a_broken_key_is_refused_and_never_replaced(home: Settings, text: str) -> None:
    path = seal_file(home)
    path.parent.mkdir(parents=True)
    path.write_text(text, "latin-1")
    with pytest.raises(KeyRefused, match=r"ids\.key"):
        load_seal(home)
    assert path.read_text("latin-1") == text


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable):
        load_seal(load_settings(None, home=tmp_path / "file"))
