"""Journals to tamper with: some entries, a checkpoint after every few, and ways to change them."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from unittest.mock import patch

from graphsvc.audit import journal as journal_module
from graphsvc.audit.chain import GENESIS
from graphsvc.audit.events import Event
from graphsvc.audit.journal import Journal
from graphsvc.audit.ledger import FILE
from graphsvc.audit.merkle import Frontier, leaf

ENTRIES, EVERY = 23, 5


def written(folder: Path, *, word: str = "read", entries: int = ENTRIES) -> Path:
    """Make a journal whose checkpoints are EVERY entries apart, the last one over all of it."""
    with patch.object(journal_module, "SIGN_ENTRIES", EVERY):
        journal = Journal.open(folder)
        for number in range(entries):
            journal.record(Event(f"seller.{word}", "key-1", "partner", subject=f"n-{number}"))
        journal.close()
    return folder


def copied(folder: Path, into: Path) -> Path:
    """Return a copy of a journal."""
    shutil.rmtree(into, ignore_errors=True)
    return Path(shutil.copytree(folder, into))


class Tampered:
    """A journal's file as somebody opens it who may write to the disk: no trigger holds them."""

    def __init__(self, folder: Path) -> None:
        self._direct = sqlite3.connect(folder / FILE, isolation_level=None)
        for (name,) in self.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            self.do(f"DROP TRIGGER {name}")

    def all(self, text: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a question."""
        return self._direct.execute(text, values).fetchall()

    def do(self, text: str, *values: object) -> None:
        """Change the file."""
        self._direct.execute(text, values)

    def rechain(self) -> None:
        """Bind the entries to one another anew and make their trees, as anybody can."""
        prev, tree = GENESIS, Frontier.empty()
        for seq, body in self.all("SELECT seq, body FROM entry ORDER BY seq"):
            assert isinstance(body, bytes)
            hashed = leaf(prev + body)
            self.do("UPDATE entry SET prev = ?, hash = ? WHERE seq = ?", prev, hashed, seq)
            prev = hashed
            tree.add(hashed)
            text = "UPDATE checkpoint SET frontier = ? WHERE size = ?"
            self.do(text, tree.packed(), tree.size)

    def close(self) -> None:
        """Let go of the file."""
        self._direct.close()
