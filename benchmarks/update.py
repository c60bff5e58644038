"""`rings update` after a small load against `rings detect` of the same graph on the same server."""

from __future__ import annotations

import csv
from pathlib import Path
from statistics import median

from benchmarks.ground import Ground, table
from graphsvc.demo.generate import generate

SELLERS, SEED, ROUNDS, CHANGED = 10_000, 7, 3, 20
PLATFORM = ("--platform", "shopnest")
STAGES = ("read", "solve", "name", "write")


def run(ground: Ground) -> str:
    """Return seconds by stage of both, alternately, and what the updates solved."""
    folder = ground.folder / "market"
    generate(folder, sellers=SELLERS, seed=SEED)
    ground.graphsvc("load-bulk", folder, *PLATFORM)
    ground.graphsvc("rings", "detect")
    updates, wholes = [], []
    for turn in range(ROUNDS):
        file = _contacts(ground.folder / f"contacts-{turn}.csv", turn)
        ground.graphsvc("load", "contacts", file, *PLATFORM, "--source", f"more-{turn}")
        updates.append(ground.graphsvc("rings", "update").answer)
        wholes.append(ground.graphsvc("rings", "detect", "--model", "latest").answer)
        assert updates[-1]["rings"] == wholes[-1]["rings"], "not the same rings"
    solved = ", ".join(str(told["solved"]) for told in updates)
    return table(
        (f"seconds, {SELLERS:,} sellers, {CHANGED} changed", "`rings update`", "`rings detect`"),
        [
            *((stage, _median(updates, stage), _median(wholes, stage)) for stage in STAGES),
            ("components solved", f"{solved} of {updates[-1]['components']:,}", "all"),
        ],
    )


def _contacts(path: Path, turn: int) -> Path:
    """Write the telephones of some new sellers, each shared by two of them."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("seller_id", "phone"))
        for place in range(CHANGED):
            writer.writerow((f"late-{turn}-{place}", f"+44 20 7946 {turn}{place // 2:03d}"))
    return path


def _median(runs: list[dict[str, dict[str, float]]], stage: str) -> str:
    times = sorted(told["seconds"][stage] for told in runs)
    return f"{median(times):.2f} ({', '.join(f'{value:.2f}' for value in times)})"
