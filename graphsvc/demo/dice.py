"""Seeded chance for the invented market: the same stream on every run; never the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 4096


class Dice:
    """Draws from one named stream of a seed; streams of other names do not move it."""

    def __init__(self, seed: int, name: str) -> None:
        words = [seed, *name.encode()]
        self.numpy = np.random.default_rng(np.random.SeedSequence(words))
        self._held: list[float] = []

    def share(self) -> float:
        """Return a number in [0, 1)."""
        if not self._held:
            # One draw of a block is a hundred times cheaper than a hundred draws of one.
            self._held = self.numpy.random(_BLOCK).tolist()
        return self._held.pop()

    def chance(self, share: float) -> bool:
        """Return True with the given probability (0–1)."""
        return self.share() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.share() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each as likely."""
        return items[int(self.share() * len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """Return one of the (item, weight) pairs' items; the weights need not add up to 1."""
        left = self.share() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Return at most `count` different items in random order."""
        chosen = self.numpy.permutation(len(items))[:count]
        return [items[int(place)] for place in chosen]

    def digits(self, count: int) -> str:
        """Return a text of random digits."""
        return "".join(str(self.between(0, 9)) for _ in range(count))

    def letters(self, count: int, alphabet: str = "ABCDEFGHJKLMNPQRSTUVWXYZ") -> str:
        """Return a text of random letters of an alphabet."""
        return "".join(self.pick(alphabet) for _ in range(count))

    def hexadecimal(self, size: int) -> str:
        """Return `size` random bytes as hexadecimal digits."""
        return self.numpy.bytes(size).hex()
