"""From a path to hashes: what lies below the root is read, nothing else ever is."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from ingest.errors import RowIssue
from ingest.fold.token import Tokeniser
from ingest.jobs import pictures
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context, FieldRefused
from ingest.jobs.pictures import resolve_picture
from ingest.mapping import Mapping
from ingest.match.images import PictureHash, hash_picture
from ingest.pipeline import batches
from ingest.reading import reading_of
from ingest.sources import open_source


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with pictures in it, and one beside it."""
    held = io.BytesIO()
    Image.linear_gradient("L").save(held, "PNG")
    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    for name in ("a.png", "sub/b.png", "../outside.png"):
        (folder / name).write_bytes(held.getvalue())
    (folder / "text.png").write_text("no picture")
    (folder / "inside").symlink_to("sub/b.png")
    (folder / "leak").symlink_to("../outside.png")
    (folder / "up").symlink_to("..")
    (folder / "circle").symlink_to("circle")
    os.mkfifo(folder / "pipe")
    return folder


@pytest.mark.parametrize("path", ["a.png", "sub/b.png", "./sub/../a.png", "inside"])
def test_a_path_becomes_hashes(root: Path, path: str) -> None:
    found = resolve_picture({"listing_id": "l-1", "path": path, "sha256": "", "pdq": ""}, root)
    wanted = hash_picture((root / path).read_bytes())

    assert found == {
        "listing_id": "l-1",
        "path": path,
        "sha256": wanted.sha256,
        "pixels_sha256": wanted.pixels_sha256,
        "pdq": wanted.pdq,
        "pdq_trimmed": wanted.pdq_trimmed,
        "quality": str(wanted.quality),
        "width": "256",
        "height": "256",
        "media_type": "image/png",
    }


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.png", "leaves the folder"),
        ("sub/../../outside.png", "leaves the folder"),
        ("leak", "leaves the folder"),
        ("up/outside.png", "leaves the folder"),
        ("up/pictures/../outside.png", "leaves the folder"),
        ("/etc/hostname", "leaves the folder"),
        ("..", "leaves the folder"),
        ("gone.png", "no such file"),
        (".", "no such file"),
        ("sub", "no such file"),
        ("pipe", "no such file"),
        ("text.png/x", "no such file"),
        ("a\x00.png", "cannot be read"),
        ("circle", "cannot be read"),
        ("x" * 5000, "cannot be read"),
        ("text.png", "not a picture"),
    ],
)
def test_what_may_not_or_cannot_be_read(root: Path, path: str, reason: str) -> None:
    with pytest.raises(FieldRefused) as caught:
        resolve_picture({"listing_id": "l-1", "path": path}, root)

    assert caught.value.column == "path"
    assert reason in caught.value.reason
    assert caught.value.remedy


def test_an_absolute_path_is_refused_even_where_it_stays_inside(root: Path) -> None:
    with pytest.raises(FieldRefused, match="leaves the folder"):
        resolve_picture({"path": str(root / "a.png")}, root)


def test_a_root_that_is_a_link_is_followed(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)

    assert resolve_picture({"path": "a.png"}, link)["width"] == "256"


@pytest.mark.parametrize("folder", [None, Path("gone")])
def test_without_a_root_nothing_is_read(folder: Path | None) -> None:
    with pytest.raises(FieldRefused, match="path"):
        resolve_picture({"path": "a.png"}, folder)


def test_rows_of_hashes_pass_through(root: Path) -> None:
    row = {"listing_id": "l-1", "path": "", "sha256": "0" * 64, "pdq": "f" * 64}

    assert resolve_picture(row, root) == row
    assert resolve_picture(row, None) == row


def test_a_digest_that_is_another_pictures_is_refused(root: Path) -> None:
    digest = hash_picture((root / "a.png").read_bytes()).sha256

    assert resolve_picture({"path": "a.png", "sha256": digest.upper()}, root)["sha256"] == digest
    with pytest.raises(FieldRefused) as caught:
        resolve_picture({"path": "a.png", "sha256": "0" * 64}, root)
    assert caught.value.column == "sha256"


def test_one_picture_on_many_listings_is_decoded_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[bytes] = []

    def counted(data: bytes) -> PictureHash:
        decoded.append(data)
        return hash_picture(data)

    monkeypatch.setattr(pictures, "hash_picture", counted)
    monkeypatch.setattr(pictures, "_known", pictures._Known(most=1))
    held = io.BytesIO()
    Image.radial_gradient("L").save(held, "PNG")
    (root / "other.png").write_bytes(held.getvalue())

    def digest(path: str) -> str:
        return resolve_picture({"path": path}, root)["sha256"]

    assert digest("a.png") == digest("sub/b.png") == digest("inside")
    assert len(decoded) == 1
    assert digest("other.png") != digest("a.png"), "one is kept: a.png is decoded again"
    assert len(decoded) == 3
    for _ in range(2):
        with pytest.raises(FieldRefused):
            digest("text.png")
    assert len(decoded) == 5, "what was refused is looked at anew"


def test_a_folder_of_pictures_runs_through_the_pipeline(root: Path) -> None:
    source = open_source(root)
    job = JOBS["images"]
    reading = reading_of(job, source, Mapping(), platform="shopnest")
    context = Context(source="", tokens=Tokeniser(b"k" * 32), pictures=root)
    (batch,) = batches(source, job, reading=reading, context=context, size=100)

    refused = {issue.row["path"]: issue.reason for issue in batch.issues}
    assert set(refused) == {"leak", "text.png"}
    assert all(isinstance(issue, RowIssue) and issue.column == "path" for issue in batch.issues)
    accepted = {row["path"] for row in batch.accepted.values()}
    assert accepted == {"a.png", "inside", "sub/b.png"}
    assert batch.rows == 5
