"""`python -m ingest` as a caller meets it: files in, files and JSON out, exit codes, no trace."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ingest.__main__ import main

GOOD, MIXED = "seller_id,risk\ns-1,0.5\n", "seller_id,risk\ns-1,0.5\ns-2,9\n"
Said = tuple[int, list[dict[str, object]], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, without a home, a key or a database to be found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GRAPHSVC_TOKEN_KEY", raising=False)
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "mixed.csv").write_text(MIXED)
    (tmp_path / "brands.csv").write_text("brand,alias\nSolvantix,SVX One|Solvan\nNorvaine,\n")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """A function that runs the tools and returns exit code, printed objects, notes."""

    def called(*words: str, stdin: bytes = b"") -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        objects = [json.loads(line) for line in out.splitlines()] if out.startswith("{") else []
        return code, objects, err + ("" if objects else out)

    return called  # type: ignore[return-value]


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_check_prints_the_report_of_each_file_and_writes_its_rejects(run, folder: Path) -> None:
    code, told, _ = run("check", "sellers", "good.csv", "mixed.csv", "--platform", "p")
    assert (code, [(each["in"], each["rejected"]) for each in told]) == (0, [(1, 0), (2, 1)])
    assert [each["rejects"] for each in told] == [None, "mixed.csv.rejects.ndjson"]
    (refused,) = (folder / "mixed.csv.rejects.ndjson").read_text().splitlines()
    assert (json.loads(refused)["line"], json.loads(refused)["column"]) == (3, "risk")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_check_reads_a_stream_without_a_place_to_keep_it(run, pack, folder: Path) -> None:
    rows = "".join(f"s-{n},0.5\n" for n in range(200_000))  # more than is held of a stream
    before = sorted(folder.iterdir())
    code, told, _ = run("check", "sellers", "-", stdin=pack(f"seller_id,risk\n{rows}".encode()))
    assert (code, told[0]["in"], told[0]["loaded"]) == (0, 200_000, 200_000)
    assert sorted(folder.iterdir()) == before


def test_check_reads_json_lines_and_a_mapping(run, folder: Path) -> None:
    (folder / "m.yml").write_text("platform: p\ncolumns: {seller_id: ID}\n")
    code, told, _ = run("check", "sellers", "-", "--mapping", "m.yml", stdin=b'{"ID": "a"}\n')
    assert (code, told[0]["loaded"]) == (0, 1)


def test_secrets_are_masked_in_rejects(run, folder: Path) -> None:
    (folder / "p.csv").write_text("seller_id,account,account_kind\ns,DE00123456789,iban\n")
    run("check", "payment_accounts", "p.csv")
    assert "DE00123456789" not in (folder / "p.csv.rejects.ndjson").read_text()


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    [
        (("check", "sellers", "gone.csv"), b"", 3, "gone.csv: no such file"),
        (("check", "sellers", "-"), b"", 3, "the file is empty"),
        (("check", "sellers", "-"), b"PAR1....", 3, "Parquet is read from its end"),
        (("check", "sellers", "-"), b"a" * 5_000_000, 3, "-:1"),
        (("check", "listings", "good.csv"), b"", 3, "missing columns"),
        (("check", "sellers", "mixed.csv", "--strict"), b"", 3, ""),
        (("check", "sellers", "mixed.csv", "--rejects", "good.csv/r"), b"", 3, "cannot be written"),
        (("check", "sellers", "mixed.csv", "--rejects", "mixed.csv"), b"", 2, "files to read"),
        (("check", "sellers", "good.csv", "--platform", "a:b"), b"", 2, "--platform a:b"),
        (("check", "nothing", "good.csv"), b"", 2, "invalid choice"),
        ((), b"", 2, "required"),
        (
            ("match", "brands", "good.csv", "--brands", "brands.csv", "--out", "h"),
            b"",
            3,
            "id, title",
        ),
        (("match", "brands", "t.csv", "--brands", "brands.csv", "--out", "t.csv"), b"", 2, "--out"),
        (("match", "images", "none", "--out", "p"), b"", 3, "no such folder"),
        (("match", "images", "none"), b"", 2, "--out"),
    ],
)
def test_what_cannot_be_done_is_told_with_a_remedy(run, words, stdin, code, said) -> None:
    found, _, notes = run(*words, stdin=stdin)
    assert found == code
    assert said in notes
    assert "Traceback" not in notes


def test_brands_are_matched_title_by_title(run, folder: Path) -> None:
    titles = ["1,Sоlvantix bag", "2,plain bag", ",no id", '3,"case for svx one, new"', "4,ragged,x"]
    (folder / "t.csv").write_text("id,title\n" + "\n".join(titles) + "\n", "utf-8")
    code, told, notes = run("match", "brands", "t.csv", "--brands", "brands.csv", "--out", "h.csv")
    assert (code, told[0]["titles"], told[0]["named"], told[0]["rejected"]) == (0, 3, 2, 2)
    assert table(folder / "h.csv") == [
        ["id", "brand", "score", "start", "end", "disguise", "context"],
        ["1", "Solvantix", "0.96", "0", "9", "homoglyph", "use"],
        ["3", "Solvantix", "1.0", "9", "16", "exact", "reference"],
    ]
    assert "t.csv:4: id: empty" in notes


def drawn(seed: int) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 13, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((360, 240), Image.Resampling.BICUBIC)


def test_pictures_are_paired_by_tier(run, folder: Path) -> None:
    below = folder / "pictures" / "more"
    below.mkdir(parents=True)
    drawn(1).save(below / "a.png")
    drawn(1).save(below / "b.bmp")  # the same pixels
    drawn(1).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "pictures" / "c.jpg")
    drawn(2).save(folder / "pictures" / "d.png")
    Image.new("RGB", (90, 90), "red").save(folder / "pictures" / "plain.png")
    (folder / "pictures" / "broken.jpg").write_bytes(b"no picture")
    code, told, notes = run("match", "images", "pictures", "--out", "p.csv")
    assert (code, told[0]["pictures"], told[0]["rejected"]) == (0, 5, 1)
    assert "pictures/broken.jpg: not a picture" in notes
    found = {
        (left, right): (turn, tier) for left, right, _, turn, tier in table(folder / "p.csv")[1:]
    }
    assert found == {
        ("more/a.png", "more/b.bmp"): ("none", "exact"),
        ("c.jpg", "more/a.png"): ("mirror", "copy"),
        ("c.jpg", "more/b.bmp"): ("mirror", "copy"),
    }


def test_a_part_of_a_picture_and_a_candidate_are_told_apart(run, folder: Path) -> None:
    dice = np.random.default_rng(1)
    whole = Image.new("RGB", (420, 360), "white")
    pen = ImageDraw.Draw(whole)
    for _ in range(160):
        x, y, wide, high = dice.integers((0, 0, 8, 8), (420, 360, 50, 50)).tolist()
        pen.rectangle((x, y, x + wide, y + high), tuple(dice.integers(0, 256, 3).tolist()))
    (folder / "pictures").mkdir()
    whole.save(folder / "pictures" / "a.png")
    whole.crop((60, 40, 420, 360)).save(folder / "pictures" / "b.jpg")
    code, told, _ = run("match", "images", "pictures", "--out", "p.csv")
    assert (code, told[0]["partial"], told[0]["candidate"]) == (0, 1, 0)
    (_, (left, right, distance, turn, tier)) = table(folder / "p.csv")
    assert (left, right, turn, tier) == ("a.png", "b.jpg", "none", "partial")
    assert 31 < int(distance) <= 256


def test_it_runs_as_a_program_and_its_help_ends_with_an_example() -> None:
    for words in (("check",), ("match", "brands"), ("match", "images")):
        asked = [sys.executable, "-m", "ingest", *words, "--help"]
        done = subprocess.run(asked, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1].startswith(
            "example: python -m ingest " + " ".join(words)
        )
