"""A partner sees the versions of rings that its case holds, and nothing of what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graphsvc.api.trusted import documents
from graphsvc.store import local
from tests.api.conftest import code_of, ended, serving
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
from tests.api.test_leaks import Officer, Served
from tests.graph.driving import Cli

RING, RINGS, TIMELINE = (documents()[name] for name in ("ring", "rings", "timeline"))
AGENCY, STILL = "customs-north", "customs-still"
OURS, THEIRS = [f"ours-{n}" for n in range(3)], [f"theirs-{n}" for n in range(3)]
CLOSED = "{ rings(filter: { status: open }) { edges { cursor } } }"
WHY = documents()["ring_reasons"]
REASONS = """query ($id: ID!) { ring(id: $id) { kinds { kind identifiers }
  members(first: 3) { edges { node { sellerId explanation { text fallOut exact outOfBan }
  reasons { id kind shown level shared sellers since lastSeen sources assertedBy ownWord weight
    banWeight counts cut standing claims { written assertedBy source }
    identifier { id } } } } } } }"""
USED = """query ($id: String!) { seller(platform: "%s", sellerId: $id) {
  id identifiers { edges { node { id shown } } } } }"""


@dataclass(frozen=True, slots=True)
class World:
    """The rings (as cited) of our sellers and of theirs, our officer, and one without a hop."""

    ours: str
    theirs: str
    inside: Officer
    still: Officer


def rows(names: list[str], tail: str) -> dict[str, list[dict[str, object]]]:
    """Return sellers who share a telephone number and an account."""
    return {
        "sellers": [sellers_row(name) | {"risk": "0.9"} for name in names],
        "contacts": [{"seller_id": name, "phone": f"+44 20 7946 0{tail}"} for name in names],
        "payment_accounts": [
            {"seller_id": name, "account": f"wallet-{CANARY}{tail}", "account_kind": "wallet"}
            for name in names
        ],
    }


def ring_with(cli: Cli, seller: str) -> str:
    """Return the ring of the last run that a seller is in, as cited."""
    for row in cli.json("rings", "list")["items"]:
        cited = f"{row['ring']}@{row['version']}"
        members = cli.json("rings", "show", cited)["members"]
        if any(member["seller"] == f"{PLATFORM}:{seller}" for member in members):
            return cited
    raise AssertionError(seller)


@pytest.fixture(scope="module")
def cli(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line over two groups, their rings found."""
    folder = tmp_path_factory.mktemp("rings")
    made = emptied(neo4j_server, folder / "home")
    load(made, folder / "ours", rows(OURS, "101"))
    load(made, folder / "theirs", rows(THEIRS, "102"))
    made.json("rings", "detect")
    return made


@pytest.fixture(scope="module")
def world(cli: Cli) -> Iterator[World]:
    """A case that holds our ring, open to an officer, and the server."""
    ours, theirs = ring_with(cli, OURS[0]), ring_with(cli, THEIRS[0])
    case = cli.json("cases", "create", "--title", "vases", "--handling", "amber")["id"]
    cli.json("cases", "add", case, "--ring", ours)
    cli.json(*grant_words(case, AGENCY, 1))
    cli.json(*grant_words(case, STILL, 0))
    with serving(cli.settings) as (url, process), httpx.Client(base_url=url, timeout=60) as client:
        api = Served(url, "", cli.settings, process, client)
        headers = {"Case-Id": case, "Purpose": PURPOSE}
        still = Officer(api, key(cli, STILL), headers)
        yield World(ours, theirs, Officer(api, key(cli, AGENCY), headers), still)


def test_the_ring_of_the_case_and_its_members(world: World, cli: Cli) -> None:
    answer = world.inside.ask(RING, id=world.ours)
    told = answer.json()["data"]["ring"]
    assert f"{told['ringId']}@{told['version']}" == world.ours
    members = [edge["node"] for edge in told["members"]["edges"]]
    assert [member["seller"]["sellerId"] for member in members] == OURS
    assert told["size"] == 3
    assert all(member["seller"]["handle"].startswith("identity-") for member in members)
    assert CANARY not in answer.text
    record = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert record["subject"].split() == [f"{PLATFORM}:{name}" for name in OURS]
    text = f'{{ ring(id: "{world.ours}") {{ members {{ edges {{ node {{ posterior }} }} }} }} }}'
    assert world.inside.ask(text).status_code == 200
    bare = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert bare["subject"] == record["subject"], "whom it told of, named or not"
    listed = world.inside.ask(RINGS).json()["data"]["rings"]["edges"]
    assert [edge["node"]["id"] for edge in listed] == [told["id"]]
    seen = world.inside.ask(RING, id=told["id"])
    assert seen.content == answer.content
    happened = world.inside.ask(TIMELINE, id=f"{PLATFORM}:{OURS[0]}").json()["data"]["timeline"]
    assert [e["node"]["nodeId"] for e in happened["edges"] if e["node"]["event"] == "in_ring"] == [
        told["id"]
    ]


def test_what_a_ring_tells_of_other_versions_is_left_out(world: World) -> None:
    text = f'{{ ring(id: "{world.ours}") {{ status event firstFoundAt cameFrom }} }}'
    told = world.inside.ask(text).json()["data"]["ring"]
    assert told == {"status": None, "event": None, "firstFoundAt": None, "cameFrom": []}
    assert code_of(world.inside.ask(CLOSED)) == "NOT_OPEN"


def test_a_ring_of_others_is_not_there(world: World) -> None:
    nothing = world.inside.ask(RING, id="ring-nobody@1")
    assert nothing.json() == {"data": {"ring": None}}
    ring = world.ours.partition("@")[0]
    for other in (world.theirs, world.theirs.partition("@")[0], f"{ring}@2", f"{ring}@0", "", "@"):
        assert world.inside.ask(RING, id=other).content == nothing.content, other


def test_a_partner_is_told_why_a_member_is_in_the_ring(world: World, cli: Cli) -> None:
    answer = world.inside.ask(WHY, id=world.ours)
    told = answer.json()["data"]["ring"]
    assert told["kinds"] == [
        {"kind": "payment_account", "identifiers": 1}, {"kind": "phone", "identifiers": 1}
    ]  # fmt: skip
    used = world.inside.ask(USED % PLATFORM, id=OURS[0]).json()["data"]["seller"]
    masks = {e["node"]["id"]: e["node"]["shown"] for e in used["identifiers"]["edges"]}
    members = [edge["node"] for edge in told["members"]["edges"]]
    assert len(members) == len(OURS)
    for name, member in zip(OURS, members, strict=True):
        for reason in member["reasons"]:
            assert reason["shown"] == masks[reason["id"]], "one pseudonym wherever it is met"
            assert reason["shown"].startswith("identifiers-")
            assert (reason["shared"], reason["sellers"], reason["counts"]) == (2, 3, True)
        assert {reason["id"] for reason in member["reasons"]} == masks.keys()
        assert set(member["explanation"]["fallOut"]) == masks.keys()
        assert f"{PLATFORM}:{name} is one of 3 sellers" in member["explanation"]["text"]
        assert "phone number" in member["explanation"]["text"]
    assert CANARY not in answer.text
    record = cli.json("audit", "show", "--first", "2")["items"][1]["body"]
    assert record["subject"].split() == [f"{PLATFORM}:{name}" for name in OURS]
    more = world.inside.ask(REASONS, id=world.ours)
    [*_, last] = more.json()["data"]["ring"]["members"]["edges"]
    assert last["node"]["explanation"]["outOfBan"] is None, "a run's weights would tell it"
    assert CANARY not in more.text
    assert world.inside.ask(WHY, id=world.theirs).json() == {"data": {"ring": None}}


def test_a_ring_leaves_as_it_is_open(world: World, cli: Cli) -> None:
    for form in ("ndjson", "graphml"):
        absent = world.inside.export(f"ring.{form}?id=ring-nobody@1")
        assert (absent.status_code, code_of(absent)) == (404, "NOT_FOUND")
        answer = world.inside.export(f"ring.{form}?id={world.ours}")
        assert answer.status_code == 200
        assert CANARY not in answer.text
        assert all(name in answer.text for name in OURS)
        assert not any(name in answer.text for name in THEIRS)
        record = ended(cli)[0]
        assert (record["action"], record["outcome"]) == ("export", "done")
        assert record["subject"].split() == [f"{PLATFORM}:{name}" for name in OURS]
        ring = world.ours.partition("@")[0]
        for other in (world.theirs, world.theirs.partition("@")[0], f"{ring}@2", f"{ring}@0"):
            refused = world.inside.export(f"ring.{form}?id={other}")
            assert (refused.status_code, refused.content) == (404, absent.content), other
    told = [json.loads(line) for line in world.inside.export(f"ring?id={ring}").text.splitlines()]
    seen = world.inside.ask(USED % PLATFORM, id=OURS[0]).json()["data"]["seller"]
    [one] = [each for each in told if each.get("id") == seen["id"]]
    assert one["text"].startswith("identity-")
    kinds = [each["kind"] for each in told if each["record"] == "node"]
    assert sorted(kinds) == ["payment_account", "phone", "ring", *["seller"] * 3]
    assert "status" not in told[0], "what became of it is not told"
    assert told[-1] == {"record": "end", "whole": True, "nodes": 6, "edges": 9}


def test_the_filters_and_pages_of_the_list_are_of_the_case_alone(world: World, cli: Cli) -> None:
    for words in ("minSize: 4", "tier: none", 'run: "run-none"'):
        text = f"{{ rings(filter: {{ {words} }}) {{ edges {{ cursor }} }} }}"
        assert world.inside.ask(text).json() == {"data": {"rings": {"edges": []}}}, words
    text = "query ($after: String) { rings(first: 1, after: $after) { edges { cursor } } }"
    [edge] = world.inside.ask(text).json()["data"]["rings"]["edges"]
    assert world.inside.ask(text, after=edge["cursor"]).json()["data"]["rings"]["edges"] == []
    platform = ("--role", "platform", "--platform", PLATFORM)
    feed = cli.json("keys", "create", "--name", "feed", *platform)["key"]
    none = Officer(world.inside.api, feed, {})
    assert none.ask(RINGS).json()["data"]["rings"]["edges"] == []
    assert none.ask(RING, id=world.ours).json() == {"data": {"ring": None}}


def test_what_becomes_of_the_ring_changes_no_answer(world: World, cli: Cli, tmp_path: Path) -> None:
    ring = world.ours.partition("@")[0]
    asked = [
        (RING, {"id": world.ours}),
        (RING, {"id": ring}),
        (RING, {"id": f"{ring}@2"}),
        (RING, {"id": world.theirs}),
        (RINGS, {}),
        (TIMELINE, {"id": f"{PLATFORM}:{OURS[0]}"}),
    ]
    why = [(text, {"id": each}) for text in (WHY, REASONS) for each in (world.ours, world.theirs)]
    paths = [f"ring.{form}?id={world.ours}" for form in ("ndjson", "graphml")]

    def unmoved() -> list[bytes]:
        told = [world.still.ask(text, **told).content for text, told in (*asked[:-1], *why)]
        return told + [world.still.export(path).content for path in paths]

    before = [world.inside.ask(text, **told) for text, told in asked]
    still = unmoved()
    load(cli, tmp_path, rows([*THEIRS, "theirs-3"], "102"))
    cli.json("rings", "detect")
    joined = rows([*OURS, "ours-3"], "101")
    load(cli, tmp_path / "again", {kind: told[3:] for kind, told in joined.items()})
    cli.json("rings", "detect")
    assert ring_with(cli, "ours-3") == f"{ring}@2"
    apart = [f"{PLATFORM}:{OURS[0]}", f"{PLATFORM}:ours-3"]
    cli.json("judge", *apart, "same", "--because", "seen", "--by", "desk")
    assert unmoved() == still
    for (text, told), one in zip(asked, before, strict=True):
        if text is not TIMELINE:
            other = world.inside.ask(text, **told)
            assert (one.status_code, one.content) == (other.status_code, other.content), told
        assert "ours-3" not in world.inside.ask(text, **told).text
    events = [world.inside.ask(TIMELINE, id=f"{PLATFORM}:{OURS[0]}"), before[-1]]
    held = [
        [
            e["node"]
            for e in each.json()["data"]["timeline"]["edges"]
            if e["node"]["event"] == "in_ring"
        ]
        for each in events
    ]
    assert held[0] == held[1]
