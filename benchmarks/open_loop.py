"""An open loop: requests are sent when they are due, whatever became of those before them.

A latency is counted from the moment when the request was due, so that a server that makes its
clients wait cannot hide it (no coordinated omission).
"""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import numpy as np
import uvloop

from benchmarks.ground import Ground, Size
from benchmarks.wire import BROKEN, Answer, Wire, post
from graphsvc.cli.demo_serve import serving

SECONDS_AT_MOST = 30.0
NOOP_SECONDS, MOST_NOOP = 10.0, 0.025


@dataclass(frozen=True, slots=True)
class Shot:
    """One request's end: when it was due, how long after that it ended, and the answer.

    The body is kept only where it was wanted; `faulty`: an answer of 200 that holds errors.
    """

    due: float
    seconds: float
    answer: Answer
    faulty: bool

    @property
    def good(self) -> bool:
        """Whether it was answered as asked."""
        return self.answer.status == 200 and not self.faulty


def arrivals(rate: float, seconds: float, dice: Random) -> list[float]:
    """Return when requests of independent clients come (a Poisson process)."""
    found, at = [], dice.expovariate(rate)
    while at < seconds:
        found.append(at)
        at += dice.expovariate(rate)
    return found


def fire(
    url: str, requests: Sequence[bytes], dues: Sequence[float], keep: Collection[int] = ()
) -> list[Shot]:
    """Send each request when it is due and return how each ended, bodies of `keep` with it."""
    return uvloop.run(_fire(url, requests, dues, frozenset(keep)))


async def _fire(
    url: str, requests: Sequence[bytes], dues: Sequence[float], keep: frozenset[int]
) -> list[Shot]:
    wire, clock = Wire(url), asyncio.get_running_loop().time
    began = clock()

    async def shoot(place: int) -> Shot:
        try:
            async with asyncio.timeout(SECONDS_AT_MOST):
                answer = await wire.send(requests[place])
        except TimeoutError:
            answer = BROKEN
        seconds = clock() - began - dues[place]
        faulty = b'"errors":' in answer.body
        body = answer.body if place in keep or faulty else b""
        return Shot(dues[place], seconds, Answer(answer.status, answer.headers, body), faulty)

    tasks = []
    for place, due in enumerate(dues):
        wait = began + due - clock()
        if wait > 0:
            await asyncio.sleep(wait)
        tasks.append(asyncio.create_task(shoot(place)))
    shots = await asyncio.gather(*tasks)
    wire.close()
    return shots


def milliseconds(seconds: Sequence[float], *percents: float) -> list[str]:
    """Return percentiles as words; of nothing a dash."""
    if not seconds:
        return ["-" for _ in percents]
    return [f"{value * 1000:.0f} ms" for value in np.percentile(seconds, percents)]


@contextmanager
def noop_server() -> Iterator[str]:
    """Run a server that answers everything at once, in a process of its own; yield its address."""
    command = [sys.executable, "-m", "benchmarks.noop"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.terminate()


def noop_p99(rate: float) -> float:
    """Return the p99 in seconds of a server that does nothing, asked at this rate for a while."""
    dues = arrivals(rate, NOOP_SECONDS, Random(0))
    with noop_server() as url:
        shots = fire(url, [post("/", {}, {})] * len(dues), dues)
    return float(np.percentile([shot.seconds for shot in shots], 99))


@dataclass(slots=True)
class Served:
    """A service that is asked, and the p99 in seconds of a no-op server before and after it."""

    url: str
    noops: list[float]

    def verdict(self) -> str:
        """Return a line that says whether the machine was quiet enough for the run to count."""
        before, after = self.noops
        word = "void: repeat it" if max(before, after) > MOST_NOOP else "steady"
        told = f"p99 {before * 1000:.1f} ms before, {after * 1000:.1f} ms after"
        most = f"at most {MOST_NOOP * 1000:.0f} ms"
        return f"A no-op server at the same rate: {told} ({word}; {most})"


@contextmanager
def served(ground: Ground, size: Size, rate: float) -> Iterator[Served]:
    """Serve the graph while it is asked, a no-op server asked at this rate before and after."""
    quiet = ground.settings.model_copy(update={"log_level": "error", "workers": size.workers})
    gc.collect()
    gc.freeze()  # the rows stay: no look at them all while a request waits
    before = noop_p99(rate)
    with serving(quiet) as url:
        service = Served(url, [before])
        yield service
    service.noops.append(noop_p99(rate))
