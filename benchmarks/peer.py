"""Seller → 20 identifiers → 20 sellers each: an officer's trusted document, bare Bolt, and a peer.

The peer is @neo4j/graphql with the plainest schema that answers the question: it knows no keys,
no grants, no hubs and no journal, and counts nobody. Bare Bolt is one question of the same shape,
by the product's own driver, in two processes. All are asked over eight connections, in turns.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import numpy as np
import uvloop
from neo4j import READ_ACCESS, Query

from benchmarks.ground import CYPHER, Ground, Size, table
from benchmarks.officers import Desk, co_users, desk, load
from benchmarks.raw_market import PLATFORM, Known, Raw
from benchmarks.wire import Wire, post
from graphsvc.cli.demo_serve import serving
from graphsvc.store.driver import connect
from graphsvc.store.local import Server, resolve
from graphsvc.store.process import free_port

CONNECTIONS, EACH, ROUNDS, WARM_SECONDS = 8, 20, 3, 30.0
PROCESSES = 2
CASES = 40
HERE = Path(__file__).with_name("peer")
USUAL = Size(nodes=20_000, seconds=15, workers=PROCESSES)
ASKED = """query CoUsers($id: ID!) { sellers(where: { id: { eq: $id } }) { id handle
  devices(limit: 20) { id masked sellers(limit: 20) { id handle } } } }"""
Ask = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How many answers came in how many seconds, and how long each took."""

    waits: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return float(np.percentile(self.waits, 99)) * 1000


def run(ground: Ground, size: Size) -> str:
    """Return requests a second of each, in turns, and their ratios."""
    raw = crowd(size.nodes)
    load(ground, raw, rings=False)
    asking = desk(ground, Known(raw), [[EACH * place] for place in range(CASES)])
    server = resolve(ground.settings)
    quiet = {"log_level": "error", "workers": size.workers, "rate_points": 10**9}
    found: dict[str, list[Pace]] = {"ours": [], "bolt": [], "peer": []}
    with serving(ground.settings.model_copy(update=quiet)) as url, peer(server) as other:
        for place in range(ROUNDS + 1):
            seconds = float(size.seconds) if place else WARM_SECONDS
            paces = {
                "ours": uvloop.run(_paced(url, _ours(asking), seconds)),
                "bolt": bolt(server, seconds),
            }
            if other:
                paces["peer"] = uvloop.run(_paced(other, _theirs(), seconds))
            for name, pace in paces.items() if place else ():  # the first round warms them all
                found[name].append(pace)
    return _table(found)


def crowd(nodes: int) -> Raw:
    """Return a market in which each twenty sellers share twenty devices."""
    count = max(CASES, nodes // (3 * EACH)) * EACH
    sellers = np.repeat(np.arange(count), EACH)
    devices = sellers // EACH * EACH + np.tile(np.arange(EACH), count)
    nothing = np.empty((0, 2), dtype=np.int64)
    uses = {"device": np.column_stack([sellers, devices])}
    for kind in ("address", "payment_account", "phone", "email"):
        uses[kind] = nothing
    return Raw(count, uses, np.full(count, 0.5), np.arange(0, dtype=np.int64))


def _ours(asking: Desk) -> list[bytes]:
    return [co_users(who, EACH * place).request for place, who in enumerate(asking.officers)]


def _theirs() -> list[bytes]:
    ids = [f"{PLATFORM}:s-{EACH * place}" for place in range(CASES)]
    return [post("/graphql", {"query": ASKED, "variables": {"id": name}}, {}) for name in ids]


async def _paced(url: str, requests: Sequence[bytes], seconds: float) -> Pace:
    """Ask over eight connections, each one request at a time; every answer must be whole."""
    wire = Wire(url)

    async def ask(place: int) -> None:
        answer = await wire.send(requests[place % len(requests)])
        assert answer.status == 200, answer
        assert answer.body.count(b'"handle"') == EACH * EACH + 1, answer.body[:500]

    pace = await _closed(ask, CONNECTIONS, seconds)
    wire.close()
    return pace


async def _closed(ask: Ask, lanes: int, seconds: float) -> Pace:
    waits: list[float] = []
    began = time.perf_counter()

    async def lane(place: int) -> None:
        while (at := time.perf_counter()) < began + seconds:
            await ask(place)
            waits.append(time.perf_counter() - at)
            place += lanes

    await asyncio.gather(*map(lane, range(lanes)))
    return Pace(waits, time.perf_counter() - began)


def bolt(server: Server, seconds: float) -> Pace:
    """Ask the same of Neo4j alone, four connections in each of two processes."""
    with get_context("spawn").Pool(PROCESSES) as pool:
        paces = pool.starmap(_bolt, [(server, seconds)] * PROCESSES)
    return Pace([wait for pace in paces for wait in pace.waits], seconds)


def _bolt(server: Server, seconds: float) -> Pace:
    return uvloop.run(_over_bolt(server, seconds))


async def _over_bolt(server: Server, seconds: float) -> Pace:
    text = Query((CYPHER / "co_users.cypher").read_text("utf-8"))
    async with connect(server) as driver:

        async def ask(place: int) -> None:
            name = f"{PLATFORM}:s-{EACH * (place % CASES)}"
            async with driver.session(default_access_mode=READ_ACCESS) as session:
                rows = [each.values() async for each in await session.run(text, id=name)]
            assert [len(users) for *_, users in rows] == [EACH] * EACH

        await ask(0)
        return await _closed(ask, CONNECTIONS // PROCESSES, seconds)


@contextmanager
def peer(server: Server) -> Iterator[str | None]:
    """Run the peer, one process a core; None where Node or its packages are not there."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").is_dir():
        yield None
        return
    port = free_port()
    told = {
        "PEER_PORT": str(port),
        "PEER_URI": server.uri,
        "PEER_USER": server.user,
        "PEER_PASSWORD": server.password,
    }
    command = [node, "server.js"]
    environment = {**os.environ, **told, "NODE_ENV": "production"}
    with subprocess.Popen(
        command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _table(found: dict[str, list[Pace]]) -> str:
    names = {"ours": "officer, trusted document", "bolt": "bare Bolt", "peer": "@neo4j/graphql"}
    rows: list[tuple[object, ...]] = [
        (
            f"{names[name]}, requests/s",
            f"{median(pace.rate for pace in paces):,.0f}",
            ", ".join(f"{pace.rate:,.0f}" for pace in paces),
            f"p99 {median(pace.p99 for pace in paces):.0f} ms",
        )
        for name, paces in found.items()
        if paces
    ]
    for name, target in (("bolt", "≥ 0.6"), ("peer", "≥ 1.0")):
        pairs = zip(found["ours"], found[name], strict=False)
        if ratios := [ours.rate / theirs.rate for ours, theirs in pairs]:
            told = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            rows.append((f"ours : {names[name]}", f"{median(ratios):.2f}", told, target))
    missing = "" if found["peer"] else "\n\nNo peer: run `npm ci` in benchmarks/peer first."
    return table(("figure", "median", "rounds", "p99 or target"), rows) + missing
