"""Pictures: hashing files of every kind and damage, and the hashes of turned pictures."""

from __future__ import annotations

import io
import random
from hashlib import sha256
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from PIL import Image, ImageOps

from ingest.errors import ValueRefused
from ingest.match import images
from ingest.match.images import hash_picture
from ingest.match.pdq import RADIUS, TURNS, Hashes, as_array, near, turned

DATA = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "pictures"
real = pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data/pictures beside the repo")
TRANSPOSES = {
    "quarter_right": Image.Transpose.ROTATE_270,
    "half": Image.Transpose.ROTATE_180,
    "quarter_left": Image.Transpose.ROTATE_90,
    "upside_down": Image.Transpose.FLIP_TOP_BOTTOM,
    "mirror": Image.Transpose.FLIP_LEFT_RIGHT,
    "transpose": Image.Transpose.TRANSPOSE,
    "transverse": Image.Transpose.TRANSVERSE,
}


def drawn(seed: int = 1, size: tuple[int, int] = (360, 240)) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 13, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


def packed(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    held = io.BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()


def bits_apart(left: str, right: str) -> int:
    return (int(left, 16) ^ int(right, 16)).bit_count()


def test_what_is_kept_of_a_picture() -> None:
    data = packed(drawn())
    found = hash_picture(data)

    assert found.sha256 == sha256(data).hexdigest()
    assert (found.width, found.height, found.media_type) == (360, 240, "image/png")
    assert len(found.pdq) == len(found.pixels_sha256) == 64
    assert 50 <= found.quality <= 100
    bits, _ = pdqhash.compute(np.asarray(drawn()))
    assert found.pdq == np.packbits(bits.astype(np.uint8)).tobytes().hex()


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
    ],
)
def test_each_form_is_read_and_stays_a_copy(form: str, media_type: str) -> None:
    picture = drawn().convert("L").convert("RGB")
    found = hash_picture(packed(picture, form))

    assert found.media_type == media_type
    assert bits_apart(found.pdq, hash_picture(packed(picture)).pdq) <= RADIUS


def test_equal_pixels_have_one_digest_whatever_the_file() -> None:
    files = [packed(drawn(), "PNG"), packed(drawn(), "BMP"), packed(drawn(), "TIFF")]
    found = [hash_picture(data) for data in files]

    assert len({one.pixels_sha256 for one in found}) == 1
    assert len({one.sha256 for one in found}) == 3
    # The same pixels in another width are another picture.
    flat = Image.new("RGB", (4, 6)), Image.new("RGB", (6, 4))
    assert len({hash_picture(packed(one)).pixels_sha256 for one in flat}) == 2


def test_exif_turns_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned right by a quarter
    found = hash_picture(packed(drawn(), exif=exif))
    upright = hash_picture(packed(drawn().transpose(Image.Transpose.ROTATE_270)))

    assert (found.width, found.height) == (240, 360)
    assert (found.pixels_sha256, found.pdq) == (upright.pixels_sha256, upright.pdq)


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    white = hash_picture(packed(Image.new("RGB", (8, 8), "white"))).pixels_sha256

    assert hash_picture(packed(clear)).pixels_sha256 == white
    indexed = Image.new("P", (8, 8), 0)
    assert hash_picture(packed(indexed, transparency=0)).pixels_sha256 == white
    assert hash_picture(packed(Image.new("LA", (8, 8), (0, 0)))).pixels_sha256 == white


def test_the_first_frame_of_several_is_taken() -> None:
    frames = [Image.new("P", (8, 8), place) for place in (0, 1, 2)]
    several = packed(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert (
        hash_picture(several).pixels_sha256 == hash_picture(packed(frames[0], "GIF")).pixels_sha256
    )


def test_a_webp_that_moves_is_its_first_frame() -> None:
    frames = [drawn(seed) for seed in (1, 2)]
    moving = packed(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    still = hash_picture(packed(frames[0]))

    found = hash_picture(moving)
    assert found.media_type == "image/webp"
    assert found.pixels_sha256 == still.pixels_sha256


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_print_colours_are_those_of_the_screen(form: str) -> None:
    inks = drawn().convert("CMYK")
    found = hash_picture(packed(inks, form))

    assert bits_apart(found.pdq, hash_picture(packed(drawn())).pdq) <= RADIUS


BORDERS = {"white": 0.05, "black": 0.10, (200, 60, 60): 0.15}


@pytest.mark.parametrize("colour", BORDERS)
def test_a_border_is_trimmed_whatever_its_colour(colour: str | tuple[int, int, int]) -> None:
    width = int(240 * BORDERS[colour])
    framed = ImageOps.expand(drawn(), width, fill=colour)
    found, plain = hash_picture(packed(framed, "JPEG", quality=80)), hash_picture(packed(drawn()))

    assert plain.pdq_trimmed == ""
    assert bits_apart(found.pdq_trimmed, plain.pdq) <= RADIUS
    assert bits_apart(found.pdq, plain.pdq) > RADIUS or width < 20


def test_bars_on_two_sides_are_trimmed_and_specks_do_not_hinder() -> None:
    barred = ImageOps.expand(drawn(), (0, 60, 0, 30), fill="black")
    barred.putpixel((5, 5), (255, 255, 255))
    found = hash_picture(packed(barred))

    assert bits_apart(found.pdq_trimmed, hash_picture(packed(drawn())).pdq) <= RADIUS


def test_what_has_no_border_or_is_nothing_else_is_not_trimmed() -> None:
    tiny = Image.new("RGB", (360, 240), "white")
    tiny.paste(drawn(size=(30, 30)), (100, 100))
    thin = drawn()
    thin.paste("white", (0, 0, 360, 1))
    for picture in (Image.new("RGB", (300, 300), "white"), tiny, thin):
        assert hash_picture(packed(picture)).pdq_trimmed == ""


def test_a_jpeg_of_several_pictures_is_a_jpeg() -> None:
    several = packed(drawn(1), "MPO", save_all=True, append_images=[drawn(2)])
    found = hash_picture(several)

    assert found.media_type == "image/jpeg"
    assert bits_apart(found.pdq, hash_picture(packed(drawn(1), "JPEG")).pdq) <= RADIUS


def test_sixteen_bits_a_pixel_are_not_all_white() -> None:
    wide = np.asarray(drawn().convert("L")).astype(np.uint16) * 257
    found = hash_picture(packed(Image.fromarray(wide)))

    assert bits_apart(found.pdq, hash_picture(packed(drawn().convert("L"))).pdq) <= 2


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (1, 5000)])
def test_the_smallest_pictures_have_no_quality(size: tuple[int, int]) -> None:
    assert hash_picture(packed(Image.new("RGB", size))).quality == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"text", b"\x89PNG\r\n\x1a\n", b"%!PS-Adobe-3.0 EPSF\n", b"<svg/>", b"\xff\xd8\xff"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ValueRefused) as caught:
        hash_picture(data)
    assert caught.value.remedy


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_picture_cut_off_is_refused(form: str) -> None:
    data = packed(drawn(), form)
    with pytest.raises(ValueRefused):
        hash_picture(data[: len(data) * 2 // 3])


def test_damage_is_refused_and_never_a_crash() -> None:
    dice = random.Random(2)
    exif = Image.Exif()
    exif[0x0112] = 6
    files = [packed(drawn(size=(60, 40)), form, exif=exif) for form in ("JPEG", "PNG", "WEBP")]
    files += [packed(drawn(size=(60, 40)), form) for form in ("GIF", "BMP", "TIFF")]
    refused = 0
    for turn in range(600):
        data = bytearray(dice.choice(files))
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(min(len(data), 300 if turn % 2 else len(data)))] ^= dice.randrange(
                256
            )
        try:
            assert len(hash_picture(bytes(data)).pdq) == 64
        except ValueRefused:
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("side", [8100, 12000, 20000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    data = packed(Image.new("1", (side, side)))

    assert len(data) < 300_000
    with pytest.raises(ValueRefused, match="64,000,000 pixels"):
        hash_picture(data)


def test_a_picture_of_the_most_pixels_is_taken() -> None:
    assert hash_picture(packed(Image.new("1", (8000, 8000)))).width == 8000


def test_a_file_past_the_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LARGEST_FILE", 1000)
    with pytest.raises(ValueRefused, match="1,000 bytes"):
        hash_picture(packed(drawn()))


def hashed(picture: Image.Image) -> Hashes:
    return as_array([hash_picture(packed(picture)).pdq])


def test_turned_hashes_are_those_of_turned_pictures() -> None:
    found = dict(turned(hashed(drawn())))

    assert tuple(found) == TURNS == ("none", *TRANSPOSES)
    for name, transpose in TRANSPOSES.items():
        apart = distances(found, hashed(drawn().transpose(transpose)))
        assert min(apart, key=lambda turn: apart[turn]) == name
        # PDQ shrinks a picture from its top left on: a drawing without detail feels that.
        assert apart[name] <= 50
        assert min(bits for turn, bits in apart.items() if turn != name) >= 90


def distances(hashes: dict[str, Hashes], other: Hashes) -> dict[str, int]:
    return {turn: int(np.bitwise_count(one ^ other).sum()) for turn, one in hashes.items()}


def test_turning_back_gives_the_same_hash() -> None:
    some = np.random.default_rng(3).integers(0, 256, (20, 32), dtype=np.uint8)
    back = {"quarter_right": "quarter_left", "quarter_left": "quarter_right"}
    for name, hashes in turned(some):
        assert (dict(turned(hashes))[back.get(name, name)] == some).all()


@real
def test_real_turns_are_found_by_the_stored_hash_alone() -> None:
    files = sorted((DATA / "pdq" / "dih").glob("*.jpg"))
    hashes = [as_array([hash_picture(path.read_bytes()).pdq]) for path in files]
    seen = set()
    for path, other in zip(files, hashes, strict=True):
        apart = distances(dict(turned(hashes[0])), other)
        best = min(apart, key=lambda turn: apart[turn])
        assert apart[best] <= RADIUS, path.name
        seen.add(best)
    assert seen == set(TURNS)


@real
def test_real_photographs_turned_stay_copies() -> None:
    for path in sorted((DATA / "clothing").glob("*.jpg"))[:4]:
        with Image.open(path) as opened:
            photograph = opened.convert("RGB")
        found = dict(turned(hashed(photograph)))
        for name, transpose in TRANSPOSES.items():
            other = hashed(photograph.transpose(transpose))
            assert int(np.bitwise_count(found[name] ^ other).sum()) <= RADIUS, (path.name, name)


@real
def test_real_edits_are_copies_and_other_pictures_are_not() -> None:
    edits = sorted((DATA / "pdq" / "bridge-mods").glob("*.jpg"))
    others = sorted((DATA / "pdq" / "labelme-subset").glob("*.jpg"))
    hashes = as_array([hash_picture(path.read_bytes()).pdq for path in (*edits, *others)])
    left, right, _ = near(hashes, hashes, once=True)
    joined = set(zip(left.tolist(), right.tolist(), strict=True))

    same = {(0, place) for place in range(1, len(edits))}
    assert len(joined & same) >= len(same) - 1, "squares and heavy edits may be lost, one at most"
    assert all(right < len(edits) for _, right in joined), "no other picture is a copy"


@real
def test_the_one_corrupt_photograph_is_refused_and_its_edits_are_found() -> None:
    found, refused = {}, []
    for path in sorted((DATA / "imagededup").glob("*.jpg")):
        try:
            found[path.stem] = hash_picture(path.read_bytes())
        except ValueRefused:
            refused.append(path.stem)
    assert refused == ["ukbench09268_corrupt"]
    plain = as_array([found["ukbench00120"].pdq])
    for name in ("gray", "hflip", "resize"):
        other = as_array([found[f"ukbench00120_{name}"].pdq])
        best = min(int(np.bitwise_count(hash_ ^ other).sum()) for _, hash_ in turned(plain))
        assert best <= RADIUS, name
