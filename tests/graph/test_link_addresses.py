"""Addresses on a real graph: joined where they are probably one place, and only once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from ingest.match.likeness import shipped
from tests.graph.driving import PLATFORM, Cli, cypher, kept, write_csv

HOME = "12 Marwick Street, Kestleford, MK40 1LR"


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph, tmp_path)


def load(cli: Cli, **addresses: str) -> None:
    """Load addresses, each of a seller of its name."""
    rows = [
        {"seller_id": name, "address": text, "country": "GB"} for name, text in addresses.items()
    ]
    path = write_csv(cli.folder / "addresses.csv", rows)
    told = cli.json("load", "addresses", path, "--platform", PLATFORM)
    assert (told["in"], told["rejected"]) == (len(addresses), 0)


def joints(cli: Cli) -> dict[frozenset[str], dict[str, Any]]:
    """Return what joins the addresses of two sellers, by the sellers."""
    return {
        frozenset(name.partition(":")[2] for name in row["sellers"]): row["kept"]
        | {"relation": row["relation"]}
        for row in cypher(cli.settings, kept("address_joints"))
    }


def between(*sellers: str) -> frozenset[str]:
    return frozenset(sellers)


def test_disguised_addresses_are_joined_and_neighbours_are_not(cli: Cli) -> None:
    load(
        cli,
        plain=HOME,
        typo=HOME.replace("Marwick", "Marwikc"),
        flat=f"Flat 7, {HOME}",
        neighbour=HOME.replace("12", "14"),
        elsewhere="12 Marwick Street, Villanora, CM7 2AB",
    )
    linked = cli.json("link", "addresses")
    assert {name: linked[name] for name in ("addresses", "vague", "fresh")} == {
        "addresses": 5,
        "vague": 0,
        "fresh": 5,
    }
    assert (linked["unit"], linked["premise"], linked["made"], linked["dropped"]) == (1, 2, 3, 0)
    assert linked["confirmed"] + linked["review"] == 3
    assert (linked["confirmed_from"], linked["model"]) == (0.9, shipped().version)
    found = joints(cli)
    assert set(found) == {
        between("plain", "typo"),
        between("plain", "flat"),
        between("typo", "flat"),
    }
    same = found[between("plain", "typo")]
    assert (same["relation"], same["band"], same["rule"]) == (
        "SAME_UNIT",
        "confirmed",
        "postcode_number",
    )
    assert same["score"] >= 0.9
    assert json.loads(same["features"])["postcode_equal"] == 1
    assert found[between("plain", "flat")]["relation"] == "SAME_PREMISE"


def test_only_what_is_new_is_compared(cli: Cli) -> None:
    load(cli, a=HOME, b=HOME.replace("Marwick", "Marwikc"))
    assert cli.json("link", "addresses")["made"] == 1
    before, digest = joints(cli), cli.digest()
    again = cli.json("link", "addresses")
    assert (again["fresh"], again["compared"], again["unit"], again["made"]) == (0, 0, 0, 0)
    assert joints(cli) == before
    assert cli.digest() == digest
    load(cli, c=f"Flat 3, {HOME}", d="98 Thornaby Lane, Villanora, CM7 2AB")
    later = cli.json("link", "addresses")
    assert (later["addresses"], later["fresh"], later["premise"], later["made"]) == (4, 2, 2, 2)
    assert before.items() <= joints(cli).items()


def test_joints_are_no_facts_of_the_graph(cli: Cli) -> None:
    load(cli, a=HOME, b=f"Flat 3, {HOME}")
    digest = cli.digest()
    assert cli.json("link", "addresses")["made"] == 1
    assert cli.digest() == digest


def test_an_address_that_is_written_otherwise_is_compared_again(cli: Cli) -> None:
    load(cli, a=HOME.upper(), b=HOME.replace("Marwick", "Marwikc"))
    assert cli.json("link", "addresses")["made"] == 1
    load(cli, c=f"12 {HOME[3:].upper()}", d=HOME.replace("Street", "ST.").upper())
    again = cli.json("link", "addresses")
    assert again["fresh"] == again["dropped"] == again["made"] == 1
    assert between("a", "b") in joints(cli)


def test_vague_addresses_join_nobody(cli: Cli) -> None:
    load(cli, a="Marwick Street, Kestleford", b="Marwikc Street, Kestleford", c=HOME)
    linked = cli.json("link", "addresses")
    assert (linked["addresses"], linked["vague"], linked["made"]) == (3, 2, 0)


def test_a_run_that_was_cut_off_is_made_good(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphsvc.linking import addresses

    load(cli, a=HOME, b=f"Flat 3, {HOME}", c=f"Flat 4, {HOME}")

    async def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(addresses, "_note", cut_off)
        assert cli.call("link", "addresses").returncode == 130
    left = joints(cli)
    again = cli.json("link", "addresses")
    assert (again["fresh"], again["premise"], again["made"]) == (3, 3, 0)
    assert joints(cli) == left


def test_an_empty_graph_has_nothing_to_join(cli: Cli) -> None:
    linked = cli.json("link", "addresses")
    assert (linked["addresses"], linked["compared"], linked["made"]) == (0, 0, 0)
    table = cli.call("link", "addresses")
    assert table.returncode == 0
    assert "confirmed_from" in table.stdout


def test_kinds_are_proposed_with_a_reason_and_follow_the_graph(cli: Cli) -> None:
    flats = {f"s{n}": f"Flat {n}, {HOME}" for n in range(1, 9)}
    rows = [
        {"seller_id": name, "address": text, "country": "GB", "role": "ship_from"}
        for name, text in flats.items()
    ]
    path = write_csv(cli.folder / "ship.csv", rows)
    cli.json("load", "addresses", path, "--platform", PLATFORM)
    load(cli, box="PO Box 9, Kestleford MK40 1LR", plain="3 Thornaby Lane, Villanora, CM7 2AB")
    kinds = cli.json("link", "addresses")["kinds"]
    assert (kinds["forwarder"], kinds["mail_drop"], kinds["residential"]) == (8, 1, 0)
    found = {row["display"]: row for row in cypher(cli.settings, kept("address_kinds"))}
    assert found["3 Thornaby Lane, Villanora, CM7 2AB"]["kind"] is None
    flat = found[flats["s1"]]
    assert (flat["kind"], flat["kind_model"]) == ("forwarder", "kinds-1")
    assert "8 sellers" in flat["kind_reason"]
    cypher(cli.settings, kept("close_assertion"), start=f"{PLATFORM}:s8", relation="USES_ADDRESS")
    kinds = cli.json("link", "addresses")["kinds"]
    assert (kinds["forwarder"], kinds["residential"]) == (0, 0)  # seven: no crowd, and no home
