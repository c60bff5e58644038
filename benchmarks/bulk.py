"""A folder into an empty graph at once, against the ordinary load of its files one by one.

On the way: the digest of a graph and of one a tenth as large, for its memory.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.ground import Ground, Ran, table
from graphsvc.demo.generate import generate
from graphsvc.loading.bulk import find_files

SELLERS, SEED = 20_000, 7
PLATFORM = ("--platform", "shopnest")


def run(ground: Ground) -> str:
    """Return rows a second of both, the command's start and the server's stop and start in it."""
    _loaded(ground, _market(ground, "tenth", SELLERS // 10))
    tenth = ground.graphsvc("graph", "digest")
    ground.wipe()
    folder = _market(ground, "market", SELLERS)
    ordinary = _loaded(ground, folder)
    rows = sum(ran.answer["in"] for ran in ordinary)
    digest = ground.graphsvc("graph", "digest")
    ground.wipe()
    bulk = ground.graphsvc("load-bulk", folder, *PLATFORM)
    again = ground.graphsvc("graph", "digest")
    assert again.answer == digest.answer, "not the same graph"
    seconds, cpu = (sum(getattr(ran, name) for ran in ordinary) for name in ("seconds", "cpu"))
    return table(
        ("figure", "value", "target"),
        [
            (
                f"`load`, {rows:,} rows in {len(ordinary)} files, rows/s",
                f"{rows / seconds:,.0f}",
                "",
            ),
            ("`load-bulk`, rows/s", f"{rows / bulk.seconds:,.0f}", ""),
            ("ratio", f"{seconds / bulk.seconds:.1f}", "≥ 5"),
            (
                "CPU seconds of the loader; of `load-bulk` with the import, without its readers",
                f"{cpu:.0f}; {bulk.cpu:.0f}",
                "",
            ),
            ("peak memory of `load-bulk`, or of the import's Java", f"{bulk.peak >> 20} MiB", ""),
            (
                "peak memory of `graph digest`, of this graph : of a tenth",
                f"{again.peak / tenth.peak:.2f} ({again.peak >> 20} MiB : {tenth.peak >> 20} MiB)",
                "≤ 1.1",
            ),
        ],
    )


def _market(ground: Ground, name: str, sellers: int) -> Path:
    folder = ground.folder / name
    generate(folder, sellers=sellers, seed=SEED)
    return folder


def _loaded(ground: Ground, folder: Path) -> list[Ran]:
    files = find_files(folder).files
    return [ground.graphsvc("load", kind, path, *PLATFORM) for kind, path, _ in files]
