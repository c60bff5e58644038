"""Pictures: what copies share, and how many are drawn."""

from __future__ import annotations

from collections import Counter
from statistics import mean

import pytest

from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import COPY_BITS, Edit, Gallery, Hashes, Origin


def gallery(pictures: int, copies: int) -> Gallery:
    """Return a gallery with so many pictures of each origin, each copied so many times."""
    made = Gallery(Dice(1, "gallery"))
    for origin in Origin:
        for number in range(pictures):
            picture = made.picture(origin)
            made.show(f"l-{number}", picture, day=1)
            for copy in range(copies):
                made.show(f"c-{copy}", picture, day=2, copied=True)
    return made


@pytest.mark.parametrize("wanted", [40, 200, 640])
def test_enough_files_are_drawn_and_not_many_more(wanted: int) -> None:
    found = gallery(600, 3)
    found.choose_drawn(wanted)
    files = sum(len(picture.edits) for picture in found.pictures if picture.drawn)
    assert wanted <= files <= wanted + len(Edit)
    drawn = {picture.origin for picture in found.pictures if picture.drawn}
    assert drawn == set(Origin)


def test_a_small_gallery_is_drawn_whole() -> None:
    found = gallery(1, 0)
    found.choose_drawn(40)
    assert all(picture.drawn for picture in found.pictures)
    assert sorted(found.files.values()) == list(range(len(Origin)))


def test_why_a_picture_is_there_decides_neither_whether_it_is_drawn_nor_its_number() -> None:
    found = gallery(300, 3)
    found.choose_drawn(1200)
    drawn = Counter(picture.origin for picture in found.pictures if picture.drawn)
    assert min(drawn.values()) > 0.7 * max(drawn.values())
    early = [at for (_, version), at in found.files.items() if not version]
    late = [at for (_, version), at in found.files.items() if version]
    assert abs(mean(early) - mean(late)) < 0.1 * len(found.files)
    halves = sorted(found.files, key=found.files.__getitem__)
    first, second = (halves[: len(halves) // 2], halves[len(halves) // 2 :])
    assert abs(mean(p for p, _ in first) - mean(p for p, _ in second)) < 0.1 * len(found.pictures)


def test_an_original_is_version_0_and_a_version_is_one_edit() -> None:
    found = gallery(5, 40)
    for shown in found.shown:
        assert shown.version == 0 or shown.listing.startswith("c-")
    for picture in found.pictures:
        assert picture.edits[0] is Edit.SAME
        assert len(set(picture.edits)) == len(picture.edits) == len(Edit)


def test_the_order_in_which_a_listing_shows_pictures_is_chance() -> None:
    shows = gallery(100, 0).by_listing()
    assert set(map(len, shows.values())) == {len(Origin)}
    firsts = Counter(shown[0].picture // 100 for shown in shows.values())
    assert all(firsts[place] > 10 for place in range(len(Origin)))


def bits_between(left: Hashes, right: Hashes) -> int:
    """Return the Hamming distance of two PDQ hashes."""
    return (int(left.pdq, 16) ^ int(right.pdq, 16)).bit_count()


def test_hashes_of_versions_are_near_and_of_pictures_far() -> None:
    found = gallery(20, 30)
    hashed = []
    for picture, (first, *others) in found.hashes():
        assert all(1 <= bits_between(first, other) <= COPY_BITS for other in others)
        assert len({version.sha256 for version in (first, *others)}) == len(picture.edits) > 2
        hashed.append((first, *others))
    firsts = [versions[0] for versions in hashed]
    gaps = [bits_between(a, b) for at, a in enumerate(firsts) for b in firsts[at + 1 :]]
    assert min(gaps) > 60
