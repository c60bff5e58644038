"""100 requests a second for minutes, as officers and an analyst send them, on a large graph."""

from __future__ import annotations

from collections import Counter
from random import Random

from benchmarks.ground import Ground, Size, table
from benchmarks.officers import cases, desk, load, mixture
from benchmarks.open_loop import Shot, arrivals, fire, milliseconds, served
from benchmarks.raw_market import Known, raw_market
from benchmarks.recomputed import is_right

RATE, WARM_SECONDS, CHECKED = 100.0, 60.0, 0.01
USUAL = Size(nodes=1_000_000, seconds=300)


def run(ground: Ground, size: Size) -> str:
    """Return latencies from the scheduled send, errors, and how many checked answers are wrong."""
    raw, dice = raw_market(size.nodes), Random(1)
    known = Known(raw)
    load(ground, raw)
    asking = desk(ground, known, cases(raw, dice))
    dues = arrivals(RATE, WARM_SECONDS + size.seconds, dice)
    asked = list(mixture(asking, len(dues), raw.count, dice))
    warm = sum(due < WARM_SECONDS for due in dues)
    keep = dice.sample(range(warm, len(dues)), max(1, round(CHECKED * (len(dues) - warm))))
    with served(ground, size, RATE) as service:
        shots = fire(service.url, [each.request for each in asked], dues, keep)
    wrong = [
        place
        for place in keep
        if not (shots[place].good and is_right(known, asked[place], shots[place].answer.json()))
    ]
    for place in wrong[:3]:
        print(
            f"wrong: {asked[place].kind} {asked[place].about}: {shots[place].answer.body!r:.2000}"
        )
    kinds = [each.kind for each in asked]
    rows = [
        _row(
            name,
            [shot for shot, kind in zip(shots[warm:], kinds[warm:], strict=True) if kind in of],
        )
        for name, of in (
            ("all", {"lookup", "2-hop", "ring"}),
            ("seller, 70 %", {"lookup"}),
            ("2-hop, 20 %", {"2-hop"}),
            ("ring, 10 %", {"ring"}),
        )
    ]
    header = ("requests", "count", "p50", "p99", "slowest", "errors")
    counted = f"{size.nodes:,}"
    told = f"{len(keep)} answers recomputed with networkx, {len(wrong)} wrong (target 0)."
    return (
        f"{RATE:.0f} requests/s (Poisson) for {size.seconds} s on {counted} nodes, {size.workers} "
        f"worker(s); target p50 ≤ 50 ms, p99 ≤ 300 ms, 0 errors.\n\n"
        f"{table(header, rows)}\n\n{told}\n\n{service.verdict()}"
    )


def _row(name: str, shots: list[Shot]) -> tuple[object, ...]:
    seconds = [shot.seconds for shot in shots]
    bad = Counter(shot.answer.status for shot in shots if not shot.good)
    errors = ", ".join(f"{many} of status {status}" for status, many in sorted(bad.items())) or 0
    return (name, f"{len(shots):,}", *milliseconds(seconds, 50, 99, 100), errors)
