"""A market that fits on a page, loaded as a user loads it, with findings written by hand.

a - b share an account and a flat; b - c a phone; c - d a picture and its copy; e - f a device;
a and g a device of 25 sellers (a hub); a and h an e-mail address, h's claim to which is closed;
i has nothing. Somebody judged a and b, and proposed the hub. The evidence engine ran twice,
louvain after it, and one run failed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from neo4j import GraphDatabase

from graphsvc.access.tokens import load_tokeniser
from graphsvc.loading.prepare import Wish, prepare
from graphsvc.loading.run import claim_key, load_file
from graphsvc.rings.judge import Judgement, judge
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.registry import Named, propose_one
from graphsvc.rings.save import Finding, Findings, Member, write_findings
from graphsvc.rings.weigh import PRIOR
from graphsvc.settings import Settings, load_settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.hubs import IDENTIFIERS_OF_SELLER
from queries.images import SAVE_NEAR_COPIES
from queries.schema.decisions import HubKind, Verdict

DATA = Path(__file__).resolve().parents[1] / "data"
CROWD = [f"crowd-{n:02}" for n in range(23)]
ODD = 'Quote" & <Co> (AND) OR * / x'
SHA = {name: letter * 64 for name, letter in (("c", "1"), ("d", "2"), ("stock", "3"), ("a", "4"))}
LAST, FIRST, OTHER, FAILED = "run-2", "run-1", "run-3", "run-4"

FILES = {
    "sellers": [
        "seller_id,handle,legal_name,country,risk",
        "a,Amber Lane,Tolva Ltd,GB,0.9",
        f'b,"{ODD.replace(chr(34), chr(34) * 2)}",Brevik Trade,GB,0.8',
        "c,Cobalt Corner,Crestal Ltd,GB,0.7",
        "d,Dune Depot,Dorvane Ltd,GB,0.6",
        *(f"{name},{name} shop,,DE,0.1" for name in ("e", "f", "g", "h", "i", *CROWD)),
    ],
    "listings": [
        "listing_id,seller_id,title,price,currency,listed_at",
        "l-a1,a,Amber necklace,10.00,EUR,2024-01-01",
        "l-a2,a,Amber ring,12.00,EUR,2024-01-02",
        "l-a3,a,Brass ring,12.50,EUR,2024-01-03",
        "l-c,c,Cobalt vase,30.00,EUR,2024-01-04",
        "l-d,d,Cobalt vase,20.00,EUR,2024-02-04",
        "l-d2,d,Old vase,20.00,EUR,2024-02-05",
    ],
    "addresses": [
        "seller_id,address,country,role,asserted_by,seen_at",
        'a,"Flat 4, 12 MAIN STREET, Leeds LS1 4AP",GB,business,platform_verified,2024-01-05',
        'a,"Flat 4, 12 Main Street, Leeds LS1 4AP",GB,return,observed,2024-01-06',
        'b,"12 Main St., Apt 4, LEEDS LS1 4AP",GB,business,self_declared,2024-03-05',
    ],
    "payment_accounts": [
        "seller_id,account,account_kind,asserted_by,seen_at",
        "a,wallet-00001234,wallet,platform_verified,2024-01-07",
        "b,wallet-00001234,wallet,platform_verified,2024-03-07",
        "d,wallet-00009999,wallet,observed,2024-03-08",
    ],
    "contacts": [
        "seller_id,phone,email,seen_at",
        "b,+44 20 7946 0018,,2024-01-08",
        "c,+44 20 7946 0018,,2024-01-09",
        "a,,shop@tolva.example.com,2024-01-08",
        "h,,shop@tolva.example.com,2024-01-09",
    ],
    "devices": [
        "seller_id,device,seen_at",
        "e,device-ef-000001,2024-01-01",
        "f,device-ef-000001,2024-01-02",
        *(f"{name},device-hub-0001,2024-01-03" for name in ("a", "g", *CROWD)),
    ],
    "images": [
        "listing_id,sha256,pdq,position",
        f"l-c,{SHA['c']},{'0f' * 32},0",
        f"l-d,{SHA['d']},{'0e' * 32},0",
        f"l-a1,{SHA['a']},{'aa' * 32},0",
        f"l-d2,{SHA['stock']},{'33' * 32},0",
        f"l-a1,{SHA['stock']},{'33' * 32},1",
    ],
    "reports": [
        "report_id,seller_id,listing_id,reporter,at,verdict",
        "r-1,a,,Guild of Potters,2024-05-01,confirmed_fake",
        "r-2,,l-c,Guild of Potters,2024-05-02,suspected",
        "r-3,a,,House of Vases,2024-05-03,withdrawn",
    ],
}


def build(server: local.Server, folder: Path) -> None:
    """Empty the graph, load the market, write the findings, close what is to be closed."""
    settings = load_settings(None, home=folder / "home", token_key="c" * 64)
    with (
        GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver,
        driver.session() as session,
    ):
        session.run((DATA / "empty_graph.cypher").read_text("utf-8")).consume()
        asyncio.run(_build(settings, server, folder))
        close = (DATA / "close_assertion.cypher").read_text("utf-8")
        for start, relation in (("p:h", "USES_EMAIL"), ("p:l-d2", "SHOWS"), ("p:r-3", "ABOUT")):
            answer = session.run(close, start=start, relation=relation).single()
            assert answer is not None
            assert answer["closed"] == 1, (start, relation)


async def _build(settings: Settings, server: local.Server, folder: Path) -> None:
    tokens = load_tokeniser(settings)
    async with connect(server) as driver:
        reader, writer = Reader(driver), Writer(driver)
        await claim_key(reader, writer, tokens)
        for kind, rows in FILES.items():
            path = folder / f"{kind}.csv"
            path.write_text("\n".join(rows) + "\n", "utf-8")
            wish = Wish(kind, None, "p", None, None, None)
            load = prepare(settings, wish, str(path), tokens=tokens, tell=lambda _: None)
            report = await load_file(writer, load)
            assert report.counts.rejected == 0, load.rejects.path.read_text("utf-8")
        pair = {"key": "copy", "left": SHA["c"], "right": SHA["d"], "distance": 8}
        pair |= {"transform": "none", "tier": "copy", "model": "m1"}
        await writer.command(SAVE_NEAR_COPIES, pairs=[pair])
        await _find(writer)
        await _decide(reader, writer)


async def _decide(reader: Reader, writer: Writer) -> None:
    """Nobody can tell of a and b, twice; the device of the crowd is proposed as a hub."""
    for because in ("one voice", "two voices"):
        told = Judgement("p:b", "p:a", Verdict.UNSURE, because, "desk 4")
        await judge(reader, writer, told)
    (device,) = [
        row.identifier
        for row in await reader.rows(IDENTIFIERS_OF_SELLER, seller="p:g")
        if row.label == "Device"
    ]
    await propose_one(reader, writer, Named("p:g", device, HubKind.OTHER, "a shared workshop"))


async def _find(writer: Writer) -> None:
    small, grown = _ring("ring-1", 1, "abc", score=5.0), _ring("ring-1", 2, "abcd", score=9.5)
    pair = _ring("ring-2", 1, "ef", score=2.5, tier="review")
    other = _ring("ring-9", 1, "abcdef", score=99.0)
    await _run(writer, FIRST, "2024-06-01T00:00:00Z", [small])
    await _run(writer, LAST, "2024-06-02T00:00:00Z", [grown, pair], finished=1)
    await _run(writer, OTHER, "2024-06-03T00:00:00Z", [other], engine=Engine.LOUVAIN)
    await _run(writer, FAILED, "2024-06-04T00:00:00Z", [], state="failed", finished=2)


def _ring(name: str, version: int, sellers: str, *, score: float, tier: str = "ban") -> Finding:
    # The posterior falls along the alphabet, so the order of the members is known.
    members = tuple(Member(f"p:{s}", tier, 9.0 - ord(s) + ord("a"), 1) for s in sellers)
    return Finding(name, version, "new", tier, score, score - 1.0, 1.0, members)


async def _run(
    writer: Writer,
    run: str,
    started: str,
    findings: Sequence[Finding],
    *,
    engine: Engine = Engine.EVIDENCE,
    state: str = "finished",
    finished: int = 0,
) -> None:
    outcome = {
        "engine": engine.value,
        "state": state,
        "started_at": started,
        "calibration": json.dumps(PRIOR.as_json()),
        "parameters": json.dumps(DEFAULT.as_json()),
    }
    await write_findings(writer, run, Findings(engine, tuple(findings), finished), outcome)
