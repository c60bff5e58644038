"""A small OIDC issuer: signs real tokens and gives its public keys over real HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

AUDIENCE = "graphsvc"
CLIENT = "investigation-desk"
Key = RSAKey | ECKey


@dataclass
class Issuer:
    """An issuer on loopback; `asked` counts how often its keys were fetched."""

    url: str = ""
    keys: dict[str, Key] = field(default_factory=dict)
    asked: int = 0
    broken: bool = False

    @property
    def jwks_url(self) -> str:
        """Return where its public keys are."""
        return f"{self.url}/jwks.json"

    def rotate(self, kid: str, kind: str = "RSA") -> Key:
        """Let one new key take the place of all others."""
        made: Key = (
            RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})
            if kind == "RSA"
            else ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})
        )
        self.keys = {kid: made}
        return made

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return an analyst's good claims; a None takes a claim away."""
        now = int(time.time())
        good = {
            "iss": self.url,
            "aud": AUDIENCE,
            "azp": CLIENT,
            "sub": "u-17",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "graphsvc_role": "analyst",
            "scope": "openid read query:adhoc",
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def token(self, **changed: Any) -> str:
        """Return a signed token of the good claims with these changes."""
        kid, key = next(iter(self.keys.items()))
        header = {"alg": str(key.alg), "kid": kid}
        return jwt.encode(header, self.claims(**changed), key, algorithms=[str(key.alg)])

    def document(self) -> bytes:
        """Return the JWKS."""
        return json.dumps(
            {"keys": [key.as_dict(private=False) for key in self.keys.values()]}
        ).encode()


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run an issuer with one RSA key of the name k-1; end it."""
    issuer = Issuer()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked += 1
            found = self.path == "/jwks.json" and not issuer.broken
            body = issuer.document() if found else b"{}"
            self.send_response(200 if found else 500)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer.url = f"http://127.0.0.1:{server.server_address[1]}"
    issuer.rotate("k-1")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
