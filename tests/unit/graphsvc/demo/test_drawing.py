"""Drawn pictures: good enough to hash, far from each other, and copies near their originals."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pdqhash
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from graphsvc.demo.dice import Dice
from graphsvc.demo.drawing import encoded, original
from graphsvc.demo.gallery import Edit

COPY = 31
Bits = NDArray[np.bool_]


def hashed(picture: Image.Image) -> tuple[Bits, int]:
    """Return the PDQ bits of a picture and their quality (0–100)."""
    bits, quality = pdqhash.compute(np.asarray(picture.convert("RGB")))
    return np.asarray(bits, dtype=bool), int(quality)


def distances(all_bits: list[Bits]) -> NDArray[Any]:
    """Return the Hamming distance of every pair."""
    signs = np.array(all_bits, dtype=np.float32) * 2 - 1
    pairs = (256 - signs @ signs.T) / 2
    return pairs[np.triu_indices(len(all_bits), 1)]


def test_originals_have_quality_and_are_far_apart() -> None:
    found = [hashed(original(Dice(seed, "picture"))) for seed in range(200)]
    assert min(quality for _, quality in found) >= 50
    assert distances([bits for bits, _ in found]).min() > COPY


@pytest.mark.parametrize("edit", list(Edit))
def test_an_edit_stays_a_copy(edit: Edit) -> None:
    far = []
    for seed in range(25):
        dice = Dice(seed, edit)
        first = original(dice)
        copy = Image.open(BytesIO(encoded(dice, first, edit))).convert("RGB")
        if edit is Edit.MIRRORED:
            copy = ImageOps.mirror(copy)
        if edit is Edit.BORDERED:
            width = round((copy.width - first.width) / 2)
            copy = ImageOps.crop(copy, width)
        far.append(int((hashed(first)[0] != hashed(copy)[0]).sum()))
    assert max(far) <= COPY


def test_edits_change_the_bytes() -> None:
    first = original(Dice(1, "picture"))
    files = {encoded(Dice(1, "edit"), first, edit) for edit in Edit}
    assert len(files) == len(Edit)


def test_files_of_a_world_open_and_hash_well(folder: Path) -> None:
    files = sorted((folder / "pictures").iterdir())
    assert len(files) >= 40
    seen = [hashed(Image.open(file)) for file in files]
    assert min(quality for _, quality in seen) >= 50
    gaps = distances([bits for bits, _ in seen])
    assert (gaps > COPY).mean() > 0.9
    assert ((gaps <= COPY) | (gaps > 60)).mean() > 0.99
