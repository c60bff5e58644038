"""A partner sees what its grant opens: nothing else by id, list, count, walk or error."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from graphsvc.api.trusted import documents
from graphsvc.store import local
from tests.api.conftest import Api, code_of, ended, serving
from tests.api.leak_world import (
    CANARY,
    CASES,
    CHAIN,
    OTHER,
    OWNERS,
    PLATFORM,
    World,
    build,
    emptied,
    grant_words,
    key,
    load,
    seller,
    sellers_row,
    visible,
)
from tests.graph.driving import Cli

KINDS = "[address, payment_account, phone, email, device]"
SELLER = """{ id sellerId handle legalName taxNumber risk
  identifiers(first: 8) { pageInfo { hasNextPage }
    edges { cursor node { id kind shown level sellers hub elsewhere
      users(first: 5) { pageInfo { hasNextPage } edges { node { sellerId handle } } } }
      claims { written assertedBy } } }
  listings(first: 8) { edges { node { title seller { sellerId } } } }
  reports(first: 8) { edges { node { reporter verdict } } } }"""
USERS = "sellers hub users(first: 5) { edges { node { sellerId legalName } } }"
NODE = f"""query ($id: ID!) {{ node(id: $id) {{ id __typename
  ... on Seller {SELLER}
  ... on Listing {{ title seller {{ sellerId handle }} }}
  ... on Report {{ reporter verdict }}
  ... on Address {{ display unit city addressKind kindReason trace {{ source run }} {USERS} }}
  ... on PaymentAccount {{ masked {USERS} }}
  ... on Phone {{ masked {USERS} }}
  ... on Email {{ masked domain {USERS} }}
  ... on Device {{ masked {USERS} }} }} }}"""
AROUND = f"""query ($id: ID!) {{ neighbourhood(id: $id, hops: 3, kinds: {KINDS}) {{ truncated
  nodes {{ kind text degree hub distance node {{ id }} }} ties {{ shown degree hub }} }} }}"""
BY_NAME = f'query ($id: String!) {{ seller(platform: "{PLATFORM}", sellerId: $id) {SELLER} }}'
BY_ID = {
    "listing": "query ($id: ID!) { listing(id: $id) { title seller { sellerId } } }",
    "address": "query ($id: ID!) { address(id: $id) { display sellers } }",
    "account": "query ($id: ID!) { paymentAccount(id: $id) { masked sellers } }",
}
CHAIN_OF = f"""query ($id: ID!, $to: ID!) {{ paths(from: $id, to: $to, kinds: {KINDS}) {{
  answer complete searched chains {{ hops {{ left {{ shown }} right {{ shown }} }} }} }} }}"""
WHY, TIMELINE = documents()["why_linked"], documents()["timeline"]
ALL_IDS = """query ($id: String!) { seller(platform: "%s", sellerId: $id) { id
  identifiers(first: 20) { edges { node { id kind } } }
  listings(first: 20) { edges { node { id } } } reports(first: 20) { edges { node { id } } } } }"""
USERS_TWICE = """query ($id: String!, $n: Int!) { seller(platform: "%s", sellerId: $id) {
  identifiers(first: 8) { edges { node { hub
    bare: users(first: $n) { pageInfo { hasNextPage endCursor } edges { node { sellerId } } }
    told: users(first: $n) { pageInfo { hasNextPage endCursor }
      edges { node { sellerId } claims { source } } } } } } } }"""
CLOSED = (
    '{ search(text: "vase") { edges { node { text } } } }',
    '{ search(text: "phone:+44 20 7946 0010") { edges { node { text } } } }',
    '{ search(text: "phone:+44 20 7946 0019") { edges { node { text } } } }',
    '{ search(text: "phone:none") { edges { node { text } } } }',
    '{ suggestions(text: "vase") { text } }',
    '{ suggestions(text: "phone:+44 20 7946 0010") { text } }',
    "{ ingestRuns { edges { node { id } } } }",
    "{ detectionRuns { edges { node { id } } } }",
    f'{{ image(id: "{"4" * 64}") {{ pdq }} }}',
)


@pytest.fixture(scope="module")
def cli(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The command line over an empty graph."""
    return emptied(neo4j_server, tmp_path_factory.mktemp("leaks") / "home")


@pytest.fixture(scope="module")
def world(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The market, its cases and grants."""
    return build(cli, tmp_path_factory.mktemp("files"))


@dataclass(frozen=True, slots=True)
class Served(Api):
    """The server, and one client for the many requests."""

    client: httpx.Client


@pytest.fixture(scope="module")
def served(cli: Cli, world: World) -> Iterator[Served]:
    """The server over it, with an analyst's key and points for all; nobody reads its log."""
    made = cli.json("keys", "create", "--role", "analyst", "--name", "desk")["key"]
    plenty = {"log_level": "warning", "rate_points": 100_000_000}
    quiet = cli.settings.model_copy(update=plenty)
    with serving(quiet) as (url, process), httpx.Client(base_url=url, timeout=60) as client:
        yield Served(url, made, cli.settings, process, client)


@dataclass(frozen=True, slots=True)
class Officer:
    """An agency's officer who asks about a case."""

    api: Served
    key: str
    headers: dict[str, str]

    def ask(self, query: str, **variables: str | int) -> httpx.Response:
        """Return the answer, whatever it is."""
        headers = {"Authorization": f"Bearer {self.key}", **self.headers}
        body = {"query": query, "variables": variables}
        return self.api.client.post("/graphql", json=body, headers=headers)

    def export(self, path: str) -> httpx.Response:
        """Return an export, whatever it is."""
        headers = {"Authorization": f"Bearer {self.key}", **self.headers}
        return self.api.client.get(f"/export/{path}", headers=headers)


def officer(api: Served, world: World, case: int, agency: str | None = None) -> Officer:
    return Officer(api, world.keys[agency or OWNERS[case]], world.headers(case))


@pytest.fixture(scope="module")
def ids(served: Served) -> dict[str, str]:
    """The sealed ids of everything in the chains, and the local id of the seller beside it."""
    found: dict[str, str] = {}
    for case in range(CASES):
        for place in range(CHAIN):
            name = seller(case, place)
            told = served.ask(ALL_IDS % PLATFORM, id=name)["seller"]
            found[told["id"]] = name
            for part in ("listings", "reports"):
                found |= {edge["node"]["id"]: name for edge in told[part]["edges"]}
            for edge in told["identifiers"]["edges"]:
                found.setdefault(edge["node"]["id"], name)
    return found


def guesses(ids: dict[str, str], many: int = 20) -> list[str]:
    """Return ids that stand for nothing: cut, turned round, of another's letters."""
    dice = random.Random(7)
    known = sorted(ids)
    return ["".join(dice.sample(each, len(each))) for each in dice.choices(known, k=many)] + [
        "",
        "x",
        f"{PLATFORM}:c9-9",
        f"{PLATFORM}:c0",
        "\u0000",
        known[0][:-1],
    ]


def named_in(answer: httpx.Response) -> set[str]:
    """Return every local id of a seller that an answer's text holds, by itself or in a name.

    Three letters alone say nothing: a sealed id may hold them by chance.
    """
    everyone = {seller(case, place) for case in range(CASES) for place in range(CHAIN)}
    text = answer.text
    return {
        name
        for name in everyone | {"crowd-00", "t-1", "t-2"}
        if any(f"{before}{name}" in text for before in '" :')
    }


def about(own: str, name: str, dice: random.Random) -> tuple[str, dict[str, str]]:
    """Return an operation about a node id or a name; `own` is a seller of the case."""
    told = {"id": name}
    return dice.choice(
        [(NODE, told), (AROUND, told), (TIMELINE, told), (WHY, {"a": own, "b": name}),
         (CHAIN_OF, {"id": own, "to": name}), *((text, told) for text in BY_ID.values())]
    )  # fmt: skip


@pytest.mark.parametrize(
    "number", [500, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_nothing_of_another_case_by_any_id(
    served: Served, world: World, ids: dict[str, str], number: int
) -> None:
    asked, dice = 0, random.Random(number)
    guessed = guesses(ids, max(20, number // CASES - len(ids)))
    for case in range(CASES):
        own = f"{PLATFORM}:{seller(case, 0)}"
        nothing: dict[str, bytes] = {}
        inside = officer(served, world, case)
        unknown = {q: inside.ask(q, id=f"{PLATFORM}:nobody").content for q in (NODE, AROUND)}
        open_to = 0
        for sealed, name in ids.items():
            answer = inside.ask(NODE, id=sealed)
            asked += 1
            assert answer.status_code == 200, answer.text
            assert named_in(answer) <= visible(case), (case, name)
            told = answer.json()["data"]["node"]
            open_to += told is not None
            if told is None:
                assert answer.content == unknown[NODE]
            elif told["__typename"] in ("Seller", "Listing", "Report"):
                assert name in visible(case)
            assert CANARY not in answer.text
        assert open_to >= 3 * len(visible(case)), "what is granted is there"
        for guess in guessed:
            asked += 1
            text, told = about(own, guess, dice)
            if text not in nothing:
                absent = {
                    name: f"{PLATFORM}:nobody" if v == guess else v for name, v in told.items()
                }
                nothing[text] = inside.ask(text, **absent).content
            assert inside.ask(text, **told).content == nothing[text], (text, guess)
    assert asked >= number, asked


def test_nothing_of_another_case_by_name_walk_path_or_type(
    served: Served, world: World, ids: dict[str, str]
) -> None:
    for case in range(CASES):
        inside = officer(served, world, case)
        nobody = inside.ask(BY_NAME, id="nobody").content
        nowhere = inside.ask(AROUND, id=f"{PLATFORM}:nobody").content
        apart = inside.ask(CHAIN_OF, id=f"{PLATFORM}:{seller(case, 0)}", to=f"{PLATFORM}:nobody")
        for other in range(CASES):
            for place in (0, CHAIN - 1):
                name = seller(other, place)
                answers = (
                    inside.ask(BY_NAME, id=name),
                    inside.ask(AROUND, id=f"{PLATFORM}:{name}"),
                    inside.ask(
                        CHAIN_OF, id=f"{PLATFORM}:{seller(case, 0)}", to=f"{PLATFORM}:{name}"
                    ) if name != seller(case, 0) else apart,
                )  # fmt: skip
                for answer in answers:
                    assert answer.status_code == 200, answer.text
                    assert CANARY not in answer.text
                    assert named_in(answer) <= visible(case)
                if name not in visible(case):
                    assert [a.content for a in answers] == [nobody, nowhere, apart.content]
        for kind, text in BY_ID.items():
            none = inside.ask(text, id="nothing").content
            for sealed, name in random.Random(case).sample(sorted(ids.items()), 8):
                if name not in visible(case):
                    answer = inside.ask(text, id=sealed)
                    assert CANARY not in answer.text, kind
                    assert named_in(answer) <= visible(case)
            assert (
                inside.ask(text, id=f"{PLATFORM}:l-{seller((case + 1) % CASES, 0)}").content == none
            )


def test_nothing_of_another_case_by_what_links_two_or_what_happened(
    served: Served, world: World, ids: dict[str, str]
) -> None:
    sealed = {
        name: served.ask(ALL_IDS % PLATFORM, id=name)["seller"]["id"] for name in set(ids.values())
    }
    for case in range(CASES):
        inside = officer(served, world, case)
        own = f"{PLATFORM}:{seller(case, 0)}"
        apart = inside.ask(WHY, a=own, b=f"{PLATFORM}:nobody")
        nothing = inside.ask(TIMELINE, id=f"{PLATFORM}:nobody")
        assert apart.json() == {"data": {"whyLinked": None}}
        assert nothing.json() == {"data": {"timeline": None}}
        for name in sorted(set(ids.values()) - {seller(case, 0)}):
            answers = (
                inside.ask(WHY, a=own, b=sealed[name]),
                inside.ask(WHY, a=f"{PLATFORM}:{name}", b=own),
                inside.ask(TIMELINE, id=sealed[name]),
            )
            if name not in visible(case):
                assert [a.content for a in answers] == [*[apart.content] * 2, nothing.content]
            for answer in answers:
                assert "errors" not in answer.json()
                assert CANARY not in answer.text
                assert named_in(answer) <= visible(case)
        for guess in guesses(ids):
            assert inside.ask(WHY, a=own, b=guess).content == apart.content
            assert inside.ask(TIMELINE, id=guess).content == nothing.content


def test_who_uses_a_thing_is_the_same_with_its_claims_and_without(
    served: Served, world: World
) -> None:
    seen = set()
    for case in range(CASES):
        inside = officer(served, world, case)
        for name, number in ((n, m) for n in visible(case) for m in (1, 5)):
            answer = inside.ask(USERS_TWICE % PLATFORM, id=name, n=number).json()["data"]["seller"]
            for node in (edge["node"] for edge in answer["identifiers"]["edges"]):
                claims = [edge.pop("claims") for edge in node["told"]["edges"]]
                assert all(claims), "this one is asked of the graph"
                assert node["bare"] == node["told"]
                seen.add((node["hub"], len(claims), node["bare"]["pageInfo"]["hasNextPage"]))
    assert {(True, 0, False), (False, 1, True), (False, 2, False)} <= seen


def test_two_sellers_of_a_grant_are_told_what_links_them(served: Served, world: World) -> None:
    inside = officer(served, world, 1)
    names = [f"{PLATFORM}:{seller(1, place)}" for place in range(3)]
    told = inside.ask(WHY, a=names[0], b=names[1]).json()["data"]["whyLinked"]
    assert told["linked"]
    facts = {(f["kind"], f["whyNot"]): f for f in told["tie"]["facts"]}
    assert facts.keys() == {
        ("phone", None), ("email", None), ("device", "hub"), ("address", "hub")
    }  # fmt: skip
    assert facts["phone", None]["sellers"] == 2
    assert facts["device", "hub"]["sellers"] == 21, "that it is a hub, and not how large"
    seen = inside.ask(BY_NAME, id=seller(1, 0)).json()["data"]["seller"]["identifiers"]["edges"]
    masks = {edge["node"]["id"]: edge["node"]["shown"] for edge in seen}
    for fact in facts.values():
        assert fact["shown"] == masks[fact["identifier"]], "one pseudonym wherever it is met"
        assert fact["shown"].startswith("identifiers-")
    over = inside.ask(WHY, a=names[0], b=names[2]).json()["data"]["whyLinked"]
    assert (over["linked"], over["complete"]) == (False, True)
    assert {fact["whyNot"] for fact in over["tie"]["facts"]} == {"hub"}


def test_a_seller_of_a_grant_has_a_timeline_of_what_is_open(
    served: Served, world: World, cli: Cli
) -> None:
    inside, name = officer(served, world, 1), f"{PLATFORM}:{seller(1, 0)}"
    cli.json("judge", name, f"{PLATFORM}:{seller(1, 1)}", "same", "--because", "seen", "--by", "d")
    told = inside.ask(TIMELINE, id=name)
    nodes = [edge["node"] for edge in told.json()["data"]["timeline"]["edges"]]
    assert [node["event"] for node in nodes] == ["registered", "listed", "used", "used", "reported"]
    masks = {
        node["text"].split("-")[0] for node in nodes if node["event"] in ("registered", "used")
    }
    assert masks == {"identity", "identifiers"}
    assert [node["text"] for node in nodes if node["event"] in ("listed", "reported")] == [
        "Vase of c1-0", "suspected"
    ]  # fmt: skip
    for node in nodes:
        assert inside.ask(NODE, id=node["nodeId"]).json()["data"]["node"] is not None
    page = inside.ask(TIMELINE.replace("= 50", "= 2"), id=name).json()["data"]["timeline"]
    record = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert record["subject"] == name, "whom a timeline told of"
    end = page["pageInfo"]["endCursor"]
    behind = inside.ask(TIMELINE, id=name, after=end).json()["data"]["timeline"]["edges"]
    assert [edge["node"] for edge in behind] == nodes[2:]
    none = inside.ask(TIMELINE, id=f"{PLATFORM}:nobody", after=end)
    assert inside.ask(TIMELINE, id=f"{PLATFORM}:{seller(1, 3)}", after=end).content == none.content
    fields = ("--field", "identity", "--field", "identifiers")
    cli.json(*grant_words(world.cases[1], "agency-clear", 1, *fields))
    clear = Officer(served, key(cli, "agency-clear"), world.headers(1)).ask(TIMELINE, id=name).text
    assert f'"text":"{CANARY} shop c1-0"' in clear
    assert "identi" not in clear.replace('"identifier', "")


def test_a_grant_opens_its_hops_and_no_hub(served: Served, world: World) -> None:
    for case in range(CASES):
        told = officer(served, world, case).ask(AROUND, id=f"{PLATFORM}:{seller(case, 0)}")
        nodes = told.json()["data"]["neighbourhood"]["nodes"]
        assert sum(node["kind"] == "seller" for node in nodes) == len(visible(case))
        hubs = [node for node in nodes if node["hub"]]
        assert {node["kind"] for node in hubs} == {"device", "address"}
        assert {node["degree"] for node in hubs} == {21}, "that it is a hub, and not how large"


def test_a_foreign_case_is_answered_as_one_that_is_not_there(served: Served, world: World) -> None:
    for agency, good in world.keys.items():
        made_up = Officer(served, good, {**world.headers(0), "Case-Id": "case-none"})
        refused = made_up.ask(BY_NAME, id=seller(0, 0))
        assert (refused.status_code, code_of(refused)) == (403, "GRANT_MISSING")
        for case in range(CASES):
            if OWNERS[case] != agency:
                answer = officer(served, world, case, agency).ask(BY_NAME, id=seller(case, 0))
                assert (answer.status_code, answer.content) == (403, refused.content)


def test_a_request_without_case_or_purpose_is_refused(served: Served, world: World) -> None:
    good = world.headers(0)
    for headers, code in (
        ({}, "CASE_MISSING"),
        ({"Purpose": good["Purpose"]}, "CASE_MISSING"),
        ({**good, "Case-Id": "x" * 101}, "CASE_MISSING"),
        ({"Case-Id": good["Case-Id"]}, "PURPOSE_MISSING"),
        ({**good, "Purpose": "curiosity"}, "PURPOSE_MISSING"),
        ({**good, "Purpose": "CUSTOMS_ENFORCEMENT"}, "PURPOSE_MISSING"),
        ({**good, "Purpose": "market_surveillance"}, "GRANT_MISSING"),
    ):
        answer = Officer(served, world.keys[OWNERS[0]], headers).ask(BY_NAME, id=seller(0, 0))
        assert (answer.status_code, code_of(answer)) == (403, code)


def test_what_is_not_open_is_refused_whatever_it_would_answer(served: Served, world: World) -> None:
    inside = officer(served, world, 0)
    for text in CLOSED:
        assert code_of(inside.ask(text)) == "NOT_OPEN", text
    introspection = inside.ask("{ __schema { types { name } } }")
    assert (introspection.status_code, code_of(introspection)) == (403, "INTROSPECTION_OFF")


def test_a_pseudonym_is_the_same_within_a_grant_and_another_in_another(
    served: Served, world: World, cli: Cli
) -> None:
    text = BY_NAME
    inside = officer(served, world, 1)
    told = inside.ask(text, id=seller(1, 0)).json()["data"]["seller"]
    users = {
        user["node"]["handle"]
        for edge in told["identifiers"]["edges"]
        for user in edge["node"]["users"]["edges"]
        if user["node"]["sellerId"] == seller(1, 0)
    }
    assert users == {told["handle"]} == {told["legalName"]}
    cli.json(*grant_words(world.cases[1], "trade-sea", 2))
    other = officer(served, world, 1, "trade-sea").ask(text, id=seller(1, 0))
    assert other.json()["data"]["seller"]["handle"] != told["handle"]


def test_a_grant_shows_in_clear_what_it_names(served: Served, world: World, cli: Cli) -> None:
    for field, shown in (
        ("identity", {"handle", "legalName"}),
        ("identifiers", {"shown"}),
        ("reports", {"reporter"}),
    ):
        agency = f"agency-{field}"
        cli.json(*grant_words(world.cases[2], agency, 1, "--field", field))
        asked = Officer(served, key(cli, agency), world.headers(2))
        text = asked.ask(BY_NAME, id=seller(2, 0)).text
        clear = {
            name
            for name in ("handle", "legalName", "shown", "reporter")
            if any(f'"{name}":"{start}' in text for start in (CANARY, "Unit 9, 77"))
        }
        assert clear == shown, field


def test_a_revoked_grant_is_refused_at_once(served: Served, world: World, cli: Cli) -> None:
    made = cli.json(*grant_words(world.cases[3], "trade-sea", 1))
    asked = officer(served, world, 3, "trade-sea")
    assert asked.ask(BY_NAME, id=seller(3, 0)).status_code == 200
    cli.json("grants", "revoke", made["id"], "--because", "case closed")
    assert code_of(asked.ask(BY_NAME, id=seller(3, 0))) == "GRANT_MISSING"


def test_every_read_is_in_the_journal_before_its_answer(
    served: Served, world: World, cli: Cli
) -> None:
    officer(served, world, 4).ask(BY_NAME, id=seller(4, 0))
    body = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert (body["action"], body["role"], body["outcome"]) == ("read", "partner", "done")
    assert (body["case"], body["purpose"]) == (world.cases[4], "customs_enforcement")
    assert body["officer"] == "o-trade-sea"
    assert body["grant"].startswith("grant-")
    assert f"{PLATFORM}:{seller(4, 0)}" in body["subject"].split()
    assert CANARY not in json.dumps(body)
    officer(served, world, 0, "trade-sea").ask(BY_NAME, id=seller(0, 0))
    refused = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert (refused["action"], refused["outcome"]) == ("read", "GRANT_MISSING")


def test_a_platform_sees_its_own_sellers_and_only_that_others_share(
    served: Served, world: World, cli: Cli
) -> None:
    del world
    who = ("--role", "platform", "--platform", OTHER)
    made = cli.json("keys", "create", "--name", "feed", *who)["key"]
    asked = Officer(served, made, {})
    text = BY_NAME.replace(f'"{PLATFORM}"', f'"{OTHER}"')
    told = asked.ask(text, id="t-1").json()["data"]["seller"]
    assert told["handle"] == f"{CANARY} shop t-1"
    [used] = told["identifiers"]["edges"]
    assert (used["node"]["elsewhere"], used["node"]["sellers"]) == (True, 1)
    assert [user["node"]["sellerId"] for user in used["node"]["users"]["edges"]] == ["t-1"]
    [own] = asked.ask(text, id="t-2").json()["data"]["seller"]["identifiers"]["edges"]
    assert own["node"]["elsewhere"] is False
    none = asked.ask(BY_NAME, id="nobody").content
    assert asked.ask(BY_NAME, id=seller(0, 3)).content == none
    around = asked.ask(AROUND, id=f"{OTHER}:t-1")
    assert named_in(around) <= {"t-1", "t-2"}
    assert sum(n["kind"] == "seller" for n in around.json()["data"]["neighbourhood"]["nodes"]) == 1


def exported(sellers: list[str], ids: dict[str, str]) -> list[str]:
    """Return exports of everything in the chains, in both forms."""
    kinds = "&kinds=address,payment_account,phone,email,device"
    named = [f"{PLATFORM}:{name}" for name in sellers] + sorted(ids)[::3]
    return [
        f"neighbourhood.{form}?hops={hops}{'' if hops == 2 else kinds}&id={quote(name)}"
        for place, name in enumerate(named)
        for form, hops in ((("ndjson", "graphml")[place % 2], 1 + place % 3),)
    ] + [f"case.{form}?hops=3" for form in ("ndjson", "graphml")]


def test_an_export_holds_what_the_grant_opens_and_nothing_else(
    served: Served, world: World, ids: dict[str, str]
) -> None:
    sellers = sorted(set(ids.values()))
    for case in range(CASES):
        inside = officer(served, world, case)
        absent = inside.export(f"neighbourhood?id={PLATFORM}:nobody")
        assert (absent.status_code, code_of(absent)) == (404, "NOT_FOUND")
        for path in exported(sellers, ids):
            answer = inside.export(path)
            assert CANARY not in answer.text, path
            assert named_in(answer) <= visible(case), path
            if answer.status_code != 200:
                assert (answer.status_code, answer.content) == (404, absent.content), path
        told = [json.loads(line) for line in inside.export("case?hops=3").text.splitlines()]
        found = {each["sellerId"] for each in told if each.get("kind") == "seller"}
        assert found == visible(case)
        assert told[-1]["whole"] is True
        hubs = {each["kind"]: each["degree"] for each in told if each.get("hub")}
        assert hubs == {"device": 21, "address": 21}, "that it is a hub, and not how large"
        for guess in guesses(ids):
            if guess:
                answer = inside.export(f"neighbourhood?id={quote(guess)}")
                assert (answer.status_code, answer.content) == (404, absent.content)


def test_an_export_is_under_the_same_grant(served: Served, world: World, cli: Cli) -> None:
    inside = officer(served, world, 1)
    for path, status, code in (
        (f"neighbourhood?id={PLATFORM}:c1-0&kinds=image", 403, "NOT_OPEN"),
        ("ring?id=ring-1@1", 404, "NOT_FOUND"),
    ):
        answer = inside.export(path)
        assert (answer.status_code, code_of(answer)) == (status, code)
    for headers, code in (
        ({}, "CASE_MISSING"),
        ({"Case-Id": world.cases[1]}, "PURPOSE_MISSING"),
        (world.headers(0) | {"Case-Id": world.cases[2]}, "GRANT_MISSING"),
    ):
        refused = Officer(served, world.keys[OWNERS[1]], headers).export("case")
        assert (refused.status_code, code_of(refused)) == (403, code)
    desk = served.get("/export/case")
    assert (desk.status_code, code_of(desk)) == (403, "FORBIDDEN")
    seen = inside.ask(BY_NAME, id=seller(1, 0)).json()["data"]["seller"]
    told = [json.loads(line) for line in inside.export("case").text.splitlines()]
    assert [each["text"] for each in told if each.get("id") == seen["id"]] == [seen["handle"]]


def test_an_export_is_in_the_journal_before_and_after(
    served: Served, world: World, cli: Cli
) -> None:
    answer = officer(served, world, 4).export("case?hops=2")
    after, before = ended(cli)
    for body in (before, after):
        assert (body["action"], body["role"], body["case"]) == (
            "export", "partner", world.cases[4],
        )  # fmt: skip
        assert (body["officer"], body["purpose"]) == ("o-trade-sea", "customs_enforcement")
        assert CANARY not in json.dumps(body)
    assert "outcome" not in before
    assert after["outcome"] == "done"
    last = json.loads(answer.text.splitlines()[-1])
    assert f"{last['nodes']} nodes, {last['edges']} edges, whole" in after["detail"]
    assert after["subject"].split() == sorted(f"{PLATFORM}:{name}" for name in visible(4))
    assert "Checkpoint" in answer.headers
    officer(served, world, 4).export(f"neighbourhood?id={PLATFORM}:nobody")
    refused = ended(cli)[0]
    assert (refused["action"], refused["outcome"]) == ("export", "NOT_FOUND")


def generated(ids: dict[str, str], number: int, seed: int) -> list[tuple[str, dict[str, str]]]:
    """Return requests of an officer: any document about any id."""
    dice = random.Random(seed)
    names = [f"{PLATFORM}:{name}" for name in sorted(set(ids.values()))]
    sealed = [*sorted(ids), *names]
    made = []
    for _ in range(number):
        text = dice.choice([NODE, NODE, AROUND, BY_NAME, CHAIN_OF, WHY, TIMELINE, *BY_ID.values()])
        told = {"id": dice.choice(sealed)}
        if text is BY_NAME:
            told = {"id": dice.choice(sorted(set(ids.values())))}
        elif text is CHAIN_OF:
            told = {"id": dice.choice(names), "to": dice.choice(names)}
        elif text is WHY:
            told = {"a": dice.choice(names), "b": dice.choice(names)}
        made.append((text, told))
    return made


@pytest.mark.parametrize("number", [200, pytest.param(2000, marks=pytest.mark.slow)])
def test_what_happens_in_another_case_changes_no_answer(
    served: Served, world: World, cli: Cli, ids: dict[str, str], tmp_path: Path, number: int
) -> None:
    inside = officer(served, world, 0)
    requests = generated(ids, number, seed=number)
    paths = exported([seller(0, place) for place in range(CHAIN)], ids)
    before = [inside.ask(text, **told) for text, told in requests]
    before += [inside.export(path) for path in paths]
    more = [f"new-{number}-{n}" for n in range(4)]
    load(
        cli,
        tmp_path / "twin",
        {
            "sellers": [sellers_row(name) for name in (*more, seller(1, 0))],
            "devices": [{"seller_id": name, "device": "device-hub-0001"} for name in more],
            "addresses": [
                {"seller_id": name, "address": f"UNIT 9, 77 {CANARY.upper()} RD, Leeds LS1 4AP",
                 "country": "GB", "role": "return"}
                for name in (*more, seller(1, 1))
            ],
            "contacts": [{"seller_id": name, "phone": "+44 20 7946 0011"} for name in more],
            "listings": [{"listing_id": f"l-{n}", "seller_id": n, "title": "Vase"} for n in more],
        },
    )  # fmt: skip
    cli.json("cases", "add", world.cases[1], "--seller", f"{PLATFORM}:{more[0]}")
    apart = (f"{PLATFORM}:{seller(0, 1)}", f"{PLATFORM}:{more[0]}")
    cli.json("judge", *apart, "same", "--because", "seen", "--by", "desk")
    cli.json("rings", "detect")
    after = [inside.ask(text, **told) for text, told in requests]
    after += [inside.export(path) for path in paths]
    for one, other in zip(before, after, strict=True):
        assert (one.status_code, one.content) == (other.status_code, other.content)
    assert len({answer.content for answer in before}) > 10, "they are not all empty"
