"""Malformed HTTP and JSON over raw sockets: refused, never a 500, and the worker goes on."""

from __future__ import annotations

import json
import re
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import psutil
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.api.conftest import Api
from tests.plain_http import HTTP

GOOD = b'{"query": "{ __typename }"}'
JSON = b"Content-Type: application/json\r\n"
KEY = b"Authorization: Bearer @KEY@\r\n"
HOST = b"Host: here\r\n"
SECONDS = 15.0  # longer than the server waits for a body
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def post(body: bytes = GOOD, *more: bytes, length: object = None) -> bytes:
    """Return a request with a key, these headers beside the usual ones, and its length as told."""
    told = str(len(body) if length is None else length).encode()
    head = b"POST /graphql HTTP/1.1\r\n" + HOST + KEY + JSON + b"Content-Length: " + told
    return head + b"\r\nConnection: close\r\n" + b"".join(more) + b"\r\n" + body


def chunked(body: bytes) -> bytes:
    """Return a request with a body in chunks as they are given."""
    head = b"POST /graphql HTTP/1.1\r\n" + HOST + KEY + JSON
    return head + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + body


def get(path: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    return b"GET " + path + b" " + version + b"\r\n" + HOST + b"Connection: close\r\n\r\n"


def with_variables(value: bytes) -> bytes:
    """Return a body that would be answered, but for the value of its variables."""
    return GOOD[:-1] + b', "variables": ' + value + b"}"


DEEP = b"[" * 30_000 + b"]" * 30_000
# What is sent, and the statuses that may be answered; none: the connection is closed without.
SHAPES: dict[str, tuple[bytes, set[int]]] = {
    "no request line": (b"\r\n\r\n\r\n", {400}),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9, {400}),
    "no version": (b"POST /graphql\r\n\r\n", {400}),
    "strange version": (get(b"/livez", b"HTTP/9.9"), {400, 505}),
    "strange method": (post().replace(b"POST", b"P\xd6ST", 1), {400}),
    "no host": (b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n", {200, 400}),
    "nul in the path": (get(b"/liv\0ez"), {400}),
    "huge path": (get(b"/" + b"x" * 200_000), {400, 404, 414, 431}),
    "bare line feeds": (post().replace(b"\r\n", b"\n"), {200, 400}),
    "space before the colon": (post(GOOD, b"Purpose : x\r\n"), {400}),
    "folded header": (post(GOOD, b"Purpose: x\r\n y: z\r\n"), {400}),
    "nul in a header": (post(GOOD, b"Purpose: \0\r\n"), {400}),
    "huge header": (post(GOOD, b"Purpose: " + b"x" * 1_000_000 + b"\r\n"), {400, 431}),
    "a thousand headers": (post(GOOD, b"A: b\r\n" * 1_000), {400, 431}),
    "negative length": (post(length=-1), {400}),
    "length is a word": (post(length="many"), {400}),
    "huge length": (post(length=10**30), {400, 413}),
    "two lengths": (post(GOOD, b"Content-Length: 3\r\n"), {400}),
    "length too great": (post(length=len(GOOD) + 9), {400}),
    "length too small": (post(length=5), {400}),
    "length and chunks": (
        post(GOOD, b"Transfer-Encoding: chunked\r\n"), {400}),
    "chunk size is a word": (chunked(b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n"), {400}),
    "chunk too long": (chunked(b"ffffffffffffffff1\r\n" + GOOD), {400, 413}),
    "chunks without an end": (chunked(b"3\r\n{}\n\r\n"), {400}),
    "chunk extension": (chunked(b"2;" + b"x" * 50_000 + b"\r\n{}\r\n0\r\n\r\n"), {400}),
    "strange coding": (post(GOOD, b"Transfer-Encoding: gzip\r\n"), {400, 501}),
    "expects what nobody has": (post(GOOD, b"Expect: the-moon\r\n"), {200, 400, 417}),
    "upgrade": (post(GOOD, b"Upgrade: websocket\r\nConnection: Upgrade\r\n"), {200, 400, 426}),
    "wrong type": (post().replace(b"application/json", b"text/plain"), {415}),
    "two types": (post(GOOD, b"Content-Type: text/plain\r\n"), {200, 400, 415}),
    "get": (get(b"/graphql?query={__typename}"), {405}),
    "batch": (post(b"[" + GOOD + b"," + GOOD + b"]"), {400}),
    "null": (post(b"null"), {400}),
    "number": (post(b"1e9999"), {400}),
    "invalid UTF-8": (post(b'{"query": "\xc3\x28"}'), {400}),
    "twice": (post(GOOD[:-1] + b"," + GOOD[1:]), {400}),
    "a name twice": (post(with_variables(b'{"n": 1, "n": 2}')), {400}),
    "deep": (post(with_variables(b'{"n": ' + b"[" * 90 + b"]" * 90 + b"}")), {400}),
    "very deep": (post(with_variables(DEEP)), {400}),
    "long integer": (post(with_variables(b'{"n": ' + b"9" * 20 + b"}")), {400}),
    "huge integer": (post(with_variables(b'{"n": ' + b"9" * 5_000 + b"}")), {400}),
    "not a number": (post(with_variables(b'{"n": NaN}')), {400}),
    "lone surrogate": (post(with_variables(b'{"n": "\\ud800"}')), {400}),
    "unknown field": (post(GOOD[:-1] + b', "id": 1}'), {400}),
    "too large": (post(GOOD + b" " * 65_536), {413}),
    "too large in chunks": (chunked(b"11000\r\n" + GOOD + b" " * (69_632 - len(GOOD))), {413}),
    "cut off": (post(GOOD[:-4]), {400}),
    "nul": (post(b"\0" * 100), {400}),
}  # fmt: skip


def workers(api: Api) -> set[int]:
    """Return the processes that serve."""
    return {each.pid for each in psutil.Process(api.process.pid).children(recursive=True)}


def answers(api: Api, sent: bytes) -> list[int]:
    """Send bytes and return each status that comes back before the end, or before none comes."""
    place = urlsplit(api.url)
    got = b""
    with (
        socket.create_connection((place.hostname, place.port or 0), SECONDS) as wire,
        suppress(OSError),  # refused before all of it was sent, or waited for more
    ):
        wire.sendall(sent.replace(b"@KEY@", api.key.encode()))
        while part := wire.recv(65536):
            got += part
    return [int(status) for status in STATUS.findall(got)]


def check_alive(api: Api, before: set[int]) -> None:
    assert HTTP.get(f"{api.url}/livez", timeout=SECONDS).status_code == 200
    assert workers(api) == before


def test_malformed_http_is_refused(quiet: Api, capsys: pytest.CaptureFixture[str]) -> None:
    before = workers(quiet)

    def asked(name: str) -> tuple[float, list[int], str]:
        began = time.perf_counter()
        got = answers(quiet, SHAPES[name][0])
        check_alive(quiet, before)
        return time.perf_counter() - began, got, name

    with ThreadPoolExecutor(8) as pool:  # a few wait for a body that does not come
        told = list(pool.map(asked, SHAPES))
    slowest = max((each for each in told if each[1]), default=told[0])
    with capsys.disabled():
        sys.stdout.write(f"slowest refusal: {slowest[0]:.1f} s, {slowest[2]}; ")
    assert [each for each in told if not set(each[1]) <= SHAPES[each[2]][1]] == []


def test_a_pipeline_is_answered_in_order(quiet: Api) -> None:
    first = post().replace(b"Connection: close\r\n", b"")
    bad = post(b"null").replace(b"Connection: close\r\n", b"")
    assert answers(quiet, first + bad + first + post()) == [200, 400, 200, 200]
    assert answers(quiet, first + b"\0\0\0" + first) in ([200, 400], [200], [400])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(["query", "variables", "operationName", "extensions", "documentId"])
WRITTEN = st.dictionaries(NAMES | st.text(max_size=9), VALUES, max_size=5) | VALUES
DOCUMENTS = st.lists(
    st.sampled_from(["{", "}", "(", ")", "...", "rings", "node", "id", ":", '"', "$x", "query",
                     "fragment F on Query", "@skip(if: true)", "first: -1", "#", "\\u0000", "!"]),
    max_size=25,
).map(" ".join)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=200),
    WRITTEN.map(lambda value: json.dumps(value).encode()),
    DOCUMENTS.map(lambda text: json.dumps({"query": text}).encode()),
    st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3)).map(
        lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + 1 :]
    ),
)
HEADERS = st.sampled_from(
    [b"", b"Expect: 100-continue\r\n", b"Case-Id: \xff\xfe\r\n", b"Content-Encoding: gzip\r\n",
     b"Cookie: a=b\r\n", b"X-Forwarded-For: ,,,\r\n", b"Authorization: Bearer x\r\n"]
)  # fmt: skip


@pytest.mark.parametrize("count", [200, pytest.param(20_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_no_generated_request_is_a_500(quiet: Api, count: int) -> None:
    before = workers(quiet)

    @examples(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(BODIES, HEADERS)
    def ask(body: bytes, header: bytes) -> None:
        *_, status = answers(quiet, post(body, header))  # behind a 100, if that is wanted
        assert status < 500, (status, body, header)

    ask()
    check_alive(quiet, before)
