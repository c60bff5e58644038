"""One batched query a level: a tap before Neo4j counts what the running server asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from graphsvc.settings import Settings
from tests.api.conftest import Api, new_key, serving
from tests.api.wide_world import BIG, MEMBERS, RINGS, load
from tests.tap import Tap

MEMBERS_OF_ONE = """query ($ring: ID!, $n: Int!) { ring(id: $ring) {
  kinds { kind }
  members(first: $n) { edges { node {
    tier reasons { kind identifier { id } }
    seller { handle rings { ringId ring { size } }
      identifiers(first: 3) { edges { cursor } }
      listings(first: 3) { edges { cursor } } } } } } } }"""
MANY_RINGS = """query ($n: Int!) { rings(first: $n) { edges { node {
  ringId kinds { kind identifiers }
  members(first: 2) { edges { node { seller { handle } reasons { weight } } } } } } } }"""
HITS = """query ($n: Int!) { search(text: "vase", first: $n) { edges { node {
  node { ... on Listing { seller { handle } images(first: 2) { edges { node { sha256 } } } } }
  } } } }"""
AROUND = """query ($id: ID!) { neighbourhood(id: $id, first: 60) {
  nodes { node { id ... on Seller { handle }
                 ... on PaymentAccount { users(first: 2) { edges { cursor } } } } } } }"""


@pytest.fixture(scope="module")
def tapped(
    outside: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, Tap]]:
    """The API over a market with large rings, and the tap between it and Neo4j."""
    found = load(outside, tmp_path_factory.mktemp("wide"))
    assert found["groups"] == RINGS
    assert found["largest"][0]["size"] == BIG
    place = urlsplit(outside.neo4j_uri or "")
    tap = Tap(place.hostname or "", place.port or 0)
    key = new_key(outside)["key"]
    settings = outside.model_copy(update={"neo4j_uri": f"bolt://127.0.0.1:{tap.port}"})
    with serving(settings) as (url, process):
        api = Api(url, key, settings, process)
        tap.besides = b"ApiKey"  # who asks is looked up twice a second
        yield api, tap
    tap.close()


def asked(tapped: tuple[Api, Tap], text: str, **variables: object) -> tuple[int, str]:
    """Return how many queries reached Neo4j for a document, and its answer as text."""
    api, tap = tapped
    before = tap.runs
    answer = api.ask(text, **variables)
    return tap.runs - before, json.dumps(answer)


@pytest.mark.parametrize(
    ("text", "few", "many", "mark", "most"),
    [
        (MEMBERS_OF_ONE, {"n": 10}, {"n": 30}, '"tier"', 16),
        (MANY_RINGS, {"n": 3}, {"n": RINGS}, '"ringId"', 10),
        (HITS, {"n": 4}, {"n": 40}, '"seller"', 6),
        (AROUND, {"id": "w:r01-00"}, {"id": "w:r00-13"}, '"node"', 12),
    ],
    ids=["members", "rings", "hits", "nodes"],
)
def test_a_level_of_many_takes_as_many_queries_as_one_of_few(
    tapped: tuple[Api, Tap],
    text: str,
    few: dict[str, object],
    many: dict[str, object],
    mark: str,
    most: int,
) -> None:
    more = {"ring": ring_of(tapped[0])} if "$ring" in text else {}
    small, little = asked(tapped, text, **few, **more)
    large, much = asked(tapped, text, **many, **more)
    assert 1 < 2 * little.count(mark) < much.count(mark)
    assert 0 < small == large <= most


def ring_of(api: Api) -> str:
    """Return the ringId of the largest ring."""
    top = api.ask("{ rings(sort: size, first: 1) { edges { node { ringId size } } } }")
    found: str = top["rings"]["edges"][0]["node"]["ringId"]
    return found


def test_every_member_is_met_once_by_pages(tapped: tuple[Api, Tap]) -> None:
    api, _ = tapped
    text = """query ($ring: ID!, $after: String) { ring(id: $ring) {
                members(first: 7, after: $after) {
                  edges { node { seller { sellerId } } } pageInfo { hasNextPage endCursor } } } }"""
    ring, met, after, more = ring_of(api), [], None, True
    while more:
        page = api.ask(text, ring=ring, after=after)["ring"]["members"]
        met += [edge["node"]["seller"]["sellerId"] for edge in page["edges"]]
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    assert met == MEMBERS[0]


def test_nodes_of_one_kind_under_aliases_are_one_query(tapped: tuple[Api, Tap]) -> None:
    api, _ = tapped
    for field in ("ingestRuns", "detectionRuns", "rings"):
        found = api.ask(f"{{ {field}(first: 1) {{ edges {{ node {{ id }} }} }} }}")
        name = found[field]["edges"][0]["node"]["id"]
        other = api.ask('{ seller(platform: "w", sellerId: "r00-00") { id } }')["seller"]["id"]
        text = "query ($a: ID!, $b: ID!) { one: node(id: $a) { id } two: node(id: $b) { id } }"
        assert asked(tapped, text, a=name, b=name)[0] == 1
        assert asked(tapped, text, a=name, b=other)[0] == 2


def test_a_question_that_needs_no_graph_asks_none(tapped: tuple[Api, Tap]) -> None:
    assert asked(tapped, "{ __typename }")[0] == 0
    assert asked(tapped, '{ node(id: "no node id") { id } }')[0] == 0
