"""What thieves do to pictures: edits by name, the tier that should see through each."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Edit = Callable[[Image.Image], Image.Image]
QUALITY = 85  # of the JPEG that every edited picture goes through


def saved(picture: Image.Image, quality: int = QUALITY) -> bytes:
    """Return a picture as the bytes of a JPEG."""
    held = io.BytesIO()
    picture.convert("RGB").save(held, "JPEG", quality=quality)
    return held.getvalue()


def _recompress(picture: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(saved(picture, 40)))


def _scaled(picture: Image.Image, share: float) -> Image.Image:
    return picture.resize((round(picture.width * share), round(picture.height * share)))


def _bordered(share: float, colour: str) -> Edit:
    return lambda picture: ImageOps.expand(picture, round(min(picture.size) * share), fill=colour)


def _cropped(share: float, *, corner: bool = False) -> Edit:
    """Return the edit that cuts this share off width and height, around or from one corner."""

    def edit(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        near = share if corner else share / 2
        far = 1.0 if corner else 1 - share / 2
        box = (width * near, height * near, width * far, height * far)
        return picture.crop(tuple(map(round, box)))  # type: ignore[arg-type]

    return edit


def _banner(picture: Image.Image) -> Image.Image:
    found, (width, height) = picture.copy(), picture.size
    pen = ImageDraw.Draw(found)
    pen.rectangle((0, height * 0.8, width, height), fill=(200, 20, 30))
    place = (width * 0.1, height * 0.85)
    pen.text(place, "SALE 50% FREE SHIPPING", fill="white", font_size=max(10, height // 12))
    return found


def _logo(picture: Image.Image) -> Image.Image:
    found = picture.copy()
    side = round(min(picture.size) * 0.28)
    pen = ImageDraw.Draw(found)
    pen.ellipse((picture.width - side - 5, 5, picture.width - 5, side + 5), fill=(20, 80, 200))
    place = (picture.width - side + 5, side * 0.4)
    pen.text(place, "SHOP", fill="white", font_size=max(8, side // 3))
    return found


def _turned(degrees: float, *, whole: bool = False) -> Edit:
    return lambda picture: picture.rotate(
        degrees, Image.Resampling.BICUBIC, expand=whole, fillcolor="black" if whole else "white"
    )


COPIES: dict[str, Edit] = {
    "recompressed (quality 40)": _recompress,
    "resized to 60 %": lambda picture: _scaled(picture, 0.6),
    "brighter by 30 %": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "darker by 30 %": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "white border of 5 %": _bordered(0.05, "white"),
    "black border of 10 %": _bordered(0.10, "black"),
    "red border of 15 %": _bordered(0.15, "#c83c3c"),
    "mirrored": ImageOps.mirror,
    "turned by a quarter": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
}
PARTS: dict[str, Edit] = {
    "cropped by 5 %": _cropped(0.05),
    "cropped by 10 %": _cropped(0.10),
    "cropped by 15 %": _cropped(0.15),
    "cropped by 25 %": _cropped(0.25),
    "a corner cut to 75 %": _cropped(0.25, corner=True),
    "banner over a fifth": _banner,
    "logo": _logo,
    "turned by 3°": _turned(3),
    "turned by 5°": _turned(5),
    "turned by 10°": _turned(10),
    "turned by 10°, whole": _turned(10, whole=True),
}
BEYOND: dict[str, Edit] = {
    "cropped by 50 %": _cropped(0.5),
    "mirrored and cropped by 15 %": lambda picture: ImageOps.mirror(_cropped(0.15)(picture)),
}
EDITS = COPIES | PARTS | BEYOND
