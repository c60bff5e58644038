"""Typed terms of a search find what a load stored, and their values stand nowhere in clear."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.settings import Settings
from graphsvc.store.process import free_port
from tests.api.conftest import Api, code_of, environment, in_process, new_key, verb, wait_ready
from tests.graph.driving import write_csv

FIND = """query ($t: String!, $k: [SearchKind!]) { search(text: $t, kinds: $k) { edges { node {
  kind platform localId text score node { __typename
    ... on Phone { users(first: 5) { edges { node { sellerId } } } } } } } } }"""
SUGGEST = "query ($t: String!) { suggestions(text: $t, first: 3) { kind localId text } }"
MALFORMED = {
    "phone:20 3318 4455": "3318",
    "email:shop@": "shop@",
    "iban:GB00 AMBR 0000 0000 0000 11": "AMBR",
    "card:4929 1231 2312 3121": "2312",
    "paypal:amber": "amber",
    "wallet:amber lane shop": "lane",
    "device:000000000": "000000000",
    "address:??": "??",
    "email:" + "x" * 2001: "xxx",
    "tax:" + "9" * 101: "999",
    "url:" + "x" * 2001: "xxx",
}


def found(api: Api, text: str, *kinds: str) -> list[tuple[str, str]]:
    """Return the kind and the masked form of each hit."""
    told = api.ask(FIND, t=text, k=list(kinds) or None)["search"]["edges"]
    return [(edge["node"]["kind"], edge["node"]["text"]) for edge in told]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("phone:+44 20 7946 0018", "phone"),
        ("  Phone : 0044 (20) 7946-OO18 ", "phone"),
        ("email:shop@tolva.example.com", "email"),
        ("email:SHOP+summer@Tolva.Example.com", "email"),
        ("wallet:wallet-00001234", "payment_account"),
        ("device:device-ef-000001", "device"),
        ("address:flat 4, 12 main street, Leeds LS1 4AP, United Kingdom", "address"),
    ],
)
def test_a_clear_value_finds_its_token_however_it_is_written(
    api: Api, text: str, kind: str
) -> None:
    [(told, shown)] = found(api, text)
    assert told == kind
    assert ("…" in shown) is (kind != "address"), "masked"
    assert found(api, text, kind) == [(told, shown)]
    assert found(api, text, "seller") == []


def test_a_hit_leads_to_its_users(api: Api) -> None:
    [edge] = api.ask(FIND, t="phone:+442079460018")["search"]["edges"]
    node = edge["node"]
    assert (node["platform"], node["localId"], node["score"]) == (None, None, 0)
    users = node["node"]["users"]["edges"]
    assert [user["node"]["sellerId"] for user in users] == ["b", "c"]


@pytest.mark.parametrize(
    "text", ["phone:+44 20 7946 0019", "email:nobody@tolva.example.com", "card:4929 1231 2312 3127"]
)
def test_what_is_not_there_has_no_hit(api: Api, text: str) -> None:
    assert found(api, text) == []


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_term_is_refused_without_its_value(api: Api, text: str) -> None:
    answer = api.post({"query": FIND, "variables": {"t": text}})
    assert (answer.status_code, code_of(answer)) == (400, "BAD_TERM")
    assert MALFORMED[text] not in answer.text


def test_a_term_may_name_sellers_or_listings(api: Api) -> None:
    assert {kind for kind, _ in found(api, "amber")} == {"seller", "listing"}
    assert {kind for kind, _ in found(api, "seller:amber")} == {"seller"}
    assert {kind for kind, _ in found(api, "listing:amber")} == {"listing"}
    assert found(api, "seller:p:c") == [("seller", "Cobalt Corner")]
    assert found(api, "seller:amber", "listing") == []
    assert found(api, "p:c")[0] == ("seller", "Cobalt Corner"), "an id is no term"


NUMBERS = {"x": "GB 123-4567.89", "y": "gb123456789", "z": "GB123456780"}
TAXED = [{"seller_id": name, "handle": f"Taxed {name}", "tax_number": tax}
         for name, tax in NUMBERS.items()]  # fmt: skip
PAGE = "https://shop.example.com/vase?id=1#top"
SOLD = [{"listing_id": f"u-{n}", "seller_id": "x", "title": f"Vase {n}", "url": url}
        for n, url in enumerate((PAGE, PAGE, PAGE.upper()))]  # fmt: skip


def test_what_several_may_have_finds_all_of_them(api: Api, tmp_path: Path) -> None:
    for kind, rows in (("sellers", TAXED), ("listings", SOLD)):
        file = write_csv(tmp_path / f"{kind}.csv", rows)
        done = verb(api.settings, "load", kind, str(file), "--platform", "q")
        assert done.returncode == 0, done.stderr
    assert found(api, "tax:GB 12 34 56 789") == [("seller", "Taxed x"), ("seller", "Taxed y")]
    assert found(api, "tax:GB123456789", "listing") == []
    assert found(api, "tax:GB0") == []
    assert found(api, f" URL : {PAGE}") == [("listing", "Vase 0"), ("listing", "Vase 1")]
    assert found(api, f"url:{PAGE}x") == []
    assert api.ask(SUGGEST, t="tax:GB123456789")["suggestions"] == []
    paged = """query ($t: String!, $after: String) { search(text: $t, first: 1, after: $after) {
      pageInfo { hasNextPage endCursor } edges { node { localId } } } }"""
    first = api.ask(paged, t=f"url:{PAGE}")["search"]
    assert first["pageInfo"]["hasNextPage"]
    after = first["pageInfo"]["endCursor"]
    rest = api.ask(paged, t=f"url:{PAGE}", after=after)["search"]
    assert [edge["node"]["localId"] for edge in first["edges"] + rest["edges"]] == ["u-0", "u-1"]
    assert not rest["pageInfo"]["hasNextPage"]


def test_names_are_suggested(api: Api) -> None:
    assert api.ask(SUGGEST, t="ambre lame")["suggestions"] == [
        {"kind": "seller", "localId": "a", "text": "Amber Lane"}
    ]
    assert api.ask(SUGGEST, t="phone:+44 20 7946 0018")["suggestions"] == []


def test_no_value_is_in_the_log_or_the_journal(outside: Settings, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    words = [sys.executable, "-m", "graphsvc", "serve", "--port", str(port)]
    settings = outside.model_copy(update={"log_level": "debug"})
    with log.open("w") as told:
        process = subprocess.Popen(
            words, env=environment(settings), stdout=told, stderr=told, text=True
        )
        try:
            wait_ready(f"http://127.0.0.1:{port}", process)
            api = Api(f"http://127.0.0.1:{port}", new_key(outside)["key"], outside, process)
            for text in (
                "phone:+44 20 7946 0018",
                "phone:20 7946 0018",
                "iban:GB00 0018",
                "tax:GB 9988",
            ):
                api.post({"query": FIND, "variables": {"t": text}})
                api.post({"query": FIND.replace("$t)", f'"{text}")')})
        finally:
            process.terminate()
            process.wait(timeout=60)
    written = log.read_text("utf-8")
    assert "answered" in written
    journal = str(in_process(outside).json("audit", "show", "--first", "50"))
    # Long enough, or with letters enough, to stand in no digest by chance.
    for clear in ("7946 0018", "79460018", "GB00", "GB 9988", "GB9988"):
        assert clear not in written
        assert clear not in journal
