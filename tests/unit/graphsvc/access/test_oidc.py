"""Tokens of an issuer: a good one stands for whom it names, and none of the others is let in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from graphsvc.access.jwks import Keyring, fetcher, parse
from graphsvc.access.oidc import Issuer, TokenRefused, load_issuer
from graphsvc.access.principal import Principal, Role, Scope, Standing
from graphsvc.api.auth import Gatekeeper
from graphsvc.errors import InputRefused, IssuerAway, Unauthenticated
from graphsvc.settings import load_settings
from graphsvc.store.reader import Reader
from tests import issuer as real
from tests.bad_tokens import bad_tokens


@pytest.fixture(scope="module")
def issuer() -> Iterator[real.Issuer]:
    with real.issuing() as running:
        yield running


def trusted(issuer: real.Issuer, **changed: Any) -> Issuer:
    found = load_issuer(
        load_settings(
            None,
            oidc_issuer=issuer.url,
            oidc_audience=real.AUDIENCE,
            oidc_jwks_url=issuer.jwks_url,
            **{"oidc_client": real.CLIENT, **changed},
        )
    )
    assert found is not None
    return found


def let_in(trust: Issuer, *tokens: str) -> list[Principal]:
    async def every() -> list[Principal]:
        return [await trust.principal(token) for token in tokens]

    return asyncio.run(every())


def why(trust: Issuer, token: str) -> str:
    with pytest.raises(TokenRefused) as caught:
        let_in(trust, token)
    return str(caught.value)


def test_a_good_token_stands_for_whom_it_names(issuer: real.Issuer) -> None:
    [found] = let_in(trusted(issuer), issuer.token())
    assert (found.name, found.role, found.standing) == ("u-17", Role.ANALYST, Standing())
    assert found.scopes == {Scope.READ, Scope.QUERY_ADHOC}
    assert "u-17" not in found.id, "the id stands in logs"


def test_a_partners_officer_is_the_subject(issuer: real.Issuer) -> None:
    token = issuer.token(graphsvc_role="partner", graphsvc_agency="customs-north")
    [found] = let_in(trusted(issuer), token)
    assert found.standing == Standing(agency="customs-north", officer="u-17")


def test_a_platform_speaks_for_itself(issuer: real.Issuer) -> None:
    [found] = let_in(
        trusted(issuer), issuer.token(graphsvc_role="platform", graphsvc_platform="shopnest")
    )
    assert found.standing == Standing(platform="shopnest")


@pytest.mark.parametrize("told", [None, "", "openid profile", "Read", "read:all"])
def test_without_a_scope_of_ours_nothing_may_be_done(issuer: real.Issuer, told: str | None) -> None:
    [found] = let_in(trusted(issuer), issuer.token(scope=told))
    assert found.scopes == frozenset()


def test_no_bad_token_is_let_in_and_each_leaves_one_word(issuer: real.Issuer) -> None:
    gate = Gatekeeper(trusted(issuer))
    tokens = bad_tokens(issuer)
    assert len(tokens) >= 40
    let = []

    async def no_reader() -> Reader:
        raise AssertionError("a token costs no query")

    async def every() -> None:
        for name, token in tokens.items():
            structlog.contextvars.clear_contextvars()
            try:
                await gate.principal(f"Bearer {token}", no_reader)
                let.append(name)
            except Unauthenticated:
                word = structlog.contextvars.get_contextvars()["refused"]
                assert len(word) < 40, name

    asyncio.run(every())
    assert let == []


def test_there_is_one_way_to_write_a_token(issuer: real.Issuer) -> None:
    assert why(trusted(issuer), bad_tokens(issuer)["the last letter's spare bits"]) == "form"


def test_a_name_in_a_token_never_has_keys_fetched_often(issuer: real.Issuer) -> None:
    trust, before = trusted(issuer), issuer.asked
    tokens = [issuer.token() for _ in range(3)]
    let_in(trust, *tokens)

    async def strangers() -> None:
        for number in range(50):
            assert await trust.keys.key(f"stranger-{number}") is None

    asyncio.run(strangers())
    assert issuer.asked == before + 1


def test_a_key_that_is_rotated_out_is_refused_and_the_new_one_good() -> None:
    with real.issuing() as issuer:
        moment = 0.0
        trust = trusted(issuer)
        object.__setattr__(trust, "keys", Keyring(fetcher(issuer.jwks_url), lambda: moment))
        old = issuer.token()
        let_in(trust, old)
        issuer.rotate("k-2", "EC")
        new = issuer.token()
        assert why(trust, new) == "kid", "not fetched again so soon"
        moment += 11
        let_in(trust, new)
        assert why(trust, old) == "kid"
        issuer.broken = True
        moment += 3590
        let_in(trust, new)
        moment += 20
        with pytest.raises(IssuerAway):
            let_in(trust, new)
        issuer.broken = False
        moment += 11
        let_in(trust, new)


def test_two_audiences_are_good_where_the_client_is_known(issuer: real.Issuer) -> None:
    several = issuer.token(aud=[real.AUDIENCE, "another"])
    let_in(trusted(issuer), several)
    assert why(trusted(issuer, oidc_client=None), several) == "audiences"


def test_only_named_algorithms_are_good(issuer: real.Issuer) -> None:
    assert why(trusted(issuer, oidc_algorithms="ES256,PS256"), issuer.token()) == "algorithm"


def test_only_public_signing_keys_of_good_size_are_taken() -> None:
    import json

    from joserfc.jwk import ECKey, OctKey, RSAKey

    def told(**keys: Any) -> set[str]:
        listed = [{"kid": name, **held} for name, held in keys.items()]
        return set(parse(json.dumps({"keys": listed}).encode()))

    good = RSAKey.generate_key(2048).as_dict(private=False)
    curve = ECKey.generate_key("P-256")
    weak = {**good, "n": good["n"][:170]}
    assert told(
        good={**good, "use": "sig"},
        curve=curve.as_dict(private=False),
        private=curve.as_dict(private=True),
        weak=weak,
        secret=OctKey.generate_key(256).as_dict(private=True),
        sealing={**good, "use": "enc"},
        bent={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        broken={"kty": "RSA", "n": "!", "e": "AQAB"},
        strange={"kty": "XYZ"},
    ) == {"good", "curve"}
    twice = json.dumps({"keys": [{"kid": "a", **good}, {"kid": "a", **good}]})
    assert parse(twice.encode()) == {}


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"keys": {}}', b"<html>", b"\xff"])
def test_what_is_no_jwks_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "https://issuer.example"},
        {"oidc_jwks_url": "https://issuer.example/keys"},
        {"oidc_issuer": "https://issuer.example", "oidc_audience": "graphsvc"},
    ],
)
def test_half_an_issuer_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InputRefused, match="go together"):
        load_issuer(load_settings(None, **wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_jwks_url": "http://issuer.example/keys"},
        {"oidc_jwks_url": "file:///etc/passwd"},
        {"oidc_jwks_url": "http://localhost.example/keys"},
        {"oidc_algorithms": "none"},
        {"oidc_algorithms": "RS256,HS256"},
        {"oidc_algorithms": ""},
    ],
)
def test_a_setting_that_would_weaken_tokens_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InputRefused, match="OIDC"):
        load_settings(None, **wrong)


def test_without_an_issuer_no_token_is_good(issuer: real.Issuer) -> None:
    assert load_issuer(load_settings()) is None

    async def no_reader() -> Reader:
        raise AssertionError("a token costs no query")

    with pytest.raises(Unauthenticated):
        asyncio.run(Gatekeeper().principal(f"Bearer {issuer.token()}", no_reader))
