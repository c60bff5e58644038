"""Near copies: exactly what brute force finds, each pair once."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.match import pdq
from ingest.match.pdq import CANDIDATE_RADIUS, RADIUS, Hashes, as_array, near


def planted(count: int, seed: int) -> Hashes:
    """Random hashes of which a third are copies with 0 to 40 bits changed."""
    dice = np.random.default_rng(seed)
    hashes = dice.integers(0, 256, (count, 32), dtype=np.uint8)
    bits = np.unpackbits(hashes, axis=1)
    for place in range(count - count // 3, count):
        bits[place] = bits[dice.integers(0, count // 3)]
        bits[place, dice.choice(256, dice.integers(0, 41), replace=False)] ^= 1
    return np.packbits(bits, axis=1)


def brute(left: Hashes, right: Hashes, radius: int) -> list[tuple[int, int, int]]:
    found = []
    for i, one in enumerate(left):
        distances = np.bitwise_count(right ^ one).sum(axis=1)
        found += [(i, int(j), int(distances[j])) for j in np.flatnonzero(distances <= radius)]
    return found


def listed(found: tuple[np.ndarray, ...]) -> list[tuple[int, int, int]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


@pytest.mark.parametrize("radius", [0, 7, 30, 31])
def test_near_is_what_brute_force_finds(radius: int) -> None:
    left, right = planted(900, 1), planted(900, 1)[::-1].copy()
    wanted = brute(left, right, radius)

    assert len(wanted) >= 900
    assert listed(near(left, right, radius)) == wanted


def test_once_gives_each_pair_of_a_set_once() -> None:
    hashes = planted(900, 2)
    wanted = [(i, j, d) for i, j, d in brute(hashes, hashes, RADIUS) if i < j]

    assert len(wanted) > 150
    assert listed(near(hashes, hashes, once=True)) == wanted


def test_the_hardest_pairs_are_found() -> None:
    # 31 bits over 16 chunks: fifteen chunks differ in two bits, one chunk in a single bit.
    zero = np.zeros((1, 32), dtype=np.uint8)
    for single in range(16):
        words = np.full(16, 0b11, dtype=">u2")
        words[single] = 1 << (single % 16)
        other = words.view(np.uint8).reshape(1, 32)
        assert listed(near(zero, other)) == [(0, 0, 31)]


def test_many_equal_hashes_come_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdq, "MOST", 1000)  # stretches smaller than one probe's findings
    hashes = np.repeat(planted(3, 5), 40, axis=0)
    found = listed(near(hashes, hashes, once=True))

    assert found == [(i, j, d) for i, j, d in brute(hashes, hashes, RADIUS) if i < j]
    assert len(found) >= 3 * 40 * 39 // 2


def test_nothing_near_nothing_and_radii_that_are_not_exact() -> None:
    empty = as_array([])
    assert listed(near(empty, empty)) == []
    assert listed(near(planted(3, 1), empty)) == []
    for radius in (-1, CANDIDATE_RADIUS + 1):
        with pytest.raises(ValueError, match="from 0 to 60"):
            near(empty, empty, radius)
