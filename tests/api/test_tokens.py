"""Keys and tokens at the real server: who is let in, who no more, and what the log says of it."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import httpx
import psutil
import pytest

from graphsvc.settings import Settings
from tests.api.conftest import Api, in_process, new_key, serving
from tests.bad_tokens import bad_tokens
from tests.issuer import AUDIENCE, CLIENT, Issuer, issuing

GOOD = {"query": "{ rings { edges { node { ringId } } } }"}
CONNECTIONS = 24


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


def trusting(settings: Settings, issuer: Issuer) -> Settings:
    return settings.model_copy(
        update={
            "oidc_issuer": issuer.url,
            "oidc_audience": AUDIENCE,
            "oidc_jwks_url": issuer.jwks_url,
            "oidc_client": CLIENT,
        }
    )


def test_a_good_token_is_let_in_and_no_bad_one(outside: Settings, issuer: Issuer) -> None:
    tokens = bad_tokens(issuer)
    # A header line that long is refused by the server underneath, before anything of ours.
    long = tokens.pop("2 MB")
    good = issuer.token()
    with serving(trusting(outside, issuer)) as (url, process):
        api = Api(url, good, outside, process)
        assert api.ask(GOOD["query"])["rings"]
        answers = {name: api.post(GOOD, key=token) for name, token in tokens.items()}
        first = api.post(GOOD, key="gs_00000000_" + "0" * 64)
        with suppress(httpx.TransportError):  # it may hang up in the midst of the line
            assert api.post(GOOD, key=long).status_code == 431
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert len(answers) >= 40
    assert {name: a.status_code for name, a in answers.items() if a.status_code != 401} == {}
    assert {a.content for a in answers.values()} == {first.content}
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    ids = {answer.headers["X-Request-Id"] for answer in answers.values()}
    told = [line for line in lines if line.get("request") in ids]
    assert len(told) == len(ids)
    assert all(line["refused"].startswith("token: ") for line in told)
    for token in (*tokens.values(), good):
        assert not any(part in log for part in token.split(".") if len(part) > 8)


def test_a_token_without_our_scope_may_not_read(outside: Settings, issuer: Issuer) -> None:
    with serving(trusting(outside, issuer)) as (url, process):
        api = Api(url, issuer.token(scope="openid"), outside, process)
        assert api.refused(GOOD["query"]) == (403, "FORBIDDEN")
        api = Api(url, issuer.token(scope="read"), outside, process)
        assert api.refused(GOOD["query"]) == (403, "FORBIDDEN"), "a text of its own"
        api = Api(url, issuer.token(), outside, process)
        assert api.refused("{ __schema { types { name } } }") == (403, "INTROSPECTION_OFF")


def test_a_revoked_key_is_refused_within_a_second_by_every_worker(outside: Settings) -> None:
    made = new_key(outside)
    headers = {"Authorization": f"Bearer {made['key']}"}
    with (
        serving(outside, "--workers", "2") as (url, process),
        ExitStack() as stack,
    ):
        clients = [
            stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=60))
            for _ in range(CONNECTIONS)
        ]

        def ask() -> set[int]:
            return {client.post("/graphql", json=GOOD).status_code for client in clients}

        assert ask() == {200}
        assert len(answering(process.pid, url)) == 2, "both workers hold some of the connections"
        # Each worker knows the key when it is revoked.
        assert ask() == {200}
        in_process(outside).json("keys", "revoke", made["id"])
        revoked = time.monotonic()
        while time.monotonic() < revoked + 1:
            ask()
        assert ask() == {401}


def answering(server: int, url: str) -> set[int]:
    """Return the worker processes that hold an open connection of a client."""
    port = int(url.rsplit(":", 1)[1])
    return {
        worker.pid
        for worker in psutil.Process(server).children(recursive=True)
        for held in worker.net_connections("tcp")
        if held.laddr.port == port and held.status == psutil.CONN_ESTABLISHED
    }
