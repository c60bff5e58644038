"""Five cases, three agencies and two platforms; every personal value of theirs is marked.

Each case is a chain of four sellers: 0 and 1 share a phone, 1 and 2 an account, 2 and 3 a flat.
All sellers of all chains use one device (a hub) and one forwarder's address (a hub). The first of
each chain is in its case. A seller of another platform shares a device with the last of chain 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphsvc.store import local
from tests.api.conftest import in_process
from tests.conftest import over
from tests.graph.driving import KEY, Cli, wipe, write_csv

CANARY = "Qzcanary"
CASES, CHAIN = 5, 4
PLATFORM, OTHER = "shopnest", "tradepost"
PURPOSE = "customs_enforcement"
OWNERS = {
    0: "customs-north",
    1: "customs-north",
    2: "police-west",
    3: "police-west",
    4: "trade-sea",
}
HOPS = {0: 1, 1: 2, 2: 0, 3: 1, 4: 2}
CROWD = [f"crowd-{n:02}" for n in range(5)]
HUB_ADDRESS = f"Unit 9, 77 {CANARY} Road, Leeds LS1 4AP"
Row = dict[str, object]


def seller(case: int, place: int) -> str:
    """Return the local id of a seller."""
    return f"c{case}-{place}"


def visible(case: int) -> set[str]:
    """Return the sellers that the grant of a case opens, by local id."""
    return {seller(case, place) for place in range(HOPS[case] + 1)}


@dataclass(frozen=True, slots=True)
class World:
    """The cases by number, and a key of each agency's officer."""

    cases: dict[int, str]
    keys: dict[str, str]

    def headers(self, case: int) -> dict[str, str]:
        """Return what travels with a request about a case."""
        return {"Case-Id": self.cases[case], "Purpose": PURPOSE}


def rows() -> dict[str, list[Row]]:
    """Return the market's rows by kind."""
    names = [seller(case, place) for case in range(CASES) for place in range(CHAIN)]
    found: dict[str, list[Row]] = {
        "sellers": [sellers_row(name) for name in (*names, *CROWD)],
        "listings": [
            {"listing_id": f"l-{name}", "seller_id": name, "title": f"Vase of {name}",
             "listed_at": "2024-02-03"}
            for name in names
        ],
        "addresses": [
            {"seller_id": name, "address": HUB_ADDRESS, "country": "GB", "role": "ship_from"}
            for name in (*names, *CROWD)
        ],
        "devices": [{"seller_id": name, "device": "device-hub-0001"} for name in (*names, *CROWD)],
        "contacts": [],
        "payment_accounts": [],
        "reports": [
            {"report_id": f"r-{name}", "seller_id": name, "reporter": f"{CANARY} Guild {name}",
             "at": "2024-05-01", "verdict": "suspected"}
            for name in names
        ],
    }  # fmt: skip
    for case in range(CASES):
        for place in (0, 1):
            phone = {"seller_id": seller(case, place), "phone": f"+44 20 7946 00{10 + case}"}
            mailbox = f"{CANARY}@{CANARY}{case}.example.com"
            found["contacts"].append({**phone, "email": mailbox, "seen_at": "2024-03-04"})
        for place in (1, 2):
            account = f"wallet-{CANARY}{case}"
            paid = {"seller_id": seller(case, place), "account": account, "account_kind": "wallet"}
            found["payment_accounts"].append({**paid, "holder": f"{CANARY} Holder"})
        for place in (2, 3):
            flat = f"Flat {case + 1}, {case + 20} {CANARY} Street, Leeds LS1 4AP"
            found["addresses"].append(
                {"seller_id": seller(case, place), "address": flat, "country": "GB",
                 "role": "business", "seen_at": "2024-03-05"}
            )  # fmt: skip
    return found


def sellers_row(name: str) -> Row:
    """Return a seller whose names are marked."""
    return {
        "seller_id": name,
        "handle": f"{CANARY} shop {name}",
        "legal_name": f"{CANARY} {name} Ltd",
        "country": "GB",
        "registered_at": "2023-01-02",
        "risk": "0.5",
        "tax_number": f"GB{CANARY}{name}",
    }


def load(cli: Cli, folder: Path, found: dict[str, list[Row]], platform: str = PLATFORM) -> None:
    """Load rows as a user does."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, told in found.items():
        if told:
            path = write_csv(folder / f"{kind}.csv", told)
            cli.json("load", kind, path, "--platform", platform)


def build(cli: Cli, folder: Path) -> World:
    """Load the market, make the cases and give the grants."""
    load(cli, folder / "market", rows())
    load(
        cli,
        folder / "other",
        {
            "sellers": [sellers_row("t-1"), sellers_row("t-2")],
            "devices": [{"seller_id": "t-1", "device": "device-both-01"}],
            "contacts": [{"seller_id": "t-2", "phone": "+44 20 7946 0999"}],
        },
        OTHER,
    )
    load(
        cli,
        folder / "both",
        {"devices": [{"seller_id": seller(0, 3), "device": "device-both-01"}]},
    )
    cases = {}
    for case in range(CASES):
        made = cli.json("cases", "create", "--title", f"{CANARY} {case}", "--handling", "amber")
        cases[case] = made["id"]
        cli.json("cases", "add", made["id"], "--seller", f"{PLATFORM}:{seller(case, 0)}")
        cli.json(*grant_words(made["id"], OWNERS[case], HOPS[case]))
    keys = {agency: key(cli, agency) for agency in sorted(set(OWNERS.values()))}
    return World(cases, keys)


def grant_words(case: str, agency: str, hops: int, *more: str) -> tuple[str, ...]:
    """Return the words that give a grant to an agency's officer."""
    to = ("--agency", agency, "--officer", f"o-{agency}", "--purpose", PURPOSE)
    return ("grants", "create", "--case", case, *to, "--basis", "a law", "--hops", str(hops), *more)


def key(cli: Cli, agency: str) -> str:
    """Return a new key of an agency's officer, for documents of its own."""
    who = ("--role", "partner", "--agency", agency, "--officer", f"o-{agency}")
    scopes = ("--scope", "read", "--scope", "query:adhoc")
    made: str = cli.json("keys", "create", "--name", agency, *who, *scopes)["key"]
    return made


def emptied(server: local.Server, home: Path) -> Cli:
    """Return the command line over a home of its own and a graph that holds nothing."""
    settings = over(server, home, token_key=KEY)
    wipe(settings)
    return in_process(settings)
