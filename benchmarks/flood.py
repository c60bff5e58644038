"""500 requests a second for a minute: what is too much is refused at once, and then all is well.

Half of the flood comes from one client, which soon has no points left (429); the other half from
fifty officers together, more than the server can answer (503). Before, meanwhile and afterwards
other officers ask five times a second.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np
import psutil

from benchmarks.ground import Ground, Size, table
from benchmarks.officers import Question, cases, desk, load, lookup, ring, two_hop
from benchmarks.open_loop import Shot, arrivals, fire, milliseconds, served
from benchmarks.raw_market import Known, raw_market
from benchmarks.wire import BROKEN

RATE, CALM_RATE, CALM_SECONDS, CALM_OFFICERS = 500.0, 5.0, 30.0, 8
REFUSALS = {429, 503}
BACK = 10.0  # seconds after the flood, from when on all must be as before
USUAL = Size(nodes=100_000, seconds=60)


def run(ground: Ground, size: Size) -> str:
    """Return how the excess was refused, the service's memory, and when it was back to normal."""
    raw, dice = raw_market(size.nodes), Random(2)
    known = Known(raw)
    load(ground, raw)
    asking = desk(ground, known, cases(raw, dice))
    officers = [(who, sorted(who.seen)) for who in asking.officers]
    calm = arrivals(CALM_RATE, 2 * CALM_SECONDS + size.seconds, dice)
    storm = [CALM_SECONDS + due for due in arrivals(RATE, size.seconds, dice)]
    asked: list[tuple[float, str, Question]] = []
    for due in calm:
        who, open_to = dice.choice(officers[:CALM_OFFICERS])
        asked.append((due, "calm", lookup(who, dice.choice(open_to))))
    for place, due in enumerate(storm):
        who, open_to = dice.choice(officers[CALM_OFFICERS:])
        one = ring(asking.analysts[0], dice.choice(asking.rings))
        asked.append((due, "storm", one if place % 2 else two_hop(who, dice.choice(open_to))))
    asked.sort(key=lambda each: each[0])
    requests, dues = [each.request for _, _, each in asked], [due for due, _, _ in asked]
    with served(ground, size, RATE) as service, watched(os.getpid()) as memory:
        shots = fire(service.url, requests, dues)
    told = [name for _, name, _ in asked]
    return f"{_table(shots, told, memory, size)}\n\n{service.verdict()}"


def _table(shots: list[Shot], told: list[str], memory: Memory, size: Size) -> str:
    end = CALM_SECONDS + size.seconds
    calm = [shot for shot, name in zip(shots, told, strict=True) if name == "calm"]
    first = [shot for shot in calm if CALM_SECONDS / 2 < shot.due < CALM_SECONDS]
    last = [shot for shot in calm if shot.due > end]
    later = [shot for shot in last if shot.due > end + BACK]
    storm = [shot for shot, name in zip(shots, told, strict=True) if name == "storm"]
    refused = [shot for shot in storm if shot.answer.status in REFUSALS]
    silent = sum("retry-after" not in shot.answer.headers for shot in refused)
    strange = [shot for shot in storm if not shot.good and shot.answer.status not in REFUSALS]
    by_status = {
        status: sum(shot.answer.status == status for shot in refused) for status in sorted(REFUSALS)
    }
    grown = memory.between(CALM_SECONDS, end + CALM_SECONDS) / memory.at(CALM_SECONDS) - 1
    return table(
        ("figure", "value", "target"),
        [
            ("requests of the flood, answered", f"{len(storm):,}, {_good(storm):,}", ""),
            *((f"refused with {key}", f"{value:,}", "") for key, value in by_status.items()),
            ("refused without Retry-After; ended otherwise", f"{silent}; {_ends(strange)}", "0; 0"),
            ("refusals: p50, p99, slowest", _times(refused), "p99 ≤ 100 ms"),
            (
                "memory of the service",
                f"{memory.at(CALM_SECONDS) >> 20} MiB, {grown:+.1%}",
                "≤ +10 %",
            ),
            ("calm client before: p50, p99, slowest", _times(first), ""),
            ("10 s after: p50, p99, slowest", _times(later), "as before"),
            ("back to normal after", _back(first, last, end), "≤ 10 s"),
        ],
    )


def _ends(shots: list[Shot]) -> str:
    """Return how many there are, and of each end how many: a status, an error's code with 200."""
    ends = Counter(_end(shot) for shot in shots)
    told = ", ".join(f"{count:,} {end}" for end, count in ends.most_common())
    return f"{len(shots):,} ({told})" if shots else "0"


def _end(shot: Shot) -> str:
    if shot.answer.status == BROKEN.status:
        return "broken or without an answer"
    if not shot.faulty:
        return str(shot.answer.status)
    errors = json.loads(shot.answer.body)["errors"]
    return ", ".join(sorted({each["extensions"]["code"] for each in errors}))


def _good(shots: list[Shot]) -> int:
    return sum(shot.good for shot in shots)


def _times(shots: list[Shot]) -> str:
    return ", ".join(milliseconds([shot.seconds for shot in shots], 50, 99, 100))


def _back(first: list[Shot], last: list[Shot], end: float) -> str:
    """Return after how many seconds no answer fails or takes longer than the slowest before."""
    usual = max(shot.seconds for shot in first)
    bad = [shot.due for shot in last if not shot.good or shot.seconds > usual]
    # One that is slow by itself is no sign of the flood: two within a second are.
    runs = [due for due, after in pairwise(bad) if after - due < 1.0]
    return f"{np.ceil(max(runs) - end):.0f} s" if runs else "0 s"


@dataclass(slots=True)
class Memory:
    """The resident bytes of all of a service's processes, by seconds since the watch began."""

    seen: list[tuple[float, int]] = field(default_factory=list)

    def at(self, second: float) -> int:
        """Return what was resident then."""
        return next(held for when, held in reversed(self.seen) if when <= second)

    def between(self, first: float, last: float) -> int:
        """Return the most that was resident between two moments."""
        return max(held for when, held in self.seen if first <= when <= last)


@contextmanager
def watched(parent: int) -> Iterator[Memory]:
    """Look four times a second what the processes under `parent` that serve hold."""
    memory, over, began = Memory(), threading.Event(), time.monotonic()

    def look() -> None:
        while not over.wait(0.25):
            memory.seen.append((time.monotonic() - began, _resident(parent)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield memory
    finally:
        over.set()
        watcher.join()


def _resident(parent: int) -> int:
    held = 0
    for each in psutil.Process(parent).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            held += each.memory_info().rss if "serve" in each.cmdline() else 0
    return held
