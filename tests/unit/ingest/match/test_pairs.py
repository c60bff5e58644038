"""Pairs of pictures by tier: what hashes at every distance become, in every turn."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.match.images import PictureHash
from ingest.match.keypoints import Keypoints
from ingest.match.pairs import Pair, closest, copies, likely, looks
from ingest.match.pairs import paired as paired_with
from ingest.match.pdq import TURNS, Hashes, turned

NONE = Keypoints(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8), 1)
RNG = np.random.default_rng(4)
HASH: Hashes = RNG.integers(0, 256, (1, 32), dtype=np.uint8)


def picture(
    hashes: Hashes, pixels: str, quality: int = 90, trimmed: Hashes | None = None
) -> PictureHash:
    inner = "" if trimmed is None else trimmed.tobytes().hex()
    pdq = hashes.tobytes().hex()
    return PictureHash(pixels, pixels, pdq, quality, 10, 10, "image/png", inner)


def paired(pictures: list[PictureHash]) -> list[Pair]:
    """Return the pairs of pictures that have no corners."""
    return paired_with(pictures, [NONE] * len(pictures))


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


OTHER: Hashes = RNG.integers(0, 256, (2, 32), dtype=np.uint8)


def test_a_border_hides_no_copy() -> None:
    framed = picture(OTHER[:1], "a", trimmed=HASH)
    again = picture(OTHER[1:], "b", trimmed=differing(3))
    bare = picture(differing(5), "c")
    assert {(p.left, p.right, p.tier) for p in paired([framed, again, bare])} == {
        (0, 1, "copy"),
        (0, 2, "copy"),
        (1, 2, "copy"),
    }


def test_a_picture_is_no_copy_of_itself() -> None:
    assert paired([picture(HASH, "a", trimmed=differing(2)), picture(OTHER[:1], "b")]) == []


def test_a_plain_picture_is_known_by_what_is_inside_its_border() -> None:
    plain = picture(OTHER[:1], "a", quality=10, trimmed=HASH)
    (pair,) = paired([plain, picture(HASH, "b")])
    assert (pair.distance, pair.tier) == (0, "copy")


@pytest.mark.parametrize("place", range(len(TURNS)))
def test_a_turned_copy_with_a_border_names_its_turn(place: int) -> None:
    name, other = list(turned(HASH))[place]
    framed = picture(OTHER[:1], "a", trimmed=other)
    (pair,) = paired([framed, picture(HASH, "b")])
    assert (pair.distance, pair.transform, pair.tier) == (0, name, "copy")


def test_the_quick_search_finds_every_copy_and_most_candidates() -> None:
    hexes = [HASH.tobytes().hex()] + [differing(bits).tobytes().hex() for bits in range(61)] * 4
    seen = looks(hexes, [""] * len(hexes), [90] * len(hexes))
    exact, quick = closest(seen, copies), closest(seen, likely)
    assert exact.items() <= quick.items()
    found = [pair for pair in quick if pair[0] == 0]
    assert len(found) >= 61 * 4 * 0.9
