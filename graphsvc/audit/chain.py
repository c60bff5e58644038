"""Entries, each bound to the one before: its hash is the RFC 9162 leaf hash of `prev` and body.

So one hash makes the chain and the leaves of the tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.audit.merkle import HASH_BYTES, leaf

GENESIS = bytes(HASH_BYTES)


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded event: its number from 1, canonical JSON, the hash before it, its own."""

    seq: int
    body: bytes
    prev: bytes
    hash: bytes


def linked(seq: int, body: bytes, prev: bytes) -> Entry:
    """Return the entry that follows the one with the hash `prev`."""
    return Entry(seq, body, prev, leaf(prev + body))


def breach(entry: Entry, seq: int, prev: bytes) -> str | None:
    """Return how an entry is not the one that should follow, None where it is."""
    if entry.seq != seq:
        return f"entry {seq} is missing"
    if entry.prev != prev:
        return f"entry {seq} does not follow the one before it"
    if not isinstance(entry.body, bytes) or entry.hash != leaf(prev + entry.body):
        return f"entry {seq} is not what was recorded"
    return None
