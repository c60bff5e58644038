"""A folder into an empty graph at once, against the ordinary load of its files one by one."""

from __future__ import annotations

from benchmarks.ground import Ground, table
from graphsvc.demo.generate import generate
from graphsvc.loading.bulk import find_files

SELLERS, SEED = 20_000, 7
PLATFORM = ("--platform", "shopnest")


def run(ground: Ground) -> str:
    """Return rows a second of both, the command's start and the server's stop and start in it."""
    folder = ground.folder / "market"
    generate(folder, sellers=SELLERS, seed=SEED)
    files = find_files(folder).files
    ordinary = [ground.graphsvc("load", kind, path, *PLATFORM) for kind, path, _ in files]
    rows = sum(ran.answer["in"] for ran in ordinary)
    digest = ground.graphsvc("graph", "digest")
    ground.wipe()
    bulk = ground.graphsvc("load-bulk", folder, *PLATFORM)
    again = ground.graphsvc("graph", "digest")
    assert again.answer == digest.answer, "not the same graph"
    seconds = sum(ran.seconds for ran in ordinary)
    return table(
        ("figure", "value", "target"),
        [
            (f"`load`, {rows:,} rows in {len(files)} files, rows/s", f"{rows / seconds:,.0f}", ""),
            ("`load-bulk`, rows/s", f"{rows / bulk.seconds:,.0f}", ""),
            ("ratio", f"{seconds / bulk.seconds:.1f}", "≥ 5"),
            ("peak memory of `load-bulk`", f"{bulk.peak >> 20} MiB", ""),
            ("peak memory of `graph digest`", f"{again.peak >> 20} MiB", ""),
        ],
    )
