"""Draws invented product pictures and what copiers make of them; writes nothing to disk."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Edit

_FIELD = 72  # the texture is made this small and enlarged: its detail is coarse anyhow
_WAVES = 7
Texture = NDArray[np.uint8]


def original(dice: Dice) -> Image.Image:
    """Return a picture of its own: waves of colour, things on top; 280–420 pixels a side."""
    size = (dice.between(280, 420), dice.between(280, 420))
    texture = Image.fromarray(_texture(dice.numpy)).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(texture)
    for _ in range(dice.between(9, 16)):
        _shape(dice, pen, size)
    return texture


def encoded(dice: Dice, picture: Image.Image, edit: Edit) -> bytes:
    """Return the JPEG bytes of a picture after an edit."""
    quality = dice.between(35, 60) if edit is Edit.RECOMPRESSED else 90
    held = BytesIO()
    _edited(dice, picture, edit).save(held, "JPEG", quality=quality)
    return held.getvalue()


def _edited(dice: Dice, picture: Image.Image, edit: Edit) -> Image.Image:
    if edit is Edit.RESIZED:
        scale = 0.5 + 0.3 * dice.share()
        size = (round(picture.width * scale), round(picture.height * scale))
        return picture.resize(size, Image.Resampling.LANCZOS)
    if edit is Edit.MIRRORED:
        return ImageOps.mirror(picture)
    if edit is Edit.BORDERED:
        width = round(min(picture.size) * (0.04 + 0.08 * dice.share()))
        return ImageOps.expand(picture, width, fill=dice.pick(("white", "black")))
    return picture


def _texture(rng: np.random.Generator) -> Texture:
    """Return 72 × 72 RGB bytes: a sum of plane waves of random direction, length and colour."""
    y, x = np.mgrid[0:_FIELD, 0:_FIELD] / _FIELD
    field = np.zeros((_FIELD, _FIELD, 3))
    for _ in range(_WAVES):
        along, across = rng.normal(scale=4.0, size=2)
        wave = np.sin(2 * np.pi * (along * x + across * y + rng.random()))
        field += wave[:, :, None] * rng.normal(size=3)
    field = (field - field.min()) / (field.max() - field.min())
    texture: Texture = (255 * field).astype(np.uint8)
    return texture


def _shape(dice: Dice, pen: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    """Put one thing somewhere: a box, a disc, a triangle or a thick line."""
    width, height = size
    x, y = dice.between(0, width), dice.between(0, height)
    wide, high = dice.between(width // 12, width // 3), dice.between(height // 12, height // 3)
    colour = (dice.between(0, 255), dice.between(0, 255), dice.between(0, 255))
    box = (x - wide // 2, y - high // 2, x + wide // 2, y + high // 2)
    form = dice.between(0, 3)
    if form == 0:
        pen.rectangle(box, fill=colour, outline=(20, 20, 20), width=2)
    elif form == 1:
        pen.ellipse(box, fill=colour, outline=(20, 20, 20), width=2)
    elif form == 2:
        tip = (x + dice.between(-wide, wide), y + dice.between(-high, high))
        pen.polygon([box[:2], box[2:], tip], fill=colour)
    else:
        pen.line(box, fill=colour, width=dice.between(4, 22))
