"""Reads the files of a world back, for the tests of this folder."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq

from graphsvc.demo.files import NAMES
from graphsvc.demo.tables import COLUMNS


def rows_of(folder: Path, kind: str) -> list[dict[str, str]]:
    """Return the rows of one kind's file, whatever its format; missing values are empty."""
    path = folder / NAMES[kind]
    if path.suffix == ".parquet":
        found = pq.read_table(path).to_pylist()
        return [{name: text or "" for name, text in row.items()} for row in found]
    if path.suffix == ".jsonl":
        held = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [{name: row.get(name, "") for name in COLUMNS[kind]} for row in held]
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    return list(csv.DictReader(text.splitlines()))


def good_rows(folder: Path, kind: str) -> list[dict[str, str]]:
    """Return the rows that are not listed as dirty."""
    bad = dirty(folder, kind)
    return [row for at, row in enumerate(rows_of(folder, kind), start=1) if at not in bad]


def dirty(folder: Path, kind: str) -> dict[int, str]:
    """Return the column at fault by row (from 1), as the truth lists it."""
    with (folder / "truth" / "dirty.csv").open(encoding="utf-8", newline="") as lines:
        found = [row for row in csv.DictReader(lines) if row["file"] == NAMES[kind]]
    return {int(row["row"]): row["column"] for row in found}
