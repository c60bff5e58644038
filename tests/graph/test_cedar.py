"""The rules of access, told a second time in Cedar: both decide alike for any tuple.

The product's decision is what it does: the door's reader is asked for the seller.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from starlette.datastructures import Headers

from graphsvc import clock
from graphsvc.access.policy import may, scopes_held
from graphsvc.access.principal import Principal, Role, Scope, Standing
from graphsvc.api.door import Door
from graphsvc.audit.journal import Journal
from graphsvc.errors import CaseMissing, GrantMissing, PurposeMissing
from graphsvc.investigate.seller import sellers_by_ids
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from queries.schema.casework import Purpose
from tests.graph.driving import DATA, Cli, write_csv

cedarpy = pytest.importorskip("cedarpy", reason="a dependency for development")
POLICIES = (DATA / "access.cedar").read_text("utf-8")
SELLERS = {"shopnest:s-0": 0, "shopnest:s-1": 1, "shopnest:s-2": 2, "shopnest:s-3": 3,
           "tradepost:t-0": 9}  # fmt: skip
AGENCIES, OFFICERS = ("customs-north", "police-west"), ("o-1", "o-2")
PURPOSES = (Purpose.CUSTOMS_ENFORCEMENT.value, Purpose.CONSUMER_PROTECTION.value)
PLATFORMS = ("shopnest", "tradepost")
TOLD = ("role", "agency", "officer", "speaks_for", "purpose", "names_case")
SCOPES = ((), ("read",), ("query:adhoc",), ("read", "decide"))
DAYS = (0, 9, 29, 31)
Tuple = dict[str, Any]


def build(cli: Cli, dice: Random) -> dict[str, dict[str, Any]]:
    """Load a chain of sellers; open it to officers in a dozen cases; return the grants by case."""
    for platform, found in (
        ("shopnest", [name for name in SELLERS if name.startswith("shopnest")]),
        ("tradepost", ["tradepost:t-0"]),
    ):
        rows = [{"seller_id": each.split(":")[1], "handle": f"Shop {each}"} for each in found]
        cli.json("load", "sellers", write_csv(cli.folder / "s.csv", rows), "--platform", platform)
    used = [{"seller_id": f"s-{place + end}", "device": f"device-000{place}"}
            for place in range(3) for end in (0, 1)]  # fmt: skip
    cli.json("load", "devices", write_csv(cli.folder / "d.csv", used), "--platform", "shopnest")
    grants = {}
    for _ in range(12):
        case = cli.json("cases", "create", "--title", "Vases", "--handling", "amber")["id"]
        cli.json("cases", "add", case, "--seller", "shopnest:s-0")
        to = {"agency": dice.choice(AGENCIES), "officer": dice.choice(OFFICERS)}
        if dice.random() < 0.4:
            to = {"speaks_for": dice.choice(PLATFORMS)}
        held = {
            **to,
            "purpose": dice.choice(PURPOSES),
            "hops": dice.randrange(3),
            "days": dice.choice((10, 30)),
            "fields": dice.choice(([], ["identity"], ["reports"])),
            "revoked": dice.random() < 0.2,
        }
        words = [f"--{name}={held[name]}" for name in held if name not in ("fields", "revoked")]
        words = [word.replace("--speaks_for", "--platform") for word in words]
        words += [f"--field={name}" for name in held["fields"]]
        made = cli.json("grants", "create", "--case", case, "--basis", "a law", *words)
        if held["revoked"]:
            cli.json("grants", "revoke", made["id"], "--because", "it is over")
        grants[case] = held
    return grants


def drawn(dice: Random, cases: list[str]) -> Tuple:
    """Return a tuple: who asks, of what, when, and about whom."""
    role = dice.choice([*Role, Role.PARTNER, Role.PARTNER, Role.PARTNER, Role.PLATFORM])
    return {
        "role": role.value,
        "scopes": dice.choice(SCOPES + SCOPES[1:2] * 6),
        "agency": dice.choice(AGENCIES),
        "officer": dice.choice(OFFICERS),
        "speaks_for": dice.choice(PLATFORMS),
        "names_case": dice.random() < 0.8,
        "case": dice.choice(cases) if dice.random() < 0.95 else "case-none",
        "purpose": dice.choice(PURPOSES),
        "day": dice.choice(DAYS),
        "seller": dice.choice(list(SELLERS)),
        "action": dice.choice(("read", "clear")),
    }


def request(asked: Tuple, grants: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return a tuple as Cedar is asked."""
    context = {name: asked[name] for name in TOLD}
    context |= {
        "scopes": list(asked["scopes"]),
        "now": asked["day"],
        "hops": SELLERS[asked["seller"]],
        "platform": asked["seller"].split(":")[0],
    }
    if held := grants.get(asked["case"]):
        context["grant"] = {**held, "expires": held["days"]}
    return {
        "principal": 'User::"someone"',
        "action": f'Action::"{asked["action"]}"',
        "resource": 'Seller::"one"',
        "context": context,
    }


async def decisions(
    settings: Settings, folder: Path, tuples: list[Tuple], patch: pytest.MonkeyPatch
) -> list[bool]:
    """Return what the product does with each tuple; equal questions are put to it once."""
    journal, began = Journal.open(folder / "journal"), clock.now()
    seen: dict[tuple[Any, ...], dict[str, str | None]] = {}
    found = []
    async with connect(local.resolve(settings)) as driver:
        reader, door = Reader(driver), Door(journal, b"x" * 32)
        for asked in tuples:
            role = Role(asked["role"])
            standing = Standing(
                *((asked["agency"], asked["officer"], None) if role is Role.PARTNER else ()),
            ) if role is not Role.PLATFORM else Standing(platform=asked["speaks_for"])  # fmt: skip
            who = Principal("k", "k", role, scopes_held(role, asked["scopes"]), standing)
            headers = ("names_case", "case", "purpose")
            key = (role, standing, *(asked[name] for name in headers), asked["day"])
            if key not in seen:
                now = (began + timedelta(days=asked["day"])).strftime(clock.FORMAT)
                patch.setattr(clock, "stamp", lambda told=now: told)
                seen[key] = await handles(door, reader, who, asked)
            handle = seen[key].get(asked["seller"]) if may(who, Scope.READ) else None
            clear = handle == f"Shop {asked['seller']}"
            found.append(handle is not None and (asked["action"] == "read" or clear))
    journal.close()
    return found


async def handles(
    door: Door, reader: Reader, who: Principal, asked: Tuple
) -> dict[str, str | None]:
    """Return the sellers that the door's reader shows, with their names as it shows them."""
    named = {"case-id": asked["case"]} if asked["names_case"] else {}
    headers = Headers({**named, "purpose": asked["purpose"]})
    try:
        visit = await door.visit(reader, who, headers)
    except (CaseMissing, GrantMissing, PurposeMissing):
        return {}
    rows = await sellers_by_ids(visit.reader, list(SELLERS))
    return {key: row.handle for key, row in rows.items()}


@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_the_product_decides_as_cedar_does(
    empty_graph: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    dice = Random(12)
    grants = build(Cli(empty_graph, tmp_path), dice)
    tuples = [drawn(dice, list(grants)) for _ in range(count)]
    asked = [request(each, grants) for each in tuples]
    ours = asyncio.run(decisions(empty_graph, tmp_path, tuples, monkeypatch))

    def theirs(policies: str) -> list[bool]:
        told = cedarpy.is_authorized_batch(asked, policies, [])
        assert not any(each.diagnostics.errors for each in told)
        return [each.allowed for each in told]

    assert [each for each, a, b in zip(tuples, ours, theirs(POLICIES), strict=True) if a != b] == []
    assert count / 10 < sum(ours) < count * 9 / 10
    for rule, mutated in (
        ("context.hops <= context.grant.hops", "context.hops < context.grant.hops"),
        ("context.now < context.grant.expires", "true"),
        ("!context.grant.revoked", "true"),
        ("context.grant.officer == context.officer", "true"),
        ("context.grant.purpose == context.purpose", "true"),
        ("context.grant.speaks_for == context.speaks_for", "true"),
        ("!context.names_case", "true"),
        ('fields.contains("identity")', 'fields.contains("reports")'),
    ):
        assert rule in POLICIES
        assert theirs(POLICIES.replace(rule, mutated)) != ours, rule
