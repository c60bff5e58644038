"""Speed of the ring engine, from integer columns to tiers, against community detection of others.

Every peer gets its graph ready made; the engine gets rows. One thread each.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import community
import igraph
import networkx as nx
import numpy as np

from benchmarks.engines import bipartite, raw_projection
from benchmarks.markets import market
from graphsvc.rings import detect, project, self_calibration, weigh
from graphsvc.rings.coding import coded
from graphsvc.rings.columns import Market
from graphsvc.rings.dry import read
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.project import Links
from graphsvc.rings.solve import solve

ROUNDS, SIZE, LARGE, SEED = 3, 100_000, 1_000_000, 1
OFTEN = 3  # what is quick is done so many times a round
OURS, SPLIT = "rows to tiers, `evidence`", "split and merge alone, evidence graph"
SLOW = {
    "python-louvain, capped projection": "≥ 30x",
    "python-louvain, bipartite graph": "≥ 20x",
    "networkx Louvain, capped projection": "≥ 20x",
}
IGRAPH, LOUVAIN = "igraph multilevel (C), capped projection", "python-louvain, evidence graph"

Works = dict[str, Callable[[], object]]
Seconds = dict[str, list[float]]


def run() -> str:
    """Return the table of CPU seconds and ratios, and of the large market.

    CPU time, for every part is one thread: so others on the machine count for less.
    """
    made = market(SIZE, SEED)
    with TemporaryDirectory() as folder:
        rows, sellers = made.write(Path(folder))
        told, _ = read(rows, sellers)
    plain = made.columns()
    works = {OURS: lambda: solve(coded(*told)), **_peers(plain), **_stage(plain)}
    seconds = _alternating(works)
    ours = median(seconds[OURS])
    lines = [
        "| CPU seconds, 100,000 sellers, 1.2 million rows | median | rounds | ours : it | target |",
        "| --- | --- | --- | --- | --- |",
        _line(OURS, seconds),
        *(_line(name, seconds, ours, target) for name, target in SLOW.items()),
        _line(IGRAPH, seconds, ours, "≥ 2x"),
        _line(SPLIT, seconds),
        _line(LOUVAIN, seconds, median(seconds[SPLIT]), "≥ 15x"),
    ]
    return "\n".join([*lines, "", *_large(ours)])


def _alternating(works: Works) -> Seconds:
    """Return the CPU seconds of each work, all of them in each round."""
    seconds: Seconds = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            for _ in range(OFTEN if name in (OURS, IGRAPH, SPLIT) else 1):
                began = time.process_time()
                work()
                seconds[name].append(time.process_time() - began)
    return seconds


def _line(name: str, seconds: Seconds, ours: float | None = None, target: str = "") -> str:
    own = seconds[name]
    ratio = f"{median(own) / ours:.1f}x faster" if ours else ""
    return f"| {name} | {median(own):.3f} s | {_told(own)} | {ratio} | {target} |"


def _peers(plain: Market) -> Works:
    projection, both = raw_projection(plain), bipartite(plain)
    edges: list[tuple[int, int, float]] = list(projection.edges(data="weight"))
    graph = igraph.Graph(n=len(plain.sellers), edges=[(a, b) for a, b, _ in edges])
    weights = [weight for _, _, weight in edges]
    one, other, third = SLOW
    return {
        one: lambda: community.best_partition(projection, random_state=0),
        other: lambda: community.best_partition(both, random_state=0),
        third: lambda: nx.community.louvain_communities(projection, seed=0),
        IGRAPH: lambda: graph.community_multilevel(weights=weights),
    }


def _stage(plain: Market) -> Works:
    """Split and merge, and python-louvain, on the same evidence graph."""
    ties = weigh.shared_ties(plain, DEFAULT)
    pairs = weigh.weigh(ties, self_calibration.calibrate(ties, DEFAULT), DEFAULT)
    links = project.links(pairs, DEFAULT)
    return {
        SPLIT: lambda: _grouped(plain, links, Engine.EVIDENCE),
        LOUVAIN: lambda: _grouped(plain, links, Engine.LOUVAIN),
    }


def _grouped(plain: Market, links: Links, engine: Engine) -> object:
    return detect.groups(plain, links, DEFAULT, engine=engine, seed=0)


def _large(small: float) -> list[str]:
    """Solve a million sellers in a process of its own, whose whole memory counts."""
    with TemporaryDirectory() as folder:
        market(LARGE, SEED).write(Path(folder))
        words = [sys.executable, "-m", "benchmarks.rings_large", folder]
        runs = [
            json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
            for _ in range(ROUNDS)
        ]
    seconds, clock = ([each[name] for each in runs] for name in ("cpu", "seconds"))
    peak = max(each["peak_mib"] for each in runs)
    return [
        "| CPU seconds, 1,000,000 sellers, 13 million rows | median | rounds | target |",
        "| --- | --- | --- | --- |",
        f"| rows to tiers | {median(seconds):.2f} s | {_told(seconds)} | ≤ 6 s |",
        f"| the same by the clock | {median(clock):.2f} s | {_told(clock)} |  |",
        f"| ten times the sellers | {median(seconds) / small:.1f}x the time |  | ≤ 12x |",
        f"| memory of the process, columns included | {peak:,} MiB |  | ≤ 1 GB |",
    ]


def _told(times: list[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in np.sort(times).tolist())
