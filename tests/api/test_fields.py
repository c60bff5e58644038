"""Every root field over real HTTP: what it answers, what it does not find, how it pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api, code_of
from tests.graph.small_world import FAILED, FIRST, LAST, OTHER, SHA


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
    assert found["address"]["postcode"] == "ls14ap" or found["address"]["city"]
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
             reasons { kind shown shared sellers since sources assertedBy counts weight }
             } } } } }"""
    )["ring"]
    members = {each["seller"]["handle"]: each for each in nodes(ring["members"])}
    kinds = {reason["kind"] for reason in members["Amber Lane"]["reasons"]}
    assert {"payment_account", "address"} <= kinds
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


@pytest.mark.parametrize(
    ("field", "inner"),
    [
        ("rings", "ringId"),
        ("detectionRuns", "runId"),
        ("ingestRuns", "runId"),
    ],
)
def test_walking_the_pages_gives_everything_once(api: Api, field: str, inner: str) -> None:
    text = f"""query ($after: String) {{ {field}(first: 1, after: $after) {{
                 edges {{ node {{ {inner} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    whole = nodes(api.ask(f"{{ {field}(first: 100) {{ edges {{ node {{ {inner} }} }} }} }}")[field])
    walked, after = [], None
    for _ in range(len(whole)):
        page = api.ask(text, after=after)[field]
        walked += nodes(page)
        after = page["pageInfo"]["endCursor"]
    assert page["pageInfo"]["hasNextPage"] is False
    assert walked == whole


def test_a_page_is_capped_and_a_cursor_is_of_its_own_field(api: Api) -> None:
    first = "query ($n: Int!) { rings(first: $n) { edges { cursor } } }"
    for size in (0, -1, 101, 2**31 - 1):
        assert api.refused(first, n=size) == (400, "PAGE_LIMIT") or size < 1
    cursor = api.ask(first, n=1)["rings"]["edges"][0]["cursor"]
    after = "query ($c: String!) { %s(after: $c) { edges { cursor } } }"
    for text in (cursor + "A", "x" * 5000, "", "Ω", cursor[:-2]):
        response = api.post({"query": after % "rings", "variables": {"c": text}})
        assert response.json()["errors"][0]["extensions"]["code"] == "BAD_CURSOR", text
    response = api.post({"query": after % "detectionRuns", "variables": {"c": cursor}})
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


def test_nothing_secret_leaves(api: Api) -> None:
    """Tokens, digests and clear values are in no answer, whatever is asked."""
    text = """{ rings { edges { node { id members { edges { node { seller { id handle
                 identifiers { edges { node { identifier { id __typename ... on PaymentAccount
                 { accountKind } } } } } } } } } } } } }"""
    answer = api.post({"query": text}).text
    for secret in ("wallet-00001234", "79460018", "shop@tolva", "device-ef", "digest"):
        assert secret not in answer
