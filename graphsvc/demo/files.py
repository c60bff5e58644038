"""Writes tables as CSV, JSON Lines and Parquet, the same bytes each time; invents nothing."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from graphsvc.demo.dice import Dice
from graphsvc.demo.drawing import encoded, original
from graphsvc.demo.gallery import Gallery
from graphsvc.demo.tables import Table, picture_path

PICTURES = "pictures"
# Each way of reading is used once at least.
NAMES: Mapping[str, str] = {
    "sellers": "sellers.csv",
    "listings": "listings.csv.gz",
    "addresses": "addresses.csv",
    "payment_accounts": "payment_accounts.csv",
    "contacts": "contacts.parquet",
    "devices": "devices.jsonl",
    "images": "images.csv",
    "reports": "reports.csv",
}


def write_table(folder: Path, table: Table) -> Path:
    """Write a table under its kind's file name and return the path."""
    path = folder / NAMES[table.kind]
    if path.suffix == ".parquet":
        _write_parquet(path, table)
    elif path.suffix == ".jsonl":
        path.write_text("".join(_json_lines(table)), encoding="utf-8", newline="\n")
    elif path.suffix == ".gz":
        # No name and no time in the header: the same rows are the same bytes.
        path.write_bytes(gzip.compress(_csv(table).encode(), compresslevel=6, mtime=0))
    else:
        path.write_text(_csv(table), encoding="utf-8", newline="")
    return path


def draw_pictures(folder: Path, gallery: Gallery, seed: int) -> int:
    """Draw every chosen picture in all its versions; return how many files that are."""
    (folder / PICTURES).mkdir()
    for picture in gallery.pictures:
        if not picture.drawn:
            continue
        dice = Dice(seed, f"picture {picture.number}")
        first = original(dice)
        for version, edit in enumerate(picture.edits):
            path = folder / picture_path(gallery.files[picture.number, version])
            path.write_bytes(encoded(dice, first, edit))
    return len(gallery.files)


def _csv(table: Table) -> str:
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")  # RFC 4180
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return held.getvalue()


def _json_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        said = {name: text for name, text in zip(table.columns, row, strict=True) if text}
        yield json.dumps(said, ensure_ascii=False) + "\n"


def _write_parquet(path: Path, table: Table) -> None:
    columns = {
        name: pa.array([row[at] or None for row in table.rows], pa.string())
        for at, name in enumerate(table.columns)
    }
    pq.write_table(pa.table(columns), path)
