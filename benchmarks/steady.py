"""Whether the machine is steady enough for a figure to mean something: a no-op loop, timed."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from statistics import median

ROUNDS, STEPS = 15, 1_000_000
# Beyond this share between the slowest and the median round a run is void.
MOST_SPREAD = 0.25
PACKAGES = (
    "neo4j",
    "neo4j-rust-ext",
    "strawberry-graphql",
    "starlette",
    "granian",
    "numpy",
    "rapidfuzz",
    "pillow",
    "cryptography",
    "opencv-python-headless",
    "faiss-cpu",
)


def spread() -> float:
    """Return (slowest − median) / median of the same empty loop, run one after another."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(STEPS):
            pass
        times.append(time.perf_counter() - began)
    return (max(times) - median(times)) / median(times)


def verdict(before: float, after: float) -> str:
    """Return a line that says whether the run counts."""
    worst = max(before, after)
    word = "void: repeat it" if worst > MOST_SPREAD else "steady"
    return f"no-op loop: {before:.0%} before, {after:.0%} after ({word})"


def versions(neo4j: str | None = None) -> str:
    """Return a line with the versions of what was measured and the size of the machine."""
    server = f"Neo4j {neo4j}, " if neo4j else ""
    found = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    return f"Python {platform.python_version()}, {server}{found}; {cores} cores"
