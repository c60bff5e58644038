"""Rings out of Neo4j against Graph Data Science inside it: the same graph on the same server.

Beside the clock the CPU seconds of both processes are told: they hold on a shared machine too.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from statistics import median

import psutil

from benchmarks.ground import Ground, table
from benchmarks.market_graph import import_market
from benchmarks.markets import market
from benchmarks.peer_server import with_gds
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.read import read_market
from graphsvc.rings.solve import solve
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader

SELLERS, SEED, ROUNDS, MOST, THREADS = 100_000, 1, 3, 20, 2
ALGORITHMS = {"wcc": "WCC", "louvain": "Louvain", "leiden": "Leiden"}
TARGETS = {"wcc": "≤ 1", "louvain": "≤ 0.125", "leiden": ""}
PROJECTION = f"GDS: projection, what at most {MOST} share"
NAME = "benchmark"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and of the CPU in this process and the server's."""

    clock: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        """Return what both took, one after the other."""
        return Spent(self.clock + other.clock, self.cpu + other.cpu)


Round = dict[str, Spent]


def run(ground: Ground) -> str:
    """Return what each part takes, in turn, and all of ours to all of each peer."""
    import_market(ground, market(SELLERS, SEED))
    with with_gds(ground) as gds:
        rounds = [asyncio.run(_ours(gds)) | _theirs(gds) for _ in range(ROUNDS + 1)]
    return _told(rounds[1:])  # the first one warms the server


def _now(ground: Ground) -> Spent:
    server = psutil.Process(ground.server.pid).cpu_times()
    return Spent(time.perf_counter(), time.process_time() + server.user + server.system)


def _since(ground: Ground, began: Spent) -> Spent:
    now = _now(ground)
    return Spent(now.clock - began.clock, now.cpu - began.cpu)


async def _ours(ground: Ground) -> Round:
    """Read and solve as `rings detect` does both."""
    async with connect(ground.server) as driver:
        began = _now(ground)
        held = await read_market(Reader(driver, seconds=600.0), DEFAULT)
        read, began = _since(ground, began), _now(ground)
        solve(held)
        return {"ours: read by columns": read, "ours: solve": _since(ground, began)}


def _theirs(ground: Ground) -> Round:
    """Project, and group on the projection; what is found stays in the server."""
    spent = {PROJECTION: _taken(ground, "gds_project", most=MOST)}
    try:
        for name, word in ALGORITHMS.items():
            spent[f"GDS: {word}"] = _taken(ground, f"gds_{name}")
    finally:
        ground.run("gds_drop", graph=NAME)
    return spent


def _taken(ground: Ground, text: str, **parameters: int) -> Spent:
    began = _now(ground)
    ground.run(text, graph=NAME, concurrency=THREADS, **parameters)
    return _since(ground, began)


def _told(rounds: list[Round]) -> str:
    rows = [_row(part, [each[part] for each in rounds]) for part in rounds[0]]
    ours = [each["ours: read by columns"] + each["ours: solve"] for each in rounds]
    rows.append(_row("ours: read and solve", ours))
    for name, word in ALGORITHMS.items():
        peer = [each[PROJECTION] + each[f"GDS: {word}"] for each in rounds]
        pairs = list(zip(ours, peer, strict=True))
        clock = [own.clock / other.clock for own, other in pairs]
        cpu = [own.cpu / other.cpu for own, other in pairs]
        title = f"ours : projection + {word}"
        rows.append((title, _median(clock), _median(cpu), TARGETS[name]))
    head = (f"{SELLERS:,} sellers, {THREADS} threads for GDS", "clock", "CPU", "target")
    return table(head, rows)


def _row(part: str, spent: list[Spent]) -> tuple[str, str, str, str]:
    return part, _median([s.clock for s in spent], " s"), _median([s.cpu for s in spent], " s"), ""


def _median(values: list[float], unit: str = "") -> str:
    return f"{median(values):.2f}{unit} ({', '.join(f'{value:.2f}' for value in values)})"
