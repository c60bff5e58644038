"""Cases and grants from the command line: made, shown, ended, and refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, write_csv

GIVEN = {
    "--agency": "customs-north",
    "--officer": "o-17",
    "--purpose": "customs_enforcement",
    "--basis": "Regulation 608/2013, art. 17",
}


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over three sellers with one phone, and a listing."""
    found = Cli(empty_graph, tmp_path)
    names = ("s-1", "s-2", "s-3")
    write_csv(tmp_path / "sellers.csv", [{"seller_id": name} for name in names])
    phones = [{"seller_id": name, "phone": "+44 20 7946 0018"} for name in names]
    write_csv(tmp_path / "contacts.csv", phones)
    listing = {"listing_id": "l-1", "seller_id": "s-1", "title": "Cobalt vase"}
    write_csv(tmp_path / "listings.csv", [listing])
    devices = [{"seller_id": name, "device": "device-000001"} for name in names]
    write_csv(tmp_path / "devices.csv", devices)
    report = {"seller_id": "s-1", "reporter": "Guild of Potters", "at": "2024-05-01"}
    write_csv(
        tmp_path / "reports.csv", [{"report_id": "r-1", **report, "verdict": "confirmed_fake"}]
    )
    for kind in ("sellers", "contacts", "devices", "listings", "reports"):
        found.json("load", kind, f"{kind}.csv", "--platform", PLATFORM)
    return found


def give(cli: Cli, **changed: str) -> Any:
    words = {"--case": "latest", **GIVEN, **{f"--{name}": v for name, v in changed.items()}}
    return cli.call("grants", "create", *(part for pair in words.items() for part in pair))


def make(cli: Cli, title: str = "Vases") -> str:
    made: str = cli.json("cases", "create", "--title", title, "--handling", "amber", "--by", "ann")[
        "id"
    ]
    return made


def test_a_case_holds_what_was_added(cli: Cli) -> None:
    case = make(cli)
    cli.json("rings", "detect")
    [ring] = cli.json("rings", "list")["items"]
    cited = f"{ring['ring']}@{ring['version']}"
    words = ("--seller", f"{PLATFORM}:s-1", "--listing", f"{PLATFORM}:l-1", "--ring", cited)
    cli.json("cases", "add", case, *words, "--by", "ann")
    found = cli.json("cases", "add", "latest", *words, "--by", "ben")
    assert (found["sellers"], found["listings"], found["rings"]) == (1, 1, 1), "added once"
    shown = cli.json("cases", "show", case)
    assert [(m["kind"], m["id"], m["version"], m["added_by"]) for m in shown["members"]] == [
        ("listing", f"{PLATFORM}:l-1", None, "ann"),
        ("ring", ring["ring"], ring["version"], "ann"),
        ("seller", f"{PLATFORM}:s-1", None, "ann"),
    ]
    assert (shown["title"], shown["handling"], shown["owner"]) == ("Vases", "amber", "ann")
    other = make(cli, "Lamps")
    assert [row["id"] for row in cli.json("cases", "list")["items"]] == [other, case]
    assert cli.json("cases", "show", "latest")["members"] == []


UNKNOWN: list[tuple[tuple[str, ...], int, str]] = [
    ((), 2, "name 1 to"),
    (("--seller", f"{PLATFORM}:s-1", "--seller", f"{PLATFORM}:s-9"), 1, "s-9"),
    (("--listing", f"{PLATFORM}:l-9"), 1, "l-9"),
    (("--ring", "ring-none@1"), 1, "ring-none@1"),
    (("--ring", "ring-none"), 2, "@VERSION"),
]


def test_what_is_not_there_is_not_added_and_nothing_else_is(cli: Cli) -> None:
    make(cli)
    for words, exit_code, said in UNKNOWN:
        done = cli.call("cases", "add", "latest", *words)
        assert done.returncode == exit_code, done.stderr
        assert said in done.stderr
    assert cli.json("cases", "show", "latest")["members"] == []


def test_a_case_that_is_not_there_is_told(cli: Cli) -> None:
    for words in (("show", "case-none"), ("show", "latest"), ("add", "latest", "--seller", "a:b")):
        assert cli.call("cases", *words).returncode == 1
    assert give(cli).returncode == 1
    assert cli.call("cases", "create", "--title", " ", "--handling", "red").returncode == 2


def test_a_grant_is_given_shown_and_revoked_once(cli: Cli) -> None:
    case = make(cli)
    done = give(cli, hops="2", field="identity")
    assert done.returncode == 0, done.stderr
    found = cli.json("grants", "show", "latest")
    assert (found["case"], found["agency"], found["officer"]) == (case, "customs-north", "o-17")
    assert (found["purpose"], found["hops"], found["fields"]) == (
        "customs_enforcement",
        2,
        ["identity"],
    )
    assert found["revoked_at"] is None
    assert found["created_at"] < found["expires_at"]
    ended = cli.json("grants", "revoke", found["id"], "--because", "case closed", "--by", "ann")
    again = cli.json("grants", "revoke", found["id"], "--because", "twice", "--by", "ben")
    assert ended == again
    assert (ended["revoked_by"], ended["revoked_because"]) == ("ann", "case closed")
    assert cli.json("grants", "list", "--case", case)["items"] == [ended]
    assert cli.json("grants", "list", "--case", "case-none")["items"] == []


WRONG: list[dict[str, str]] = [
    {"purpose": "curiosity"},
    {"basis": " "},
    {"hops": "3"},
    {"hops": "-1"},
    {"days": "0"},
    {"days": "366"},
    {"officer": "two words"},
    {"agency": ""},
    {"field": "everything"},
]


def test_a_grant_that_cannot_be_is_not_given(cli: Cli) -> None:
    make(cli)
    assert [wrong for wrong in WRONG if give(cli, **wrong).returncode != 2] == []
    assert cli.json("grants", "list")["items"] == []


def test_the_journal_names_what_was_opened_to_whom_by_whom(cli: Cli) -> None:
    case = make(cli)
    give(cli, by="ann")
    grant = cli.json("grants", "show", "latest")["id"]
    body = cli.json("audit", "show", "--first", "1")["items"][0]["body"]
    assert (body["action"], body["officer"], body["outcome"]) == ("grants.create", "ann", "done")
    assert body["subject"] == f"{case} {grant}"
    assert GIVEN["--basis"] not in str(body)
