"""`rings update` on a real graph: only what changed is solved, and a detection finds no more."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import Conflict, DatabaseAway
from graphsvc.investigate.runs import detection_runs
from graphsvc.rings.model import model_of
from graphsvc.rings.parameters import DEFAULT, Engine, Wanted
from graphsvc.rings.run import detect
from graphsvc.rings.update import UpdateReport, update
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.catalogue import Query
from queries.rings.detection import LATEST_VERSIONS, SELLER_RISKS
from queries.runs import SAVE_INGEST_RUN
from tests.graph.driving import PLATFORM, Cli, Rows, cypher, kept
from tests.graph.test_detection import Disturbed
from tests.graph.test_ring_history import accounts, load

BOX = "Unit 5, 3 Station Street, Kestleford, MK40 2LR"


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """Three rings that share nothing: a b c and x y z by accounts, p q r by accounts and a box."""
    cli = Cli(empty_graph, tmp_path)
    load(cli, "sellers", "s1", [{"seller_id": s, "handle": s, "risk": 0.5} for s in "abcdpqrxyz"])
    load(cli, "reports", "r1", reported("abpqxy"))
    load(cli, "payment_accounts", "p1", accounts(one="ab", two="bc", three="xyz", five="pq"))
    load(cli, "payment_accounts", "p2", accounts(six="qr"))
    load(cli, "addresses", "a1", [{"seller_id": s, "address": BOX, "country": "GB"} for s in "pqr"])
    return cli


def reported(sellers: str, verdict: str = "confirmed_fake") -> Rows:
    return [
        {"report_id": f"r-{s}-{verdict}", "seller_id": s, "reporter": "Guild",
         "at": "2024-05-01", "verdict": verdict}
        for s in sellers
    ]  # fmt: skip


def found(cli: Cli, run: str) -> dict[str, Any]:
    """Return all that a run found."""
    (row,) = cypher(cli.settings, kept("findings"), run=run)
    return row


def updated(cli: Cli, *more: str) -> dict[str, Any]:
    """Update, and see that a detection by the same model on the same graph finds the same."""
    told = cli.json("rings", "update", *more)
    made = found(cli, told["run"])
    seed = ("--seed", str(made["seed"]))
    whole = found(cli, cli.json("rings", "detect", "--model", "latest", *seed)["run"])
    same = ("rings", "input_digest", "calibration", "seed", "state")
    assert {name: made[name] for name in same} == {name: whole[name] for name in same}
    assert (set(whole["events"]), whole["lost"]) == ({"same"}, 0), "nothing was left to be found"
    return told


def counted(told: dict[str, Any]) -> tuple[int, int, int, int]:
    return tuple(told[name] for name in ("components", "solved", "touched", "carried"))  # type: ignore[return-value]


def judge(cli: Cli, a: str, b: str) -> None:
    names = (f"{PLATFORM}:{a}", f"{PLATFORM}:{b}")
    cli.json("judge", *names, "different", "--because", "seen in person", "--by", "desk 4")


def a_box(cli: Cli) -> None:
    """Decide that the box takes post for anybody."""
    of = ("--identifier", BOX, "--of", f"{PLATFORM}:p", "--kind", "mail_drop")
    [mark] = cli.json("hubs", "propose", *of, "--because", "a shop that takes post")["items"]
    cli.json("hubs", "confirm", mark["id"], "--because", "seen on site", "--by", "desk 4")


def test_only_the_components_that_a_change_touches_are_solved(cli: Cli) -> None:
    first = cli.json("rings", "detect", "--seed", "5")["run"]
    told = updated(cli)
    assert told["since"] == first
    assert counted(told) == (3, 0, 0, 3)
    assert sum(told["rings"].values()) == 3

    load(cli, "payment_accounts", "p3", accounts(two="d", nine="xd"))
    undo = cli.json("runs", "list")["items"][0]["id"]
    assert counted(updated(cli)) == (2, 1, 7, 1), "d brings a and x together"
    cli.json("runs", "undo", undo)
    assert counted(updated(cli)) == (3, 2, 6, 1)
    assert counted(updated(cli)) == (3, 0, 0, 3)
    judge(cli, "x", "z")
    assert counted(updated(cli)) == (3, 1, 3, 2)
    a_box(cli)
    assert counted(updated(cli)) == (3, 1, 3, 1), "of x, y and z no ring was left"
    load(cli, "reports", "r2", reported("c"))
    assert counted(updated(cli)) == (3, 1, 3, 1)
    load(cli, "payment_accounts", "p2", accounts(seven="r"), "--snapshot", "--accept-shrink")
    told = updated(cli)
    assert counted(told) == (3, 1, 2, 1), "r is left alone"
    assert sum(told["rings"].values()) == 1


def test_an_update_is_a_run_like_any_other(cli: Cli) -> None:
    first = cli.json("rings", "detect")["run"]
    load(cli, "payment_accounts", "p3", accounts(two="d"))
    run = cli.json("rings", "update")["run"]
    told = cli.json("rings", "diff", "previous", "latest")
    assert (told["before"], told["after"], told["alike"]) == (first, run, 2)
    assert told["events"] == {"grown": 1}
    [grown] = [c["ring"] for c in told["changes"]]
    assert [m["seller"] for m in cli.json("rings", "show", f"{grown}@1")["members"]] == [
        f"{PLATFORM}:{s}" for s in "abc"
    ]
    for ring in cli.json("rings", "list")["items"]:
        assert ring["run"] == run
        assert ring["version"] == 1 + (ring["ring"] == grown)
        members = cli.json("rings", "show", ring["ring"], "--run", run)["members"]
        assert all(m["reasons"] for m in members)
    table = cli.call("rings", "update")
    assert (table.returncode, "carried" in table.stdout) == (0, True)


def test_measured_confidence_is_carried_over(cli: Cli) -> None:
    cli.json("rings", "detect", "--confidence", "3")
    load(cli, "payment_accounts", "p3", accounts(two="d"))
    rings = found(cli, updated(cli)["run"])["rings"]
    steady = {len(members): {member[5] for member in members} for *_, members in rings}
    assert steady == {4: {None}, 3: {1.0}}


def test_what_was_weighed_otherwise_is_solved_anew(cli: Cli) -> None:
    assert cli.call("rings", "update").returncode == 1, "there is no run yet"
    first = cli.json("rings", "detect")["run"]
    (row,) = cypher(cli.settings, kept("calibrations"))
    nothing = json.loads(row["calibration"])
    nothing["pi"] = {k: {s: [0] * 8 for s in sides} for k, sides in nothing["pi"].items()}
    load(cli, "payment_accounts", "p3", accounts(two="d"))
    second = cli.json("rings", "update")["run"]
    cypher(cli.settings, kept("weigh_nothing"), id=first, calibration=json.dumps(nothing))
    told = cli.json("rings", "update", "--model", first)
    assert (told["since"], counted(told)[3], sum(told["rings"].values())) == (second, 0, 1)
    told = updated(cli, "--model", second)
    assert counted(told) == (3, 3, 10, 0)
    cypher(cli.settings, kept("other_numbers"), id=second)
    assert cli.call("rings", "update", "--model", second).returncode == 5
    assert cli.call("rings", "update", "--model", "nobody").returncode == 1


def disturbed(settings: Settings, at: Query[Any], act: Any) -> UpdateReport:
    """Update while somebody else acts."""

    async def run() -> UpdateReport:
        async with connect(local.resolve(settings)) as driver:
            reader, writer = Disturbed(driver), Writer(driver)
            reader.at, reader.act = at, lambda: act(Reader(driver), writer)
            (last,) = [r for r in await runs(Reader(driver)) if r.state == "finished"]
            return await update(reader, writer, model_of(last, DEFAULT), lambda _: None)

    return asyncio.run(run())


async def runs(reader: Reader) -> list[Any]:
    return (await detection_runs(reader)).items


async def a_load(reader: Reader, writer: Writer) -> None:
    properties = {"state": "running", "rows_in": 1}
    await writer.command(SAVE_INGEST_RUN, id="load-0", properties=properties)


async def a_detection(reader: Reader, writer: Writer) -> None:
    await detect(reader, writer, Wanted(Engine.EVIDENCE, 0, DEFAULT), lambda _: None)


@pytest.mark.parametrize(
    ("at", "act", "said"),
    [
        (SELLER_RISKS, a_load, "while detection read it"),
        (LATEST_VERSIONS, a_detection, "another detection with evidence finished"),
    ],
    ids=["load", "detection"],
)
def test_who_writes_meanwhile_is_told_of_and_the_old_rings_stay(
    cli: Cli, at: Query[Any], act: Any, said: str
) -> None:
    cli.json("rings", "detect")
    load(cli, "payment_accounts", "p3", accounts(two="d"))
    before = cypher(cli.settings, kept("members_of_versions"))
    with pytest.raises(Conflict, match=said):
        disturbed(cli.settings, at, act)
    assert [r["state"] for r in cypher(cli.settings, kept("detections"))].count("failed") == 1
    if act is a_load:
        assert cypher(cli.settings, kept("members_of_versions")) == before


@pytest.mark.slow
def test_a_database_that_is_lost_in_the_middle_leaves_the_old_rings(
    own_server: Settings, tmp_path: Path
) -> None:
    local.start(own_server)
    cli = Cli(own_server, tmp_path)
    cli.json("migrate")
    load(cli, "sellers", "s1", [{"seller_id": s, "handle": s} for s in "abcd"])
    load(cli, "reports", "r1", reported("ab"))
    load(cli, "payment_accounts", "p1", accounts(one="ab", two="bc"))
    run = cli.json("rings", "detect")["run"]
    load(cli, "payment_accounts", "p3", accounts(two="d"))
    before = found(cli, run)

    async def lost(reader: Reader, writer: Writer) -> None:
        local.stop(own_server)

    with pytest.raises(DatabaseAway):
        disturbed(own_server, SELLER_RISKS, lost)
    local.start(own_server)
    assert found(cli, run) == before
    assert counted(cli.json("rings", "update")) == (1, 1, 4, 0)
