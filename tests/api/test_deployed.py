"""`serve` as it is deployed: figures of all workers, headers, TLS, and a stop in time."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from prometheus_client.parser import text_string_to_metric_families

from graphsvc.api.headers import HARDENING, ONLY_TLS
from graphsvc.settings import Settings
from graphsvc.store.process import free_port
from tests.api.conftest import Api, new_key, serving, started, verb
from tests.plain_http import HTTP
from tests.tap import Tap

GOOD = "{ rings { edges { node { ringId } } } }"
WAIT_SECONDS = 60
Figures = dict[tuple[str, str], float]


def answers(port: int) -> Figures:
    """Return how many answers Prometheus is told of, by path and status."""
    text = HTTP.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    return {
        (sample.labels["path"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "graphsvc_requests_total"
    }


def test_figures_are_those_of_all_workers_living_and_dead(outside: Settings) -> None:
    port = free_port()
    key = new_key(outside)["key"]
    measured = outside.model_copy(update={"metrics_port": port})
    with serving(measured, "--workers", "2") as (url, process):
        api = Api(url, key, outside, process)
        for _ in range(20):  # each a connection of its own, so that both workers are asked
            api.ask(GOOD)
        assert HTTP.get(f"{url}/metrics").status_code == 404
        before = answers(port)
        assert before["graphql", "200"] == 20
        assert before["other", "404"] == 1
        for worker in psutil.Process(process.pid).children():
            worker.kill()
        deadline = time.monotonic() + WAIT_SECONDS
        while answers(port)["graphql", "200"] == 20:
            assert time.monotonic() < deadline, "no worker came back"
            try:
                api.ask(GOOD)
            except httpx.TransportError:
                time.sleep(0.1)
        assert answers(port)["graphql", "200"] == 21
    assert not [*outside.home.glob("metrics-*")]


def test_every_answer_has_the_headers_and_no_cors(outside: Settings) -> None:
    proxied = outside.model_copy(update={"proxied": True})
    with serving(proxied) as (url, _):
        for path in ("/livez", "/graphql", "/nowhere"):
            told = HTTP.get(f"{url}{path}", headers={"Origin": "https://elsewhere.example"})
            wanted = {**HARDENING, **ONLY_TLS}
            assert {name: told.headers[name] for name in wanted} == wanted
            assert not [name for name in told.headers if name.startswith("access-control")]


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for the loopback address, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "graphsvc test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return chain, private


def test_tls_is_spoken_and_half_a_pair_is_refused(outside: Settings, tmp_path: Path) -> None:
    chain, private = certificate(tmp_path)
    half = verb(outside.model_copy(update={"tls_certificate": chain}), "serve", "--port", "0")
    assert half.returncode == 2
    assert "GRAPHSVC_TLS_KEY" in half.stderr
    settings = outside.model_copy(update={"tls_certificate": chain, "tls_key": private})
    port = free_port()
    trusted = ssl.create_default_context(cafile=str(chain))
    deadline = time.monotonic() + WAIT_SECONDS
    with started(settings, port) as process:
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline, "it never answered"
            try:
                told = httpx.get(f"https://127.0.0.1:{port}/readyz", verify=trusted, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
    assert told.status_code == 200
    assert told.headers["Strict-Transport-Security"]


@pytest.mark.timeout(120)
def test_a_stop_does_not_wait_for_a_question_without_end(outside: Settings) -> None:
    place = urlsplit(outside.neo4j_uri or "")
    tap = Tap(place.hostname or "", place.port or 0)
    key = new_key(outside)["key"]
    update = {"neo4j_uri": f"bolt://127.0.0.1:{tap.port}", "query_seconds": 3600.0}
    settings = outside.model_copy(update=update)
    with serving(settings) as (url, process):
        api = Api(url, key, settings, process)
        api.ask(GOOD)
        with tap.held():
            asked = subprocess.Popen(
                [sys.executable, "-c", ASK, f"{url}/graphql", key], stderr=subprocess.DEVNULL
            )
            assert tap.wait_for(tap.runs + 1)
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=WAIT_SECONDS)
        asked.wait(timeout=WAIT_SECONDS)
        assert asked.returncode != 0
    tap.close()


ASK = """
import sys, httpx
from tests.plain_http import HTTP
url, key = sys.argv[1:]
httpx.post(url, json={"query": "{ rings { edges { node { ringId } } } }"},
           headers={"Authorization": f"Bearer {key}"}, timeout=600)
"""
