"""The journal's file: SQLite, written through to the disk, append-only; one writer at a time.

Never decides what is recorded, and gives an error of ours for each way in which a disk fails.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graphsvc.audit.chain import GENESIS, Entry
from graphsvc.audit.checkpoint import Checkpoint
from graphsvc.audit.merkle import Frontier
from graphsvc.errors import (
    JournalAway,
    JournalBusy,
    JournalCorrupt,
    JournalFull,
    JournalNotWritable,
    NotFound,
)
from graphsvc.store.place import folder as made_folder

FILE = "journal.db"
WAIT_SECONDS = 5.0  # for another writer's transaction, which takes milliseconds
TURN_SECONDS = 0.001
LEAST, MOST = -(1 << 63), (1 << 63) - 1  # of an integer of SQLite
SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  seq INTEGER PRIMARY KEY, body BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS checkpoint (
  size INTEGER PRIMARY KEY, root BLOB NOT NULL, at TEXT NOT NULL, key BLOB NOT NULL,
  signature BLOB NOT NULL, frontier BLOB NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS entry_stays BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS entry_remains BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_stays BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS checkpoint_remains BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""
_SIGNED = "SELECT size, root, at, key, signature, frontier FROM checkpoint"
_KINDS: dict[str, type[JournalAway]] = {
    "SQLITE_BUSY": JournalBusy,
    "SQLITE_LOCKED": JournalBusy,
    "SQLITE_FULL": JournalFull,
    "SQLITE_READONLY": JournalNotWritable,
    "SQLITE_CANTOPEN": JournalNotWritable,
    "SQLITE_PERM": JournalNotWritable,
    "SQLITE_CORRUPT": JournalCorrupt,
    "SQLITE_NOTADB": JournalCorrupt,
}


class Ledger:
    """One connection to the file; not for two threads at once."""

    def __init__(
        self, connection: sqlite3.Connection, file: Path, use: ExitStack | None = None
    ) -> None:
        self._connection = connection
        self.file = file
        self._use = use or ExitStack()

    @classmethod
    def writable(cls, folder: Path) -> Ledger:
        """Open the file for writing, made the first time (mode 600); raises JournalAway."""
        file, use = made_folder(folder) / FILE, ExitStack()
        use.enter_context(in_use(folder))
        with use, _translated(file):
            # SQLite gives its other files the mode of this one.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            connection = _connected(str(file))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
            connection.execute("PRAGMA busy_timeout = 0")
            return cls(connection, file, use.pop_all())

    @classmethod
    def readable(cls, folder: Path) -> Ledger:
        """Open the file to read what it holds now; raises NotFound, JournalAway."""
        file = folder / FILE
        if not file.is_file():
            raise NotFound(f"there is no journal in {folder}")
        with _translated(file):
            connection = _connected(f"{file.absolute().as_uri()}?mode=ro")
            connection.execute("BEGIN")  # what is written from now on is not seen
        return cls(connection, file)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the file as its one writer; what was written is on the disk at the end, or not at
        all. Raises JournalAway.
        """
        with _translated(self.file):
            self._take_turn()
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _take_turn(self) -> None:
        """Begin as the one writer; SQLite's own waiting would grow to a tenth of a second."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > deadline:
                    raise
            time.sleep(TURN_SECONDS)

    def put(self, entries: Iterable[Entry]) -> None:
        """Write entries after the last one."""
        rows = ((entry.seq, entry.body, entry.prev, entry.hash) for entry in entries)
        self._connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?)", rows)

    def put_checkpoint(self, signed: Checkpoint, frontier: Frontier) -> None:
        """Write a checkpoint and the tree that it is of."""
        told = (signed.size, signed.root, signed.at, signed.key, signed.signature)
        row = (*told, frontier.packed())
        self._connection.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)", row)

    def head(self) -> tuple[int, bytes]:
        """Return the number and the hash of the last entry."""
        with _translated(self.file):
            found = self._connection.execute(
                "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        return found or (0, GENESIS)

    def entries(self, first: int = LEAST, last: int = MOST) -> Iterator[Entry]:
        """Yield the entries of these numbers, in order."""
        text = "SELECT seq, body, prev, hash FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq"
        with _translated(self.file):
            for row in self._connection.execute(text, (first, last)):
                yield Entry(*row)

    def backwards(self, last: int = MOST) -> Iterator[Entry]:
        """Yield the entries up to a number, newest first."""
        text = "SELECT seq, body, prev, hash FROM entry WHERE seq <= ? ORDER BY seq DESC"
        with _translated(self.file):
            for row in self._connection.execute(text, (last,)):
                yield Entry(*row)

    def hashes(self, first: int, last: int) -> Iterator[bytes]:
        """Yield the hashes of the entries of these numbers, in order."""
        text = "SELECT hash FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq"
        with _translated(self.file):
            for (hashed,) in self._connection.execute(text, (first, last)):
                yield hashed

    def checkpoints(self) -> Iterator[tuple[Checkpoint, bytes]]:
        """Yield the checkpoints, shortest first, each with the packed frontier of its tree."""
        with _translated(self.file):
            for *told, frontier in self._connection.execute(f"{_SIGNED} ORDER BY size"):
                yield Checkpoint(*told), frontier

    def latest(self) -> tuple[Checkpoint, bytes] | None:
        """Return the longest checkpoint, with the packed frontier of its tree."""
        with _translated(self.file):
            row = self._connection.execute(f"{_SIGNED} ORDER BY size DESC LIMIT 1").fetchone()
        return (Checkpoint(*row[:-1]), row[-1]) if row else None

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._use.close()

    def copy(self, file: Path) -> None:
        """Write the journal as it is now into another file; raises JournalAway."""
        with _translated(file):
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            target = _connected(str(file))
            try:
                self._connection.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")  # whole in one file
            finally:
                target.close()


@contextmanager
def in_use(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold the journal of a folder as one that is used, or as one that nobody else uses.

    Raises JournalBusy where the one stands against the other.
    """
    wanted = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, wanted | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise JournalBusy(f"{folder} is being used by another process") from None
    finally:
        os.close(handle)


def _connected(name: str) -> sqlite3.Connection:
    return sqlite3.connect(
        name, WAIT_SECONDS, isolation_level=None, check_same_thread=False, uri=True
    )


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        kind = next((kind for code, kind in _KINDS.items() if name.startswith(code)), JournalAway)
        raise kind(f"{file}: {error}") from None
    except OSError as error:
        raise JournalNotWritable(f"{file}: {error.strerror}") from None
