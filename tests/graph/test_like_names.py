"""A name is told as weak evidence inside a ring and never makes one, whatever the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.rings.parameters import Engine
from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, write_csv


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """A graph of five sellers of one name, three of whom share an account, two are reported."""
    cli = Cli(empty_graph, tmp_path)
    names = ("Tolva Harnik", "Tolva Harnik Ltd", "Crestal Dune", "Tolva Harnik", "Tolva Harnik")
    files = {
        "sellers": [
            {"seller_id": s, "handle": name, "legal_name": name}
            for s, name in zip("abcde", names, strict=True)
        ],
        "payment_accounts": [
            {"seller_id": s, "account": "wallet-00001234", "account_kind": "wallet"} for s in "abc"
        ],
        "reports": [
            {"report_id": s, "seller_id": s, "reporter": "Guild of Potters", "at": "2024-05-01",
             "verdict": "confirmed_fake"}
            for s in "ab"
        ],
    }  # fmt: skip
    for kind, rows in files.items():
        path = write_csv(tmp_path / f"{kind}.csv", rows)
        cli.json("load", kind, path, "--platform", PLATFORM)
    return cli


def test_a_name_links_nobody_and_is_told_inside_a_ring(cli: Cli) -> None:
    for engine in Engine:
        told = cli.json("rings", "detect", "--engine", engine.value)
        assert (told["groups"], told["grouped"]) == (1, 3), engine
    [ring] = cli.json("rings", "list")["items"]
    shown = cli.json("rings", "show", ring["ring"])
    names = {each["seller"]: each["like_names"] for each in shown["members"]}
    a, b, c = (f"{PLATFORM}:{s}" for s in "abc")
    assert names == {a: [b], b: [a], c: []}
    assert f"named nearly as {b}" in " ".join(cli.call("rings", "show", "top").stdout.split())
