"""Detection on a real graph reads confirmed likeness of addresses, and obeys who cuts it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import Conflict
from graphsvc.linking.cuts import Cut, cut_addresses
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.read import read_market
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.writer import Writer
from queries.rings.detection import SELLER_RISKS
from tests.graph.driving import PLATFORM, Cli, cypher, kept, write_csv
from tests.graph.test_detection import Disturbed

HOME = "Flat 4, 12 Marwick Street, Kestleford, MK40 1LR"
TYPO = HOME.replace("Marwick", "Marwikc")
ELSEWHERE = "98 Thornaby Lane, Villanora, CM7 2AB"


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph, tmp_path)


def load(cli: Cli, addresses: dict[str, str], reported: str = "ab") -> None:
    """Load sellers at their addresses; a and b are reported and share a telephone."""
    rows = [{"seller_id": s, "address": text, "country": "GB"} for s, text in addresses.items()]
    files: dict[str, list[dict[str, Any]]] = {
        "addresses": rows,
        "contacts": [{"seller_id": s, "phone": "+44 20 7946 0018"} for s in "ab"],
        "reports": [
            {"report_id": f"r-{s}", "seller_id": s, "reporter": "Guild of Potters",
             "at": "2024-05-01", "verdict": "confirmed_fake"}
            for s in reported
        ],
    }  # fmt: skip
    for kind, told in files.items():
        cli.json("load", kind, write_csv(cli.folder / f"{kind}.csv", told), "--platform", PLATFORM)


def ring(cli: Cli) -> dict[str, str]:
    """Detect, and return the tier of each member of the one ring; nobody where there is none."""
    cli.json("rings", "detect")
    listed = cli.json("rings", "list")["items"]
    if not listed:
        return {}
    [found] = listed
    shown = cli.json("rings", "show", found["ring"])
    return {each["seller"].partition(":")[2]: each["tier"] for each in shown["members"]}


def test_a_disguised_address_joins_as_the_exact_one_does(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": HOME})
    exact = ring(cli)
    assert exact == {"a": "ban", "b": "ban", "c": "review"}
    cypher(cli.settings, kept("empty_graph"))
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    assert ring(cli) == {}
    assert cli.json("link", "addresses")["confirmed"] == 1
    assert ring(cli) == exact


def test_a_member_is_told_that_its_address_is_like_another(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    cli.json("link", "addresses")
    cli.json("rings", "detect")
    [found] = cli.json("rings", "list")["items"]
    assert found["kinds"] == {"address": 2, "phone": 1}
    shown = cli.json("rings", "show", found["ring"])
    [last] = [each for each in shown["members"] if each["seller"] == f"{PLATFORM}:c"]
    [reason] = last["reasons"]
    assert (reason["kind"], reason["level"], reason["members"]) == ("address", "unit", 2)
    assert (reason["sellers"], reason["counts"], reason["cut"]) == (3, True, True)
    assert set(reason["shown"].split(" ≈ ")) == {HOME, TYPO}
    assert 0.9 * 0.55 <= reason["weight"] < 0.55
    assert [claim["written"] for claim in reason["claims"]] == [TYPO]


def test_a_building_of_many_flats_joins_nobody(cli: Cli) -> None:
    house = HOME.removeprefix("Flat 4, ")
    flats = {f"s{n:02}": f"Flat {n}, {house}" for n in range(1, 25)}
    load(cli, {"a": HOME.replace("4", "31", 1), "b": ELSEWHERE} | flats, reported="ab")
    linked = cli.json("link", "addresses")
    assert linked["premise"] >= 24 * 23 // 2
    assert linked["confirmed"] >= 24 * 23 // 2
    told = cli.json("rings", "detect")
    assert (told["grouped"], told["groups"]) == (2, 1)  # a and b, by their telephone


def test_a_cut_stays_and_detection_obeys_it(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    assert cli.json("link", "addresses")["made"] == 1
    assert "c" in ring(cli)
    words = ("--by", "desk 4", "--because", "two streets")
    told = cli.json("link", "addresses", "--cut", TYPO, HOME, *words)
    assert told == {"joints": 1, "cut": 1}
    [before] = cypher(cli.settings, kept("joints"))
    assert (before["kept"]["cut_by"], before["kept"]["cut_because"]) == ("desk 4", "two streets")
    assert before["kept"]["cut_at"].endswith("Z")
    assert ring(cli) == {}
    # As if another model had once called it one premise: what is one unit now is cut all the same.
    [before] = cypher(cli.settings, kept("premise_instead"))
    again = cli.json("link", "addresses")
    assert (again["fresh"], again["unit"], again["made"], again["dropped"]) == (2, 1, 0, 0)
    assert cypher(cli.settings, kept("joints")) == [before]
    assert ring(cli) == {}


def test_a_cut_stays_when_the_text_changes_or_somebody_cuts_again(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    cli.json("link", "addresses")
    [joint] = cypher(cli.settings, kept("joints"))
    ends = joint["ends"]
    words = ("--by", "desk 4", "--because", "two streets")
    assert cli.json("link", "addresses", "--cut", *ends, *words) == {"joints": 1, "cut": 1}
    again = ("--by", "desk 5", "--because", "the same")
    assert cli.json("link", "addresses", "--cut", *ends[::-1], *again) == {"joints": 1, "cut": 0}
    load(cli, {"d": HOME.upper()})
    linked = cli.json("link", "addresses")
    assert (linked["fresh"], linked["made"], linked["dropped"]) == (1, 0, 0)
    [after] = cypher(cli.settings, kept("joints"))
    assert after["kept"]["cut_by"] == "desk 4"
    assert after == joint | {"kept": after["kept"]}


def test_a_cut_stays_though_an_address_goes_and_comes_back(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    cli.json("link", "addresses")
    words = ("--by", "desk 4", "--because", "two streets")
    assert cli.json("link", "addresses", "--cut", TYPO, HOME, *words) == {"joints": 1, "cut": 1}
    [before] = cypher(cli.settings, kept("joints"))
    [run] = [each for each in cli.json("runs", "list")["items"] if each["kind"] == "addresses"]
    assert cli.json("runs", "undo", run["id"])["swept"]
    assert cypher(cli.settings, kept("joints")) == []
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    assert cli.json("link", "addresses")["made"] == 1
    assert cypher(cli.settings, kept("joints")) == [before]
    assert ring(cli) == {}
    assert cli.json("link", "addresses", "--cut", TYPO, HOME, *words) == {"joints": 1, "cut": 0}


def test_a_cut_needs_two_joined_addresses_a_name_and_a_reason(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": ELSEWHERE})
    words = ("--by", "desk 4", "--because", "two streets")
    nothing = cli.call("link", "addresses", "--cut", HOME, ELSEWHERE, *words)
    assert nothing.returncode == 1
    assert "nothing joins" in nothing.stderr
    for missing in (("--cut", HOME, ELSEWHERE, *words[:2]), words, words[2:]):
        refused = cli.call("link", "addresses", *missing)
        assert refused.returncode == 2, missing
        assert "--because" in refused.stderr


def test_who_cuts_meanwhile_stops_a_detection(cli: Cli) -> None:
    load(cli, {"a": HOME, "b": HOME, "c": TYPO})
    cli.json("link", "addresses")

    async def disturbed() -> None:
        async with connect(local.resolve(cli.settings)) as driver:
            reader = Disturbed(driver)
            reader.at = SELLER_RISKS
            reader.act = lambda: cut_addresses(Writer(driver), Cut(HOME, TYPO, "desk 4", "so"))
            await read_market(reader, DEFAULT)

    with pytest.raises(Conflict, match="while detection read it"):
        asyncio.run(disturbed())
