"""Tokens that are all but good: each differs from one that is let in by one thing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.issuer import Issuer


def text_of(data: bytes) -> str:
    """Return bytes as a segment."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def bytes_of(segment: str) -> bytes:
    """Return a segment's bytes."""
    return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def written(value: object) -> str:
    """Return a value as a segment of JSON."""
    return text_of(json.dumps(value, separators=(",", ":")).encode())


def bad_tokens(issuer: Issuer) -> dict[str, str]:
    """Return bad tokens by what is wrong with them."""
    return {**_headers(issuer), **_claims(issuer), **_bytes(issuer)}


def signed(issuer: Issuer, header: dict[str, Any], payload: bytes) -> str:
    """Return a token of any header and payload with a good signature (RS256)."""
    key = next(iter(issuer.keys.values()))
    assert isinstance(key, RSAKey)
    return signed_raw(key, written(header), payload)


def signed_raw(key: RSAKey, header: str, payload: bytes) -> str:
    """Return a token of a header as it is written, with a good signature (RS256)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    body = f"{header}.{text_of(payload)}"
    signature = key.private_key.sign(body.encode(), PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr]
    return f"{body}.{text_of(signature)}"


def _headers(issuer: Issuer) -> dict[str, str]:
    kid, key = next(iter(issuer.keys.items()))
    assert isinstance(key, RSAKey)
    payload = json.dumps(issuer.claims()).encode()
    body = text_of(payload)
    good = {"alg": "RS256", "kid": kid, "typ": "JWT"}
    public = key.as_pem(private=False)
    stranger = RSAKey.generate_key(2048, {"kid": kid})
    found = {
        f"alg {alg!r}": f"{written({**good, 'alg': alg})}.{body}."
        for alg in ("none", "None", "NONE", "nOnE", "")
    }
    for name, secret in {
        "pem": public,
        "der": key.as_der(private=False),
        "jwk": json.dumps(key.as_dict(private=False)).encode(),
        "empty": b"",
    }.items():
        head = written({**good, "alg": "HS256"})
        mac = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
        found[f"HS256 with the public key, {name}"] = f"{head}.{body}.{text_of(mac)}"
    for kid_of in (
        *(
            "../../../../dev/null",
            "/dev/null",
            "k-1' OR '1'='1",
            "k-1\x00",
            "http://127.0.0.1/k",
            "",
        ),
        *(None, 1, ["k-1"], {"k": 1}, "k" * 201),
    ):
        found[f"kid {str(kid_of)[:20]!r}"] = signed(issuer, {**good, "kid": kid_of}, payload)
    found["no kid"] = signed(issuer, {"alg": "RS256"}, payload)
    found["a stranger's signature"] = jwt.encode(good, issuer.claims(), stranger)
    own = {**good, "jwk": stranger.as_dict(private=False)}
    found["a stranger's jwk in the header"] = signed_raw(stranger, written(own), payload)
    for name, value in {
        "jku": f"{issuer.url}/other.json",
        "x5u": f"{issuer.url}/cert.pem",
        "x5c": ["MIIB"],
        "crit": ["exp"],
        "b64": False,
        "cty": "JWT",
        "zip": "DEF",
        "strange": 1,
    }.items():
        found[f"header {name}"] = signed(issuer, {**good, name: value}, payload)
    for alg in ("RS384", "PS256", "ES256", "EdDSA", "HS512", "RS1", "rs256"):
        found[f"header says {alg}"] = signed(issuer, {**good, "alg": alg}, payload)
    found["another type"] = signed(issuer, {**good, "typ": "logout+jwt"}, payload)
    doubled = b'{"alg":"none","alg":"RS256","kid":"' + kid.encode() + b'"}'
    found["alg twice"] = signed_raw(key, text_of(doubled), payload)
    found["a header that is a list"] = signed_raw(key, written([good]), payload)
    curve = ECKey.generate_key("P-256", {"kid": kid})
    es = {**good, "alg": "ES256"}
    found["a stranger's curve"] = jwt.encode(es, issuer.claims(), curve, algorithms=["ES256"])
    secret = OctKey.import_key("7" * 64)
    hs = {**good, "alg": "HS256"}
    found["a stranger's secret"] = jwt.encode(hs, issuer.claims(), secret, algorithms=["HS256"])
    return found


def _claims(issuer: Issuer) -> dict[str, str]:
    now = int(time.time())
    changes: dict[str, dict[str, Any]] = {
        "expired": {"exp": now - 60},
        "expired just now": {"exp": now - 11},
        "no exp": {"exp": None},
        "exp as text": {"exp": str(now + 300)},
        "exp true": {"exp": True},
        "exp not a number": {"exp": float("nan")},
        "exp without end": {"exp": float("inf")},
        "exp in a year": {"exp": now + 365 * 86400},
        "not yet": {"nbf": now + 60},
        "from the future": {"iat": now + 60},
        "wrong aud": {"aud": "another-service"},
        "aud in part": {"aud": "graphsvc-other"},
        "no aud": {"aud": None},
        "aud empty": {"aud": []},
        "aud an object": {"aud": {"graphsvc": 1}},
        "aud of several": {"aud": ["graphsvc", "another-service"], "azp": None},
        "wrong iss": {"iss": "https://issuer.example"},
        "iss with a slash": {"iss": f"{issuer.url}/"},
        "no iss": {"iss": None},
        "iss a list": {"iss": [issuer.url]},
        "wrong azp": {"azp": "another-client"},
        "no azp": {"azp": None},
        "no sub": {"sub": None},
        "sub a number": {"sub": 17},
        "sub empty": {"sub": ""},
        "sub with a line": {"sub": "u-17\nrole: admin"},
        "no role": {"graphsvc_role": None},
        "a role that is none": {"graphsvc_role": "king"},
        "a role in capitals": {"graphsvc_role": "ADMIN"},
        "roles": {"graphsvc_role": ["admin"]},
        "a partner without agency": {"graphsvc_role": "partner"},
        "a platform without platform": {"graphsvc_role": "platform"},
        "an analyst of an agency": {"graphsvc_agency": "customs"},
        "an agency that is a list": {"graphsvc_role": "partner", "graphsvc_agency": ["customs"]},
        "a scope that is a list": {"scope": ["read"]},
    }
    found = {name: issuer.token(**change) for name, change in changes.items()}
    whole = json.dumps(issuer.claims())
    head = {"alg": "RS256", "kid": next(iter(issuer.keys))}
    for name, payload in {
        "exp twice": whole[:-1] + f', "exp": {now + 300}}}',
        "role twice": whole[:-1] + ', "graphsvc_role": "admin"}',
        "sub half a letter": whole.replace('"u-17"', r'"\ud800"'),
        "a payload that is a list": f"[{whole}]",
        "a payload that is text": '"good"',
        "a payload of nothing": "",
        "a payload that goes on": whole + "{}",
        "a deep payload": '{"a":' + "[" * 2000 + "]" * 2000 + "}",
        "a payload in another code": "\ufeff" + whole,
    }.items():
        found[name] = signed(issuer, head, payload.encode("utf-8"))
    return found


def _bytes(issuer: Issuer) -> dict[str, str]:
    good = issuer.token()
    header, payload, signature = good.split(".")
    mark = bytes_of(signature)
    found = {
        "no signature": f"{header}.{payload}.",
        "two parts": f"{header}.{payload}",
        "four parts": f"{good}.{signature}",
        "five parts": f"{header}..{payload}.{signature}.{signature}",
        "turned round": f"{payload}.{header}.{signature}",
        "half a signature": f"{header}.{payload}.{text_of(mark[:128])}",
        "a signature with a tail": f"{header}.{payload}.{text_of(mark + b'0')}",
        "a signature of zeros": f"{header}.{payload}.{text_of(bytes(256))}",
        "padded": f"{good}==",
        "the last letter's spare bits": f"{good[:-1]}{spare(good[-1])}",
        "another alphabet": f"{header}.{payload}.{signature[:-2]}+/",
        "a space within": f"{header}.{payload[:9]} {payload[9:]}.{signature}",
        "twice": f"{good}, Bearer {good}",
        "8 KiB": f"{header}.{'A' * 8192}.{signature}",
        "2 MB": f"{header}.{'A' * 2_000_000}.{signature}",
    }
    for part, segment in enumerate((header, payload, signature)):
        for place in (0, len(segment) // 3, len(segment) - 2):
            data = bytearray(bytes_of(segment))
            data[min(place * 3 // 4, len(data) - 1)] ^= 1
            parts = [header, payload, signature]
            parts[part] = text_of(bytes(data))
            found[f"a bit of part {part} at {place}"] = ".".join(parts)
    return found


def spare(letter: str) -> str:
    """Return another letter that a lenient reader takes for the same bits."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return letters[letters.index(letter) ^ 1]
