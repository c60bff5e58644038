"""The journal: events become entries on the disk before anyone who waits for them goes on.

Each process has one thread that drains what waits into one transaction; the processes take turns.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from graphsvc import clock
from graphsvc.audit.chain import Entry, linked
from graphsvc.audit.checkpoint import KEY_FILE, Checkpoint, Signer
from graphsvc.audit.events import Event, body_of
from graphsvc.audit.ledger import Ledger
from graphsvc.audit.merkle import Frontier
from graphsvc.errors import InputRefused, JournalAway, JournalCorrupt, KeyRefused

MOST_AT_ONCE = 1_000  # entries of a transaction
log = structlog.get_logger()
SIGN_ENTRIES, SIGN_SECONDS = 1_000, 60.0


@dataclass(slots=True)
class _Waiting:
    """The body of an entry, None where it is only asked whether one could be, and who waits."""

    body: bytes | None
    done: Future[Any] = field(default_factory=Future)


class Journal:
    """One process's way to the journal of a folder; safe for its threads and event loops."""

    def __init__(self, ledger: Ledger, signer: Signer) -> None:
        self._ledger, self._signer = ledger, signer
        self._tree = Frontier.empty()
        self.latest: Checkpoint | None = None
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    @classmethod
    def open(cls, folder: Path) -> Journal:
        """Open the journal of a folder, made the first time; raises JournalAway, KeyRefused."""
        ledger = Ledger.writable(folder)
        try:
            opened = cls(ledger, Signer.of(folder, fresh=ledger.head()[0] == 0))
            opened._resume()
        except BaseException:
            ledger.close()
            raise
        opened._thread.start()
        return opened

    @property
    def folder(self) -> Path:
        """Return where it is kept."""
        return self._ledger.file.parent

    async def append(self, event: Event) -> Entry:
        """Record an event; returns once its entry is on the disk.

        Raises JournalAway where it is not: then give no answer and do nothing; InputRefused for
        an event with a text that is too long.
        """
        entry: Entry = await asyncio.wrap_future(self._put(_body(event)))
        return entry

    def record(self, event: Event) -> Entry:
        """Record an event as `append` does, for callers without an event loop."""
        entry: Entry = self._put(_body(event)).result()
        return entry

    async def ready(self) -> None:
        """Return where an entry could be written now; raises JournalAway."""
        if not self._ledger.file.is_file():
            raise JournalAway(f"{self._ledger.file}: no such file")
        await asyncio.wrap_future(self._put(None))

    def close(self) -> None:
        """Write what waits, sign what is not signed yet, and let go of the file."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._ledger.close()

    def _put(self, body: bytes | None) -> Future[Any]:
        waiting = _Waiting(body)
        with self._closing:
            if self._closed:
                raise JournalAway("the journal is closed")
            self._queue.put(waiting)
        return waiting.done

    def _resume(self) -> None:
        """Go on from the last checkpoint's tree, once that is known to be ours."""
        found = self._ledger.latest()
        if found is None:
            return
        self.latest, packed = found
        try:
            self._tree = Frontier.unpacked(self.latest.size, packed)
        except ValueError:
            raise JournalCorrupt(f"{self._ledger.file}: the last checkpoint is damaged") from None
        if self.latest.key != self._signer.public:
            raise KeyRefused(f"{self._ledger.file} was signed with another key than {KEY_FILE}")
        if self._tree.root() != self.latest.root or not self.latest.is_signed():
            raise JournalCorrupt(f"{self._ledger.file}: the last checkpoint is not what was signed")

    def _work(self) -> None:
        open_ = True
        while open_:
            taken, open_ = self._drain()
            batch = [each for each in taken if each.done.set_running_or_notify_cancel()]
            try:
                bodies = [each.body for each in batch if each.body is not None]
                entries = iter(self._write(bodies, sign=not (open_ and batch)))
            except Exception as error:  # noqa: BLE001 - it goes to everyone who waits
                if not batch:
                    log.warning("journal_away", error=str(error))
                for each in batch:
                    each.done.set_exception(error)
            else:
                for each in batch:
                    each.done.set_result(None if each.body is None else next(entries))

    def _drain(self) -> tuple[list[_Waiting], bool]:
        """Return what waits, and False at the end; nothing, where nothing came for a while."""
        taken: list[_Waiting] = []
        try:
            first = self._queue.get(timeout=SIGN_SECONDS)
            while first is not None:
                taken.append(first)
                if len(taken) == MOST_AT_ONCE:
                    return taken, True
                first = self._queue.get_nowait()
        except queue.Empty:
            return taken, True
        return taken, False

    def _write(self, bodies: Sequence[bytes], *, sign: bool) -> list[Entry]:
        """Write one transaction: what others wrote is caught up with first."""
        tree = self._tree.copy()
        with self._ledger.writing():
            size, head = self._ledger.head()
            for hashed in self._ledger.hashes(tree.size + 1, size):
                tree.add(hashed)
            if tree.size != size:
                raise JournalCorrupt(f"{self._ledger.file}: entries are missing")
            entries = []
            for body in bodies:
                entry = linked(tree.size + 1, body, head)
                tree.add(entry.hash)
                head = entry.hash
                entries.append(entry)
            self._ledger.put(entries)
            signed = self._sign(tree, now=sign)
        self._tree, self.latest = tree, signed
        return entries

    def _sign(self, tree: Frontier, *, now: bool) -> Checkpoint | None:
        """Return the last checkpoint: a new one where one is due, or wanted now."""
        found, at = self._ledger.latest(), clock.stamp()
        last = found[0] if found else None
        fresh = tree.size - (last.size if last else 0)
        late = last is None or clock.seconds_between(last.at, at) >= SIGN_SECONDS
        if not fresh or not (now or late or fresh >= SIGN_ENTRIES):
            return last
        signed = self._signer.sign(tree.size, tree.root(), at)
        self._ledger.put_checkpoint(signed, tree)
        return signed


def _body(event: Event) -> bytes:
    try:
        return body_of(event, clock.stamp())
    except (TypeError, ValueError) as error:
        raise InputRefused(f"an event that cannot be recorded: {error}") from None
