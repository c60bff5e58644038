"""Switching databases: whatever cuts it off, one whole database is in its place afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.store.place import draft_of, mend, switch


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A home with an old database and a whole new one in its draft."""
    for folder, text in ((tmp_path / "data", "old"), (draft_of(tmp_path) / "data", "new")):
        folder.mkdir(parents=True)
        (folder / "store").write_text(text, "utf-8")
    return tmp_path


def left(place: Path) -> str:
    mend(place)
    assert not draft_of(place).exists()
    return (place / "data" / "store").read_text("utf-8")


def test_a_switch_puts_the_new_in_the_place_of_the_old(place: Path) -> None:
    switch(place)
    assert left(place) == "new"
    assert left(place) == "new", "to mend what is whole changes nothing"


def test_cut_off_before_the_switch_the_old_one_is_left(place: Path) -> None:
    assert left(place) == "old"


def test_cut_off_between_its_two_steps_the_new_one_is_left(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def once(path: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", cut)
        return rename(path, target)

    def cut(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(KeyboardInterrupt):
        switch(place)
    monkeypatch.undo()
    assert left(place) == "new"


def test_a_home_that_was_never_started_has_nothing_to_mend(tmp_path: Path) -> None:
    mend(tmp_path)
    assert list(tmp_path.iterdir()) == []
