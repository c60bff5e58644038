"""The demo's API: a real `graphsvc serve` beside it, one real question, and a clean end."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from graphsvc.cli.main import notes
from graphsvc.errors import DatabaseAway
from graphsvc.settings import Settings, child_environment
from graphsvc.store.process import free_port

QUESTION = """query TopRing {
  rings(first: 1) {
    edges {
      node {
        id
        tier
        size
        score
        members(first: 3) {
          edges {
            node { seller { handle } tier reasons { kind shown shared sellers since weight } }
          }
        }
      }
    }
  }
}"""
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.2


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Run `graphsvc serve` on a free port until the block ends; yield its address.

    Raises DatabaseAway where it does not get ready.
    """
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "graphsvc", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=child_environment(settings))  # noqa: S603 - ourselves
    try:
        _await_ready(server, url)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=WAIT_SECONDS)


def _await_ready(server: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(PAUSE_SECONDS)
    raise DatabaseAway("the API did not get ready; its log is above")


def ask_one(url: str, key: str) -> None:
    """Send one question over HTTP, print it and its answer."""
    answer = post(url, key, {"query": QUESTION})
    notes.print(f"\n[bold]POST {url}/graphql[/]")
    sys.stdout.write(QUESTION + "\n\n" + json.dumps(answer, indent=2, ensure_ascii=False) + "\n")


def post(
    url: str, key: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None
) -> Any:
    """Return the answer to a GraphQL request."""
    held = {"Authorization": f"Bearer {key}", **(headers or {})}
    return requests.post(f"{url}/graphql", json=body, headers=held, timeout=30).json()


def stay(url: str, key: str) -> None:
    """Keep serving until Ctrl-C, and say how to go on."""
    notes.print(f"\nserving at {url}/graphql; Ctrl-C stops the API and Neo4j. Try:")
    body = json.dumps({"query": "{ rings(first: 5) { edges { node { id tier size } } } }"})
    command = f"curl -s {url}/graphql -H 'Authorization: Bearer {key}'"
    notes.print(f"  {command} -H 'Content-Type: application/json' -d '{body}'", markup=False)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        notes.print("stopping")
