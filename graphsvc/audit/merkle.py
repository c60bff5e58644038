"""The Merkle tree of RFC 9162, section 2.1, over leaf hashes as they come; pure.

A hash is SHA-256: of 0x00 and the data for a leaf, of 0x01 and two hashes for a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32


def leaf(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A growing tree by the roots of its complete subtrees, largest first: one for each bit of
    `size`, so that a million leaves are twenty hashes.
    """

    size: int
    roots: list[bytes]

    @classmethod
    def empty(cls) -> Frontier:
        """Return the tree without a leaf."""
        return cls(0, [])

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Frontier:
        """Return the frontier that was packed; raises ValueError where it cannot be of `size`."""
        if len(packed) != size.bit_count() * HASH_BYTES:
            raise ValueError("a frontier has one hash for each bit of its size")
        return cls(size, [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)])

    def packed(self) -> bytes:
        """Return the roots one after another."""
        return b"".join(self.roots)

    def copy(self) -> Frontier:
        """Return a tree that grows on its own."""
        return Frontier(self.size, self.roots.copy())

    def add(self, hashed: bytes) -> None:
        """Add a leaf by its hash; amortised one node hash."""
        full = self.size
        while full & 1:
            hashed = node(self.roots.pop(), hashed)
            full >>= 1
        self.roots.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """Return the root: of no leaf, the SHA-256 of nothing."""
        if not self.roots:
            return sha256().digest()
        found = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            found = node(left, found)
        return found


def root_of(hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes, in constant memory."""
    tree = Frontier.empty()
    for each in hashes:
        tree.add(each)
    return tree.root()


def siblings(index: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges [from, to) of leaves whose roots prove that a leaf is in the tree.

    PATH(index, D[size]) of RFC 9162, section 2.1.3.1: from the leaf upwards.
    """
    yield from reversed([*_downwards(index, 0, size)])


def _downwards(index: int, low: int, high: int) -> Iterator[tuple[int, int]]:
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        if index < middle:
            yield middle, high
            high = middle
        else:
            yield low, middle
            low = middle


def root_by(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to; None where it cannot be one.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf_hash
    for each in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node(each, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node(found, each)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None
