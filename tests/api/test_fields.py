"""Every root field over real HTTP: what it answers, what it does not find, how it pages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse

from graphsvc.api.schema import EXECUTABLE
from tests.api.conftest import Api, code_of, new_key
from tests.contract.rules import TOP
from tests.graph.driving import cypher, kept
from tests.graph.small_world import FAILED, FIRST, LAST, OTHER, SHA

EXAMPLES = re.findall(
    r"^```graphql\n(.*?)^```",
    (TOP / "docs" / "api.md").read_text("utf-8"),
    re.DOTALL | re.MULTILINE,
)


def nodes(connection: dict[str, Any]) -> list[Any]:
    return [edge["node"] for edge in connection["edges"]]


def test_a_seller_with_what_it_uses_offers_and_is_in(api: Api) -> None:
    seller = api.ask(
        """query ($p: String!, $s: String!) { seller(platform: $p, sellerId: $s) {
             id handle country risk stub
             identifiers { edges { node { sellers identifier { id __typename } } } }
             listings { edges { node { title } } }
             rings { ringId version tier } } }""",
        p="p",
        s="a",
    )["seller"]
    assert (seller["handle"], seller["country"], seller["risk"]) == ("Amber Lane", "GB", 0.9)
    assert seller["stub"] is False
    assert [each["ringId"] for each in seller["rings"]] == ["ring-1"]
    kinds = [each["identifier"]["__typename"] for each in nodes(seller["identifiers"])]
    assert {"Address", "PaymentAccount", "Email", "Device"} <= set(kinds)
    titles = {each["title"] for each in nodes(seller["listings"])}
    assert titles == {"Amber necklace", "Amber ring", "Brass ring"}
    again = api.ask("query ($id: ID!) { node(id: $id) { id __typename } }", id=seller["id"])
    assert again["node"] == {"id": seller["id"], "__typename": "Seller"}


def test_things_are_found_by_the_ids_that_a_seller_names(api: Api) -> None:
    seller = api.ask(
        """{ seller(platform: "p", sellerId: "a") {
             identifiers { edges { node { identifier { id __typename } } } }
             listings { edges { node { id } } } } }"""
    )["seller"]
    held = {
        each["identifier"]["__typename"]: each["identifier"]["id"]
        for each in nodes(seller["identifiers"])
    }
    listing = nodes(seller["listings"])[0]["id"]
    found = api.ask(
        """query ($address: ID!, $account: ID!, $listing: ID!, $image: ID!) {
             address(id: $address) { id postcode city }
             paymentAccount(id: $account) { id accountKind }
             listing(id: $listing) { id title price currency }
             image(id: $image) { id } }""",
        address=held["Address"],
        account=held["PaymentAccount"],
        listing=listing,
        image=SHA["c"],
    )
    assert found["address"]["city"] == "leeds"
    assert found["paymentAccount"]["accountKind"] == "wallet"
    assert "00001234" not in str(found)
    assert found["listing"]["id"] == listing
    assert found["image"]["id"]


@pytest.mark.parametrize(
    "field",
    [
        'node(id: "nothing") { id }',
        'seller(platform: "p", sellerId: "nobody") { id }',
        'listing(id: "p:nothing") { id }',
        'address(id: "x") { id }',
        'paymentAccount(id: "x") { id }',
        'image(id: "x") { id }',
        'ring(id: "ring-none") { id }',
        'ring(id: "ring-1", version: 99) { id }',
        'neighbourhood(id: "p:nobody") { truncated }',
        'paths(from: "p:nobody", to: "p:a") { complete }',
        'whyLinked(a: "p:a", b: "p:nobody") { text }',
        'timeline(id: "p:nobody") { edges { cursor } }',
        'timeline(id: "") { edges { cursor } }',
        'ring(id: "ring-1@x") { id }',
        'ring(id: "ring-1@99999999999") { id }',
        'ring(id: "") { id }',
        'seller(platform: "", sellerId: "p:a") { id }',
        'seller(platform: "p:a", sellerId: "") { id }',
    ],
)
def test_what_is_not_there_is_null(api: Api, field: str) -> None:
    assert list(api.ask(f"{{ {field} }}").values()) == [None]


def test_a_ring_is_its_latest_version_or_the_one_that_is_named(api: Api) -> None:
    text = "query ($id: ID!, $v: Int) { ring(id: $id, version: $v) { ringId version size } }"
    assert api.ask(text, id="ring-1")["ring"] == {"ringId": "ring-1", "version": 2, "size": 4}
    assert api.ask(text, id="ring-1", v=1)["ring"]["size"] == 3
    assert api.ask(text, id="ring-1@1")["ring"]["size"] == 3


def test_a_ring_says_why_each_member_is_in(api: Api) -> None:
    ring = api.ask(
        """{ ring(id: "ring-1") { members { edges { node {
             seller { handle } tier ties
             reasons { kind shown shared sellers since sources assertedBy counts weight
                       banWeight cut }
             } } } } }"""
    )["ring"]
    members = {each["seller"]["handle"]: each for each in nodes(ring["members"])}
    kinds = {reason["kind"] for reason in members["Amber Lane"]["reasons"]}
    assert {"payment_account", "address"} <= kinds
    said = {reason["kind"]: reason for reason in members["Amber Lane"]["reasons"]}
    assert said["address"]["weight"] > 0 == said["address"]["banWeight"], "the other only says so"
    assert said["payment_account"]["weight"] == said["payment_account"]["banWeight"]
    assert said["payment_account"]["cut"]
    for member in members.values():
        for reason in member["reasons"]:
            assert reason["sources"]
            assert reason["sellers"] >= 2


def test_rings_are_those_of_the_last_evidence_run_filtered_and_sorted(api: Api) -> None:
    text = """query ($f: RingFilter, $s: RingSort!) {
                rings(filter: $f, sort: $s) { edges { node { ringId version } } } }"""

    def found(wanted: dict[str, Any] | None = None, sort: str = "score") -> list[str]:
        rings = nodes(api.ask(text, f=wanted, s=sort)["rings"])
        return [each["ringId"] for each in rings]

    assert found() == ["ring-1", "ring-2"]
    assert found(sort="size") == ["ring-1", "ring-2"]
    assert found({"tier": "review"}) == ["ring-2"]
    assert found({"minSize": 3}) == ["ring-1"]
    assert found({"run": OTHER}) == ["ring-9"]
    assert found({"run": FIRST}) == ["ring-1"]
    response = api.post({"query": text, "variables": {"f": {"run": "none"}, "s": "score"}})
    assert code_of(response) == "NOT_FOUND"


def test_a_neighbourhood_shows_a_hub_and_does_not_cross_it(api: Api) -> None:
    around = api.ask(
        """{ neighbourhood(id: "p:a", hops: 2) {
             truncated nodes { id kind distance text degree hub } ties { seller identifier } } }"""
    )["neighbourhood"]
    texts = {node["text"] for node in around["nodes"] if node["kind"] == "seller"}
    assert "Amber Lane" in texts
    assert "Cobalt Corner" in texts
    assert not any((text or "").startswith("crowd") for text in texts)
    assert [node["degree"] for node in around["nodes"] if node["hub"]] == [25]
    small = api.ask('{ neighbourhood(id: "p:a", hops: 3, first: 2) { truncated nodes { id } } }')
    assert small["neighbourhood"]["truncated"] is True
    assert len(small["neighbourhood"]["nodes"]) == 2


def test_paths_chain_shared_identifiers(api: Api) -> None:
    found = api.ask(
        """{ paths(from: "p:a", to: "p:d") { complete answer chains { __typename } } }"""
    )["paths"]
    assert found["chains"]
    none = api.ask('{ paths(from: "p:a", to: "p:i") { chains { __typename } } }')["paths"]
    assert none["chains"] == []


def test_search_finds_by_name_id_and_title(api: Api) -> None:
    text = "query ($t: String!) { search(text: $t) { edges { node { localId text } } } }"
    assert "a" in {hit["localId"] for hit in nodes(api.ask(text, t="amber lane")["search"])}
    assert nodes(api.ask(text, t="p:c")["search"])[0]["localId"] == "c"
    assert "l-a1" in {hit["localId"] for hit in nodes(api.ask(text, t="necklace")["search"])}
    assert nodes(api.ask(text, t="'}) MATCH (n) DETACH DELETE n //")["search"]) == []
    assert api.ask('{ seller(platform: "p", sellerId: "a") { handle } }')["seller"]


def test_runs_newest_first(api: Api) -> None:
    found = api.ask(
        """{ detectionRuns { edges { node { runId engine state } } }
             ingestRuns { edges { node { kind rowsIn loaded unchanged rejected } } } }"""
    )
    runs = [each["runId"] for each in nodes(found["detectionRuns"])]
    assert runs == [FAILED, OTHER, LAST, FIRST]
    loads = nodes(found["ingestRuns"])
    assert len(loads) == 8
    for load in loads:
        assert load["rowsIn"] == load["loaded"] + load["unchanged"] + load["rejected"]


ALL = """query ($after: String, $first: Int!) { found: %s {
           edges { cursor node { %s } } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""
LISTS = {
    "rings by score": ("rings(first: $first, after: $after)", "ringId", 2),
    "rings by size": ("rings(sort: size, first: $first, after: $after)", "ringId", 2),
    "rings by id": ("rings(sort: id, first: $first, after: $after)", "ringId", 2),
    "detection runs": ("detectionRuns(first: $first, after: $after)", "runId", 4),
    "ingest runs": ("ingestRuns(first: $first, after: $after)", "runId", 8),
    "sellers": ('search(text: "shop", first: $first, after: $after)', "localId", 28),
    "judgements": ("judgements(first: $first, after: $after)", "judgementId", 2),
    "hubs": ("hubs(first: $first, after: $after)", "markId", 1),
    "a timeline": ('timeline(id: "p:a", first: $first, after: $after)', "at event nodeId", 9),
    "pictures": (
        f'similarPictures(hash: "{SHA["c"]}", radius: 60, first: $first, after: $after)',
        "sha256",
        2,
    ),
    "an exact id first": ('search(text: "p:c", first: $first, after: $after)', "localId", 1),
}


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("name", LISTS)
def test_walking_the_pages_gives_everything_once(api: Api, name: str, size: int) -> None:
    field, inner, number = LISTS[name]
    text = ALL % (field, inner)
    whole = api.ask(text, first=100)["found"]
    assert whole["pageInfo"]["hasNextPage"] is False
    walked: list[Any] = []
    after, more = None, True
    while more:
        page = api.ask(text, first=size, after=after)["found"]
        assert 1 <= len(page["edges"]) <= size
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        walked += page["edges"]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert walked == whole["edges"]
    assert len({str(edge["node"]) for edge in walked}) == len(walked) >= number


def test_a_page_has_one_to_a_hundred_items(api: Api) -> None:
    first = "query ($n: Int!) { rings(first: $n) { edges { cursor } } }"
    for size in (0, -1, 101, 2**31 - 1):
        assert api.refused(first, n=size) == (400, "PAGE_LIMIT")
        assert api.refused(first.replace("$n)", f"{size})"), n=1)[1] == "PAGE_LIMIT"
    for size in (1, 100):
        assert api.ask(first, n=size)["rings"]["edges"]


def test_a_cursor_is_of_its_own_field_and_not_to_be_made(api: Api) -> None:
    after = "query ($c: String!) { %s(after: $c) { edges { cursor } } }"
    cursor = api.ask("{ rings(first: 1) { edges { cursor } } }")["rings"]["edges"][0]["cursor"]
    assert api.ask(after % "rings", c=cursor)["rings"]["edges"]
    node = api.ask('{ ring(id: "ring-1") { id } }')["ring"]["id"]
    changed = ("A" if cursor[5] != "A" else "B").join((cursor[:5], cursor[6:]))
    forged = (cursor + "A", cursor + "=", f"{cursor[:9]}!{cursor[9:]}", cursor[:-2], changed, node)
    for text in (*forged, "x" * 5000, "", "Ω", "\n", "9.5 ring-1", "MS4wIHNlbGxlciBwOmE"):
        assert api.refused(after % "rings", c=text) == (400, "BAD_CURSOR"), text
    for field in ("detectionRuns", "ingestRuns", 'search(text: "a", after: $c) { edges'):
        other = (
            after % field
            if "(" not in field
            else f"query ($c: String!) {{ {field} {{cursor}} }} }}"
        )
        assert api.refused(other, c=cursor) == (400, "BAD_CURSOR"), field
    by_size = after.replace("after:", "sort: size, after:") % "rings"
    assert api.refused(by_size, c=cursor) == (400, "BAD_CURSOR")


def test_an_error_of_one_field_leaves_the_others(api: Api) -> None:
    response = api.post(
        {"query": """{ seller(platform: "p", sellerId: "a") {
                       listings(after: "x") { edges { cursor } } }
                       detectionRuns(first: 1) { edges { node { runId } } } }"""}
    )  # fmt: skip
    assert response.status_code == 200
    assert code_of(response) == "BAD_CURSOR"
    told = response.json()
    assert told["errors"][0]["path"] == ["seller", "listings"]
    assert told["data"]["seller"] is None
    assert nodes(told["data"]["detectionRuns"]) == [{"runId": FAILED}]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ('neighbourhood(id: "p:a", hops: 0) { truncated }', "BAD_REQUEST"),
        ('neighbourhood(id: "p:a", hops: 4) { truncated }', "BAD_REQUEST"),
        ('neighbourhood(id: "p:a", first: 101) { truncated }', "PAGE_LIMIT"),
        ('paths(from: "p:a", to: "p:d", k: 0) { complete }', "PAGE_LIMIT"),
        ('paths(from: "p:a", to: "p:d", k: 6) { complete }', "PAGE_LIMIT"),
        ('paths(from: "p:a", to: "p:a") { complete }', "BAD_REQUEST"),
        ('whyLinked(a: "p:a", b: "p:a") { text }', "BAD_REQUEST"),
        ('rings(filter: { run: "none" }) { edges { cursor } }', "NOT_FOUND"),
        ('rings(filter: { run: "run-4" }) { edges { cursor } }', "NOT_FOUND"),
        ('rings(filter: { tier: "ban" }) { edges { cursor } }', "GRAPHQL_INVALID"),
        ("rings(first: null) { edges { cursor } }", "GRAPHQL_INVALID"),
        ('search(text: "x", kinds: [picture]) { edges { cursor } }', "GRAPHQL_INVALID"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(api: Api, field: str, code: str) -> None:
    response = api.post({"query": f"{{ {field} }}"})
    assert code_of(response) == code
    assert "--help" not in response.text, "that is for the command line"


def test_every_kind_of_node_is_found_again_by_its_id(api: Api) -> None:
    got = api.ask(
        """{ seller(platform: "p", sellerId: "a") { id
               identifiers { edges { node { id } } }
               listings { edges { node { id images { edges { node { id } } } } } }
               reports { edges { node { id } } } }
             other: seller(platform: "p", sellerId: "b") { identifiers { edges { node { id } } } }
             rings { edges { node { id } } }
             ingestRuns(first: 1) { edges { node { id } } }
             detectionRuns(first: 1) { edges { node { id } } }
             judgements(first: 1) { edges { node { id } } } hubs { edges { node { id } } } }"""
    )
    ids = set(re.findall(r"'id': '([\w-]+)'", str(got)))
    kinds = set()
    for each in sorted(ids):
        node = api.ask("query ($i: ID!) { node(id: $i) { id __typename } }", i=each)["node"]
        assert node["id"] == each
        kinds.add(node["__typename"])
    assert kinds == {
        *("Seller", "Listing", "Address", "PaymentAccount", "Phone", "Email", "Device", "Image"),
        *("Report", "Ring", "IngestRun", "DetectionRun", "Judgement", "HubMark"),
    }


def test_a_node_id_is_no_id_of_another_field(api: Api) -> None:
    seller = api.ask('{ seller(platform: "p", sellerId: "a") { id } }')["seller"]["id"]
    for field in ("listing", "address", "paymentAccount", "image", "ring"):
        assert api.ask(f'{{ {field}(id: "{seller}") {{ id }} }}') == {field: None}
    changed = seller[:-3] + ("AAA" if seller[-3:] != "AAA" else "BBB")
    assert api.ask("query ($i: ID!) { node(id: $i) { id } }", i=changed) == {"node": None}


def test_a_picture_its_listings_and_its_copies(api: Api) -> None:
    found = api.ask(
        """query ($i: ID!) { image(id: $i) { sha256 sellers pdq
             listings { edges { node { title seller { handle } } } }
             nearCopies { edges { node { distance tier image { sha256 } } } } } }""",
        i=SHA["d"],
    )["image"]
    assert (found["sellers"], found["pdq"]) == (1, "0e" * 32)
    assert nodes(found["listings"]) == [
        {"title": "Cobalt vase", "seller": {"handle": "Dune Depot"}}
    ]
    copy = {"distance": 8, "tier": "copy", "image": {"sha256": SHA["c"]}}
    assert nodes(found["nearCopies"]) == [copy]


def test_nothing_secret_leaves(api: Api) -> None:
    """Tokens, digests, keys and clear values are in no answer, whatever is asked."""
    texts = [
        """{ ring(id: "ring-1") { members(first: 4) { edges { node { reasons { id shown
               identifier { id ... on PaymentAccount { masked bank } ... on Phone { masked } }
               claims { written source } }
               seller { identifiers { edges { cursor } } } } } } } }""",
        """{ neighbourhood(id: "p:a", hops: 3) { start nodes { id text node { id } }
               ties { seller identifier shown } } }""",
        """{ paths(from: "p:a", to: "p:d") { chains { hops { left { identifier shown }
               right { identifier } } } } }""",
        """{ seller(platform: "p", sellerId: "a") { taxNumber trace { source run }
               identifiers { edges { cursor node { id shown users { edges { cursor } } } } } } }""",
        "{ judgements { edges { cursor node { id because a { id } } } } }",
        "{ hubs { edges { cursor node { id shown figures proposal identifier { id } } } } }",
        '{ timeline(id: "p:a") { edges { cursor node { text nodeId node { id } } } } }',
        "{ ingestRuns { edges { cursor node { id runId file fileDigest } } } }",
        "{ detectionRuns { edges { cursor node { id parameters versions calibration counts } } } }",
        '{ search(text: "tolva") { edges { cursor node { id text } } } }',
    ]  # fmt: skip
    secrets = {row["secret"] for row in cypher(api.settings, kept("secrets")) if row["secret"]}
    secrets |= {part for each in secrets for part in each.split(":") if len(part) > 15}
    assert len(secrets) > 6
    assert api.settings.neo4j_password is not None
    home = api.settings.home
    secrets |= {
        *("00001234", "79460018", "shop@tolva", "device-ef", "c" * 64, api.key[12:]),
        api.settings.neo4j_password.get_secret_value(),
        (home / "keys" / "ids.key").read_text("ascii").strip(),
        str(home.parent),
    }
    for text in texts:
        answer = api.post({"query": text})
        assert "errors" not in answer.json(), answer.text
        assert [each for each in secrets if each in answer.text + str(answer.headers)] == []


@pytest.fixture(scope="module")
def auditor(api: Api) -> Api:
    """The same server for one who may ask every field."""
    return replace(api, key=new_key(api.settings, role="auditor")["key"])


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.split("{")[0].strip() for text in EXAMPLES])
def test_every_example_of_the_documentation_runs(auditor: Api, text: str) -> None:
    assert auditor.ask(text)


def test_every_root_field_has_an_example_in_the_documentation() -> None:
    root = EXECUTABLE.query_type
    assert root is not None
    shown = {
        each.name.value
        for text in EXAMPLES
        for operation in parse(text).definitions
        if isinstance(operation, OperationDefinitionNode)
        for each in operation.selection_set.selections
        if isinstance(each, FieldNode)
    }
    assert shown == set(root.fields)


def test_why_two_sellers_are_linked(api: Api) -> None:
    told = api.ask(
        """{ whyLinked(a: "p:a", b: "p:c") {
             linked theta text exact complete ring run cut tie { p facts { kind } }
             chain { p facts { identifier kind cut counts whyNot oneSided left { ownWord } } }
           } }"""
    )["whyLinked"]
    assert (told["linked"], told["exact"], told["complete"]) == (False, True, True)
    assert (told["ring"], told["run"]) == ("ring-1@2", LAST)
    assert told["tie"] == {"p": 0, "facts": []}
    assert [sorted(fact["kind"] for fact in tie["facts"]) for tie in told["chain"]] == [
        ["address", "payment_account"],
        ["phone"],
    ]
    marked = [f["identifier"] for tie in told["chain"] for f in tie["facts"] if f["cut"]]
    assert told["cut"] == marked != []
    assert "p:b" in told["text"]
    hub = api.ask('{ whyLinked(a: "p:a", b: "p:g") { tie { facts { whyNot sellers } } } }')
    assert hub["whyLinked"]["tie"]["facts"] == [{"whyNot": "hub", "sellers": 25}]


def test_what_would_take_a_member_out(api: Api) -> None:
    ring = api.ask(
        """{ ring(id: "ring-1") { cameFrom members { edges { node { tier own confidence
             reasons { id cut standing } explanation { text fallOut exact outOfBan } } } } } }"""
    )["ring"]
    members = [edge["node"] for edge in ring["members"]["edges"]]
    assert ring["cameFrom"] == []
    for member in members:
        told = member["explanation"]
        assert sorted(told["fallOut"]) == sorted(r["id"] for r in member["reasons"] if r["cut"])
        assert (told["exact"], told["outOfBan"]) == (True, None), "what was weighed was not kept"
        assert "is one of 4 sellers" in told["text"]
        assert all(reason["standing"] for reason in member["reasons"])
    assert {(member["own"], member["confidence"]) for member in members} == {(None, None)}
    runs = api.ask("{ detectionRuns { edges { node { lost { ringId } confidenceRuns } } } }")
    assert all(edge["node"]["lost"] == [] for edge in runs["detectionRuns"]["edges"])


def test_judgements_newest_first_and_those_of_one_seller(api: Api) -> None:
    text = """query ($s: ID) { judgements(seller: $s) { edges { node {
                id verdict because by a { sellerId } b { sellerId } supersededBy } } } }"""
    last, first = nodes(api.ask(text)["judgements"])
    assert (last["because"], first["because"]) == ("two voices", "one voice")
    assert (last["a"]["sellerId"], last["b"]["sellerId"]) == ("a", "b")
    assert (last["verdict"], last["by"]) == ("unsure", "desk 4")
    assert (last["supersededBy"], first["supersededBy"]) == (None, last["id"])
    assert nodes(api.ask(text, s="p:b")["judgements"]) == [last, first]
    for nobody in ("p:c", "p:nobody", "", "x" * 600):
        assert nodes(api.ask(text, s=nobody)["judgements"]) == []


def test_hubs_by_state(api: Api) -> None:
    text = """query ($s: HubState) { hubs(state: $s) { edges { node { state kind identifierKind
                sellers proposal decision identifier { __typename id } } } } }"""
    (mark,) = nodes(api.ask(text)["hubs"])
    assert (mark["state"], mark["kind"], mark["decision"]) == ("proposed", "other", None)
    assert (mark["identifierKind"], mark["sellers"]) == ("device", 25)
    assert mark["proposal"] == "a shared workshop"
    assert mark["identifier"]["__typename"] == "Device"
    assert nodes(api.ask(text, s="proposed")["hubs"]) == [mark]
    assert nodes(api.ask(text, s="confirmed")["hubs"]) == []


def test_a_timeline_tells_what_is_dated_oldest_first(api: Api) -> None:
    found = nodes(
        api.ask(
            """{ timeline(id: "p:a", first: 100) { edges { node {
                 at event text node { __typename ... on Ring { version } } } } } }"""
        )["timeline"]
    )
    assert [each["at"] for each in found] == sorted(each["at"] for each in found)
    told = [(each["event"], each["text"], each["node"]["__typename"]) for each in found]
    assert told[0] == ("listed", "Amber necklace", "Listing")
    assert ("reported", "confirmed_fake", "Report") in told
    assert ("reported", "withdrawn", "Report") not in told, "that assertion is closed"
    rings = [each["node"]["version"] for each in found if each["event"] == "in_ring"]
    assert rings == [1, 2]
    assert sum(each["event"] == "judged" for each in found) == 2
    used = {each["node"]["__typename"] for each in found if each["event"] == "used"}
    assert used == {"Address", "PaymentAccount", "Email", "Device"}


def test_similar_pictures_of_a_loaded_one_and_of_any_hash(api: Api) -> None:
    text = """query ($h: String!, $r: Int) { similarPictures(hash: $h, radius: $r) {
                edges { node { sha256 distance transform image { pdq } } } } }"""
    near = nodes(api.ask(text, h=SHA["c"])["similarPictures"])
    assert (near[0]["sha256"], near[0]["distance"]) == (SHA["c"], 0)
    changed = "0f" * 31 + "0d"
    found = nodes(api.ask(text, h=changed.upper())["similarPictures"])
    assert (found[0]["sha256"], found[0]["distance"]) == (SHA["c"], 1)
    assert found[0]["image"] == {"pdq": "0f" * 32}
    assert nodes(api.ask(text, h=changed, r=0)["similarPictures"]) == []
    assert api.refused(text, h="0f") == (400, "BAD_REQUEST")
    assert api.refused(text, h=changed, r=61) == (400, "BAD_REQUEST")
