"""A case opens to a platform what its sellers share with another's; no other platform sees more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpx
import pytest

from graphsvc.store import local
from tests.api.conftest import code_of, serving
from tests.api.leak_world import (
    CANARY,
    PLATFORM,
    PURPOSE,
    emptied,
    grant_words,
    key,
    load,
    sellers_row,
)
from tests.api.test_leaks import AROUND, NODE, Officer, Served
from tests.graph.driving import Cli

OTHER, THIRD = "tradepost", "wharf"
SEEN = """query ($platform: String!, $id: String!) { seller(platform: $platform, sellerId: $id) {
  id sellerId handle legalName identifiers { edges { node { id kind shown sellers elsewhere
    users { edges { node { platform sellerId handle } } } } } } } }"""
AGENCY = "customs-north"


@dataclass(frozen=True, slots=True)
class World:
    """The case that holds a seller of each platform, another one, and the platforms' feeds."""

    opened: str
    closed: str
    tradepost: Officer
    wharf: Officer

    def within(self, feed: Officer, case: str | None = None, purpose: str = PURPOSE) -> Officer:
        """Return a platform as it asks about a case."""
        return replace(feed, headers={"Case-Id": case or self.opened, "Purpose": purpose})


def grant_to(cli: Cli, case: str, platform: str, *more: str) -> str:
    """Open a case to a platform and return the grant's id."""
    words = ("--platform", platform, "--purpose", PURPOSE, "--basis", "a law", "--hops", "0")
    made: str = cli.json("grants", "create", "--case", case, *words, *more)["id"]
    return made


@pytest.fixture(scope="module")
def cli(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line: s-1 and t-1 share a device, s-1 and s-2 a phone, s-3 and t-3 another."""
    folder = tmp_path_factory.mktemp("platforms")
    made = emptied(neo4j_server, folder / "home")
    for platform, names in ((PLATFORM, ("s-1", "s-2", "s-3")), (OTHER, ("t-1", "t-2", "t-3"))):
        found: dict[str, list[dict[str, object]]] = {"sellers": [sellers_row(n) for n in names]}
        found["devices"] = [
            {"seller_id": names[0], "device": "device-both-01"},
            {"seller_id": names[2], "device": "device-both-03"},
        ]
        if platform == PLATFORM:
            found["contacts"] = [
                {"seller_id": name, "phone": "+44 20 7946 0011"} for name in names[:2]
            ]
        load(made, folder / platform, found, platform)
    load(made, folder / THIRD, {"sellers": [sellers_row("w-1")]}, THIRD)
    return made


def a_case(cli: Cli, *sellers: str) -> str:
    """Make a case of sellers and return its id."""
    made: str = cli.json("cases", "create", "--title", CANARY, "--handling", "amber")["id"]
    for name in sellers:
        cli.json("cases", "add", made, "--seller", name)
    return made


@pytest.fixture(scope="module")
def world(cli: Cli) -> Iterator[World]:
    """Two cases, one of them open to tradepost, and the server."""
    opened = a_case(cli, f"{PLATFORM}:s-1", f"{OTHER}:t-1")
    closed = a_case(cli, f"{PLATFORM}:s-3", f"{OTHER}:t-3")
    grant_to(cli, opened, OTHER)
    with serving(cli.settings) as (url, process), httpx.Client(base_url=url, timeout=60) as client:
        api = Served(url, "", cli.settings, process, client)
        feeds = [
            Officer(api, cli.json("keys", "create", "--name", "feed", "--role", "platform",
                                  "--platform", name)["key"], {})
            for name in (OTHER, THIRD)
        ]  # fmt: skip
        yield World(opened, closed, *feeds)


def test_a_case_opens_who_shares_it_on_another_platform(world: World, cli: Cli) -> None:
    asked = {"platform": OTHER, "id": "t-1"}
    before = world.tradepost.ask(SEEN, **asked).json()["data"]["seller"]
    [alone] = before["identifiers"]["edges"]
    assert (alone["node"]["elsewhere"], alone["node"]["sellers"]) == (True, 1)
    answer = world.within(world.tradepost).ask(SEEN, **asked)
    told = answer.json()["data"]["seller"]
    assert told["id"] == before["id"]
    [used] = told["identifiers"]["edges"]
    assert (used["node"]["id"], used["node"]["sellers"]) == (alone["node"]["id"], 2)
    users = [edge["node"] for edge in used["node"]["users"]["edges"]]
    assert [(user["platform"], user["sellerId"]) for user in users] == [
        (PLATFORM, "s-1"), (OTHER, "t-1"),
    ]  # fmt: skip
    assert all(user["handle"].startswith("identity-") for user in users)
    assert used["node"]["shown"].startswith("identifiers-")
    assert CANARY not in answer.text
    body = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert (body["role"], body["case"], body["purpose"]) == ("platform", world.opened, PURPOSE)
    assert body["grant"].startswith("grant-")
    assert body["subject"].split() == [f"{PLATFORM}:s-1", f"{OTHER}:t-1"]


def test_nothing_beyond_the_case_is_there(world: World) -> None:
    inside = world.within(world.tradepost)
    nobody = inside.ask(SEEN, platform=PLATFORM, id="nobody")
    for platform, name in ((PLATFORM, "s-2"), (PLATFORM, "s-3"), (OTHER, "t-2"), (OTHER, "t-3")):
        answer = inside.ask(SEEN, platform=platform, id=name)
        assert (answer.status_code, answer.content) == (200, nobody.content), name
    phone = inside.ask(SEEN, platform=PLATFORM, id="s-1").json()["data"]["seller"]["identifiers"]
    counts = {edge["node"]["kind"]: edge["node"]["sellers"] for edge in phone["edges"]}
    assert counts == {"device": 2, "phone": 1}, "who is outside the case is not counted"
    around = inside.ask(AROUND, id=f"{PLATFORM}:s-1").json()["data"]["neighbourhood"]["nodes"]
    sellers = sorted(each["distance"] for each in around if each["kind"] == "seller")
    assert (sellers, len(around)) == ([0, 2], 4), "itself and t-1 over a device, and a phone"
    told = inside.export("case?hops=3").text.splitlines()
    assert {each.get("sellerId") for each in map(json.loads, told)} == {None, "s-1", "t-1"}
    assert code_of(world.tradepost.export("case")) == "FORBIDDEN"


def test_without_the_case_a_platform_sees_what_it_saw(world: World, cli: Cli) -> None:
    def own() -> list[bytes]:
        asked = [(OTHER, name) for name in ("t-1", "t-2", "t-3")] + [(PLATFORM, "s-1")]
        answers = [world.tradepost.ask(SEEN, platform=p, id=name).content for p, name in asked]
        return [*answers, world.tradepost.ask(AROUND, id=f"{OTHER}:t-3").content]

    before = own()
    assert b'"elsewhere":true' in before[2]
    grant_to(cli, world.closed, OTHER, "--field", "identity")
    grant_to(cli, world.closed, THIRD)
    assert own() == before
    third = world.within(world.wharf, world.closed)
    seen = third.ask(SEEN, platform=OTHER, id="t-3").json()["data"]["seller"]
    assert seen["handle"].startswith("identity-"), "a grant opens its fields to its holder alone"
    node = world.tradepost.ask(NODE, id=seen["id"]).json()["data"]["node"]
    assert node["handle"] == f"{CANARY} shop t-3"
    foreign = world.within(world.tradepost, world.closed).ask(SEEN, platform=PLATFORM, id="s-3")
    there = foreign.json()["data"]["seller"]["id"]
    assert world.tradepost.ask(NODE, id=there).content == world.tradepost.ask(NODE, id="x").content


def test_a_case_that_is_not_theirs_is_one_that_is_not_there(world: World, cli: Cli) -> None:
    absent = world.within(world.wharf, "case-none").ask(SEEN, platform=THIRD, id="w-1")
    assert (absent.status_code, code_of(absent)) == (403, "GRANT_MISSING")
    officer = a_case(cli, f"{PLATFORM}:s-1")
    cli.json(*grant_words(officer, AGENCY, 0))
    for feed, case in (
        (world.wharf, world.opened), (world.wharf, officer), (world.tradepost, officer),
    ):  # fmt: skip
        refused = world.within(feed, case).ask(SEEN, platform=THIRD, id="w-1")
        assert (refused.status_code, refused.content) == (403, absent.content)
    other = world.within(world.tradepost, purpose="market_surveillance")
    assert code_of(other.ask(SEEN, platform=OTHER, id="t-1")) == "GRANT_MISSING"
    for headers, code in (
        ({"Case-Id": ""}, "CASE_MISSING"),
        ({"Case-Id": world.opened}, "PURPOSE_MISSING"),
    ):
        refused = replace(world.tradepost, headers=headers).ask(SEEN, platform=OTHER, id="t-1")
        assert (refused.status_code, code_of(refused)) == (403, code)
    who = Officer(world.wharf.api, key(cli, AGENCY), {})
    mine = world.within(who).ask(SEEN, platform=OTHER, id="t-1")
    assert code_of(mine) == "GRANT_MISSING", "an officer has no use of a platform's grant"
    case = a_case(cli, f"{OTHER}:t-1")
    grant = grant_to(cli, case, OTHER)
    assert world.within(world.tradepost, case).ask(SEEN, platform=OTHER, id="t-1").is_success
    cli.json("grants", "revoke", grant, "--because", "it is over")
    ended = world.within(world.tradepost, case).ask(SEEN, platform=THIRD, id="w-1")
    assert (ended.status_code, ended.content) == (403, absent.content)


@pytest.mark.parametrize(
    "to",
    [(), ("--agency", AGENCY), ("--officer", "o-1"), ("--platform", "a b"),
     ("--agency", AGENCY, "--officer", "o-1", "--platform", OTHER)],
)  # fmt: skip
def test_a_grant_is_to_an_officer_or_to_a_platform(
    world: World, cli: Cli, to: tuple[str, ...]
) -> None:
    words = ("--case", world.opened, "--purpose", PURPOSE, "--basis", "a law")
    refused = cli.call("grants", "create", *words, *to)
    assert refused.returncode == 2, refused.stderr
