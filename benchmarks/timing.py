"""Whether an officer can tell by the time what is not theirs from what is not there.

Both are asked for in one random order over one connection. The difference of the medians is held
against what chance makes of it: the same answers dealt anew into two hands, a thousand times.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from random import Random

import numpy as np
import numpy.typing as npt
import uvloop

from benchmarks.ground import Ground, Size, table
from benchmarks.officers import cases, desk, load, lookup, two_hop
from benchmarks.raw_market import Known, raw_market
from benchmarks.wire import Wire
from graphsvc.cli.demo_serve import serving

DEALS, CHANCE = 1_000, 99
USUAL = Size(nodes=20_000, seconds=30)
Seconds = npt.NDArray[np.float64]


def run(ground: Ground, size: Size) -> str:
    """Return for each document the difference of the medians, and what chance makes of it."""
    raw, dice = raw_market(size.nodes), Random(5)
    load(ground, raw, rings=False)
    asking = desk(ground, Known(raw), cases(raw, dice)[:1])
    (who,) = asking.officers
    strangers = [each for each in range(raw.count) if each not in who.seen]
    quiet = {"log_level": "error", "rate_points": 10**9, "workers": size.workers}
    rows = []
    with serving(ground.settings.model_copy(update=quiet)) as url:
        for name, ask in (("seller", lookup), ("neighbourhood", two_hop)):
            theirs = [ask(who, each).request for each in dice.sample(strangers, 100)]
            nobody = [ask(who, raw.count + each).request for each in range(100)]
            waits, bodies = uvloop.run(_waits(url, (theirs, nobody), size.seconds, dice))
            assert len(bodies) == 1, "the answers differ"
            rows.append(_row(name, *waits))
    header = (
        "document",
        "answers",
        "not yours, not there",
        "difference",
        "by chance (target ≥ it)",
    )
    return table(header, rows)


async def _waits(
    url: str, sides: Sequence[Sequence[bytes]], seconds: float, dice: Random
) -> tuple[tuple[Seconds, Seconds], set[bytes]]:
    """Return how long answers of either side took, and all that was ever answered."""
    wire, bodies = Wire(url), set()
    waits: tuple[list[float], list[float]] = ([], [])
    for request in (*sides[0], *sides[1]):
        await wire.send(request)  # both are warm
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        side = dice.randrange(2)
        answer = await wire.send(dice.choice(sides[side]))
        waits[side].append(time.perf_counter() - began)
        bodies.add(answer.body)
    wire.close()
    return (np.array(waits[0]), np.array(waits[1])), bodies


def _row(name: str, theirs: Seconds, nobody: Seconds) -> tuple[object, ...]:
    both, rng = np.concatenate([theirs, nobody]), np.random.default_rng(0)
    dealt = []
    for _ in range(DEALS):
        rng.shuffle(both)
        dealt.append(abs(np.median(both[: theirs.size]) - np.median(both[theirs.size :])))
    difference = abs(np.median(theirs) - np.median(nobody))
    return (
        name,
        f"{both.size:,}",
        f"{np.median(theirs) * 1000:.3f} ms, {np.median(nobody) * 1000:.3f} ms",
        f"{difference * 1e6:.0f} µs",
        f"{np.percentile(dealt, CHANCE) * 1e6:.0f} µs in {CHANCE} of 100",
    )
