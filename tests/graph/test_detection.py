"""Detection on a real graph: the market that it reads, and what it writes when others do too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from graphsvc.errors import Conflict
from graphsvc.rings.columns import Market
from graphsvc.rings.parameters import Engine, Parameters, Wanted
from graphsvc.rings.read import read_market
from graphsvc.rings.run import DetectionReport, detect
from graphsvc.rings.save import Finding, Findings, Member, write_findings
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.catalogue import Query
from queries.images import SAVE_NEAR_COPIES
from queries.rings.detection import LATEST_VERSIONS, SELLER_RISKS
from queries.runs import SAVE_INGEST_RUN
from tests.graph.driving import KEY, PLATFORM, cypher, kept, load_all, write_csv

Row = TypeVar("Row")
CAP = Parameters(cap=(3,) * 6)
STOCK, CROPPED, MIRRORED, OWN, TWIN = (letter * 64 for letter in "12345")
SHOWN = {STOCK: "wxyz", CROPPED: "a", MIRRORED: "b", OWN: "c", TWIN: "d"}


@pytest.fixture
def market(empty_graph: Settings, tmp_path: Path) -> Settings:
    """A stock picture of four sellers with two near copies, and a picture with one copy."""
    sellers = sorted("".join(SHOWN.values()))
    listings = [(f"l-{s}", s, sha) for sha, users in SHOWN.items() for s in users]
    files: dict[str, list[dict[str, object]]] = {
        "sellers": [{"seller_id": s, "handle": s} for s in sellers],
        "listings": [
            {"listing_id": name, "seller_id": s, "title": name, "listed_at": "2024-01-01"}
            for name, s, _ in listings
        ],
        "images": [
            {"listing_id": name, "sha256": sha, "pdq": "0f" * 32, "position": 0}
            for name, _, sha in listings
        ],
        "reports": [
            {"report_id": f"r-{s}", "listing_id": f"l-{s}", "reporter": "Guild of Potters",
             "at": "2024-05-01", "verdict": "confirmed_fake"}
            for s in "cw"
        ],
    }  # fmt: skip
    load_all(
        empty_graph.model_copy(update={"token_key": Settings(GRAPHSVC_TOKEN_KEY=KEY).token_key}),
        [(kind, write_csv(tmp_path / f"{kind}.csv", rows)) for kind, rows in files.items()],
    )
    write(empty_graph, SAVE_NEAR_COPIES, pairs=joints((STOCK, CROPPED), (STOCK, MIRRORED)))
    write(empty_graph, SAVE_NEAR_COPIES, pairs=joints((CROPPED, MIRRORED), (OWN, TWIN)))
    return empty_graph


def joints(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    """Return the rows of pairs of pictures that are copies."""
    marks = {"distance": 8, "transform": "none", "tier": "copy", "model": "m1"}
    return [{"key": a + b, "left": a, "right": b, **marks} for a, b in pairs]


def write(settings: Settings, query: Query[Any], **parameters: Any) -> None:
    """Run one command of the catalogue."""

    async def run() -> None:
        async with connect(local.resolve(settings)) as driver:
            await Writer(driver).command(query, **parameters)

    asyncio.run(run())


class Disturbed(Reader):
    """A reader that lets somebody else act when it comes to one question."""

    at: Query[Any]
    act: Callable[[], Awaitable[object]]

    async def stream(self, query: Query[Row], **parameters: Any) -> AsyncIterator[Row]:
        if query.name == self.at.name:
            await self.act()
        async for row in super().stream(query, **parameters):
            yield row


def read(settings: Settings, query: Query[Any] | None = None, **parameters: Any) -> Market:
    """Read the market; with a command, that runs in the midst of it."""

    async def run() -> Market:
        async with connect(local.resolve(settings)) as driver:
            if query is None:
                return await read_market(Reader(driver), CAP)
            reader = Disturbed(driver)
            reader.at = SELLER_RISKS
            reader.act = lambda: Writer(driver).command(query, **parameters)
            return await read_market(reader, CAP)

    return asyncio.run(run())


def linked(found: Market) -> list[list[str]]:
    """Return the sellers of each identifier that may link."""
    return [
        [found.sellers[s] for s in found.row_seller[found.row_identifier == code]]
        for code in np.flatnonzero(found.linkable(CAP.cap))
    ]


def ids(sellers: Iterable[str]) -> list[str]:
    """Return the keys of these sellers."""
    return [f"{PLATFORM}:{seller}" for seller in sellers]


def test_a_stock_picture_does_not_link_through_its_near_copies(market: Settings) -> None:
    assert linked(read(market)) == [ids("cd")]


def test_a_report_stays_with_the_seller_who_took_the_listing_down(market: Settings) -> None:
    start = f"{PLATFORM}:w"
    (closed,) = cypher(market, kept("close_assertion"), start=start, relation="OFFERS")
    assert closed["closed"] == 1
    found = read(market)
    assert [found.sellers[s] for s in np.flatnonzero(found.reported)] == ids("cw")


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        (SAVE_NEAR_COPIES, {"pairs": joints((OWN, STOCK))}),
        (SAVE_INGEST_RUN, {"id": "load-0", "properties": {"state": "running", "rows_in": 1}}),
    ],
)
def test_whoever_writes_meanwhile_stops_a_detection(
    market: Settings, query: Query[Any], parameters: dict[str, Any]
) -> None:
    with pytest.raises(Conflict, match="while detection read it"):
        read(market, query, **parameters)


def test_an_old_run_that_goes_on_is_seen_behind_any_number_of_newer_ones(market: Settings) -> None:
    # Its id sorts before those of all others, as that of a load that began long ago does.
    for name in ("a-first", *(f"load-z{n:02}" for n in range(51))):
        properties = {"state": "running", "rows_in": 1}
        write(market, SAVE_INGEST_RUN, id=name, properties=properties)
    with pytest.raises(Conflict, match="while detection read it"):
        read(market, SAVE_INGEST_RUN, id="a-first", properties={"rows_in": 2})


def ring(*sellers: str) -> Findings:
    """Return the first version of one ring with these members."""
    members = tuple(Member(name, "ban", 2.0, 2) for name in ids(sellers))
    found = Finding("ring-1", 1, "new", "ban", 9.0, 9.0, 0.0, members)
    return Findings(Engine.EVIDENCE, (found,), finished=0)


def outcome(started: str) -> dict[str, Any]:
    """Return what is booked of a run that finished."""
    return {"engine": "evidence", "state": "finished", "started_at": started}


def members(settings: Settings) -> dict[str, list[str]]:
    """Return the sellers of each ring@version that is in the graph."""
    return {row["cited"]: row["sellers"] for row in cypher(settings, kept("members_of_versions"))}


def test_of_two_detections_at_once_one_writes_and_the_other_is_refused(market: Settings) -> None:
    found = {"one": ring("a", "b", "c"), "two": ring("b", "c", "d")}

    async def both() -> list[BaseException | None]:
        async with connect(local.resolve(market)) as driver:
            return await asyncio.gather(
                *(write_findings(Writer(driver), run, found[run], outcome(run)) for run in found),
                return_exceptions=True,
            )

    refused = asyncio.run(both())
    assert sorted(map(type, refused), key=str) == [type(None), Conflict]
    winner = list(found)[refused.index(None)]
    (written,) = found[winner].rings
    assert members(market) == {"ring-1@1": [member.seller for member in written.members]}
    assert [row["id"] for row in cypher(market, kept("detections"))] == [winner]


def test_the_same_write_run_again_by_the_driver_is_no_other_detection(market: Settings) -> None:
    async def twice() -> None:
        async with connect(local.resolve(market)) as driver:
            for _ in range(2):
                await write_findings(Writer(driver), "one", ring("a", "b", "c"), outcome("one"))

    asyncio.run(twice())
    assert members(market) == {"ring-1@1": ids("abc")}


def test_a_detection_that_another_overtook_fails_and_says_so(market: Settings) -> None:
    wanted = Wanted(Engine.EVIDENCE, 0, CAP)

    async def overtaken() -> DetectionReport:
        async with connect(local.resolve(market)) as driver:
            reader, writer = Disturbed(driver), Writer(driver)
            reader.at = LATEST_VERSIONS
            reader.act = lambda: detect(Reader(driver), writer, wanted, lambda _: None)
            return await detect(reader, writer, wanted, lambda _: None)

    with pytest.raises(Conflict, match="another detection with evidence finished") as refused:
        asyncio.run(overtaken())
    assert "repeat this one" in refused.value.advice
    states = [row["state"] for row in cypher(market, kept("detections"))]
    assert sorted(states) == ["failed", "finished"]
