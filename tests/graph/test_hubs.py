"""Hubs are proposed by degree and diversity, decided by people, and obeyed both ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, cypher, kept, write_csv

DEPOT = "Unit 9, 40 Harbour Road, Kestleford, MK40 1LR"
DROP = "98 Thornaby Lane, Villanora, CM7 2AB"
BOX = "Unit 5, Parcel Forwarding, 3 Station Street, Kestleford, MK40 2LR"
STRANGERS = [f"s{n:02}" for n in range(24)]
RING = [f"r{n:02}" for n in range(15)]
FEW = ["s00", "s01", "s02"]
STOCK = "7" * 64
Rows = list[dict[str, Any]]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """A depot of 24 strangers, a ring's drop, a box of three strangers, a stock picture."""
    cli = Cli(empty_graph, tmp_path)
    sellers: Rows = [
        {"seller_id": s, "handle": s, "registered_at": f"{2010 + n % 12}-02-01"}
        for n, s in enumerate(STRANGERS)
    ] + [{"seller_id": s, "handle": s, "registered_at": "2024-03-05"} for s in RING]
    files: dict[str, Rows] = {
        "sellers": sellers,
        "listings": [
            {"listing_id": f"l-{s}", "seller_id": s, "title": "thing", "listed_at": "2024-01-01",
             "brand": f"Brand {n % 9}" if s in STRANGERS else "Quenvera"}
            for n, s in enumerate([*STRANGERS, *RING])
        ],
        "addresses": [
            {"seller_id": s, "address": text, "country": "GB", "role": "business"}
            for users, text in ((STRANGERS, DEPOT), (RING, DROP), (FEW, BOX))
            for s in users
        ],
        "contacts": [
            {"seller_id": s, "phone": f"+44 20 7946 0{n // 2:03}"} for n, s in enumerate(RING)
        ],
        "images": [
            {"listing_id": f"l-{s}", "sha256": STOCK, "pdq": "0f" * 32, "position": 0}
            for s in STRANGERS[:12]
        ],
        "reports": [
            {"report_id": f"r-{s}", "seller_id": s, "reporter": "Guild of Potters",
             "at": "2024-05-01", "verdict": "confirmed_fake"}
            for s in FEW
        ],
    }  # fmt: skip
    for kind, rows in files.items():
        cli.json("load", kind, write_csv(tmp_path / f"{kind}.csv", rows), "--platform", PLATFORM)
    return cli


def marks(cli: Cli, *words: object) -> list[dict[str, Any]]:
    """Return what a verb lists."""
    found: list[dict[str, Any]] = cli.json("hubs", *words)["items"]
    return found


def by_text(cli: Cli, text: str, state: str = "proposed") -> str:
    """Return the id of the mark on the identifier that is shown so."""
    [found] = [row["id"] for row in marks(cli, "list", "--state", state) if row["shown"] == text]
    assert isinstance(found, str)
    return found


def decide(cli: Cli, verb: str, mark: str, *words: object) -> dict[str, Any]:
    """Decide about a mark."""
    return cli.json("hubs", verb, mark, "--because", "seen on site", "--by", "desk 4", *words)


def rings(cli: Cli) -> list[set[str]]:
    """Detect, and return the members of each ring by local id."""
    cli.json("rings", "detect")
    found = []
    for item in cli.json("rings", "list")["items"]:
        shown = cli.json("rings", "show", item["ring"])["members"]
        found.append({each["seller"].partition(":")[2] for each in shown})
    return found


def by_hand(cli: Cli, text: str = BOX) -> str:
    """Propose an address of s00 by hand and return the mark."""
    words = ("--identifier", text, "--of", f"{PLATFORM}:s00", "--kind", "mail_drop")
    [mark] = marks(cli, "propose", *words, "--because", "a shop that takes post")
    return str(mark["id"])


def test_a_crowd_of_strangers_is_proposed_and_the_drop_of_a_ring_is_not(cli: Cli) -> None:
    found = {row["shown"]: row for row in marks(cli, "propose")}
    assert found.keys() == {DEPOT, STOCK}
    depot = found[DEPOT]
    assert (depot["state"], depot["kind"], depot["sellers"]) == ("proposed", "other", 24)
    assert depot["figures"]["sellers"] == 24
    assert depot["figures"]["tied"] == pytest.approx(3 / 24)
    assert depot["figures"]["brands"] > 0.8
    assert depot["figures"]["years"] > 0.8
    assert depot["figures"]["platforms"] == 0
    assert depot["proposal"].startswith("24 sellers, 12% of whom share anything more")
    assert depot["identifier"].startswith("address-")
    assert found[STOCK]["kind"] == "stock_image"
    assert marks(cli, "propose") == []
    assert {row["id"] for row in marks(cli, "list")} == {row["id"] for row in found.values()}


def test_what_link_addresses_says_of_a_place_is_a_reason(cli: Cli) -> None:
    cli.json("link", "addresses")
    found = {row["shown"]: row for row in marks(cli, "propose")}
    assert found[BOX]["kind"] == "forwarder"
    assert found[BOX]["proposal"].startswith("its text says “parcel forwarding”; 3 sellers")
    assert DROP not in found


def test_a_confirmed_hub_links_nobody_and_expiry_ends_that(cli: Cli) -> None:
    assert set(FEW) in rings(cli)
    before = cypher(cli.settings, kept("detections"))[-1]["input_digest"]
    decided = decide(cli, "confirm", by_hand(cli), "--scope", "all shops")
    assert (decided["state"], decided["decision"]) == ("confirmed", "confirmed")
    assert (decided["reason"], decided["by"], decided["scope"]) == (
        "seen on site", "desk 4", "all shops",
    )  # fmt: skip
    assert decided["proposal"] == "a shop that takes post"
    assert set(FEW) not in rings(cli)
    assert cypher(cli.settings, kept("detections"))[-1]["input_digest"] != before
    ended = decide(cli, "expire", decided["id"])
    assert (ended["state"], ended["decision"], ended["ended_by"]) == (
        "expired", "confirmed", "desk 4",
    )  # fmt: skip
    assert set(FEW) in rings(cli)
    by_hand(cli)  # what has expired may be proposed anew


def test_a_decision_holds_until_its_date(cli: Cli) -> None:
    mark = by_hand(cli)
    refused = cli.call("hubs", "confirm", mark, "--because", "x", "--until", "2020-01-01")
    assert (refused.returncode, "has passed" in refused.stderr) == (2, True)
    decided = decide(cli, "confirm", mark, "--until", "2999-01-01")
    assert decided["until"] == "2999-01-01T00:00:00Z"
    assert set(FEW) not in rings(cli)
    cypher(cli.settings, kept("run_out"), id=mark)
    assert [row["state"] for row in marks(cli, "list")] == ["expired"]
    assert set(FEW) in rings(cli)


def test_a_rejected_proposal_lets_what_many_use_link(cli: Cli) -> None:
    marks(cli, "propose")
    phones = [{"seller_id": s, "phone": f"+44 20 7946 0{100 + n // 2}"}
              for n, s in enumerate(STRANGERS)]  # fmt: skip
    file = write_csv(cli.folder / "more.csv", phones)
    cli.json("load", "contacts", file, "--platform", PLATFORM)
    before = cli.json("rings", "detect")
    mark = by_text(cli, DEPOT)
    assert decide(cli, "reject", mark)["sellers"] == 24
    after = cli.json("rings", "detect")
    # The depot and a telephone are two kinds now: those pairs are surer, and review is due.
    assert (before["identifiers"], after["identifiers"] - before["identifiers"]) == (
        before["identifiers"], 1,
    )  # fmt: skip
    replayed = cli.json("hubs", "replay", mark, "--rejected")
    assert replayed["rings"] == []


def test_a_decision_is_made_once(cli: Cli) -> None:
    mark = by_hand(cli)
    decide(cli, "confirm", mark)
    again = cli.call("hubs", "reject", mark, "--because", "no")
    assert (again.returncode, f"{mark} is confirmed" in again.stderr) == (5, True)
    words = ("--identifier", BOX, "--of", f"{PLATFORM}:s00", "--because", "again")
    twice = cli.call("hubs", "propose", *words)
    assert (twice.returncode, "bears a mark" in twice.stderr) == (5, True)
    unknown = cli.call("hubs", "confirm", "hub-0", "--because", "no")
    assert (unknown.returncode, "there is no mark hub-0" in unknown.stderr) == (1, True)


def test_what_thousands_use_cannot_be_freed(cli: Cli) -> None:
    many = [{"seller_id": f"m{n}", "address": DROP, "country": "GB"} for n in range(490)]
    file = write_csv(cli.folder / "many.csv", many)
    cli.json("load", "addresses", file, "--platform", PLATFORM)
    words = ("--identifier", DROP, "--of", f"{PLATFORM}:r00", "--because", "x")
    [mark] = marks(cli, "propose", *words)
    done = cli.call("hubs", "reject", mark["id"], "--because", "no hub")
    assert (done.returncode, "505 sellers use it" in done.stderr) == (3, True)
    assert [row["state"] for row in marks(cli, "list")] == ["proposed"]


def test_a_replay_tells_what_would_change_and_writes_nothing(cli: Cli) -> None:
    nothing = cli.call("hubs", "replay")
    assert (nothing.returncode, "no detection has finished" in nothing.stderr) == (1, True)
    rings(cli)
    listed = cli.json("rings", "list")["items"]
    mark = by_hand(cli)
    held = cli.json("graph", "counts")
    told = cli.json("hubs", "replay", mark)
    [changed] = [each for each in told["rings"] if f"{PLATFORM}:s01" in each["left"]]
    assert told["marks"] == {mark: "confirmed"}
    assert told["graph_changed"] is False
    assert changed["before"] in {f"{item['ring']}@{item['version']}" for item in listed}
    assert changed["after"] is None
    assert (changed["size_before"], changed["size_after"], changed["joined"]) == (3, 0, [])
    assert changed["left"] == [f"{PLATFORM}:{s}" for s in FEW]
    assert sum(told["members_before"].values()) - sum(told["members_after"].values()) == 3
    assert cli.json("graph", "counts") == held
    assert cli.json("hubs", "replay", mark, "--rejected")["rings"] == []
    assert cli.json("hubs", "replay")["rings"] == told["rings"]
    decide(cli, "confirm", mark)
    assert set(FEW) not in rings(cli)
