"""Exports over real HTTP: what leaves, in which form, and how a graph that was cut short looks."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import httpx
import networkx as nx
import pytest

from graphsvc.settings import Settings
from tests.api.conftest import Api, code_of, ended, in_process, new_key, serving
from tests.graph.driving import cypher, kept
from tests.plain_http import HTTP

AROUND = """query ($hops: Int!) { neighbourhood(id: "p:a", hops: $hops, first: 100) {
  truncated nodes { id kind distance text degree hub } ties { seller identifier } } }"""


def lines(response: httpx.Response) -> list[dict[str, Any]]:
    """Return the records of an export that must have begun."""
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_an_export_holds_what_the_walk_shows(api: Api, hops: int) -> None:
    found = api.ask(AROUND, hops=hops)["neighbourhood"]
    *parts, end = lines(api.get(f"/export/neighbourhood?id=p:a&hops={hops}"))
    nodes = {each["id"]: each for each in parts if each["record"] == "node"}
    edges = [(each["source"], each["target"]) for each in parts if each["record"] == "edge"]
    assert not found["truncated"]
    assert end == {"record": "end", "whole": True, "nodes": len(nodes), "edges": len(edges)}
    for node in found["nodes"]:
        told = nodes[node["id"]]
        for name in ("kind", "distance", "text", "degree"):
            assert told.get(name) == node[name], (name, told)
        assert told.get("hub", False) == node["hub"]
    assert len(nodes) == len(found["nodes"])
    assert sorted(edges) == sorted((tie["seller"], tie["identifier"]) for tie in found["ties"])
    place = {each["id"]: n for n, each in enumerate(parts) if each["record"] == "node"}
    for n, each in enumerate(parts):
        if each["record"] == "edge":
            assert max(place[each["source"]], place[each["target"]]) < n, "a node before its edges"


def test_a_kind_is_walked_over_alone(api: Api) -> None:
    told = lines(api.get("/export/neighbourhood?id=p:a&hops=3&kinds=payment_account"))
    kinds = {each["kind"] for each in told if each["record"] == "node"}
    assert kinds == {"seller", "payment_account"}


def test_graphml_is_the_same_graph_and_networkx_reads_it(api: Api) -> None:
    path = "/export/neighbourhood{}?id=p:b&hops=2"
    named = api.get(path.format(".graphml"))
    asked = api.get(path.format(""), Accept="application/graphml+xml")
    assert named.headers["Content-Type"] == asked.headers["Content-Type"]
    assert named.content == asked.content
    graph = nx.read_graphml(io.BytesIO(named.content))
    *parts, _ = lines(api.get(path.format("")))
    nodes = {each["id"]: each for each in parts if each["record"] == "node"}
    assert set(graph) == set(nodes)
    for name, told in graph.nodes(data=True):
        left = {key: value for key, value in nodes[name].items() if key not in ("record", "id")}
        assert told == left
    edges = {frozenset((e["source"], e["target"])) for e in parts if e["record"] == "edge"}
    assert {frozenset(edge) for edge in graph.edges()} == edges
    assert 'Quote" & <Co> (AND) OR * / x' in {
        told.get("text") for _, told in graph.nodes(data=True)
    }


def test_a_version_of_a_ring_leaves_with_its_reasons(api: Api) -> None:
    text = """{ ring(id: "ring-1", version: 2) { id size members(first: 10) { edges { node {
      seller { id } reasons { kind weight } } } } } }"""
    ring = api.ask(text)["ring"]
    members = {edge["node"]["seller"]["id"]: edge["node"] for edge in ring["members"]["edges"]}
    for name in ("ring-1@2", ring["id"]):
        *parts, end = lines(api.get(f"/export/ring?id={name}"))
        assert end["whole"] is True
        assert parts[0]["id"] == ring["id"]
        inside = {e["source"]: e for e in parts if e.get("kind") == "member"}
        assert set(inside) == set(members)
        assert {each["target"] for each in inside.values()} == {ring["id"]}
        for seller, member in members.items():
            used = [e["weight"] for e in parts if e.get("kind") == "uses" and e["source"] == seller]
            assert used == [reason["weight"] for reason in member["reasons"]]
    graph = nx.read_graphml(io.BytesIO(api.get("/export/ring.graphml?id=ring-1@2").content))
    assert (len(graph), graph.nodes[ring["id"]]["tier"]) == (end["nodes"], "ban")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("neighbourhood?id=p:nobody", 404, "NOT_FOUND"),
        ("neighbourhood?id=%00", 404, "NOT_FOUND"),
        ("neighbourhood?id=%F0%9F%98%80", 404, "NOT_FOUND"),
        ("ring?id=ring-1@99", 404, "NOT_FOUND"),
        ("ring?id=ring-1@x", 404, "NOT_FOUND"),
        ("ring?id=p:a", 404, "NOT_FOUND"),
        ("neighbourhood", 400, "BAD_REQUEST"),
        (f"neighbourhood?id={'x' * 501}", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&hops=0", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&hops=4", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&hops=x", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&hops=%D9%A3", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&kinds=shoe", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&kinds=", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&id=p:b", 400, "BAD_REQUEST"),
        ("neighbourhood?id=p:a&first=3", 400, "BAD_REQUEST"),
        ("ring?id=ring-1&hops=2", 400, "BAD_REQUEST"),
        ("neighbourhood.csv?id=p:a", 404, "NO_SUCH_PATH"),
        ("everything", 404, "NO_SUCH_PATH"),
        ("", 404, "NO_SUCH_PATH"),
        ("ring/ring-1", 404, "NO_SUCH_PATH"),
    ],
)
def test_what_cannot_be_exported_is_a_typed_error(
    api: Api, path: str, status: int, code: str
) -> None:
    answer = api.get(f"/export/{path}")
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_form_method_and_key_are_as_everywhere(api: Api) -> None:
    path = "/export/neighbourhood?id=p:a"
    refused = api.get(path, Accept="text/csv, application/json;q=0.5")
    assert (refused.status_code, code_of(refused)) == (415, "FORM")
    assert lines(api.get(path, Accept="text/html, */*;q=0.1"))[-1]["whole"] is True
    assert api.get(path, key="gs_no").status_code == 401
    headers = {"Authorization": f"Bearer {api.key}"}
    posted = HTTP.post(f"{api.url}{path}", headers=headers)
    assert (posted.status_code, code_of(posted)) == (405, "METHOD")
    assert httpx.head(f"{api.url}{path}", headers=headers).status_code == 405


def test_a_desk_s_export_is_in_the_journal_too(api: Api) -> None:
    end = lines(api.get("/export/neighbourhood?id=p:a&hops=2"))[-1]
    after, before = ended(in_process(api.settings))
    assert before["action"] == after["action"] == "export"
    assert "outcome" not in before
    assert after["outcome"] == "done"
    assert after["detail"].endswith(f"{end['nodes']} nodes, {end['edges']} edges, whole")


def test_a_walk_that_is_cut_off_says_where_all_of_it_is(api: Api) -> None:
    text = 'query ($n: Int!) { neighbourhood(id: "p:a", first: $n) { truncated advice } }'
    assert api.ask(text, n=100)["neighbourhood"] == {"truncated": False, "advice": None}
    assert "/export/neighbourhood" in api.ask(text, n=2)["neighbourhood"]["advice"]
    told = api.post({"query": text, "variables": {"n": 501}}).json()["errors"][0]
    assert "/export/neighbourhood" in told["extensions"]["advice"]


@pytest.fixture(scope="module")
def slow(outside: Settings) -> Iterator[Api]:
    """A server whose questions may run for minutes, over pictures that make one run for hours."""
    patient = outside.model_copy(update={"query_seconds": 600.0})
    cypher(outside, kept("tangle"), seller="p:i", size=450)
    with serving(patient) as (url, process):
        yield Api(url, new_key(outside)["key"], outside, process)
    cypher(outside, kept("untangle"))


def running(settings: Settings, wanted: bool) -> bool:
    """Tell whether questions of the server run, once they do as wanted or a minute has gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = cypher(settings, kept("running"))[0]["running"] > 0
        if found is wanted:
            break
        time.sleep(0.05)
    return found


REQUESTS = {
    "export": "GET /export/neighbourhood?id=p:i HTTP/1.1\r\n",
    "graphql": "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n",
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_client_that_goes_away_ends_its_question(slow: Api, what: str) -> None:
    host, _, port = slow.url.rpartition("/")[2].partition(":")
    body = json.dumps({"query": '{ neighbourhood(id: "p:i") { truncated } }'})
    sent = body if what == "graphql" else ""
    head = f"Host: x\r\nAuthorization: Bearer {slow.key}\r\nContent-Length: {len(sent)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(f"{REQUESTS[what]}{head}{sent}".encode())
        assert running(slow.settings, wanted=True)
    assert running(slow.settings, wanted=False) is False
    if what == "export":
        assert ended(in_process(slow.settings))[0]["outcome"] == "INTERRUPTED"


@pytest.fixture(scope="module")
def hasty(slow: Api) -> Iterator[Api]:
    """A server over the same pictures whose questions may run for a second."""
    little = slow.settings.model_copy(update={"query_seconds": 1.0, "rate_points": 5_000})
    with serving(little) as (url, process):
        yield Api(url, slow.key, slow.settings, process)


def test_a_graph_that_is_cut_short_looks_cut_short(hasty: Api) -> None:
    *parts, end = lines(hasty.get("/export/neighbourhood?id=p:i"))
    assert (end["record"], end["whole"], end["code"]) == ("end", False, "DATABASE_TIMEOUT")
    assert end["advice"]
    assert end["nodes"] == sum(each["record"] == "node" for each in parts) > 0
    xml = hasty.get("/export/neighbourhood.graphml?id=p:i")
    assert xml.status_code == 200
    with pytest.raises(ElementTree.ParseError):
        nx.read_graphml(io.BytesIO(xml.content))
    refused = hasty.get("/export/neighbourhood?id=p:a")
    assert (refused.status_code, code_of(refused)) == (429, "RATE_LIMIT")
    body = ended(in_process(hasty.settings))[0]
    assert body["outcome"] == "DATABASE_TIMEOUT"
    assert body["detail"].endswith("cut short")
