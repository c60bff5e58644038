"""Who is let in, what a body may be, what a document may cost: each refusal over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import Api, code_of, in_process, new_key
from tests.graph.driving import cypher, kept
from tests.plain_http import HTTP

GOOD = "{ rings { edges { node { ringId } } } }"
MALFORMED: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("blank", b"   "),
    ("null", b"null"),
    ("number", b"7"),
    ("text", b'"{ rings }"'),
    ("list", b"[]"),
    ("batch", b'[{"query": "{ __typename }"}]'),
    ("truth", b"true"),
    ("cut off", b'{"query": "{ rings'),
    ("two values", b'{"query": "{ __typename }"} {}'),
    ("bad utf-8", b'{"query": "\xff\xfe"}'),
    ("utf-16", '{"query": "{ __typename }"}'.encode("utf-16")),
    ("mark", b'\xef\xbb\xbf{"query": "{ __typename }"}'),
    ("nul", b'{"query": "{ __typename }\x00"}'),
    ("lone surrogate", b'{"query": "{ __typename } # \\ud800"}'),
    ("twice", b'{"query": "{ __typename }", "query": "{ rings }"}'),
    ("deep", b'{"query": "{ __typename }", "variables": ' + b"[" * 65 + b"]" * 65 + b"}"),
    ("very deep", b"[" * 60_000),
    ("huge integer", b'{"query": "{ __typename }", "variables": {"n": 99999999999999999999}}'),
    ("nan", b'{"query": "{ __typename }", "variables": {"n": NaN}}'),
    ("no query", b"{}"),
    ("query null", b'{"query": null}'),
    ("query empty", b'{"query": "  "}'),
    ("query a list", b'{"query": ["{ rings }"]}'),
    ("variables a list", b'{"query": "{ __typename }", "variables": []}'),
    ("name a number", b'{"query": "{ __typename }", "operationName": 7}'),
    ("unknown field", b'{"query": "{ __typename }", "documentID": "x"}'),
    ("not graphql", b'{"query": "SELECT 1"}'),
    ("cut off document", b'{"query": "{ rings {"}'),
    ("no operation", b'{"query": "fragment F on Query { __typename }"}'),
    ("two without a name", b'{"query": "{ __typename } { __typename }"}'),
    ("which of two", b'{"query": "query A { __typename } query B { __typename }"}'),
    ("mutation", b'{"query": "mutation { x }"}'),
    ("subscription", b'{"query": "subscription { x }"}'),
    ("unknown name", b'{"query": "{ ringz { id } }"}'),
    ("variable missing", b'{"query": "query ($i: ID!) { node(id: $i) { id } }"}'),
    ("wrong variable", b'{"query": "query ($i: Int!) { rings(first: $i) { __typename } }",'
     b' "variables": {"i": "x"}}'),
    ("null where none may be", b'{"query": "query ($i: Int) { rings(first: $i) { __typename } }",'
     b' "variables": {"i": null}}'),
    ("no sort", b'{"query": "query ($s: RingSort) { rings(sort: $s) { __typename } }",'
     b' "variables": {"s": null}}'),
    ("infinite", b'{"query": "query ($n: Int) { rings(filter: {minSize: $n}) { __typename } }",'
     b' "variables": {"n": 1e999}}'),
    ("extensions a list", b'{"query": "{ __typename }", "extensions": []}'),
    ("no such operation", b'{"query": "query A { __typename }", "operationName": "B"}'),
    ("surrogate in the document", b'{"query": "{ node(id: \\"\\\\ud800\\") { id } }"}'),
    ("surrogate as a name", b'{"query": "{ __typename }", "variables": {"\\ud800": 1}}'),
]  # fmt: skip
CODES = {
    "not graphql": "GRAPHQL_SYNTAX",
    "cut off document": "GRAPHQL_SYNTAX",
    "surrogate in the document": "GRAPHQL_SYNTAX",
    "no operation": "GRAPHQL_INVALID",
    "two without a name": "GRAPHQL_INVALID",
    "mutation": "GRAPHQL_INVALID",
    "subscription": "GRAPHQL_INVALID",
    "unknown name": "GRAPHQL_INVALID",
    "variable missing": "VARIABLES_INVALID",
    "wrong variable": "VARIABLES_INVALID",
    "null where none may be": "VARIABLES_INVALID",
    "no sort": "VARIABLES_INVALID",
    "infinite": "VARIABLES_INVALID",
}


@pytest.mark.parametrize(("name", "body"), MALFORMED, ids=[name for name, _ in MALFORMED])
def test_a_malformed_body_is_a_typed_error(api: Api, name: str, body: bytes) -> None:
    response = api.post(body)
    assert response.status_code == 400, response.text
    assert code_of(response) == CODES.get(name, "BAD_REQUEST")
    assert len(response.headers["X-Request-Id"]) > 8


def fields(count: int) -> str:
    return "{ " + " ".join("detectionRuns { __typename }" for _ in range(count)) + " }"


CHAIN = "{ ...F0 } " + " ".join(
    f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(30)
)
LIMITS = {
    "cost": ("{ rings(first: 100) { edges { node { members(first: 100) { edges { node {"
             " sellerId } } } } } } }", "COST_LIMIT"),
    "depth": ("{ rings(first: 1) { edges { node { members(first: 1) { edges { node { seller {"
              " rings(first: 1) { edges { node { ringId } } } } } } } } } } }", "DEPTH_LIMIT"),
    "aliases": ("{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }", "ALIAS_LIMIT"),
    "directives": ("{ __typename" + " @skip(if: false)" * 10 + " }", "DIRECTIVE_LIMIT"),
    "fields": ("{ " + "__typename " * 301 + "}", "FIELD_LIMIT"),
    "tokens": ("{ " + "__typename " * 1001 + "}", "TOKEN_LIMIT"),
    "length": ("{ __typename } #" + "x" * 16_400, "QUERY_LIMIT"),
    "introspection": ("{ __schema { types { name } } }", "INTROSPECTION_OFF"),
    "a type": ('{ __type(name: "Seller") { name } }', "INTROSPECTION_OFF"),
    "introspection in a fragment": ("{ ...F } fragment F on Query { x: __schema { types"
                                    " { name } } }", "INTROSPECTION_OFF"),
    "an unknown fragment": ("{ ...F }", "GRAPHQL_INVALID"),
    "a chain that nobody uses": ("{ __typename } " + CHAIN[10:]
                                 + " fragment F30 on Query { __typename }", "GRAPHQL_INVALID"),
    "brackets": ("{ " + "rings { edges { node { members " * 12, "DEPTH_LIMIT"),
    "nested lists": ('{ search(text: "x", kinds: ' + "[" * 40 + "]" * 40 + ") { __typename } }",
                     "DEPTH_LIMIT"),
    "a cycle": ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
                "GRAPHQL_INVALID"),
    "a chain that doubles": (CHAIN + " fragment F30 on Query { __typename }", "FIELD_LIMIT"),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_has_its_own_code(api: Api, name: str) -> None:
    text, code = LIMITS[name]
    status, found = api.refused(text)
    assert found == code
    assert status in (400, 403)


def test_a_document_within_the_limits_passes(api: Api) -> None:
    assert api.ask("{ " + "__typename " * 290 + "}")["__typename"] == "Query"


def test_an_administrator_may_read_the_schema(api: Api) -> None:
    key = new_key(api.settings, role="admin")["key"]
    text = "{ __schema { queryType { name } } }"
    assert api.post({"query": text}, key=key).json()["data"]["__schema"]["queryType"]["name"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic dXNlcjpwYXNz",
        "Bearer gs_00000000_" + "0" * 64,
        "Bearer gs_00000000_" + "0" * 64 + " x",
        "Bearer " + "x" * 4000,
        "bearer ?",
    ],
)
def test_without_a_good_key_nothing_is_read(api: Api, header: str) -> None:
    response = HTTP.post(
        f"{api.url}/graphql", json={"query": GOOD}, headers={"Authorization": header}, timeout=30
    )
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert code_of(response) == "UNAUTHENTICATED"
    assert HTTP.post(f"{api.url}/graphql", content=b"x" * 100_000).status_code == 401


def test_a_revoked_and_an_expired_key_are_refused(api: Api) -> None:
    revoked, expired = new_key(api.settings), new_key(api.settings)
    assert in_process(api.settings).json("keys", "revoke", revoked["id"])["revoked_at"]
    cypher(api.settings, kept("expire_key"), id=expired["id"])
    for key in (revoked["key"], expired["key"]):
        response = api.post({"query": GOOD}, key=key)
        assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")


def test_a_partner_without_a_grant_reads_nothing(api: Api) -> None:
    who = ("--role", "partner", "--name", "test", "--agency", "customs-north", "--officer", "o-17")
    scopes = ("--scope", "read", "--scope", "query:adhoc")
    key = in_process(api.settings).json("keys", "create", *who, *scopes)["key"]
    case = {"Case-Id": "case-1", "Purpose": "customs_enforcement"}
    response = api.post({"query": GOOD}, key=key, headers=case)
    assert (response.status_code, code_of(response)) == (403, "GRANT_MISSING")


def test_paths_and_methods(api: Api) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = HTTP.request(method, f"{api.url}/graphql?query={{__typename}}")
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")
        assert method == "HEAD" or code_of(response) == "METHOD"
    assert code_of(HTTP.post(f"{api.url}/livez")) == "METHOD"
    for path in ("/", "/graphiql", "/graphql/", "/livez/", "/%ff%00", "/..", "/" + "x" * 5000):
        response = HTTP.post(f"{api.url}{path}", headers={"Host": "elsewhere.example.com"})
        assert (response.status_code, code_of(response)) == (404, "NO_SUCH_PATH"), path
        assert "Location" not in response.headers
    assert HTTP.get(f"{api.url}/livez").json() == {"status": "alive"}
    assert HTTP.get(f"{api.url}/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/graphql"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ],
)
def test_a_body_is_plain_json(api: Api, headers: dict[str, str]) -> None:
    response = api.post({"query": GOOD}, headers=headers)
    assert (response.status_code, code_of(response)) == (415, "MEDIA_TYPE")


def test_a_body_is_of_64_kib_at_most_whether_it_says_so_or_not(api: Api) -> None:
    headers = {"Authorization": f"Bearer {api.key}", "Content-Type": "application/json"}
    whole = b'{"query": "{ __typename }", "variables": {"x": "' + b"y" * 65_481 + b'"}}'
    assert len(whole) == 64 * 1024 - 4
    url = f"{api.url}/graphql"

    def parts(body: bytes) -> Iterator[bytes]:
        yield from (body[place : place + 4096] for place in range(0, len(body), 4096))

    assert api.post(whole).status_code == 200
    assert HTTP.post(url, content=parts(whole), headers=headers).status_code == 200
    for body in (b" " * 5 + whole, parts(b" " * 5 + whole)):
        response = HTTP.post(url, content=body, headers=headers)
        assert (response.status_code, code_of(response)) == (413, "BODY_LIMIT")


def test_a_request_id_is_ours_and_new_each_time(api: Api) -> None:
    sent = {"X-Request-Id": "mine"}
    ids = {HTTP.get(f"{api.url}/livez", headers=sent).headers["X-Request-Id"] for _ in range(3)}
    ids |= {api.post(b"null", headers=sent).headers["X-Request-Id"]}
    assert len(ids) == 4
    assert "mine" not in ids
