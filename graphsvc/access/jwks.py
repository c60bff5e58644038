"""The public keys of an OIDC issuer: fetched over HTTP, kept, and renewed as they rotate.

Only public keys are taken, as key objects of their own kind, each under its `kid`. A token never
says where keys come from, and cannot have them fetched more often than every few seconds.
"""

from __future__ import annotations

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import requests
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from graphsvc.errors import IssuerAway

FRESH_SECONDS = 300.0
LONGEST_SECONDS = 3600.0
PAUSE_SECONDS = 10.0
FETCH_SECONDS = 3.0
MOST_BYTES = 256 * 1024
MOST_KEYS = 100
LEAST_RSA_BITS = 2048
PublicKey = RSAKey | ECKey | OKPKey
_KINDS: dict[str, type[PublicKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}


class Keyring:
    """The keys of one issuer by `kid`, as they were at most an hour ago.

    They are fetched again after five minutes, and for a `kid` that nobody knows; but never twice
    within ten seconds, whatever tokens come.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[bytes]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._now = now
        self._keys: Mapping[str, PublicKey] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    async def key(self, kid: str) -> PublicKey | None:
        """Return the key of that name, or None; raises IssuerAway where no keys are to be had."""
        if kid not in self._keys or self._age() > FRESH_SECONDS:
            await self._renew()
        if self._age() > LONGEST_SECONDS:
            raise IssuerAway("the issuer of tokens does not give its keys")
        return self._keys.get(kid)

    def _age(self) -> float:
        return self._now() - self._fetched

    async def _renew(self) -> None:
        async with self._fetching:
            if self._now() - self._tried < PAUSE_SECONDS:
                return
            self._tried = self._now()
            try:
                self._keys = parse(await self._fetch())
            except (OSError, ValueError, RecursionError):
                return  # the keys that are held stay until they are too old
            self._fetched = self._now()


def parse(document: bytes) -> dict[str, PublicKey]:
    """Return the usable keys of a JWKS document by `kid`; raises ValueError where it is none.

    A symmetric, private, weak, nameless or encrypting key is left out, and two of one name both.
    """
    held = json.loads(document)
    listed = held.get("keys") if isinstance(held, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no list of keys")
    found: dict[str, PublicKey] = {}
    twice = set()
    for each in listed[:MOST_KEYS]:
        key = _key(each) if isinstance(each, dict) else None
        if key is not None:
            kid = each["kid"]
            twice |= {kid} & found.keys()
            found[kid] = key
    return {kid: key for kid, key in found.items() if kid not in twice}


def _key(held: dict[str, Any]) -> PublicKey | None:
    kind = _KINDS.get(str(held.get("kty")))
    named = isinstance(held.get("kid"), str) and held["kid"]
    if kind is None or not named or "d" in held or held.get("use", "sig") != "sig":
        return None
    try:
        return (
            None if kind is RSAKey and _bits(held["n"]) < LEAST_RSA_BITS else _imported(kind, held)
        )
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _imported(kind: type[PublicKey], held: dict[str, Any]) -> PublicKey:
    key = kind.import_key(held)
    key.public_key  # noqa: B018 - numbers that make no key are refused here, not at the first token
    return key


def _bits(modulus: str) -> int:
    return int.from_bytes(urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))).bit_length()


def fetcher(url: str) -> Callable[[], Awaitable[bytes]]:
    """Return what fetches a JWKS: no redirect, 256 KiB and three seconds at most."""

    def fetch() -> bytes:
        with requests.get(
            url, timeout=FETCH_SECONDS, allow_redirects=False, stream=True
        ) as response:
            body = bytes(response.raw.read(MOST_BYTES + 1, decode_content=True))
            if response.status_code != 200 or len(body) > MOST_BYTES:
                raise ValueError("no JWKS there")
            return body

    async def fetching() -> bytes:
        return await asyncio.wait_for(asyncio.to_thread(fetch), 2 * FETCH_SECONDS)

    return fetching
