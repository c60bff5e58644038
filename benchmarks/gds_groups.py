"""Sellers grouped by Graph Data Science inside Neo4j, for the scoreboard: under our ring score."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.engines import Grouping
from benchmarks.ground import Ground
from graphsvc.rings.columns import Market
from graphsvc.rings.found import MemberColumns
from graphsvc.rings.project import least_member
from graphsvc.rings.solve import solve

ALGORITHMS = {"wcc": "WCC", "louvain": "Louvain", "leiden": "Leiden"}
CAPS = {"no cap": None, "cap 20": 20, "cap 3": 3}
NAME = "scoreboard"


def gds_engines(ground: Ground) -> dict[str, Grouping]:
    """Return each algorithm under each cap, on the graph of sellers and what they share."""
    return {
        f"GDS {word}, {cap}": partial(_grouped, ground, algorithm, most)
        for algorithm, word in ALGORITHMS.items()
        for cap, most in CAPS.items()
    }


def _grouped(
    ground: Ground, algorithm: str, most: int | None, market: Market, seed: int
) -> MemberColumns:
    count, degree = len(market.sellers), market.degree()
    shared = (degree > 1) & (degree <= (most or count))
    rows = np.flatnonzero(shared[market.row_identifier])
    ground.run(
        "gds_project_rows",
        graph=NAME,
        sellers=market.row_seller[rows].tolist(),
        identifiers=(market.row_identifier[rows] + count).tolist(),
    )
    try:
        told = ground.run(f"gds_{algorithm}_groups", graph=NAME, sellers=count, seed=seed)
    finally:
        ground.run("gds_drop", graph=NAME)
    label = np.arange(count, dtype=np.int64)
    label[told[0]["members"]] = np.array(told[0]["labels"], dtype=np.int64) + count
    return solve(market, label=least_member(label.astype(np.int32))).members
