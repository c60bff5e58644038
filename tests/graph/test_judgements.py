"""What people judge of two sellers is kept, warned of, and obeyed by the next detection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import Conflict
from graphsvc.settings import Settings
from queries.judgements import SAVE_JUDGEMENT
from tests.graph.driving import PLATFORM, Cli, cypher, kept, write_csv
from tests.graph.test_detection import read

HOME = "Flat 4, 12 Marwick Street, Kestleford, MK40 1LR"


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """Four sellers: a, b and c share a home, a and b a telephone and an account; d is alone."""
    cli = Cli(empty_graph, tmp_path)
    files: dict[str, list[dict[str, Any]]] = {
        "sellers": [{"seller_id": s, "handle": s} for s in "abcd"],
        "addresses": [{"seller_id": s, "address": HOME, "country": "GB"} for s in "abc"],
        "contacts": [{"seller_id": s, "phone": "+44 20 7946 0018"} for s in "ab"],
        "payment_accounts": [
            {"seller_id": s, "account": "wallet-00001234", "account_kind": "wallet"} for s in "ab"
        ],
        "reports": [
            {"report_id": f"r-{s}", "seller_id": s, "reporter": "Guild of Potters",
             "at": "2024-05-01", "verdict": "confirmed_fake"}
            for s in "ab"
        ],
    }  # fmt: skip
    for kind, rows in files.items():
        cli.json("load", kind, write_csv(tmp_path / f"{kind}.csv", rows), "--platform", PLATFORM)
    return cli


def judge(cli: Cli, a: str, b: str, verdict: str, because: str = "seen in person") -> Any:
    """Judge two sellers by their letters."""
    names = (f"{PLATFORM}:{a}", f"{PLATFORM}:{b}")
    return cli.json("judge", *names, verdict, "--because", because, "--by", "desk 4")


def rings(cli: Cli) -> list[set[str]]:
    """Detect, and return the members of each ring by their letters."""
    cli.json("rings", "detect")
    return [set(members(cli, item["ring"])) for item in cli.json("rings", "list")["items"]]


def members(cli: Cli, ring: str) -> dict[str, dict[str, Any]]:
    """Return the members of a ring as they are shown, by their letters."""
    shown = cli.json("rings", "show", ring)["members"]
    return {each["seller"].partition(":")[2]: each for each in shown}


def digest(cli: Cli) -> str:
    """Return the input digest of the last detection."""
    found: str = cypher(cli.settings, kept("detections"))[-1]["input_digest"]
    return found


def test_two_judged_different_are_never_in_one_ring(cli: Cli) -> None:
    assert rings(cli) == [{"a", "b", "c"}]
    before = digest(cli)
    made = judge(cli, "b", "c", "different")
    assert (made["a"], made["b"], made["verdict"]) == (
        f"{PLATFORM}:b",
        f"{PLATFORM}:c",
        "different",
    )
    assert made["warnings"] == []
    assert all(not {"b", "c"} <= ring for ring in rings(cli))
    assert digest(cli) != before


def test_one_judged_the_same_comes_into_the_ring_and_is_told_why(cli: Cli) -> None:
    made = judge(cli, "d", "c", "same", "one voice on the telephone")
    assert made["p"] == 0
    assert made["warnings"] == ["they share no identifier: nothing but this judgement ties them"]
    assert rings(cli) == [{"a", "b", "c", "d"}]
    [item] = cli.json("rings", "list")["items"]
    shown = members(cli, item["ring"])
    [said] = shown["d"]["judgements"]
    assert (said["other"], said["verdict"], said["by"]) == (f"{PLATFORM}:c", "same", "desk 4")
    assert said["because"] == "one voice on the telephone"
    assert [said["other"] for said in shown["c"]["judgements"]] == [f"{PLATFORM}:d"]
    assert shown["a"]["judgements"] == []
    told = " ".join(cli.call("rings", "show", item["ring"]).stdout.split())
    assert f"judged the same as {PLATFORM}:c by desk 4: one voice on the telephone" in told


def test_a_newer_judgement_supersedes_and_erases_nothing(cli: Cli) -> None:
    first = judge(cli, "b", "c", "different")["judgement"]
    second = judge(cli, "c", "b", "unsure")
    assert second["superseded"] == [first]
    third = judge(cli, "b", "c", "unsure")
    assert third["superseded"] == [second["judgement"]]
    assert rings(cli) == [{"a", "b", "c"}]
    listed = cli.json("judgements", "list", "--seller", f"{PLATFORM}:c")["items"]
    assert [(row["id"], row["superseded_by"]) for row in listed] == [
        (third["judgement"], None),
        (second["judgement"], third["judgement"]),
        (first, second["judgement"]),
    ]
    assert listed[-1]["verdict"] == "different"
    assert cli.json("judgements", "list", "--seller", f"{PLATFORM}:a")["items"] == []
    assert len(cli.json("judgements", "list", "--first", 2)["items"]) == 2


def test_who_contradicts_strong_evidence_is_warned(cli: Cli) -> None:
    made = judge(cli, "a", "b", "different")
    assert made["p"] >= 0.9
    assert ["one operator with P = " in warning for warning in made["warnings"]] == [True]
    assert judge(cli, "a", "b", "same")["warnings"] == []


def test_who_contradicts_other_judgements_is_warned(cli: Cli) -> None:
    assert judge(cli, "a", "b", "same")["warnings"] == []
    assert judge(cli, "a", "c", "different")["warnings"] == []
    [warning] = judge(cli, "b", "c", "same")["warnings"]
    assert f"{PLATFORM}:a and {PLATFORM}:c are judged different" in warning
    done = cli.call(
        "judge", f"{PLATFORM}:b", f"{PLATFORM}:c", "same", "--because", "again", "--by", "desk 4"
    )
    assert "warning: " in done.stderr
    assert all(not {"a", "c"} <= ring for ring in rings(cli))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("a", "z", "same", "--because", "x"), 1, f"there is no seller {PLATFORM}:z"),
        (("a", "a", "same", "--because", "x"), 2, "are one seller"),
        (("a", "b", "same", "--because", " "), 2, "needs --because"),
        (("a", "b", "perhaps", "--because", "x"), 2, "perhaps"),
    ],
)
def test_what_cannot_be_judged_is_refused(
    cli: Cli, words: tuple[str, ...], code: int, said: str
) -> None:
    a, b, *rest = words
    done = cli.call("judge", f"{PLATFORM}:{a}", f"{PLATFORM}:{b}", *rest, "--by", "desk 4")
    assert done.returncode == code
    assert said in done.stderr
    assert cli.json("judgements", "list")["items"] == []


def test_a_judgement_made_meanwhile_stops_a_detection(cli: Cli) -> None:
    marks = {"a": f"{PLATFORM}:a", "b": f"{PLATFORM}:b", "key_a": "k1", "key_b": "k2"}
    with pytest.raises(Conflict, match="a decision changed the graph"):
        read(cli.settings, SAVE_JUDGEMENT, id="j", properties={"verdict": "same"}, **marks)


def test_a_detection_without_memory_leaves_the_rings_as_they_were(cli: Cli) -> None:
    assert rings(cli) == [{"a", "b", "c"}]
    for verb in ("detect", "update"):
        done = cli.call("rings", verb, GRAPHSVC_MEMORY_LIMIT="500")
        assert done.returncode == 3
        assert "MiB are free" in done.stderr
        assert "GRAPHSVC_MEMORY_LIMIT" in done.stderr
    states = [run["state"] for run in cypher(cli.settings, kept("detections"))]
    assert sorted(states) == ["failed", "failed", "finished"]
    (ring,) = cli.json("rings", "list")["items"]
    assert set(members(cli, ring["ring"])) == {"a", "b", "c"}
