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
from graphsvc.rings import detect, project, weigh
from graphsvc.rings.coding import coded
from graphsvc.rings.columns import Market
from graphsvc.rings.dry import read
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.project import Links
from graphsvc.rings.solve import solve

ROUNDS, SIZE, LARGE, SEED = 3, 100_000, 1_000_000, 1
OURS_ROUNDS = 9


def run() -> str:
    """Return the table of seconds and ratios, and of the large market."""
    made = market(SIZE, SEED)
    with TemporaryDirectory() as folder:
        rows, sellers = made.write(Path(folder))
        told, _ = read(rows, sellers)
    ours = _timed(lambda: solve(coded(*told)), OURS_ROUNDS)
    plain = made.columns()
    rest = _peers(plain)
    lines = [
        "| what, 100,000 sellers, 1.2 million rows | median | rounds | ours : it | target |",
        "| --- | --- | --- | --- | --- |",
        f"| rows to tiers, `evidence` | {median(ours):.3f} s | {_told(ours)} |  |  |",
    ]
    for (name, target), seconds in rest.items():
        ratio = f"{median(seconds) / median(ours):.1f}x faster"
        lines.append(
            f"| {name} | {median(seconds):.3f} s | {_told(seconds)} | {ratio} | {target} |"
        )
    return "\n".join([*lines, *_stage(plain), "", *_large(median(ours))])


def _peers(plain: Market) -> dict[tuple[str, str], list[float]]:
    projection, both = raw_projection(plain), bipartite(plain)
    edges = list(projection.edges(data="weight"))
    graph = igraph.Graph(n=len(plain.sellers), edges=[(a, b) for a, b, _ in edges])
    weights = [weight for _, _, weight in edges]
    return {
        ("python-louvain, capped projection", "≥ 30x"): _timed(
            lambda: community.best_partition(projection, random_state=0)
        ),
        ("python-louvain, bipartite graph", "≥ 20x"): _timed(
            lambda: community.best_partition(both, random_state=0)
        ),
        ("networkx Louvain, capped projection", "≥ 20x"): _timed(
            lambda: nx.community.louvain_communities(projection, seed=0)
        ),
        ("igraph multilevel (C), capped projection", "≥ 2x"): _timed(
            lambda: graph.community_multilevel(weights=weights), OURS_ROUNDS
        ),
    }


def _stage(plain: Market) -> list[str]:
    """Compare split and merge with python-louvain on the same evidence graph."""
    ties = weigh.shared_ties(plain, DEFAULT)
    pairs = weigh.weigh(ties, weigh.calibrate(ties, DEFAULT), DEFAULT)
    links = project.links(pairs, DEFAULT)
    ours = _timed(lambda: _grouped(plain, links, Engine.EVIDENCE), OURS_ROUNDS)
    theirs = _timed(lambda: _grouped(plain, links, Engine.LOUVAIN))
    ratio = f"{median(theirs) / median(ours):.1f}x faster"
    return [
        f"| split and merge alone, evidence graph | {median(ours):.3f} s | {_told(ours)} |  |  |",
        f"| python-louvain, evidence graph | {median(theirs):.3f} s | {_told(theirs)} "
        f"| {ratio} | ≥ 15x |",
    ]


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
    seconds = [each["seconds"] for each in runs]
    peak = max(each["peak_mib"] for each in runs)
    return [
        "| 1,000,000 sellers, 13 million rows | median | rounds | target |",
        "| --- | --- | --- | --- |",
        f"| rows to tiers | {median(seconds):.2f} s | {_told(seconds)} | ≤ 6 s |",
        f"| ten times the sellers | {median(seconds) / small:.1f}x the time |  | ≤ 12x |",
        f"| memory of the process, columns included | {peak:,} MiB |  | ≤ 1 GB |",
    ]


def _timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def _told(times: list[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in np.sort(times).tolist())
