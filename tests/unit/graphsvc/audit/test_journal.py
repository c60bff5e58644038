"""Events become entries on the disk, in one chain, whoever writes and however it ends."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.audit import journal as journal_module
from graphsvc.audit import ledger as ledger_module
from graphsvc.audit.chain import GENESIS, Entry, breach
from graphsvc.audit.checkpoint import KEY_FILE
from graphsvc.audit.events import Event, body_of, digest
from graphsvc.audit.journal import Journal
from graphsvc.audit.ledger import FILE, Ledger
from graphsvc.audit.merkle import root_of
from graphsvc.errors import (
    InputRefused,
    JournalAway,
    JournalBusy,
    JournalCorrupt,
    JournalFull,
    JournalNotWritable,
    KeyRefused,
)

READ = Event(action="seller.read", principal="key-1", role="partner", subject="n-1")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path)
    yield opened
    opened.close()


def held(folder: Path) -> list[Entry]:
    """Return what the file holds, read through a connection of its own."""
    ledger = Ledger.readable(folder)
    try:
        return [*ledger.entries()]
    finally:
        ledger.close()


def follows(entries: list[Entry]) -> bool:
    before = [GENESIS, *(entry.hash for entry in entries)]
    return all(breach(e, n, before[n - 1]) is None for n, e in enumerate(entries, 1))


def test_a_body_is_canonical_and_leaves_out_what_is_not_known() -> None:
    event = Event("a", "p", "r", subject="é", detail=3)
    assert body_of(event, "t") == (
        b'{"action":"a","at":"t","detail":3,"principal":"p","role":"r","subject":"\\u00e9"}'
    )


def test_an_entry_is_in_the_file_before_append_returns(journal: Journal, tmp_path: Path) -> None:
    async def work() -> list[Entry]:
        first = await journal.append(READ)
        assert held(tmp_path) == [first]
        return [first, *await asyncio.gather(*(journal.append(READ) for _ in range(50)))]

    entries = asyncio.run(work())
    assert held(tmp_path) == entries
    assert [entry.seq for entry in entries] == [*range(1, 52)]
    assert follows(entries)
    assert json.loads(entries[0].body)["action"] == "seller.read"


def test_two_journals_of_one_folder_make_one_chain(journal: Journal, tmp_path: Path) -> None:
    other = Journal.open(tmp_path)
    for number in range(20):
        (journal, other)[number % 2].record(READ)
    other.close()
    entries = held(tmp_path)
    assert len(entries) == 20
    assert follows(entries)


def test_a_checkpoint_is_of_all_that_was_written_until_then(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    entries = [journal.record(READ) for _ in range(5)]
    journal.close()
    assert journal.latest is not None
    assert journal.latest.size == 5
    assert journal.latest.root == root_of(entry.hash for entry in entries)
    assert journal.latest.is_signed()


def test_a_checkpoint_is_made_after_so_many_entries(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SIGN_ENTRIES", 3)
    sizes = []
    for _ in range(8):
        journal.record(READ)
        assert journal.latest
        sizes.append(journal.latest.size)
    assert sizes == [1, 1, 1, 4, 4, 4, 7, 7]


def test_a_checkpoint_is_made_after_so_long(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "SIGN_SECONDS", 0.0)
    for size in (1, 2, 3):
        journal.record(READ)
        assert journal.latest
        assert journal.latest.size == size


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    journal = Journal.open(folder)
    journal.record(READ)
    files = [*folder.iterdir()]
    assert {file.name for file in files} >= {FILE, f"{FILE}-wal", KEY_FILE}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    journal.close()


def test_it_is_written_through_to_the_disk(journal: Journal, tmp_path: Path) -> None:
    modes = journal._ledger._connection
    assert modes.execute("PRAGMA synchronous").fetchone() == (2,)
    assert modes.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    "text",
    ["UPDATE entry SET body = x''", "DELETE FROM entry", "DELETE FROM checkpoint"],
)
def test_nothing_is_changed_by_mistake(tmp_path: Path, text: str) -> None:
    journal = Journal.open(tmp_path)
    journal.record(READ)
    journal.close()
    with sqlite3.connect(tmp_path / FILE) as direct, pytest.raises(sqlite3.IntegrityError):
        direct.execute(text)
    direct.close()


def test_a_full_disk_is_said_and_what_was_not_written_is_not_there(
    journal: Journal, tmp_path: Path
) -> None:
    journal.record(READ)
    connection = journal._ledger._connection
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    told: list[Entry] = []

    def fill() -> None:
        for _ in range(1_000):
            told.append(journal.record(READ))

    with pytest.raises(JournalFull):
        fill()
    connection.execute(f"PRAGMA max_page_count = {pages + 1_000}")
    told.append(journal.record(READ))
    assert held(tmp_path)[1:] == told
    assert follows(held(tmp_path))


def test_a_file_that_another_holds_is_said(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "WAIT_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalBusy):
        journal.record(READ)
    other.execute("ROLLBACK")
    other.close()
    assert journal.record(READ).seq == 1


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"something else" * 1_000)
    with pytest.raises(JournalCorrupt):
        Journal.open(tmp_path)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(JournalNotWritable):
        Journal.open(tmp_path)


def test_a_journal_whose_key_is_gone_or_another_is_not_written(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.record(READ)
    journal.close()
    key = (tmp_path / KEY_FILE).read_text("ascii")
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(KeyRefused, match="missing"):
        Journal.open(tmp_path)
    (tmp_path / KEY_FILE).write_text("ab" * 32, "ascii")
    with pytest.raises(KeyRefused, match="another key"):
        Journal.open(tmp_path)
    (tmp_path / KEY_FILE).write_text(key, "ascii")
    Journal.open(tmp_path).close()


def test_a_journal_that_lost_entries_is_not_written(journal: Journal, tmp_path: Path) -> None:
    for _ in range(3):
        journal.record(READ)
    with sqlite3.connect(tmp_path / FILE) as direct:
        direct.executescript("DROP TRIGGER entry_remains; DELETE FROM entry WHERE seq = 3;")
    direct.close()
    with pytest.raises(JournalCorrupt, match="missing"):
        journal.record(READ)


def test_an_event_that_is_too_long_harms_no_other(journal: Journal) -> None:
    with pytest.raises(InputRefused, match="detail"):
        journal.record(Event("a", "p", "r", detail="x" * 2_001))
    assert journal.record(READ).seq == 1


def test_a_text_that_is_no_text_is_recorded(journal: Journal) -> None:
    odd = "\udcff"  # how a byte that is not UTF-8 reaches us from a command line
    assert json.loads(journal.record(Event("a", "p", "r", subject=odd)).body)["subject"] == odd
    assert digest(odd).startswith("sha256:")


def test_nothing_is_taken_after_the_end(tmp_path: Path) -> None:
    journal = Journal.open(tmp_path)
    journal.close()
    journal.close()
    with pytest.raises(JournalAway, match="closed"):
        journal.record(READ)
