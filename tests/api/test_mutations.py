"""What people decide over HTTP: written, journalled, refused to those who may not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api, code_of, in_process, new_key

JUDGE = """mutation ($a: ID!, $b: ID!, $v: JudgementVerdict!, $w: String!) {
  judge(a: $a, b: $b, verdict: $v, because: $w) {
    p warnings judgement { id judgementId verdict because by a { sellerId } b { sellerId } } } }"""
DECIDE = """mutation ($id: ID!, $d: HubDecision!, $w: String!, $until: String) {
  decideHub(id: $id, decision: $d, because: $w, until: $until) { id state reason by until } }"""
END = """mutation ($id: ID!, $w: String!) {
  endHub(id: $id, because: $w) { state endedBecause endedBy } }"""
PROPOSE = """mutation ($i: ID!, $s: ID!, $w: String!) {
  proposeHub(identifier: $i, seller: $s, kind: mail_drop, because: $w) {
    id state kind proposal } }"""


@pytest.fixture(scope="module")
def decider(api: Api) -> Api:
    """The same server for an enforcer who may decide."""
    words = [word for scope in ("read", "query:adhoc", "decide") for word in ("--scope", scope)]
    key = new_key(api.settings, *words, role="enforcer")["key"]
    return Api(api.url, key, api.settings, api.process)


def journal(api: Api, action: str) -> list[dict[str, Any]]:
    """Return the journal's entries of an action, oldest first."""
    found = in_process(api.settings).json("audit", "show", "--action", action)["items"]
    return [each["body"] for each in reversed(found)]


def test_a_judgement_is_written_and_in_the_journal_before_and_after(decider: Api) -> None:
    made = decider.ask(JUDGE, a="p:d", b="p:c", v="different", w="seen in person")["judge"]
    held = made["judgement"]
    assert (held["a"]["sellerId"], held["b"]["sellerId"]) == ("c", "d")
    assert (held["verdict"], held["because"]) == ("different", "seen in person")
    assert held["by"].startswith("test (")
    assert 0 < made["p"] < 1
    again = decider.ask(JUDGE, a="p:c", b="p:d", v="unsure", w="not so sure")["judge"]
    text = "query ($i: ID!) { node(id: $i) { ... on Judgement { supersededBy } } }"
    assert decider.ask(text, i=held["id"])["node"] == {"supersededBy": again["judgement"]["id"]}
    intent, outcome = journal(decider, "judge")[:2]
    assert intent["subject"] == outcome["subject"] == "p:d p:c"
    assert not intent.get("outcome")
    assert outcome["outcome"] == "done"
    assert "seen in person" not in str((intent, outcome))


def test_a_hub_is_proposed_decided_and_ended(decider: Api) -> None:
    seller = decider.ask(
        """{ seller(platform: "p", sellerId: "b") { id identifiers(kinds: [phone]) {
             edges { node { id } } } } }"""
    )["seller"]
    phone = seller["identifiers"]["edges"][0]["node"]["id"]
    made = decider.ask(PROPOSE, i=phone, s=seller["id"], w="a shared office")["proposeHub"]
    assert (made["state"], made["kind"], made["proposal"]) == (
        "proposed",
        "mail_drop",
        "a shared office",
    )
    assert decider.refused(PROPOSE, i=phone, s=seller["id"], w="once more")[1] == "CONFLICT"
    past = {"id": made["id"], "d": "confirmed", "w": "visited"}
    assert decider.refused(DECIDE, **past, until="2001-01-01") == (400, "BAD_REQUEST")
    assert decider.refused(DECIDE, **past, until="soon") == (400, "BAD_REQUEST")
    told = decider.ask(DECIDE, **past, until="2999-01-01")["decideHub"]
    assert (told["state"], told["reason"], told["until"]) == (
        "confirmed",
        "visited",
        "2999-01-01T00:00:00Z",
    )
    other = {**past, "d": "rejected"}
    assert decider.refused(DECIDE, **other)[1] == "CONFLICT"
    ended = decider.ask(END, id=made["id"], w="it has closed")["endHub"]
    assert (ended["state"], ended["endedBecause"]) == ("expired", "it has closed")
    outcomes = [
        each["outcome"] for each in journal(decider, "hubs.confirmed") if each.get("outcome")
    ]
    assert outcomes == ["BAD_REQUEST", "BAD_REQUEST", "done"]


@pytest.mark.parametrize("role", ["analyst", "auditor", "partner", "platform"])
def test_who_may_not_decide_is_refused_and_nothing_is_written(api: Api, role: str) -> None:
    standing = {
        "partner": ("--agency", "guild", "--officer", "o-1", "--scope", "read",
                    "--scope", "query:adhoc"),
        "platform": ("--platform", "p"),
    }.get(role, ())  # fmt: skip
    key = new_key(api.settings, *standing, role=role)["key"]
    other = Api(api.url, key, api.settings, api.process)
    before = api.ask("{ judgements { edges { cursor } } }")
    status, code = other.refused(JUDGE, a="p:a", b="p:b", v="same", w="let me in")
    assert (status, code) == (403, "FORBIDDEN")
    assert api.ask("{ judgements { edges { cursor } } }") == before


@pytest.mark.parametrize(
    ("a", "b", "why", "code"),
    [
        ("p:a", "p:a", "one", "BAD_REQUEST"),
        ("p:a", "p:nobody", "who", "NOT_FOUND"),
        ("p:a", "", "who", "NOT_FOUND"),
        ("p:a", "p:b", " ", "BAD_REQUEST"),
        ("p:a", "p:b", "x" * 2_001, "BAD_REQUEST"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    decider: Api, a: str, b: str, why: str, code: str
) -> None:
    refused = decider.post({"query": JUDGE, "variables": {"a": a, "b": b, "v": "same", "w": why}})
    assert code_of(refused) == code
    assert "--" not in refused.json()["errors"][0]["message"]
