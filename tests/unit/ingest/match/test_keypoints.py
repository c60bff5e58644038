"""Parts of pictures: crops, overlays and small turns meet, other pictures do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.match import votes
from ingest.match.keypoints import Keypoints, keypoints, shared_part
from ingest.match.votes import voted

Edit = Callable[[Image.Image], Image.Image]


def drawn(seed: int, size: tuple[int, int] = (420, 360)) -> Image.Image:
    """Return a picture full of corners, of its own for each seed."""
    dice = np.random.default_rng(seed)
    picture = Image.new("RGB", size, (200, 200, 190))
    pen = ImageDraw.Draw(picture)
    for _ in range(160):
        x, y = (int(dice.integers(0, side)) for side in size)
        wide, high = dice.integers(8, 50, 2).tolist()
        colour = tuple(dice.integers(0, 256, 3).tolist())
        (pen.ellipse if dice.random() < 0.5 else pen.rectangle)((x, y, x + wide, y + high), colour)
    return picture


def cropped(share: float) -> Edit:
    def edit(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        return picture.crop((int(width * share), int(height * share), width, height))

    return edit


def overlaid(box: tuple[float, float, float, float]) -> Edit:
    def edit(picture: Image.Image) -> Image.Image:
        found = picture.copy()
        sides = (*picture.size, *picture.size)
        ImageDraw.Draw(found).rectangle([s * at for s, at in zip(sides, box, strict=True)], "red")
        return found

    return edit


EDITS: dict[str, Edit] = {
    "the same": lambda picture: picture,
    "crop 5 %": cropped(0.05),
    "crop 25 %": cropped(0.25),
    "banner": overlaid((0, 0.8, 1, 1)),
    "logo": overlaid((0.05, 0.05, 0.3, 0.3)),
    "turn 3": lambda picture: picture.rotate(3, Image.Resampling.BICUBIC),
    "turn 10": lambda picture: picture.rotate(10, Image.Resampling.BICUBIC, fillcolor="white"),
    "smaller": lambda picture: picture.resize((250, 214)),
}
OTHERS = [keypoints(drawn(seed)) for seed in range(2, 8)]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_picture_shares_a_part_and_is_voted_for(edit: Edit) -> None:
    left, right = keypoints(drawn(1)), keypoints(edit(drawn(1)))
    assert shared_part(left, right) == "none"
    assert voted([left, *OTHERS, right])[0] == (0, len(OTHERS) + 1)


def test_other_pictures_share_no_part() -> None:
    assert [
        (i, j)
        for i, left in enumerate(OTHERS)
        for j, right in enumerate(OTHERS[:i])
        if shared_part(left, right)
    ] == []


@pytest.mark.parametrize(
    ("turn", "back"),
    [
        (Image.Transpose.ROTATE_270, "quarter_left"),
        (Image.Transpose.ROTATE_180, "half"),
        (Image.Transpose.ROTATE_90, "quarter_right"),
    ],
)
def test_the_turn_is_that_which_brings_the_right_one_back(turn: Image.Transpose, back: str) -> None:
    right = cropped(0.1)(drawn(1)).transpose(turn)
    assert shared_part(keypoints(drawn(1)), keypoints(right)) == back


def test_two_things_on_one_floor_share_no_part() -> None:
    floor = drawn(1)
    pictures = []
    for seed in (2, 3):
        picture = floor.copy()
        picture.paste(drawn(seed, (320, 300)), (50, 30))
        pictures.append(keypoints(picture))
    assert shared_part(*pictures) is None


def test_a_part_in_one_corner_of_a_picture_is_too_little() -> None:
    small = drawn(1).crop((0, 0, 60, 60)).resize((240, 240))
    found = Image.new("RGB", (1200, 1200), "white")
    found.paste(small.resize((90, 90)), (0, 0))
    assert shared_part(keypoints(small), keypoints(found)) is None


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (31, 31), (64, 64), (640, 640)])
def test_plain_and_tiny_pictures_have_no_corners(size: tuple[int, int]) -> None:
    none = keypoints(Image.new("RGB", size, "white"))
    assert none.places.shape == (0, 2)
    assert none.descriptors.shape == (0, 32)
    assert shared_part(none, OTHERS[0]) is None
    assert shared_part(OTHERS[0], none) is None
    assert voted([none, none, OTHERS[0]]) == []


def test_corners_are_the_same_each_time_and_from_all_over() -> None:
    one, again = keypoints(drawn(1)), keypoints(drawn(1))
    assert (one.places == again.places).all()
    assert (one.descriptors == again.descriptors).all()
    assert np.ptp(one.places, axis=0).min() > 250
    half = drawn(1).crop((0, 0, 210, 360))
    half.paste("white", (100, 0, 210, 360))
    assert len(keypoints(half).places) > 100


def random_corners(seed: int, count: int = 40) -> Keypoints:
    found = np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)
    return Keypoints(np.zeros((count, 2), np.float32), found, 1)


def counted(pictures: list[Keypoints]) -> set[tuple[int, int]]:
    """Return the pairs that share enough stretches, by comparing all with all."""
    held = [
        {
            (place, int(word))
            for row in each.descriptors.view(np.uint32)
            for place, word in enumerate(row)
        }
        for each in pictures
    ]
    return {
        (i, j) for j in range(len(held)) for i in range(j) if len(held[i] & held[j]) >= votes.VOTES
    }


def test_votes_are_those_of_comparing_all_with_all() -> None:
    dice = np.random.default_rng(1)
    pictures = [random_corners(seed) for seed in range(30)]
    for place in range(15, 30):
        words = pictures[place].descriptors.view(np.uint32)
        some = dice.integers(0, 40, place - 14)
        words[some, dice.integers(0, 8, some.size)] = pictures[place - 15].descriptors.view(
            np.uint32
        )[some, 0]
    wanted = counted(pictures)
    assert set(voted(pictures)) == wanted
    flags = np.arange(30) == 20
    assert set(voted(pictures, flags)) == {pair for pair in wanted if 20 in pair}


def test_what_too_many_show_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(votes, "COMMON", 5)
    same = random_corners(1)
    assert len(voted([same] * 5)) == 10
    assert voted([same] * 6) == []


def test_of_many_pairs_the_best_of_each_picture_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = random_corners(1, 60)
    own = [random_corners(seed, 60) for seed in range(2, 7)]
    for place, each in enumerate(own):
        each.descriptors[: 10 * (place + 1)] = hub.descriptors[: 10 * (place + 1)]
    assert len(voted([hub, *own])) == 15
    monkeypatch.setattr(votes, "MOST", 1)
    assert voted([hub, *own]) == [(0, 5), (0, 4), (0, 3), (0, 2), (0, 1)]
    assert voted([]) == []
