"""Pairs of addresses that are probably one place, and those that only look like it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.__main__ import main
from ingest.dry.addresses import write_address_matches
from ingest.match import addresses
from ingest.match.address_columns import Reading
from ingest.match.addresses import Pair, alike, pairs
from ingest.match.likeness import shipped

HOME = "12 Marwick Street, Kestleford MK40 1LR"


def found(*texts: str) -> dict[tuple[int, int], Pair]:
    reading = Reading()
    records = [reading.add(text) for text in texts]
    columns = reading.columns()
    held = pairs(records, columns, alike(columns, shipped()))
    return {(pair.left, pair.right): pair for pair in held}


@pytest.mark.parametrize(
    ("other", "level"),
    [
        ("Kestleford MK40 1LR, 12 Marwick St.", "unit"),
        ("12 Marwikc Street, Kestleford MK40 1LR", "unit"),
        ("12 Marwick Street, Kestleford", "unit"),
        ("12 Marwick Street, Kestleford MK40 9ZZ", "unit"),
        ("12 Marwick Street MK40 1LR", "unit"),
        ("c/o Quillon Imports, Twelve Marwick Street, Kestleford MK4O 1LR", "unit"),
        ("Flat 7, 12 Marwick Street, Kestleford MK40 1LR", "premise"),
    ],
)
def test_disguised_addresses_meet(other: str, level: str) -> None:
    pair = found(HOME, other)[0, 1]
    assert pair.level == level
    assert pair.score >= 0.5


def test_two_units_of_one_building_are_one_premise_and_not_one_unit() -> None:
    pair = found(f"Flat 4, {HOME}", f"Flat 9, {HOME}")[0, 1]
    assert (pair.level, pair.rule, pair.score >= 0.9) == ("premise", "postcode_number", True)
    assert pair.features["unit_contradiction"] == 1


@pytest.mark.parametrize(
    "other",
    [
        "14 Marwick Street, Kestleford MK40 1LR",
        "22 Marwick Street, Kestleford MK40 1LR",
        "12 Marwick Street, Villanora CM7 2AB",
        "12 Thornaby Lane, Kestleford",
        "Flat 12, 14 Marwick Street, Kestleford MK40 1LR",
    ],
)
def test_traps_are_other_places(other: str) -> None:
    assert found(HOME, other) == {}


def test_a_town_alone_is_no_place() -> None:
    assert found("Kestleford, United Kingdom", "Kestleford, United Kingdom") == {}
    assert found("c/o Quillon Imports, S.A. de C.V.", "c/o Tavira, S.A. de C.V.") == {}


def test_a_floor_is_no_house_number() -> None:
    assert found("6th Floor, 6 Orvane St, Villanora", "6th Floor, 2 Orvane St, Villanora") == {}


def test_texts_that_say_the_same_are_paired_without_a_score() -> None:
    held = found(HOME, HOME.upper(), HOME.replace("Street", "St."))
    assert set(held) == {(0, 1), (0, 2), (1, 2)}
    assert {(p.score, p.level, p.rule) for p in held.values()} == {(1.0, "unit", "exact")}


def test_of_too_many_that_say_the_same_each_meets_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "LARGEST_GROUP", 3)
    held = found(*([HOME] * 5))
    assert set(held) == {(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)}


def test_only_pairs_with_something_fresh_are_compared() -> None:
    reading = Reading()
    for text in (HOME, f"Flat 1, {HOME}", f"Flat 2, {HOME}"):
        reading.add(text)
    columns = reading.columns()
    fresh = np.array([False, False, True])
    held = alike(columns, shipped(), fresh)
    assert sorted(zip(held.left.tolist(), held.right.tolist(), strict=True)) == [(0, 2), (1, 2)]
    assert alike(columns, shipped(), np.zeros(3, dtype=bool)).compared == 0


def write(folder: Path, *rows: tuple[str, ...]) -> Path:
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_dry_tool_writes_pairs_and_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path,
        ("id", "address", "country"),
        ("b", HOME, "United Kingdom"),
        ("a", f"Unit 5, {HOME}", "GB"),
        ("c", "14 Marwick Street, Kestleford MK40 1LR", "nowhere"),
        ("d", "…", ""),
    )
    out = tmp_path / "out.csv"
    assert main(["match", "addresses", str(path), "--out", str(out)]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["addresses"], counts["unreadable"], counts["distinct"]) == (4, 1, 3)
    assert (counts["unit"], counts["premise"], counts["model"]) == (0, 1, shipped().version)
    [row] = rows_of(out)
    assert list(row) == ["left", "right", "score", "level", "rule"]
    assert (row["left"], row["right"], row["level"]) == ("a", "b", "premise")
    assert 0.9 <= float(row["score"]) <= 1


def test_the_dry_tool_refuses_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out.csv")
    assert main(["match", "addresses", str(tmp_path / "none.csv"), "--out", out]) == 3
    path = write(tmp_path, ("id", "street"), ("1", HOME))
    assert main(["match", "addresses", str(path), "--out", out]) == 3
    path.write_bytes(b"id,address\n1,\xff\xfe\n")
    assert main(["match", "addresses", str(path), "--out", out]) == 3
    told = capsys.readouterr().err
    assert "no column address" in told
    assert not (tmp_path / "out.csv").exists()


def test_the_dry_tool_says_where_it_cannot_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, ("id", "address"), ("1", HOME))
    assert main(["match", "addresses", str(path), "--out", str(tmp_path / "no" / "out.csv")]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_a_header_alone_gives_no_pairs(tmp_path: Path) -> None:
    path = write(tmp_path, ("id", "address"))
    counts = write_address_matches(path, tmp_path / "out.csv")
    assert (counts["addresses"], counts["distinct"], rows_of(tmp_path / "out.csv")) == (0, 0, [])
