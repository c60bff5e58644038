"""The verb `why`, and what `rings show` says of the way out: over a real graph, by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, write_csv

CROWD = [f"crowd-{n:02}" for n in range(22)]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """a and b share an account and a phone (b only declares it), b and c an account, c and d a
    device and an e-mail address; a and d a device of 24 sellers; z has nothing."""
    cli = Cli(empty_graph, tmp_path)
    seen = {"seen_at": "2024-01-02"}
    files: dict[str, list[dict[str, object]]] = {
        "sellers": [
            {"seller_id": s, "handle": f"Secret Handle {s}"} for s in ["z", *"abcd", *CROWD]
        ],
        "payment_accounts": [
            {"seller_id": s, "account": f"merchant-{x}", "account_kind": "merchant", **seen}
            for x, sellers in (("one-1111", "ab"), ("two-2222", "bc"))
            for s in sellers
        ],
        "contacts": [
            {"seller_id": "a", "phone": "+44 20 7946 0018", "asserted_by": "observed", **seen},
            {"seller_id": "b", "phone": "+44 20 7946 0018", "asserted_by": "self_declared", **seen},
            *({"seller_id": s, "email": "shop@tolva.example.com", **seen} for s in "cd"),
        ],
        "devices": [
            *({"seller_id": s, "device": "device-cd-0001", **seen} for s in "cd"),
            *({"seller_id": s, "device": "device-hub-001", **seen} for s in ["a", "d", *CROWD]),
        ],
        "reports": [
            {"report_id": f"r-{s}", "seller_id": s, "reporter": "Guild", "at": "2024-05-01",
             "verdict": "confirmed_fake"}
            for s in "abc"
        ],
    }  # fmt: skip
    for kind, rows in files.items():
        path = write_csv(tmp_path / f"{kind}.csv", rows)
        cli.json("load", kind, path, "--platform", PLATFORM)
    return cli


def why(cli: Cli, a: str, b: str) -> dict[str, Any]:
    return cli.json("why", f"{PLATFORM}:{a}", f"{PLATFORM}:{b}")


def test_two_who_share_are_linked_and_the_cut_is_what_holds_them(cli: Cli) -> None:
    told = why(cli, "a", "b")
    facts = {fact["kind"]: fact for fact in told["facts"]}
    assert (told["linked"], set(facts)) == (True, {"payment_account", "phone"})
    assert told["p"] > 0.9 > told["theta"] == 0.35
    assert (facts["phone"]["one_sided"], facts["payment_account"]["one_sided"]) == (True, False)
    assert facts["phone"]["right"]["own_word"] is True
    assert facts["phone"]["left"]["first_seen"].startswith("2024-01-02")
    assert facts["phone"]["left"]["sources"]
    assert told["run"] is None, "nothing was detected: the shipped weights"
    assert told["cut"]["exact"]
    cut = {fact["identifier"] for fact in told["facts"] if fact["cut"]}
    assert cut == set(told["cut"]["identifiers"])
    assert "would not hang together" in told["text"]
    printed = cli.call("why", f"{PLATFORM}:a", f"{PLATFORM}:b").stdout
    assert "one-sided" in printed
    assert told["text"] in " ".join(printed.split())


def test_two_who_share_nothing_hang_together_over_others(cli: Cli) -> None:
    told = why(cli, "a", "c")
    assert (told["linked"], told["p"], told["facts"]) == (False, 0, [])
    ends = [(tie["a"].removeprefix(f"{PLATFORM}:"), tie["b"].removeprefix(f"{PLATFORM}:"))
            for tie in told["chain"]]  # fmt: skip
    assert ends == [("a", "b"), ("b", "c")]
    (cut,) = told["cut"]["identifiers"]
    assert cut.startswith("payment_account-")
    assert (told["cut"]["exact"], told["complete"]) == (True, True)
    assert f"{PLATFORM}:b" in told["text"]
    narrow = [fact for tie in told["chain"] for fact in tie["facts"] if fact["cut"]]
    assert [fact["identifier"] for fact in narrow] == [cut]
    # Between b and c there is one account; between a and b two things, of which both would have
    # to go: so the account of b and c is the least cut.
    assert narrow[0]["left"]["seller"] == f"{PLATFORM}:b"


def test_a_hub_links_nobody_and_is_said(cli: Cli) -> None:
    told = why(cli, "a", "crowd-00")
    (hub,) = told["facts"]
    assert (hub["counts"], hub["why_not"], hub["sellers"]) == (False, "hub", 24)
    assert (told["linked"], told["p"], told["chain"]) == (False, 0, [])
    assert "too many use it" in told["text"]
    assert "0 (hub)" in cli.call("why", f"{PLATFORM}:a", f"{PLATFORM}:crowd-00").stdout
    nothing = why(cli, "a", "z")
    assert (nothing["facts"], nothing["chain"], nothing["cut"]["identifiers"]) == ([], [], [])
    assert "share nothing" in nothing["text"]


def test_no_name_and_no_value_of_another_seller_is_in_the_words(cli: Cli) -> None:
    run = cli.json("rings", "detect")["run"]
    told = why(cli, "a", "b")
    assert told["run"] == run
    ring = cli.json("rings", "show", "top")
    assert told["ring"] == f"{ring['ring']['id']}@{ring['ring']['version']}"
    texts = [told["text"], *(member["text"] for member in ring["members"])]
    for text in texts:
        assert "Secret Handle" not in text
        assert "0018" not in text
        assert "tolva" not in text.lower()
        assert len(text.splitlines()) == 1
    assert json.dumps(told).count("merchant-one-1111") == 0


def test_a_ring_says_what_would_take_each_member_out(cli: Cli) -> None:
    cli.json("rings", "detect")
    members = {m["seller"].removeprefix(f"{PLATFORM}:"): m
               for m in cli.json("rings", "show", "top")["members"]}  # fmt: skip
    assert set(members) == set("abcd")
    for name, member in members.items():
        marked = {reason["identifier"] for reason in member["reasons"] if reason["cut"]}
        assert set(member["fall_out"]["identifiers"]) == marked
        assert member["fall_out"]["exact"]
        assert f"Seller {PLATFORM}:{name} is one of 4 sellers" in member["text"]
    banned = [m for m in members.values() if m["tier"] == "ban"]
    assert banned
    for member in banned:
        out = member["out_of_ban"]
        assert out is not None
        assert 1 <= len(out) <= len(member["fall_out"]["identifiers"])
        assert "put up for a ban" in member["text"]
    assert all(m["out_of_ban"] is None for m in members.values() if m["tier"] != "ban")
    assert "is one of 4 sellers" in cli.call("rings", "show", "top").stdout


@pytest.mark.parametrize(
    ("a", "b", "code", "said"),
    [("a", "a", 2, "one seller and another"), ("a", "nobody", 1, "no seller shopnest:nobody")],
)
def test_what_cannot_be_asked_is_said(cli: Cli, a: str, b: str, code: int, said: str) -> None:
    told = cli.call("why", f"{PLATFORM}:{a}", f"{PLATFORM}:{b}")
    assert (told.returncode, told.stdout) == (code, "")
    assert said in " ".join(told.stderr.split())


def test_what_people_decided_counts(cli: Cli) -> None:
    a, b = f"{PLATFORM}:a", f"{PLATFORM}:b"
    cli.json("judge", a, b, "different", "--because", "two families, seen by a visitor")
    told = why(cli, "a", "b")
    assert (told["judged"], told["linked"]) == ("different", False)
    assert told["p"] > 0.9, "the evidence itself is told as it is"
    assert "keeps them apart" in told["text"]
    cli.json("judge", a, b, "unsure", "--because", "the visitor was somewhere else")
    assert (why(cli, "a", "b")["judged"], why(cli, "a", "b")["linked"]) == ("unsure", True)
    cli.json("judge", a, f"{PLATFORM}:z", "same", "--because", "they said so")
    assert why(cli, "a", "z")["linked"] is True


def test_a_hub_of_few_links_nobody_and_a_freed_one_of_many_does(cli: Cli) -> None:
    of = ("--of", f"{PLATFORM}:a", "--kind", "other", "--because", "seen")
    shared = {fact["kind"]: fact for fact in why(cli, "a", "b")["facts"]}
    account = shared["payment_account"]["identifier"]
    crowd = why(cli, "a", "d")["facts"][0]
    assert (crowd["counts"], crowd["sellers"]) == (False, 24)
    for identifier, verdict in ((account, "confirm"), (crowd["identifier"], "reject")):
        cli.json("hubs", "propose", "--identifier", identifier, *of)
        cli.json("hubs", verdict, "latest", "--because", "a person looked")
    facts = {fact["kind"]: fact for fact in why(cli, "a", "b")["facts"]}
    assert (facts["payment_account"]["counts"], facts["phone"]["counts"]) == (False, True)
    freed = why(cli, "a", "d")["facts"][0]
    assert freed["counts"]
    assert freed["weight"] == pytest.approx(0.35), "as one of ten sellers, by the shipped table"
