"""Trusted documents over real HTTP: who may run them, by which id, within which points."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256

import pytest

from graphsvc.api.trusted import documents
from graphsvc.settings import Settings
from tests.api.conftest import Api, code_of, new_key, serving
from tests.contract.rules import TOP

VARIABLES = {
    "co_users": {"platform": "p", "sellerId": "a"},
    "seller": {"platform": "p", "sellerId": "a"},
    "neighbourhood": {"id": "p:a"},
    "paths": {"from": "p:a", "to": "p:d"},
    "identifier": {"id": "x"},
    "why_linked": {"a": "p:a", "b": "p:d"},
    "timeline": {"id": "p:a"},
    "ring": {"id": "ring-1"},
    "ring_reasons": {"id": "ring-1"},
    "rings": {},
}


def id_of(name: str) -> str:
    return "sha256:" + sha256(documents()[name].encode()).hexdigest()


def test_the_page_is_the_one_that_is_printed() -> None:
    words = [sys.executable, "-m", "graphsvc.api.trusted"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True, cwd=TOP, timeout=60)
    held = (TOP / "docs/partner-documents.md").read_text("utf-8")
    assert printed.stdout == held, "run: python -m graphsvc.api.trusted > docs/partner-documents.md"
    assert all(id_of(name) in held for name in documents())


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_document_is_answered_as_its_text_is(api: Api, name: str) -> None:
    assert VARIABLES.keys() == documents().keys()
    by_id = api.post({"documentId": id_of(name), "variables": VARIABLES[name]})
    by_text = api.post({"query": documents()[name], "variables": VARIABLES[name]})
    assert by_id.status_code == 200, by_id.text
    assert by_id.content == by_text.content
    assert by_id.headers["Cost"] == by_text.headers["Cost"]


@pytest.fixture(scope="module")
def reader(api: Api) -> Api:
    """The same server for a key that may run trusted documents only."""
    key = new_key(api.settings, "--scope", "read")["key"]
    return Api(api.url, key, api.settings, api.process)


def test_a_key_without_the_scope_runs_trusted_documents_only(reader: Api) -> None:
    asked = {"documentId": id_of("seller"), "variables": VARIABLES["seller"]}
    assert reader.post(asked).json()["data"]["seller"]["handle"] == "Amber Lane"
    refused = reader.post({"query": documents()["seller"], "variables": VARIABLES["seller"]})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "sha256:" + "0" * 64},
        {"documentId": "seller"},
        {"documentId": "sha256:" + "0" * 64, "query": "{ __typename }"},
    ],
)
def test_an_unknown_document_is_refused(reader: Api, body: dict[str, str]) -> None:
    found = reader.post(body)
    assert (found.status_code, code_of(found)) in {(400, "UNKNOWN_DOCUMENT"), (400, "BAD_REQUEST")}


@pytest.fixture(scope="module")
def few_points(outside: Settings) -> Iterator[Api]:
    """A server that gives each client few points."""
    little = outside.model_copy(update={"rate_points": 2_500})
    with serving(little) as (url, process):
        yield Api(url, new_key(outside)["key"], outside, process)


def test_a_client_that_asks_too_much_is_told_when_to_come_back(few_points: Api) -> None:
    asked = {"documentId": id_of("co_users"), "variables": VARIABLES["co_users"]}
    first, second = few_points.post(asked), few_points.post(asked)
    assert first.status_code == 200, first.text
    cost = int(first.headers["Cost"])
    assert first.headers["RateLimit"].startswith(f'"cost";r={2_500 - cost};t=')
    assert (second.status_code, code_of(second)) == (429, "RATE_LIMIT")
    assert 1 <= int(second.headers["Retry-After"]) <= 60
    assert few_points.post({"query": "{ __typename }"}).status_code == 200, "a small one still goes"
    other = Api(few_points.url, new_key(few_points.settings)["key"], few_points.settings,
                few_points.process)  # fmt: skip
    assert other.post(asked).status_code == 200
