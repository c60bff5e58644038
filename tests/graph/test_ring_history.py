"""What rings were, as of any run: loads, undoings and closings afterwards change none of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, Rows, cypher, kept, write_csv


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """A graph in which a and b share an account, b and c another; a and b are reported."""
    cli = Cli(empty_graph, tmp_path)
    reports = [
        {"report_id": f"r-{s}", "seller_id": s, "reporter": "Guild", "at": "2024-05-01",
         "verdict": "confirmed_fake"}
        for s in "abxy"
    ]  # fmt: skip
    load(cli, "sellers", "s1", [{"seller_id": s, "handle": s} for s in "abcdefxyz"])
    load(cli, "reports", "r1", reports)
    load(cli, "payment_accounts", "p1", accounts(one="ab", two="bc"))
    return cli


def accounts(**users: str) -> Rows:
    return [
        {"seller_id": s, "account": f"merchant-{name}", "account_kind": "merchant",
         "asserted_by": "platform_verified", "seen_at": "2024-01-01"}
        for name, sellers in users.items()
        for s in sellers
    ]  # fmt: skip


def load(cli: Cli, kind: str, source: str, rows: Rows, *more: str) -> dict[str, Any]:
    """Load rows as a feed of this name."""
    path = write_csv(cli.folder / f"{source}.csv", rows)
    return cli.json("load", kind, path, "--platform", PLATFORM, "--source", source, *more)


def detect(cli: Cli, *more: str) -> str:
    run: str = cli.json("rings", "detect", *more)["run"]
    return run


def shown(cli: Cli, *words: str) -> dict[str, Any]:
    """Return a ring as it is shown, whoever claims what today and the latest run left out."""
    return cli.json("rings", "show", *words)


def weighed(ring: dict[str, Any]) -> list[Any]:
    """Return of a shown ring what its run found."""
    facts = ("identifier", "kind", "sellers", "members", "weight", "ban_weight", "counts", "cut")
    return [
        (m["seller"], m["tier"], m["posterior"], m["ties"], m["own"], m["confidence"],
         [[reason[name] for name in facts] for reason in m["reasons"]])
        for m in ring["members"]
    ]  # fmt: skip


def only(cli: Cli, run: str) -> dict[str, Any]:
    (ring,) = cli.json("rings", "list", "--run", run)["items"]
    return ring


def test_a_version_stays_what_it_was_whatever_is_loaded_and_undone(cli: Cli) -> None:
    first = detect(cli)
    ring = only(cli, first)
    name = ring["ring"]
    assert (ring["version"], ring["size"]) == (1, 3)
    then = shown(cli, f"{name}@1")
    assert [len(m["reasons"]) for m in sorted(then["members"], key=lambda m: m["seller"])] == [
        1, 2, 1,
    ]  # fmt: skip
    assert all(r["standing"] and r["claims"] for m in then["members"] for r in m["reasons"])

    # More sellers use account one, d comes in, and what the second account said is taken back.
    load(cli, "payment_accounts", "p2", accounts(one="d", three="abc"))
    undone = cli.json("runs", "list")["items"]
    first_load = next(r["id"] for r in undone if r["source"] == "p1")
    second = detect(cli)
    assert only(cli, second)["version"] == 2
    cli.json("runs", "undo", first_load)
    third = detect(cli)
    assert only(cli, third)["ring"] == name

    old = shown(cli, f"{name}@1")
    assert weighed(old) == weighed(then) != weighed(shown(cli, name))
    assert old["ring"]["run"] == first
    assert shown(cli, name, "--run", first) == old
    assert shown(cli, name, "--run", second)["ring"]["version"] == 2
    gone = [r for m in old["members"] for r in m["reasons"]]
    assert gone
    assert not any(r["standing"] or r["claims"] for r in gone), "nobody says so any more"
    text = cli.call("rings", "show", f"{name}@1").stdout
    assert "no more" in text


def test_a_claim_that_came_later_is_no_source_of_an_old_version(cli: Cli) -> None:
    run = detect(cli)
    name = only(cli, run)["ring"]
    before = shown(cli, name)
    later = "--source", "another"
    path = write_csv(cli.folder / "again.csv", accounts(one="ab"))
    # A stamp has whole seconds: the detection has to lie in an earlier one.
    moved = "MATCH (d:DetectionRun {id: $run}) SET d.started_at = '2020-01-01T00:00:00Z'"
    cli.json("load", "payment_accounts", path, "--platform", PLATFORM, *later)
    assert shown(cli, name)["members"][0]["reasons"][0]["claims"]
    assert weighed(shown(cli, name)) == weighed(before)
    cypher(cli.settings, moved, run=run)
    told = shown(cli, name)
    assert weighed(told) == weighed(before)
    assert not any(r["claims"] for m in told["members"] for r in m["reasons"])


def test_a_closed_claim_is_still_the_source_of_what_was_weighed(cli: Cli) -> None:
    name = only(cli, detect(cli))["ring"]
    then = shown(cli, name)
    load(cli, "payment_accounts", "p1", accounts(two="bc"), "--snapshot", "--accept-shrink")
    old = shown(cli, f"{name}@1")
    assert weighed(old) == weighed(then)
    by_seller = {m["seller"].removeprefix(f"{PLATFORM}:"): m["reasons"] for m in old["members"]}
    (closed,), (stands,) = by_seller["a"], by_seller["c"]
    assert (closed["standing"], stands["standing"]) == (False, True)
    assert closed["claims"], "it stood then, and says from where"
    assert closed["sources"]


def test_the_same_graph_again_gives_the_same_version_and_another_luck_is_measured(
    cli: Cli,
) -> None:
    name = only(cli, detect(cli))["ring"]
    assert only(cli, detect(cli))["version"] == 1
    members = shown(cli, name)["members"]
    assert {m["confidence"] for m in members} == {None}
    measured = detect(cli, "--confidence", "5")
    assert only(cli, measured)["version"] == 2, "a version is never changed"
    told = shown(cli, name)
    assert {m["confidence"] for m in told["members"]} == {1.0}
    assert told["ring"]["event"] == "rescored"
    assert "confidence 1.00" in cli.call("rings", "show", name).stdout
    assert only(cli, detect(cli))["version"] == 2, "not measured again, it is still known"
    assert {m["confidence"] for m in shown(cli, f"{name}@1")["members"]} == {None}


def test_rings_that_come_grow_merge_and_vanish(cli: Cli) -> None:
    first = detect(cli)
    name = only(cli, first)["ring"].removeprefix("ring-")
    load(cli, "payment_accounts", "p3", accounts(three="xyz", four="cd"))
    second = detect(cli)
    told = cli.json("rings", "diff", first, second)
    assert (told["before"], told["after"]) == (first, second)
    assert (told["rings_before"], told["rings_after"], told["alike"]) == (1, 2, 0)
    assert told["events"] == {"grown": 1, "new": 1}
    grown = next(c for c in told["changes"] if c["event"] == "grown")
    assert (grown["ring"], grown["before"], grown["after"]) == (f"ring-{name}", 1, 2)
    assert (grown["came"], grown["went"]) == ([f"{PLATFORM}:d"], [])

    load(cli, "payment_accounts", "p4", accounts(five="dx"))
    third = detect(cli)
    assert cli.json("rings", "diff", "previous", "latest") == cli.json(
        "rings", "diff", second, third
    )
    merged = cli.json("rings", "diff", "previous", "latest")
    assert merged["events"] == {"merged": 2}
    kept, lost = sorted(merged["changes"], key=lambda c: c["after"] is None)
    assert (kept["others"], lost["others"]) == ([lost["ring"]], [kept["ring"]])

    runs = [r for r in cli.json("runs", "list")["items"] if r["source"] in ("p1", "p3", "p4")]
    for each in runs:
        cli.json("runs", "undo", each["id"])
    detect(cli)
    vanished = cli.json("rings", "diff", third, "latest")
    assert vanished["events"] == {"vanished": 1}
    assert vanished["rings_after"] == 0
    table = cli.call("rings", "diff", third, "latest")
    assert (table.returncode, "vanished" in table.stdout) == (0, True)
    assert cli.call("rings", "diff", third, "latest", "--exit-code").returncode == 1
    assert cli.call("rings", "diff", third, third, "--exit-code").returncode == 0


def test_a_run_keeps_what_it_lost(cli: Cli) -> None:
    load(cli, "payment_accounts", "p3", accounts(three="xyz"))
    detect(cli)
    load(cli, "payment_accounts", "p4", accounts(five="cx"))
    run = detect(cli)
    (row,) = cypher(
        cli.settings,
        "MATCH (:DetectionRun {id: $run})-[l:LOST]->(r:Ring) "
        "RETURN r.id AS id, l.event AS event, l.went_to AS went_to, l.version AS version",
        run=run,
    )
    kept = only(cli, run)["ring"]
    assert (row["event"], row["went_to"], row["version"]) == ("merged", [kept], 1)
    assert shown(cli, kept)["ring"]["came_from"] == sorted([kept, row["id"]])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("latest", "previous"), "no previous run"),
        (("nope", "latest"), "no finished detection run nope"),
    ],
)
def test_a_run_that_is_not_there_is_said(cli: Cli, words: tuple[str, str], said: str) -> None:
    detect(cli)
    told = cli.call("rings", "diff", *words)
    assert (told.returncode, told.stdout) == (1, "")
    assert said in " ".join(told.stderr.split())
    assert json.loads(cli.call("rings", "diff", "latest", "latest", "--json").stdout)["alike"] == 1


def test_a_run_may_weigh_as_another_did_and_not_by_numbers_of_another_version(cli: Cli) -> None:
    assert cli.call("rings", "detect", "--model", "latest").returncode == 1
    first = detect(cli)
    again = detect(cli, "--model", "latest")
    tables = {row["id"]: row["calibration"] for row in cypher(cli.settings, kept("calibrations"))}
    assert tables[first] == tables[again]
    nothing = json.loads(tables[again])
    nothing["pi"] = {
        kind: {side: [0] * 8 for side in sides} for kind, sides in nothing["pi"].items()
    }
    cypher(cli.settings, kept("weigh_nothing"), id=again, calibration=json.dumps(nothing))
    assert only(cli, first)["size"] == 3
    by_nothing = detect(cli, "--model", again)
    assert cli.json("rings", "list", "--run", by_nothing)["items"] == []
    assert only(cli, detect(cli))["size"] == 3
    cypher(cli.settings, kept("other_numbers"), id=first)
    refused = cli.call("rings", "detect", "--model", first)
    assert refused.returncode == 5
    assert "other numbers" in refused.stderr
    assert cli.call("rings", "detect", "--model", "nobody").returncode == 1
