"""Documents made to cost much and say little: each must be refused, in a time linear in its size.

Each is sent over one kept connection, next to a request that does nothing; a comment makes every
text a new one, so that no refusal comes from the cache.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import uvloop

from benchmarks.ground import Ground, table
from benchmarks.wire import Wire, post_bytes
from graphsvc.cli.demo_serve import serving

ROUNDS, TARGET = 15, 50.0
NOTHING = "{ __typename }"


@dataclass(frozen=True, slots=True)
class Bomb:
    """A family's name, how much of it, a document, and its variables as JSON."""

    family: str
    count: int
    document: str
    variables: str = "{}"

    def body(self, mark: int) -> bytes:
        """Return the body of a request that no other is equal to."""
        text = json.dumps(f"{self.document}#{mark}")
        return f'{{"query": {text}, "variables": {self.variables}}}'.encode()


def bombs() -> Iterator[Bomb]:
    """Yield every bomb, each family by size."""
    for count in (5, 10, 20, 40, 80):
        yield Bomb("fragment chain", count, _chain(count))
    for count in (10, 100, 1_000):
        yield Bomb("fan-out", count, _fan_out(count))
    for count in (20, 200, 1_400):
        yield Bomb("aliases", count, f"{{ {' '.join(f'a{n}: rings' for n in range(count))} }}")
    for count in (10, 100, 1_000):
        yield Bomb("directives", count, "{ __typename" + " @skip(if: false)" * count + " }")
    for count in (70, 7_000, 32_000):
        yield Bomb("deep variables", count, NOTHING, f'{{"x": {"[" * count}{"]" * count}}}')
    for count in (40, 400, 8_000):
        deep = f"{'[' * count}{']' * count}"
        yield Bomb("deep lists", count, f'{{ search(text: "x", kinds: {deep}) {{ __typename }} }}')
    for count in (20, 200, 2_700):
        yield Bomb("deep fields", count, "{ node " * count + "}" * count)


def _chain(count: int) -> str:
    """Return a chain of fragments, each of which spreads the next four times."""
    links = [f"fragment F{n} on Query {{ {f'...F{n + 1} ' * 4}}}" for n in range(count)]
    return f"{{ ...F0 }} {' '.join(links)} fragment F{count} on Query {{ __typename }}"


def _fan_out(count: int) -> str:
    """Return a fragment of a full page of pages, spread so many times."""
    page = "rings(first: 100) { edges { node { members(first: 100) { edges { cursor } } } } }"
    return f"{{ {'...F ' * count}}} fragment F on Query {{ {page} }}"


def run(ground: Ground) -> str:
    """Return size, time of a refusal (median), their ratio, and the time of a no-op request."""
    key = ground.graphsvc("keys", "create", "--role", "analyst", "--name", "bench").answer["key"]
    quiet = ground.settings.model_copy(update={"log_level": "error", "rate_points": 10**9})
    with serving(quiet) as url:
        told = uvloop.run(_measured(url, {"Authorization": f"Bearer {key}"}))
    rows = [
        (each.family, f"{each.count:,}", f"{size:,}", f"{ms:.2f}", f"{1000 * ms / size:.2f}",
         "" if not whole else f"{TARGET:.0f} ms")
        for each, size, ms, whole in told
    ]  # fmt: skip
    return table(("document", "n", "bytes", "ms", "µs a byte", "target ≤"), rows)


async def _measured(url: str, headers: dict[str, str]) -> list[tuple[Bomb, int, float, bool]]:
    """Return each bomb with its size, median milliseconds, and whether it is to be refused."""
    wire = Wire(url)
    every = [(Bomb("no-op", 1, NOTHING), False), *((each, True) for each in bombs())]
    waits: list[list[float]] = [[] for _ in every]
    for mark in range(ROUNDS + 1):
        for place, (each, refused) in enumerate(every):
            request = post_bytes("/graphql", each.body(mark), headers)
            began = time.perf_counter()
            answer = await wire.send(request)
            if mark:  # the first round warms
                waits[place].append(1000 * (time.perf_counter() - began))
            assert answer.status == (400 if refused else 200), (each.family, answer)
    wire.close()
    return [
        (each, len(each.body(0)), median(held), refused)
        for (each, refused), held in zip(every, waits, strict=True)
    ]
