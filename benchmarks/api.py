"""A 2-hop neighbourhood over HTTP against the same questions over Bolt alone, 8 at a time.

Both walk seller → identifiers → sellers from the same sellers: over Bolt by the function that the
API calls, with its very queries, over HTTP through the server, GraphQL and JSON as a client does.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from statistics import median
from urllib.parse import urlsplit

from benchmarks.ground import Ground, table
from graphsvc.cli.demo_serve import serving
from graphsvc.investigate.expand import neighbourhood
from graphsvc.investigate.kinds import SELLER, Ref
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader

SELLERS, CONNECTIONS, SECONDS, ROUNDS, FIRST = 5_000, 8, 10.0, 3, 50
QUERY = """query Around($id: ID!) {
  neighbourhood(id: $id, hops: 1, first: 50) { truncated nodes { distance text hub } }
}"""
Ask = Callable[[str], Awaitable[None]]


def run(ground: Ground) -> str:
    """Return requests a second both ways, alternately, and their ratio."""
    sellers = _world(ground)
    key = ground.graphsvc("keys", "create", "--role", "analyst", "--name", "bench").answer["key"]
    bolt, http = [], []
    quiet = ground.settings.model_copy(update={"log_level": "error"})
    with serving(quiet) as url:
        for place in range(ROUNDS + 1):
            over_bolt = asyncio.run(_over_bolt(ground, sellers))
            over_http = asyncio.run(_over_http(url, key, sellers))
            if place:  # the first round warms both
                bolt.append(over_bolt)
                http.append(over_http)
    ratios = [ours / theirs for ours, theirs in zip(http, bolt, strict=True)]
    return table(
        ("figure", "median", "rounds", "target"),
        [
            ("over HTTP, requests/s", f"{median(http):,.0f}", _listed(http), ""),
            ("over Bolt alone, /s", f"{median(bolt):,.0f}", _listed(bolt), ""),
            ("ratio", f"{median(ratios):.2f}", ", ".join(f"{r:.2f}" for r in ratios), "≥ 0.5"),
        ],
    )


def _world(ground: Ground) -> list[str]:
    """Load a made-up market and return the ids of sellers to walk from."""
    market = ground.folder / "market"
    ground.graphsvc("demo", "generate", "--sellers", SELLERS, "--seed", 3, "--out", market)
    for kind, name in (
        ("sellers", "sellers.csv"),
        ("addresses", "addresses.csv"),
        ("payment_accounts", "payment_accounts.csv"),
        ("contacts", "contacts.parquet"),
        ("devices", "devices.jsonl"),
    ):
        ground.graphsvc("load", kind, market / name)
    return [row["id"] for row in ground.run("some_sellers", limit=500)]


async def _rate(asks: list[Ask], sellers: list[str]) -> float:
    """Return how many questions a second are answered, each asker one at a time."""
    until = time.perf_counter() + SECONDS
    done = 0

    async def keep_asking(ask: Ask, start: int) -> None:
        nonlocal done
        place = start
        while time.perf_counter() < until:
            await ask(sellers[place % len(sellers)])
            place += 1
            done += 1

    began = time.perf_counter()
    step = len(sellers) // len(asks)
    await asyncio.gather(*(keep_asking(ask, i * step) for i, ask in enumerate(asks)))
    return done / (time.perf_counter() - began)


async def _over_bolt(ground: Ground, sellers: list[str]) -> float:
    async with connect(ground.server) as driver:
        reader = Reader(driver)

        async def ask(seller: str) -> None:
            found = await neighbourhood(reader, Ref(SELLER, seller), hops=1, first=FIRST)
            assert found.nodes

        return await _rate([ask] * CONNECTIONS, sellers)


async def _over_http(url: str, key: str, sellers: list[str]) -> float:
    """Speak HTTP/1.1 over kept connections: a client library would cost more than the server."""
    at = urlsplit(url)
    pipes = [await asyncio.open_connection(at.hostname, at.port) for _ in range(CONNECTIONS)]
    asks = [_asker(reader, writer, key) for reader, writer in pipes]
    try:
        return await _rate(asks, sellers)
    finally:
        for _, writer in pipes:
            writer.close()


def _asker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str) -> Ask:
    async def ask(seller: str) -> None:
        body = json.dumps({"query": QUERY, "variables": {"id": seller}}).encode()
        head = (
            "POST /graphql HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", answer, re.IGNORECASE)
        assert length is not None
        data = json.loads(await reader.readexactly(int(length[1])))
        assert data["data"]["neighbourhood"]["nodes"], data

    return ask


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:,.0f}" for value in values)
