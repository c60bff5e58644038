"""Walk a case from its grant to its findings, with nothing but Python's standard library.

    GRAPHSVC_KEY=gs_… python partner_case.py URL CASE PURPOSE PLATFORM:SELLER

Every question is a trusted document: its id is the SHA-256 of a file of queries/partner, which
docs/partner-documents.md lists. Copy the ids from there; the texts never travel.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

SELLER = "sha256:2691f77e3e43fd917cd9221db001d95358984402807a0c2b231e57cb9f9c7e28"
NEIGHBOURHOOD = "sha256:267ee23bec5302524cf9232de94a815bb5cb57a27eb293a7b9a23ee7c509ed58"
PATHS = "sha256:5f45026bba6f966e18b7ee28be0e293a9df8c63eb2cb695902b758f0978ee01a"
TRIES = 5


class Refused(Exception):
    """The service said no; the message has its code and its advice."""


def ask(url: str, headers: dict[str, str], document: str, **variables: Any) -> dict[str, Any]:
    """Return the data of a trusted document; waits where the service says when to come back."""
    body = json.dumps({"documentId": document, "variables": variables}).encode()
    for _ in range(TRIES):
        request = Request(f"{url}/graphql", body, headers)
        try:
            with urlopen(request, timeout=30) as answer:
                told = json.load(answer)
                break
        except HTTPError as error:
            if error.code in (429, 503) and (seconds := error.headers.get("Retry-After")):
                time.sleep(float(seconds))
                continue
            told = json.load(error)
            break
    else:
        raise Refused("the service stayed busy")
    if told.get("errors"):
        first = told["errors"][0]
        raise Refused(f"{first['extensions']['code']}: {first['message']}")
    return told["data"]


def walk(url: str, headers: dict[str, str], seller: str) -> None:
    """Print a seller, whom it hangs together with, and over what."""
    platform, _, local = seller.partition(":")
    found = ask(url, headers, SELLER, platform=platform, sellerId=local)["seller"]
    if found is None:
        print(f"{seller}: not there, or not open under this grant")
        return
    print(f"{found['platform']}:{found['sellerId']}  {found['handle']}  {found['legalName']}")
    for edge in found["identifiers"]["edges"]:
        held = edge["node"]
        said = edge["claims"][0] if edge["claims"] else {}
        crowd = "a hub" if held["hub"] else f"{held['sellers']} sellers"
        print(f"  uses {held['kind']} {held['shown']} ({crowd}), {said.get('assertedBy')}")
    for edge in found["reports"]["edges"]:
        print(f"  reported {edge['node']['verdict']} on {edge['node']['at']}")
    around = ask(url, headers, NEIGHBOURHOOD, id=found["id"], hops=1)["neighbourhood"]
    others = [each for each in around["nodes"] if each["kind"] == "seller" and each["distance"]]
    for other in others:
        chains = ask(url, headers, PATHS, **{"from": found["id"], "to": other["id"], "k": 1})
        for chain in chains["paths"]["chains"]:
            ties = [hop["left"] for hop in chain["hops"]]
            over = ", ".join(f"{tie['kind']} {tie['shown']}" for tie in ties)
            print(f"  hangs together with {other['text']} over {over}")


def main() -> None:
    """Read the command line; exit 1 where the service refuses."""
    if len(sys.argv) != 5 or not os.environ.get("GRAPHSVC_KEY"):
        sys.exit(__doc__)
    url, case, purpose, seller = sys.argv[1:]
    headers = {
        "Authorization": f"Bearer {os.environ['GRAPHSVC_KEY']}",
        "Content-Type": "application/json",
        "Case-Id": case,
        "Purpose": purpose,
    }
    try:
        walk(url, headers, seller)
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
