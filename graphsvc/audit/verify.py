"""Whether a journal is what was recorded: every link and every signed root; reads in one pass.

Whoever has the signing key can write another journal and sign it; a checkpoint that somebody else
kept from before shows that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graphsvc.audit.chain import GENESIS, breach
from graphsvc.audit.checkpoint import Checkpoint, Signer
from graphsvc.audit.ledger import Ledger
from graphsvc.audit.merkle import Frontier


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at: how many entries and checkpoints, the last hash, the root over all, and
    what is wrong first, None where nothing is.
    """

    entries: int
    checkpoints: int
    head: bytes
    root: bytes
    latest: Checkpoint | None
    problem: str | None


def verify(folder: Path, against: Checkpoint | None = None) -> Verdict:
    """Read a journal through, and tell whether it still holds what `against` was signed over.

    Raises NotFound where there is none, KeyRefused without its key, JournalAway.
    """
    key = Signer.of(folder, fresh=False).public if folder.is_dir() else b""
    ledger = Ledger.readable(folder)
    try:
        return _Walk(ledger, key, against).verdict()
    finally:
        ledger.close()


class _Walk:
    """One pass over a ledger."""

    def __init__(self, ledger: Ledger, key: bytes, against: Checkpoint | None) -> None:
        self._ledger, self._key, self._against = ledger, key, against
        self._tree, self._head = Frontier.empty(), GENESIS
        self._signed: Iterator[tuple[Checkpoint, bytes]] = ledger.checkpoints()
        self._next = next(self._signed, None)
        self._latest: Checkpoint | None = None
        self._checked = 0

    def verdict(self) -> Verdict:
        problem = self._untrusted() or self._links() or self._beyond()
        root = self._tree.root()
        return Verdict(self._tree.size, self._checked, self._head, root, self._latest, problem)

    def _untrusted(self) -> str | None:
        """Return why the checkpoint from outside proves nothing, or another signed the journal."""
        if self._against is None:
            return None
        if not self._against.is_signed():
            return "the given checkpoint does not bear a good signature"
        if self._against.key != self._key:
            return "the given checkpoint was signed with another key than this journal"
        return self._outside()

    def _links(self) -> str | None:
        for entry in self._ledger.entries():
            if wrong := breach(entry, self._tree.size + 1, self._head):
                return wrong
            self._tree.add(entry.hash)
            self._head = entry.hash
            if wrong := self._roots():
                return wrong
        return None

    def _roots(self) -> str | None:
        """Return what is wrong with the checkpoints of the present size."""
        while self._next and self._next[0].size <= self._tree.size:
            signed, packed = self._next
            if signed.key != self._key or not signed.is_signed():
                return f"the checkpoint of {signed.size:,} entries was not signed by this journal"
            if signed.root != self._tree.root() or packed != self._tree.packed():
                return f"the first {signed.size:,} entries are not those that were signed"
            self._checked, self._latest = self._checked + 1, signed
            self._next = next(self._signed, None)
        return self._outside()

    def _outside(self) -> str | None:
        given = self._against
        if given and given.size == self._tree.size and given.root != self._tree.root():
            return f"the first {given.size:,} entries are not those of the given checkpoint"
        return None

    def _beyond(self) -> str | None:
        """Return what was signed over more entries than there are."""
        longest = self._next[0].size if self._next else 0
        if self._against:
            longest = max(longest, self._against.size)
        if longest > self._tree.size:
            return f"{longest:,} entries were signed, and {self._tree.size:,} are there"
        return None
