"""Reading shared identifiers by columns against one record a relation: the same rows."""

from __future__ import annotations

import asyncio
import csv
import time
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.ground import Ground, table
from graphsvc.rings.read import CHUNK
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from queries.rings.detection import SHARED_IDENTIFIERS

ROWS, SHARERS, ROUNDS = 120_000, 3, 5
MOST = 10_000  # no cap: both read every shared identifier


def _devices_csv(path: Path) -> Path:
    """Write seller–device rows in which every device has some three sellers."""
    dice = Random(ROWS)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("seller_id", "device", "seen_at"))
        for place in range(ROWS):
            day = f"2024-{1 + place % 12:02d}-{1 + place % 28:02d}"
            device = f"fingerprint-{dice.randrange(ROWS // SHARERS):08d}"
            writer.writerow((f"s-{dice.randrange(ROWS)}", device, day))
    return path


def run(ground: Ground) -> str:
    """Return relations a second both ways, alternately, and their ratio."""
    file = _devices_csv(ground.folder / "devices.csv")
    ground.graphsvc("load", "devices", file, "--platform", "shopnest")
    columns, records, read = [], [], 0
    for place in range(ROUNDS + 1):
        began = time.perf_counter()
        assert len(ground.run("record_per_relation")) >= read
        between = time.perf_counter()
        read, ours = asyncio.run(_by_columns(ground))
        if place:  # the first round warms the server
            columns.append(ours)
            records.append(between - began)
    ratios = [theirs / ours for ours, theirs in zip(columns, records, strict=True)]
    return table(
        ("figure", "median", "rounds", "target"),
        [
            (f"columns, {read:,} relations", f"{read / median(columns):,.0f} /s", "", ""),
            ("a record a relation", f"{read / median(records):,.0f} /s", "", ""),
            (
                "ratio",
                f"{median(ratios):.1f}",
                ", ".join(f"{ratio:.1f}" for ratio in ratios),
                "≥ 5",
            ),
        ],
    )


async def _by_columns(ground: Ground) -> tuple[int, float]:
    """Return how many relations were read, and in how many seconds over an open connection."""
    async with connect(ground.server) as driver:
        reader = Reader(driver, seconds=600.0)
        began = time.perf_counter()
        chunks = reader.stream(SHARED_IDENTIFIERS, most=MOST, chunk=CHUNK)
        read = sum([len(part.sellers) async for part in chunks])
        return read, time.perf_counter() - began
