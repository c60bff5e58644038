"""Pairs of pictures by tier: what hashes at every distance become, in every turn."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.match.images import TURNS, Hashes, PictureHash, turned
from ingest.match.pairs import paired

RNG = np.random.default_rng(4)
HASH: Hashes = RNG.integers(0, 256, (1, 32), dtype=np.uint8)


def picture(hashes: Hashes, pixels: str, quality: int = 90) -> PictureHash:
    return PictureHash(pixels, pixels, hashes.tobytes().hex(), quality, 10, 10, "image/png")


def differing(bits: int) -> Hashes:
    """Return the hash with that many of its bits changed."""
    chosen = np.unpackbits(HASH, axis=1)
    chosen[0, RNG.permutation(256)[:bits]] ^= 1
    return np.packbits(chosen, axis=1)


@pytest.mark.parametrize(
    ("bits", "tier"),
    [(0, "copy"), (31, "copy"), (32, "candidate"), (60, "candidate"), (61, None)],
)
def test_the_distance_decides_the_tier(bits: int, tier: str | None) -> None:
    pairs = paired([picture(HASH, "a"), picture(differing(bits), "b")])
    assert [(pair.distance, pair.tier) for pair in pairs] == ([(bits, tier)] if tier else [])


@pytest.mark.parametrize("place", range(len(TURNS)))
def test_a_turned_copy_names_its_turn(place: int) -> None:
    name, other = list(turned(HASH))[place]
    (pair,) = paired([picture(other, "a"), picture(HASH, "b")])
    assert (pair.distance, pair.transform, pair.tier) == (0, name, "copy")


def test_every_two_of_equal_pixels_are_a_pair_however_plain() -> None:
    pairs = paired([picture(HASH, "same", quality=0) for _ in range(4)])
    assert {(pair.left, pair.right) for pair in pairs} == {
        *((0, 1), (0, 2), (0, 3)),
        *((1, 2), (1, 3), (2, 3)),
    }
    assert {pair.tier for pair in pairs} == {"exact"}


def test_plain_pictures_are_no_copies() -> None:
    assert paired([picture(HASH, "a", quality=49), picture(HASH, "b")]) == []


def test_nothing_gives_no_pairs() -> None:
    assert paired([]) == []
