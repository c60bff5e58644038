"""Auditors read the journal over real HTTP, nobody else does, and each reading is an entry."""

from __future__ import annotations

from typing import Any

import pytest

from graphsvc.audit.proof import fault
from tests.api.conftest import Api, code_of, in_process, new_key

PAGE = """query ($case: String, $principal: String, $action: String, $since: String,
    $until: String, $first: Int! = 100, $after: String) {
  journal(case: $case, principal: $principal, action: $action, since: $since, until: $until,
      first: $first, after: $after) {
    edges { cursor node { seq at action principal role subject detail intent outcome hash } }
    pageInfo { hasNextPage endCursor } } }"""
PROOF = "query ($seq: Long!) { journalProof(seq: $seq) }"


@pytest.fixture(scope="module")
def auditor(api: Api) -> Api:
    """The server for an auditor, after an export of a desk's."""
    assert api.get("/export/neighbourhood?id=p:a").status_code == 200
    return Api(api.url, new_key(api.settings, role="auditor")["key"], api.settings, api.process)


def rows(auditor: Api, **wanted: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in auditor.ask(PAGE, **wanted)["journal"]["edges"]]


def test_the_journal_is_what_the_command_line_shows(auditor: Api) -> None:
    found = rows(auditor)
    shown = in_process(auditor.settings).json("audit", "show", "--first", "100")["items"]
    assert [each["hash"] for each in found] == [each["hash"] for each in shown]
    assert found[0]["action"] == "journal.read", "its own reading is the newest"
    assert found[0]["role"] == "auditor"


def test_filters_by_action_principal_and_time(auditor: Api) -> None:
    after, before = rows(auditor, action="export")[:2]
    assert (before["outcome"], after["outcome"]) == (None, "done")
    assert after["intent"] == before["seq"]
    whole = rows(auditor)
    mine = rows(auditor, principal=after["principal"])
    assert {each["seq"] for each in mine} == {
        each["seq"] for each in whole if each["principal"] == after["principal"]
    }
    assert rows(auditor, case="case-none") == []
    at = after["at"]
    assert all(each["at"] >= at for each in rows(auditor, since=at))
    earlier = rows(auditor, until=at)
    assert {each["seq"] for each in earlier} == {e["seq"] for e in whole if e["at"] < at}
    assert rows(auditor, since="2999-01-01") == []
    assert auditor.refused(PAGE, since="yesterday") == (400, "BAD_REQUEST")
    assert auditor.refused(PAGE, first=101) == (400, "PAGE_LIMIT")
    assert auditor.refused(PAGE, after="x") == (400, "BAD_CURSOR")


def test_pages_are_the_whole(auditor: Api) -> None:
    whole = [each["seq"] for each in rows(auditor)]
    found, after = [], None
    while True:
        part = auditor.ask(PAGE, first=2, after=after)["journal"]
        found += [edge["node"]["seq"] for edge in part["edges"]]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert found[1:] == whole, "but for the first page's own record"


def test_an_entry_is_proved(auditor: Api) -> None:
    first = rows(auditor)[-1]
    proof = auditor.ask(PROOF, seq=first["seq"])["journalProof"]
    assert proof["hash"] == first["hash"]
    assert fault(proof, "here") is None
    assert fault({**proof, "hash": "0" * 64}, "here") is not None
    assert auditor.ask(PROOF, seq=10**9)["journalProof"] is None
    assert rows(auditor, action="journal.read")[1]["detail"] == f"proof of {10**9}"


@pytest.mark.parametrize(
    ("role", "words"),
    [
        *((role, ()) for role in ("analyst", "enforcer", "approver", "admin")),
        (
            "partner",
            ("--agency", "a", "--officer", "o", "--scope", "read", "--scope", "query:adhoc"),
        ),
        ("platform", ("--platform", "p")),
    ],
)
def test_no_other_role_reads_it(api: Api, auditor: Api, role: str, words: tuple[str, ...]) -> None:
    before = len(rows(auditor, action="journal.read"))
    key = new_key(api.settings, *words, role=role)["key"]
    for query, told in ((PAGE, {}), (PROOF, {"seq": 1})):
        refused = api.post({"query": query, "variables": told}, key=key)
        assert code_of(refused) == ("CASE_MISSING" if role == "partner" else "FORBIDDEN")
        assert not (refused.json().get("data") or {}).get("journal")
    assert len(rows(auditor, action="journal.read")) == before + 1, "nothing was read"
