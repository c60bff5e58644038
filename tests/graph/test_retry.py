"""The verb `runs retry`: corrected rejects load as the run that refused them would load them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept, write_csv

GOOD_IBAN, BAD_IBAN = "DE89370400440532013000", "DE89370400440532013001"
OTHER_IBAN = "GB82WEST12345698765432"
Issue = dict[str, Any]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph, tmp_path)


def accounts(cli: Cli, *rows: Mapping[str, object]) -> dict[str, Any]:
    """Load payment accounts, their rejects to r.ndjson."""
    write_csv(cli.folder / "p.csv", rows)
    words = ("load", "payment_accounts", "p.csv", "--platform", PLATFORM)
    return cli.json(*words, "--rejects", "r.ndjson")


def correct(cli: Cli, change: Callable[[Issue], None], name: str = "r.ndjson") -> None:
    """Change each reject of a file in its place."""
    path = cli.folder / name
    issues = issues_of(path)
    for issue in issues:
        change(issue)
    path.write_text("".join(json.dumps(issue) + "\n" for issue in issues), "utf-8")


def held(cli: Cli) -> list[dict[str, Any]]:
    """Return what provenance the graph's sellers have."""
    return cypher(cli.settings, kept("provenance"))


def set_in_row(**values: str) -> Callable[[Issue], None]:
    """Return the correction that sets these columns."""
    return lambda issue: issue["row"].update(values)


def test_masked_values_are_read_from_the_file_and_a_corrected_column_is_not(cli: Cli) -> None:
    row = {"seller_id": "s-1", "account": GOOD_IBAN, "account_kind": "iban"}
    told = accounts(cli, {**row, "asserted_by": "somebody"}, {**row, "seller_id": "s-2"})
    assert (told["loaded"], told["rejected"]) == (1, 1)
    [issue] = issues_of(cli.folder / "r.ndjson")
    assert issue["row"]["account"] == "***"
    correct(cli, set_in_row(asserted_by="observed"))
    again = cli.json("runs", "retry", "r.ndjson")
    assert (again["in"], again["loaded"], again["rejected"]) == (1, 1, 0)
    assert (again["kind"], again["file"], again["rejects"]) == (
        "payment_accounts",
        "r.ndjson",
        None,
    )
    assert GOOD_IBAN not in json.dumps(cypher(cli.settings, kept("secrets")))
    # Both sellers use the one account, so what was masked was read from the file.
    counts = cli.json("graph", "counts")
    assert counts["nodes"]["PaymentAccount"] == 1
    assert counts["relations"]["USES_ACCOUNT"] == 2


def test_a_secret_that_is_entered_anew_counts_and_is_masked_when_refused_again(cli: Cli) -> None:
    accounts(cli, {"seller_id": "s-1", "account": BAD_IBAN, "account_kind": "iban"})
    correct(cli, set_in_row(account=OTHER_IBAN[:-1] + "1"))
    again = cli.json("runs", "retry", "r.ndjson", "--rejects", "r2.ndjson")
    assert (again["in"], again["rejected"]) == (1, 1)
    [issue] = issues_of(cli.folder / "r2.ndjson")
    assert (issue["file"], issue["line"], issue["row"]["account"]) == ("r.ndjson", 1, "***")
    # Once more: another column is corrected, the secret still comes from the first correction.
    correct(cli, set_in_row(holder="Tolva Ltd"), "r2.ndjson")
    third = cli.json("runs", "retry", "r2.ndjson", "--rejects", "r3.ndjson")
    assert third["refused"][0]["reason"] == again["refused"][0]["reason"]
    correct(cli, set_in_row(account=OTHER_IBAN), "r2.ndjson")
    done = cli.json("runs", "retry", "r2.ndjson")
    assert (done["loaded"], done["rejected"]) == (1, 0)
    assert cli.call("runs", "retry", "r3.ndjson", "--strict").returncode == 3


@pytest.mark.parametrize("fate", ["changed", "gone"])
def test_without_the_file_every_value_must_be_entered(cli: Cli, fate: str) -> None:
    accounts(cli, {"seller_id": "s-1", "account": BAD_IBAN, "account_kind": "iban"})
    path = cli.folder / "p.csv"
    if fate == "gone":
        path.unlink()
    else:
        path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    before = cli.json("runs", "list")
    done = cli.call("runs", "retry", "r.ndjson")
    assert done.returncode == 3
    assert "r.ndjson:1: values are masked" in done.stderr.replace("\n", "")
    assert "anew" in done.stderr
    assert cli.json("runs", "list") == before
    correct(cli, set_in_row(account=GOOD_IBAN, account_kind="iban"))
    assert cli.json("runs", "retry", "r.ndjson")["loaded"] == 1


def test_mapping_platform_source_and_dates_are_those_of_the_first_run(cli: Cli) -> None:
    mapping = (
        "kind: sellers\nplatform: other\ncolumns: {seller_id: ID, handle: [], seen_at: Seen}\n"
    )
    (cli.folder / "m.yml").write_text(
        mapping.replace("[]", "Name") + 'dates: "%d.%m.%Y"\n', "utf-8"
    )
    rows = [{"ID": "s-1", "Name": "amber", "Seen": "40.01.2024"}]
    write_csv(cli.folder / "s.csv", rows)
    cli.json("load", "sellers", "s.csv", "--mapping", "m.yml", "--source", "desk")
    [first] = cli.json("runs", "list")["items"]
    name = Path(first["rejects_file"]).name
    correct(cli, set_in_row(seen_at="31.01.2024"), first["rejects_file"])
    Path(first["rejects_file"]).rename(cli.folder / f"corrected-{name}")
    told = cli.json("runs", "retry", f"corrected-{name}")
    assert told["loaded"] == 1
    [row] = held(cli)
    assert (row["id"], row["handle"], row["seen_at"]) == (
        "other:s-1", "amber", "2024-01-31T00:00:00Z",
    )  # fmt: skip
    run = cli.json("runs", "show", "latest")
    assert (run["platform"], run["source"]) == ("other", "desk")


def test_rows_of_several_files_are_runs_of_their_own_and_counts_add_up(cli: Cli) -> None:
    for name in ("a", "b"):
        rows = [{"seller_id": f"{name}-{n}", "risk": "1.5" if n % 2 else "0.5"} for n in range(6)]
        write_csv(cli.folder / f"{name}.csv", rows)
    words = ("load", "sellers", "a.csv", "b.csv", "--platform", PLATFORM, "--rejects", "r.ndjson")
    first = [json.loads(line) for line in cli.call(*words, "--json").stdout.splitlines()]
    assert [each["refused"][0]["count"] for each in first] == [3, 3]

    def only_b(issue: Issue) -> None:
        issue["row"]["risk"] = "0.25" if issue["file"] == "b.csv" else "2"

    correct(cli, only_b)
    out = cli.call("runs", "retry", "r.ndjson", "--rejects", "r2.ndjson", "--json").stdout
    told = [json.loads(line) for line in out.splitlines()]
    assert sorted((each["in"], each["loaded"], each["rejected"]) for each in told) == [
        (3, 0, 3), (3, 3, 0),
    ]  # fmt: skip
    issues = issues_of(cli.folder / "r2.ndjson")
    assert {(issue["file"], issue["row"]["seller_id"][0]) for issue in issues} == {
        ("r.ndjson", "a")
    }
    assert len(held(cli)) == 9
    # The same once more changes nothing.
    out = cli.call("runs", "retry", "r.ndjson", "--json").stdout
    assert sum(json.loads(line)["unchanged"] for line in out.splitlines()) == 3


def test_a_row_that_lost_a_tie_wins_with_a_later_date_whatever_run_told_of_it(cli: Cli) -> None:
    write_csv(cli.folder / "old.csv", [{"seller_id": "s-1", "handle": "amber"}])
    write_csv(cli.folder / "new.csv", [{"seller_id": "s-1", "handle": "birch"}])
    cli.json("load", "sellers", "old.csv", "--platform", PLATFORM)
    words = ("load", "sellers", "new.csv", "--platform", PLATFORM, "--rejects", "r.ndjson")
    assert cli.json(*words)["loaded"] == 1
    [issue] = issues_of(cli.folder / "r.ndjson")
    assert (issue["file"][:7], issue["row"]) == ("sha256:", {})
    correct(cli, set_in_row(seen_at="2024-02-02"))
    assert cli.json("runs", "retry", "r.ndjson")["loaded"] == 1
    assert held(cli)[0]["handle"] == "amber"


def test_rows_that_were_never_read_are_taken_as_they_are_written(cli: Cli) -> None:
    lines = (
        '{"seller_id": "s-3"}',
        '{"seller_id": "s-1", "colour": "red", "handle": "amber"}',
        '{"seller_id": "s-2"',
    )
    (cli.folder / "s.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    words = ("load", "sellers", "s.jsonl", "--platform", PLATFORM, "--rejects", "r.ndjson")
    assert cli.json(*words)["rejected"] == 2
    assert cli.json("runs", "retry", "r.ndjson", "--rejects", "r2.ndjson")["rejected"] == 2
    again = {issue["line"]: issue for issue in issues_of(cli.folder / "r2.ndjson")}
    assert again[1]["column"] == "colour"
    assert "line 3 of s.jsonl cannot be read" in again[2]["reason"]

    def mend(issue: Issue) -> None:
        if issue["line"] == 2:
            del issue["row"]["colour"]
        else:
            issue["row"] = {"seller_id": "s-2", "risk": 0.5, "hue": "blue"}

    correct(cli, mend)
    told = cli.json("runs", "retry", "r.ndjson", "--rejects", "r3.ndjson")
    assert (told["loaded"], told["rejected"]) == (1, 1)
    assert issues_of(cli.folder / "r3.ndjson")[0]["column"] == "hue"
    correct(cli, lambda issue: issue["row"].pop("hue", None))
    assert cli.json("runs", "retry", "r.ndjson")["in"] == 2
    assert [row["handle"] for row in held(cli)] == ["amber", None, None]


def test_which_run_is_asked_for_where_it_is_not_clear(cli: Cli) -> None:
    for name, risk in (("one", "1.5"), ("two", "2.5")):
        write_csv(cli.folder / "s.csv", [{"seller_id": f"s-{name}", "risk": risk}])
        words = ("load", "sellers", "s.csv", "--platform", PLATFORM, "--rejects", f"{name}.ndjson")
        cli.json(*words)
    first = cli.json("runs", "list")["items"][1]["id"]
    text = (cli.folder / "one.ndjson").read_text("utf-8").replace("1.5", "0.5")
    (cli.folder / "copy.ndjson").write_text(text, "utf-8")
    done = cli.call("runs", "retry", "copy.ndjson")
    assert done.returncode == 5
    assert first in done.stderr
    assert cli.json("runs", "retry", "copy.ndjson", "--run", first)["loaded"] == 1
    assert [row["id"] for row in held(cli)] == [f"{PLATFORM}:s-one"]


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('{"file": "s.csv", "line": 2}\n', 3, "r.ndjson:1"),
        ('{"file": "s.csv", "line": 2, "row": {}}\nno JSON\n', 3, "r.ndjson:2"),
        ('{"file": "s.csv", "line": 2, "row": {}}\n', 1, "no ingest run of s.csv"),
        (None, 3, "r.ndjson"),
    ],
)
def test_what_is_no_rejects_file_is_refused(
    cli: Cli, text: str | None, code: int, says: str
) -> None:
    if text is not None:
        (cli.folder / "r.ndjson").write_text(text, "utf-8")
    done = cli.call("runs", "retry", "r.ndjson")
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
