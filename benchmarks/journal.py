"""The journal: durable records a second from two processes, and entries verified a second."""

from __future__ import annotations

import asyncio
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.ground import table
from graphsvc.audit.events import Event
from graphsvc.audit.journal import Journal
from graphsvc.audit.verify import verify

WORKERS, ROUNDS = 2, 5
SPAWN = get_context("spawn")
READ = Event(
    action="seller.read",
    principal="key-4f2a91c0",
    role="partner",
    officer="officer-31",
    case="case-20310204T101112-0a1b2c3d4e5f6",
    purpose="criminal-investigation",
    grant="grant-20310204T101112-0a1b2c3d4e5f6",
    subject="a" * 80,
    detail="sha256:" + "5e" * 32,
)


def run() -> str:
    """Return records a second by requests at once in each worker, waiting times, and verification.

    The records of a round are counted between the moment when both workers begin and the end of
    the later one.
    """
    rows = []
    with TemporaryDirectory(prefix="graphsvc-journal-") as place:
        folder = Path(place)
        for lanes, each in ((1, 300), (8, 2_000), (32, 6_400)):
            rounds = [_round(folder, lanes, each) for _ in range(ROUNDS)]
            speeds = [round(WORKERS * each / seconds) for seconds, _ in rounds]
            waits = sorted(wait for _, waits in rounds for wait in waits)
            p99 = quantiles(waits, n=100)[98]
            shown = f"{median(waits) * 1000:.1f} ms, {p99 * 1000:.1f} ms"
            name = f"{WORKERS} workers, {lanes} at once in each: durable records/s"
            target = "≥ 1,000" if lanes == 32 else ""
            rows.append((name, f"{median(speeds):,.0f}", _told(speeds), target))
            rows.append(("its wait, p50 and p99", shown, "", ""))
        speeds, size = [], 0
        for _ in range(ROUNDS):
            began = time.perf_counter()
            verdict = verify(folder)
            size = verdict.entries
            assert verdict.problem is None, verdict.problem
            speeds.append(round(size / (time.perf_counter() - began)))
        name = f"`audit verify`, {size:,} entries, {verdict.checkpoints:,} checkpoints: entries/s"
        rows.append((name, f"{median(speeds):,.0f}", _told(speeds), "≥ 50,000"))
    return table(("figure", "median", "rounds", "target"), rows)


def _told(speeds: list[int]) -> str:
    return ", ".join(f"{speed:,}" for speed in speeds)


def _round(folder: Path, lanes: int, count: int) -> tuple[float, list[float]]:
    """Let the workers write `count` records each; return the seconds and every record's wait."""
    ready, told = SPAWN.Barrier(WORKERS + 1), SPAWN.SimpleQueue()
    words = (folder, lanes, count, ready, told)
    workers = [SPAWN.Process(target=_work, args=words) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    ready.wait()
    began = time.perf_counter()
    ended: list[float] = []
    waits: list[float] = []
    for _ in workers:
        waits += told.get()
        ended.append(time.perf_counter())
    for worker in workers:
        worker.join()
    return max(ended) - began, waits


def _work(folder: Path, lanes: int, count: int, ready: Barrier, told: object) -> None:
    journal = Journal.open(folder)
    ready.wait()
    waits = asyncio.run(_lanes(journal, lanes, count))
    told.put(waits)  # type: ignore[attr-defined]
    journal.close()


async def _lanes(journal: Journal, lanes: int, count: int) -> list[float]:
    waits: list[float] = []

    async def lane(records: int) -> None:
        for _ in range(records):
            began = time.perf_counter()
            await journal.append(READ)
            waits.append(time.perf_counter() - began)

    await asyncio.gather(*(lane(count // lanes) for _ in range(lanes)))
    return waits
