"""The gate: one JSON object and nothing else becomes a request; it never raises anything else."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.api.gate import MOST_NESTING, Request, admit
from graphsvc.errors import BadRequest

Q = b'{"query": "{ __typename }"'


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        (Q + b"}", Request("{ __typename }", {}, None)),
        (Q + b', "variables": null, "operationName": null}', Request("{ __typename }", {}, None)),
        (Q + b', "operationName": ""}', Request("{ __typename }", {}, None)),
        (
            Q + b', "operationName": "A", "extensions": {}, "variables": {"a": [1, "x", null]}}',
            Request("{ __typename }", {"a": [1, "x", None]}, "A"),
        ),
        (b'{"documentId": "sha256:' + b"a" * 64 + b'"}',
         Request("", {}, None, "sha256:" + "a" * 64)),
        (b' \n{"query":"# \xc3\xa9\\ud83d\\ude00"}\n', Request("# é\N{GRINNING FACE}", {}, None)),
        (Q + b', "variables": {"n": -9223372036854775808}}',
         Request("{ __typename }", {"n": -(2**63)}, None)),
        (Q + b', "variables": {"a": "]]]]}}}} \\" [[[["}}',
         Request("{ __typename }", {"a": ']]]]}}}} " [[[['}, None)),
    ],
)  # fmt: skip
def test_a_request_is_read_as_it_was_sent(body: bytes, request_: Request) -> None:
    assert admit(body) == request_


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"null", "one JSON object"),
        (b"[]", "batches are off"),
        (b"\xff", "UTF-8"),
        (b"\xef\xbb\xbf" + Q + b"}", "not JSON"),
        (Q + b', "query": "{ x }"}', "twice"),
        (Q + b', "variables": {"a": {"b": 1, "b": 2}}}', "twice"),
        (Q + b', "variables": {"n": 9223372036854775808}}', "64 bits"),
        (Q + b', "variables": {"n": ' + b"9" * 5000 + b"}}", "64 bits"),
        (Q + b', "variables": {"n": -Infinity}}', "NaN and Infinity"),
        (b'{"query": "\\udc00"}', "UTF-8"),
        (Q + b', "variables": {"a": "\\ud800"}}', "UTF-8"),
        (b'{"query": 1}', "query must be"),
        (b'{"query": "\\n"}', "query must be"),
        (Q + b', "variables": []}', "variables must be"),
        (Q + b', "operationName": {}}', "operationName must be"),
        (Q + b', "extensions": 1}', "extensions must be"),
        (Q + b', "document": "x"}', "unknown field: 'document'"),
        (Q + b', "documentId": "sha256:' + b"0" * 64 + b'"}', "without a query"),
        (b'{"documentId": "sha256:' + b"A" * 64 + b'"}', "64 hexadecimal digits"),
        (b'{"documentId": "' + b"a" * 64 + b'"}', "64 hexadecimal digits"),
        (b'{"documentId": 7}', "64 hexadecimal digits"),
        (b'{"documentId": null}', "query must be"),
        (Q + b', "\\u0000\\u001b[2J": 1}', "unknown field"),
    ],
)
def test_anything_else_is_refused_with_a_reason(body: bytes, said: str) -> None:
    with pytest.raises(BadRequest, match=said) as caught:
        admit(body)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_is_bounded_before_anything_is_parsed(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"

    def nested(depth: int) -> bytes:
        inner = depth - 1  # the body's own brackets are the first
        return (
            Q
            + b', "variables": {"a": '
            + opening * (inner - 1)
            + b"1"
            + closing * (inner - 1)
            + b"}}"
        )

    assert admit(nested(MOST_NESTING)).variables
    with pytest.raises(BadRequest, match="nested deeper"):
        admit(nested(MOST_NESTING + 1))
    with pytest.raises(BadRequest, match="nested deeper"):
        admit(opening * 10_000)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_a_request_or_a_refusal(body: bytes) -> None:
    with suppress(BadRequest):
        assert isinstance(admit(body), Request)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_variables_arrive_unchanged(variables: dict[str, object]) -> None:
    body = json.dumps({"query": "{ a }", "variables": variables}).encode()
    try:
        assert json.dumps(admit(body).variables) == json.dumps(variables)
    except BadRequest:
        assert unusual(variables)


def unusual(value: object) -> bool:
    """Tell whether a value holds what the gate does not let in."""
    if isinstance(value, dict):
        return any(unusual(each) for each in value.values())
    if isinstance(value, list):
        return any(unusual(each) for each in value)
    if isinstance(value, float):
        return value != value or value in (float("inf"), float("-inf"))
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**63
