"""Hostile text in every place that takes text: Neo4j hears the texts of the product, no other.

A tap between driver and server hears every Cypher text. Each must be, letter for letter, one that
the catalogue holds or that is derived from the declarations; what comes from outside travels as a
parameter, if at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from neo4j import GraphDatabase

from graphsvc.api.seal import load_seal
from graphsvc.api.types.node import NodeKind
from graphsvc.settings import Settings
from ingest.jobs.catalogue import JOBS
from tests.api.conftest import TOKEN_KEY, Api, in_process, new_key, serving
from tests.api.hostile import HOSTILE, MARK, Place, hostile_rows, ours, places
from tests.graph.driving import Cli
from tests.plain_http import HTTP
from tests.tap import Tap

FOUND = """{ rings(first: 1) { edges { node { id } } } hubs(first: 1) { edges { node { id } } }
  a: seller(platform: "p", sellerId: "a") { id ...All }
  b: seller(platform: "p", sellerId: "b") { id ...All }
  e: seller(platform: "p", sellerId: "e") { id ...All } }
fragment All on Seller {
  identifiers(first: 6, kinds: [address, payment_account, phone, email, device]) {
    edges { node { id } } }
  listings(first: 3) { edges { node { id images(first: 3) { edges { node { id } } } } } } }"""
PURPOSE = "customs_enforcement"
WHO = ("--agency", "customs-north", "--officer", "o-17")
# Where a text is asked for as it is; elsewhere it is no id or cursor, or of another shape.
REACHED = {
    *("Query.node.id", "Query.seller.sellerId", "Query.listing.id", "Query.image.id"),
    *("Query.ring.id", "Query.search.text", "Query.rings.filter.run", "Query.judgements.seller"),
    *("Query.paths.from", "Query.whyLinked.b", "Query.neighbourhood.id", "Query.timeline.id"),
    *("Seller.listings.after", "Address.users.after", "Ring.members.after"),
    *("Mutation.judge.a", "Mutation.judge.because", "Mutation.decideHub.id", "Mutation.endHub.id"),
    *("Mutation.proposeHub.because", "Mutation.decideHub.because"),
}


@pytest.fixture(scope="module")
def tapped(outside: Settings) -> Iterator[tuple[Tap, Settings]]:
    """A tap before the server, and settings that point at it."""
    place = urlsplit(outside.neo4j_uri or "")
    tap = Tap(place.hostname or "", place.port or 0)
    tap.mark = MARK.encode()
    through = {"neo4j_uri": f"bolt://127.0.0.1:{tap.port}", "rate_points": 10**9}
    through["log_level"] = "error"
    yield tap, outside.model_copy(update=through)
    tap.close()


@pytest.fixture(scope="module")
def served(tapped: tuple[Tap, Settings]) -> Iterator[Api]:
    """The API behind the tap, for an enforcer who may decide."""
    _, settings = tapped
    words = [word for scope in ("read", "query:adhoc", "decide") for word in ("--scope", scope)]
    key = new_key(settings, *words, role="enforcer")["key"]
    with serving(settings) as (url, process):
        yield Api(url, key, settings, process)


@pytest.fixture(scope="module")
def known(served: Api) -> dict[str, str]:
    """A node id of each type that there is."""
    ids = set(re.findall(r"'id': '([^']+)'", str(served.ask(FOUND))))
    kind_of = "query ($id: ID!) { node(id: $id) { __typename } }"
    found = {served.ask(kind_of, id=each)["node"]["__typename"]: each for each in ids}
    return found | {"Identifier": found["Phone"]}


@pytest.fixture(scope="module")
def partner(served: Api) -> dict[str, str]:
    """The headers of an officer who reads by a grant."""
    cli = in_process(served.settings)
    case = cli.json("cases", "create", "--title", "Vases", "--handling", "amber")["id"]
    cli.json("cases", "add", case, "--seller", "p:a")
    given = ("--case", case, *WHO, "--purpose", PURPOSE, "--basis", "a law", "--hops", "1")
    cli.json("grants", "create", *given)
    scopes = ("--scope", "read", "--scope", "query:adhoc")
    key = new_key(served.settings, *WHO, *scopes, role="partner")["key"]
    return {"Authorization": f"Bearer {key}", "Case-Id": case, "Purpose": PURPOSE}


def sealed(settings: Settings, place: Place, text: str) -> list[str]:
    """Return the text as nobody outside can send it: in an id or a cursor that the product made."""
    seal, name = load_seal(settings), place.name.split(".")[1]
    if place.name.endswith(".after"):
        fields = (f"{name} score", f"{name} size") if name == "rings" else (name,)
        return [seal.cursor(each, text) for each in fields]
    return [seal.node(kind, text) for kind in NodeKind] if place.kind == "ID" else []


def send(
    served: Api, tap: Tap, known: dict[str, str], headers: dict[str, str], texts: tuple[str, ...]
) -> set[str]:
    """Send texts to every place there is; return the names of those that reached the graph.

    Whoever is from inside sends the first of them sealed, too.
    """
    reached, inside = set(), "Case-Id" not in headers
    with httpx.Client(headers=headers, timeout=60) as client:
        for place in places(known):
            before = tap.marked
            for step, text in enumerate(texts):
                sent = [
                    text,
                    *(sealed(served.settings, place, text) if inside and step == 0 else ()),
                ]
                for value in sent:
                    body = {"query": place.document, "variables": {"x": value, **place.held}}
                    response = client.post(f"{served.url}/graphql", json=body)
                    assert response.status_code < 500, (place.name, value, response.text)
                    assert "GRAPHQL_INVALID" not in response.text, response.text
                    assert "INTERNAL" not in response.text, (place.name, value, response.text)
            if tap.marked > before:
                reached.add(place.name)
    return reached


def check_heard(tap: Tap) -> None:
    """Every text that went by is one of the product's own."""
    assert len(tap.texts) > 5
    assert sorted(tap.texts - ours()) == []
    assert not any(MARK in text for text in tap.texts)


@pytest.mark.parametrize("count", [1, pytest.param(len(HOSTILE), marks=pytest.mark.slow)])
def test_no_text_that_is_asked_becomes_a_query(
    served: Api, tapped: tuple[Tap, Settings], known: dict[str, str], count: int
) -> None:
    tap, _ = tapped
    headers = {"Authorization": f"Bearer {served.key}"}
    reached = send(served, tap, known, headers, HOSTILE[:count])
    check_heard(tap)
    assert reached >= REACHED


@pytest.mark.parametrize("count", [1, pytest.param(len(HOSTILE), marks=pytest.mark.slow)])
def test_no_text_that_a_partner_asks_becomes_a_query(
    served: Api,
    tapped: tuple[Tap, Settings],
    known: dict[str, str],
    partner: dict[str, str],
    count: int,
) -> None:
    tap, _ = tapped
    reached = send(served, tap, known, partner, HOSTILE[-count:])
    check_heard(tap)
    assert {"Query.listing.id", "Query.paths.from", "Query.timeline.id"} < reached
    # The sellers of a small scope are read once: a name that is none of theirs goes no further.
    assert "Query.seller.sellerId" not in reached
    assert not any(name.startswith("Mutation") for name in reached)


def test_no_header_becomes_a_query(
    served: Api, tapped: tuple[Tap, Settings], partner: dict[str, str]
) -> None:
    tap, _ = tapped
    body = {"query": "{ __typename }"}
    before = tap.marked
    for text in (each.encode("latin-1", "replace") for each in HOSTILE):
        for name in (*partner, "X-Request-Id"):
            sent = {key: value.encode() for key, value in partner.items()} | {name: text}
            response = HTTP.post(f"{served.url}/graphql", json=body, headers=sent, timeout=60)
            assert response.status_code in (200, 401, 403), response.text
    check_heard(tap)
    assert tap.marked > before, "a case's name is asked for"


def test_no_text_that_is_loaded_becomes_a_query(
    tapped: tuple[Tap, Settings], tmp_path: Path
) -> None:
    tap, settings = tapped
    cli = Cli(settings, tmp_path)
    for kind in JOBS:
        rows = list(hostile_rows(kind))
        path = tmp_path / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        before = tap.marked
        told = cli.json("load", kind, path, "--platform", "p", GRAPHSVC_TOKEN_KEY=TOKEN_KEY)
        assert told["in"] == len(rows)
        assert told["loaded"] > 0
        assert tap.marked > before, kind
    cli.json("rings", "detect", GRAPHSVC_TOKEN_KEY=TOKEN_KEY)
    check_heard(tap)


def test_a_query_that_is_put_together_is_heard(tapped: tuple[Tap, Settings]) -> None:
    _, settings = tapped
    place = urlsplit(settings.neo4j_uri or "")
    tap = Tap("127.0.0.1", place.port or 0)
    password = settings.neo4j_password
    auth = (settings.neo4j_user, password.get_secret_value() if password else "")
    built = f"{next(iter(sorted(ours())))} // {MARK}"
    with (
        GraphDatabase.driver(f"bolt://127.0.0.1:{tap.port}", auth=auth) as driver,
        driver.session() as session,
    ):
        short = session.run("RETURN 1").single()  # type: ignore[arg-type]
        long = session.run(f"RETURN 2 // {'x' * 70_000}").single()  # type: ignore[arg-type]
    tap.close()
    assert (short, long) != (None, None)
    assert {len(text) for text in tap.texts - ours()} == {8, 70_012}
    assert built not in ours(), "not even one of ours with something behind it"
