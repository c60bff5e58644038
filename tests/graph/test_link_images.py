"""Pictures on a real graph: loaded from files, joined where they are copies, and only once."""

from __future__ import annotations

import asyncio
import io
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from graphsvc.linking.images import MODEL
from graphsvc.rings.columns import Market
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.read import read_market
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from ingest.match.images import hash_picture
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept, write_csv

NOTHING = dict.fromkeys(
    (
        "pictures",
        "too_plain",
        "flagged",
        "templates",
        "unseen",
        "exact",
        "copies",
        "partial",
        "made",
    ),
    0,
)


def drawn(seed: int) -> Image.Image:
    """Return a picture of its own for each seed, with shapes large enough for any hash."""
    picture = Image.new("RGB", (320, 240), (seed * 37 % 256, seed * 91 % 256, 120))
    pen = ImageDraw.Draw(picture)
    for n in range(1, 9):
        x, y = (seed * n * 53) % 260, (seed * n * n * 29) % 180
        colour = (n * 31 % 256, seed * n * 17 % 256, 255 - n * 25)
        if (seed + n) % 2:
            pen.ellipse((x, y, x + 20 + n * 9, y + 30 + n * 5), fill=colour)
        else:
            pen.rectangle((x, y, x + 50 - n * 3, y + 15 + n * 7), fill=colour)
    return picture.filter(ImageFilter.SMOOTH)


def as_bytes(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture as the bytes of a file."""
    held = io.BytesIO()
    picture.save(held, form, **options)
    return held.getvalue()


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, beside an empty folder of pictures."""
    (tmp_path / "pictures").mkdir()
    return Cli(empty_graph, tmp_path)


def load(cli: Cli, **pictures: bytes) -> dict[str, Any]:
    """Load these pictures, each of a listing named as it is."""
    folder = cli.folder / "pictures"
    for file in folder.iterdir():
        file.unlink()
    for name, data in pictures.items():
        (folder / name).write_bytes(data)
    return cli.json("load", "images", "pictures", "--platform", PLATFORM, "--rejects", "r.ndjson")


def joints(cli: Cli) -> dict[frozenset[str], dict[str, Any]]:
    """Return what joins two pictures, by the listings that show them."""
    return {
        frozenset(row["listings"]): row["kept"] for row in cypher(cli.settings, kept("near_copies"))
    }


def between(*listings: str) -> frozenset[str]:
    """Return the key of a joint."""
    return frozenset(f"{PLATFORM}:{name}" for name in listings)


def test_copies_are_joined_and_strangers_are_not(cli: Cli) -> None:
    first, other = drawn(3), drawn(8)
    told = load(
        cli,
        original=as_bytes(first, "PNG"),
        exact=as_bytes(first, "PNG", compress_level=1),
        copy=as_bytes(first.resize((200, 150)), "JPEG", quality=60),
        mirrored=as_bytes(ImageOps.mirror(first), "JPEG", quality=85),
        stranger=as_bytes(other, "PNG"),
    )
    assert (told["in"], told["loaded"]) == (5, 5)
    linked = cli.json("link", "images")
    assert linked == NOTHING | {"pictures": 5, "exact": 1, "copies": 5, "made": 6}
    found = joints(cli)
    assert len(found) == 6
    assert not [key for key in found if f"{PLATFORM}:stranger" in key]
    exact = found[between("original", "exact")]
    assert (exact["tier"], exact["distance"], exact["transform"]) == ("exact", 0, "none")
    copy = found[between("original", "copy")]
    assert (copy["tier"], copy["transform"], copy["model"]) == ("copy", "none", MODEL)
    assert copy["distance"] <= 31
    mirrored = found[between("original", "mirrored")]
    assert (mirrored["tier"], mirrored["transform"]) == ("copy", "mirror")
    assert mirrored["distance"] <= 31


def test_a_second_run_makes_what_is_new_and_nothing_else(cli: Cli) -> None:
    first = drawn(3)
    load(cli, a=as_bytes(first, "PNG"), b=as_bytes(first, "JPEG", quality=70))
    assert cli.json("link", "images")["made"] == 1
    before, digest = joints(cli), cli.digest()
    again = cli.json("link", "images")
    assert (again["copies"], again["made"]) == (1, 0)
    assert joints(cli) == before
    load(cli, c=as_bytes(first, "JPEG", quality=50))
    later = cli.json("link", "images")
    assert (later["pictures"], later["copies"], later["made"]) == (3, 3, 2)
    assert before.items() <= joints(cli).items()
    assert cli.digest() != digest, "a new picture is a new fact"


def test_joints_are_no_facts_of_the_graph(cli: Cli) -> None:
    load(cli, a=as_bytes(drawn(3), "PNG"), b=as_bytes(drawn(3), "JPEG"))
    digest = cli.digest()
    assert cli.json("link", "images")["made"] == 1
    assert cli.digest() == digest


def test_plain_pictures_join_nobody_unless_their_pixels_are_equal(cli: Cli) -> None:
    white, grey = Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64), (250, 250, 250))
    load(
        cli,
        white=as_bytes(white, "PNG"),
        again=as_bytes(white, "BMP"),
        grey=as_bytes(grey, "PNG"),
    )
    linked = cli.json("link", "images")
    assert linked == NOTHING | {"pictures": 3, "too_plain": 3, "exact": 1, "made": 1}
    assert set(joints(cli)) == {between("white", "again")}


def test_hashes_without_a_file_are_joined_too(cli: Cli) -> None:
    near, far = f"{'0f' * 31}0e", "f0" * 32
    rows = [f"l-{n},{str(n) * 64},{pdq}" for n, pdq in enumerate(["0f" * 32, near, far])]
    (cli.folder / "i.csv").write_text("\n".join(["listing_id,sha256,pdq", *rows]) + "\n", "utf-8")
    cli.json("load", "images", "i.csv", "--platform", PLATFORM)
    assert cli.json("link", "images")["pictures"] == 3
    assert joints(cli)[between("l-0", "l-1")]["distance"] == 1


def test_a_corrupt_picture_is_a_reject_at_load_and_no_part_of_the_graph(cli: Cli) -> None:
    whole = as_bytes(drawn(3), "JPEG")
    told = load(cli, good=whole, cut=whole[: len(whole) // 2], text=b"no picture at all")
    assert (told["in"], told["loaded"], told["rejected"]) == (3, 1, 2)
    issues = {issue["row"]["path"]: issue for issue in issues_of(cli.folder / "r.ndjson")}
    assert issues["cut"]["reason"].startswith("a damaged picture")
    assert issues["text"]["reason"] == "not a picture"
    assert cli.json("link", "images") == NOTHING | {"pictures": 1}


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(cli: Cli) -> None:
    bomb = as_bytes(Image.new("1", (12_000, 12_000)), "PNG")
    assert len(bomb) < 100_000
    told = load(cli, bomb=bomb)
    assert (told["in"], told["rejected"]) == (1, 1)
    [issue] = issues_of(cli.folder / "r.ndjson")
    assert issue["reason"] == "more than 64,000,000 pixels"
    assert issue["remedy"] == "scale the picture down"
    assert cli.json("link", "images") == NOTHING


def test_an_empty_graph_has_nothing_to_join(cli: Cli) -> None:
    assert cli.json("link", "images")["pictures"] == 0


def busy(seed: int) -> Image.Image:
    """Return a picture full of corners."""
    dice = np.random.default_rng(seed)
    picture = Image.new("RGB", (420, 360), (200, 200, 190))
    pen = ImageDraw.Draw(picture)
    for _ in range(160):
        x, y, wide, high = dice.integers((0, 0, 8, 8), (420, 360, 50, 50)).tolist()
        pen.rectangle((x, y, x + wide, y + high), tuple(dice.integers(0, 256, 3).tolist()))
    return picture


def cropped(picture: Image.Image) -> Image.Image:
    """Return a picture without a fifth of its width and of its height."""
    return picture.crop((84, 72, 420, 360))


def told(cli: Cli, kind: str, *rows: dict[str, object]) -> None:
    """Load rows of a kind."""
    write_csv(cli.folder / f"{kind}.csv", rows)
    cli.json("load", kind, f"{kind}.csv", "--platform", PLATFORM)


def accuse(cli: Cli, *sellers: str) -> None:
    """Report these sellers, by one reporter."""
    rows = [
        {
            "report_id": f"r-{seller}",
            "seller_id": seller,
            "reporter": "acme",
            "at": "2024-05-01",
            "verdict": "confirmed_fake",
        }
        for seller in sellers
    ]
    told(cli, "reports", *rows)


def offer(cli: Cli, **listings: str) -> None:
    """Load listings, each with its seller."""
    rows = [{"listing_id": n, "seller_id": s, "title": "a bag"} for n, s in listings.items()]
    told(cli, "listings", *rows)


def most_sellers(cli: Cli) -> int:
    """Return how many sellers one identifier has for detection, at most."""

    async def ask() -> Market:
        async with connect(local.resolve(cli.settings)) as driver:
            return await read_market(Reader(driver), DEFAULT)

    return int(asyncio.run(ask()).degree().max())


def test_copies_are_one_identifier(cli: Cli) -> None:
    load(cli, a=as_bytes(busy(1), "PNG"), b=as_bytes(busy(1), "JPEG", quality=70))
    offer(cli, a="s-1", b="s-2")
    assert cli.json("link", "images")["copies"] == 1
    assert most_sellers(cli) == 2


def test_a_part_of_a_flagged_sellers_picture_is_found_and_is_no_identifier(cli: Cli) -> None:
    load(
        cli,
        theirs=as_bytes(busy(1), "PNG"),
        part=as_bytes(cropped(busy(1)), "JPEG", quality=80),
        other=as_bytes(busy(2), "PNG"),
        crop_of_other=as_bytes(cropped(busy(2)), "PNG"),
    )
    assert cli.json("link", "images")["partial"] == 0, "nobody is under suspicion"
    offer(cli, theirs="s-1", part="s-2", other="s-3", crop_of_other="s-4")
    accuse(cli, "s-1")
    linked = cli.json("link", "images")
    assert linked == NOTHING | {"pictures": 4, "flagged": 1, "partial": 1, "made": 1}
    [(ends, joint)] = joints(cli).items()
    assert ends == between("theirs", "part")
    assert (joint["tier"], joint["transform"], joint["model"]) == ("partial", "none", MODEL)
    assert joint["distance"] > 31
    assert cli.json("link", "images")["made"] == 0
    accuse(cli, "s-2", "s-3", "s-4")
    assert cli.json("link", "images")["partial"] == 2
    assert most_sellers(cli) == 1, "what shares a part is not one picture"


def test_files_that_are_gone_are_counted_and_may_lie_elsewhere(cli: Cli) -> None:
    load(cli, a=as_bytes(busy(1), "PNG"), b=as_bytes(cropped(busy(1)), "PNG"))
    offer(cli, a="s-1", b="s-2")
    accuse(cli, "s-2")
    (cli.folder / "pictures").rename(cli.folder / "moved")
    linked = cli.json("link", "images")
    assert (linked["flagged"], linked["unseen"], linked["partial"]) == (1, 2, 0)
    (cli.folder / "moved" / "b").rename(cli.folder / "moved" / "under another name")
    linked = cli.json("link", "images", "--pictures", "moved")
    assert (linked["unseen"], linked["partial"], linked["made"]) == (0, 1, 1)
    done = cli.call("link", "images", "--pictures", "nowhere")
    assert (done.returncode, "no such folder" in done.stderr) == (2, True)


def test_candidates_are_looked_at_more_closely_whoever_shows_them(cli: Cli) -> None:
    turned = busy(1).rotate(2, Image.Resampling.BICUBIC, fillcolor="white")
    load(cli, a=as_bytes(busy(1), "PNG"), b=as_bytes(turned, "PNG"))
    linked = cli.json("link", "images")
    assert (linked["flagged"], linked["copies"], linked["partial"]) == (0, 0, 1)
    assert 31 < joints(cli)[between("a", "b")]["distance"] <= 60


@pytest.mark.parametrize(("sellers", "templates"), [(50, 0), (51, 2)])
def test_a_template_is_not_searched_for(cli: Cli, sellers: int, templates: int) -> None:
    chart = busy(1)
    pictures = {
        "own": as_bytes(chart, "PNG"),
        "same": as_bytes(chart, "JPEG", quality=85),
        "part": as_bytes(cropped(chart), "PNG"),
    }
    load(cli, **pictures)
    shown = {"own": "s-0", "same": "s-1", "part": "thief"}
    more = {f"l-{n}": f"s-{n}" for n in range(2, sellers)}
    offer(cli, **shown, **more)
    digest = sha256(pictures["same"]).hexdigest()
    pdq = hash_picture(pictures["same"]).pdq
    rows = [{"listing_id": name, "sha256": digest, "pdq": pdq} for name in more]
    write_csv(cli.folder / "shown.csv", rows)
    cli.json("load", "images", "shown.csv", "--platform", PLATFORM)
    accuse(cli, "s-0", "s-1")
    linked = cli.json("link", "images")
    assert (linked["flagged"], linked["copies"]) == (2, 1), "copies are told all the same"
    assert (linked["templates"], linked["partial"] > 0) == (templates, not templates)
