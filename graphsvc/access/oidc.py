"""Tokens of an OIDC issuer: a JWT to whom it stands for (RFC 7519, RFC 8725).

Never keeps, logs or repeats a token; says why one was refused in a word that holds nothing of it.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from graphsvc import clock
from graphsvc.access.jwks import Keyring, PublicKey, fetcher
from graphsvc.access.policy import check_standing, scopes_held
from graphsvc.access.principal import Principal, Role, Standing
from graphsvc.errors import InputRefused, UsageError
from graphsvc.settings import Settings

FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
LONGEST = 8192
LONGEST_NAME = 200
LEEWAY_SECONDS = 10
MOST_SECONDS = 24 * 3600
# What a header may hold: nothing that says where a key comes from, or what must be understood.
HEADER = {"alg", "kid", "typ", "x5t", "x5t#S256"}
TYPES = {"jwt", "at+jwt", "application/at+jwt"}
KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


class TokenRefused(Exception):
    """A token that is not good, with the reason in one word for the log."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whom we trust to say who somebody is: its name, our own, its algorithms and its keys.

    `client` is the one party that tokens must be issued to (azp), '' for any.
    """

    name: str
    audience: str
    algorithms: frozenset[str]
    keys: Keyring
    client: str = ""
    now: Callable[[], float] = lambda: clock.now().timestamp()

    async def principal(self, token: str) -> Principal:
        """Return whom a token stands for; raises TokenRefused, IssuerAway."""
        if len(token) > LONGEST or not FORM.fullmatch(token):
            raise TokenRefused("form")
        algorithm, kid = self._header(token)
        key = await self.keys.key(kid)
        if key is None:
            raise TokenRefused("kid")
        claims = self._claims(token, algorithm, key)
        return principal_of(claims, self.name)

    def _header(self, token: str) -> tuple[str, str]:
        header = _object(token.split(".")[0])
        if not header.keys() <= HEADER or str(header.get("typ", "JWT")).lower() not in TYPES:
            raise TokenRefused("header")
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in self.algorithms:
            raise TokenRefused("algorithm")
        if not isinstance(kid, str) or len(kid) > LONGEST_NAME:
            raise TokenRefused("kid")
        return algorithm, kid

    def _claims(self, token: str, algorithm: str, key: PublicKey) -> dict[str, Any]:
        if key.key_type != KEY_TYPES[algorithm[:2]] or key.get("alg", algorithm) != algorithm:
            raise TokenRefused("algorithm")
        _, payload, signature = token.split(".")
        _bytes(signature)
        try:
            jwt.decode(token, key, algorithms=[algorithm])
        except (JoseError, ValueError, TypeError, RecursionError):
            raise TokenRefused("signature") from None
        claims = _object(payload)
        self._check(claims)
        return claims

    def _check(self, claims: dict[str, Any]) -> None:
        now = int(self.now())
        wanted: dict[str, ClaimsOption] = {
            "iss": {"essential": True, "value": self.name},
            "aud": {"essential": True, "value": self.audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }
        if self.client:
            wanted["azp"] = {"essential": True, "value": self.client}
        registry = JWTClaimsRegistry(now=now, leeway=LEEWAY_SECONDS, **wanted)
        try:
            registry.validate(claims)
        except JoseError as error:
            raise TokenRefused(error.error) from None
        if claims["exp"] > now + MOST_SECONDS:
            raise TokenRefused("lifetime")
        # A token for several must say to whom it was given; else anyone of them could pass it on.
        alone = isinstance(claims["aud"], str) or len(claims["aud"]) == 1
        if not (alone or self.client):
            raise TokenRefused("audiences")


def principal_of(claims: Mapping[str, Any], issuer: str) -> Principal:
    """Return whom good claims stand for; raises TokenRefused where they name no role of ours.

    `graphsvc_role`, `graphsvc_agency` and `graphsvc_platform` are ours; `sub` is a partner's
    officer; of `scope` only our own words count, and without `read` nothing may be read.
    """
    subject, told, named = claims["sub"], claims.get("scope", ""), claims.get("graphsvc_role")
    if len(subject) > LONGEST_NAME or not subject.isprintable():
        raise TokenRefused("subject")
    if not isinstance(named, str) or named not in set(Role) or not isinstance(told, str):
        raise TokenRefused("role")
    role = Role(named)
    officer = subject if role is Role.PARTNER else None
    standing = Standing(
        agency=claims.get("graphsvc_agency"),
        officer=officer,
        platform=claims.get("graphsvc_platform"),
    )
    try:
        check_standing(role, standing)
    except (UsageError, TypeError):
        raise TokenRefused("standing") from None
    scopes = scopes_held(role, told.split(" "))
    # A subject may be an e-mail address: in a log it goes by its digest.
    short = sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:16]
    return Principal(f"oidc-{short}", subject, role, scopes, standing)


def _object(segment: str) -> dict[str, Any]:
    """Return the JSON object of a segment, no name twice; raises TokenRefused."""
    try:
        held = json.loads(_bytes(segment).decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise TokenRefused("form") from None
    if not isinstance(held, dict):
        raise TokenRefused("form")
    return held


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise TokenRefused("duplicate")
    return found


def _bytes(segment: str) -> bytes:
    """Return a segment's bytes; raises TokenRefused unless it is the one way to write them."""
    try:
        data = urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise TokenRefused("form") from None
    if urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != segment:
        raise TokenRefused("form")
    return data


def load_issuer(settings: Settings) -> Issuer | None:
    """Return the issuer that the settings name, or None; raises InputRefused for half of one."""
    named = (settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    issuer, audience, url = named
    if not any(named):
        return None
    if not (issuer and audience and url):
        raise InputRefused("oidc_issuer, oidc_audience and oidc_jwks_url go together")
    algorithms = frozenset(settings.oidc_algorithms.split(","))
    keys = Keyring(fetcher(url))
    return Issuer(issuer, audience, algorithms, keys, settings.oidc_client or "")
