"""A market with rings of many members, loaded and found by the command line itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphsvc.settings import Settings
from tests.graph.driving import Cli, Rows, wipe, write_csv

RINGS, BIG, SMALL = 12, 32, 3
# Who is in a ring: the first is big, the others are small.
MEMBERS = [[f"r{ring:02}-{n:02}" for n in range(SMALL if ring else BIG)] for ring in range(RINGS)]
EVERYBODY = [name for ring in MEMBERS for name in ring]
TEAM = 8


def load(settings: Settings, folder: Path) -> dict[str, Any]:
    """Empty the graph, load the market, look for rings; return what `rings detect` says."""
    wipe(settings)
    cli = Cli(settings, folder)
    for kind, rows in files().items():
        path = write_csv(folder / f"{kind}.csv", rows)
        told = cli.json("load", kind, path, "--platform", "w")
        assert told["rejected"] == 0, told
    return cli.json("rings", "detect", "--engine", "evidence")


def files() -> dict[str, Rows]:
    """Return the rows of each kind; the teams of a ring overlap, so that no team is a hub."""
    teams = [
        (f"{ring}-{start}", members[start : start + TEAM])
        for ring, members in enumerate(MEMBERS)
        for start in range(0, len(members), TEAM - 2)
    ]
    used = [(team, name) for team, names in teams for name in names if len(names) > 1]
    return {
        "sellers": [{"seller_id": name, "handle": f"Shop {name}"} for name in EVERYBODY],
        "listings": [
            {"listing_id": f"l-{name}-{n}", "seller_id": name, "title": f"Vase {name} {n}"}
            for name in EVERYBODY
            for n in range(2)
        ],
        "payment_accounts": [
            {"seller_id": name, "account": f"wallet-{team}", "account_kind": "wallet"}
            for team, name in used
        ],
        "devices": [{"seller_id": name, "device": f"device-of-team-{team}"} for team, name in used],
        "images": [
            {"listing_id": f"l-{name}-0", "sha256": f"{place:064x}", "pdq": f"{place:064x}"}
            for place, name in enumerate(EVERYBODY)
        ],
        "reports": [
            {"report_id": f"r-{name}", "seller_id": name, "reporter": "Guild of Potters",
             "at": "2024-05-01", "verdict": "confirmed_fake"}
            for name in EVERYBODY
        ],
    }  # fmt: skip
