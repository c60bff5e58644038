"""The option `--snapshot`: what a whole feed lists no more ends, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import DatabaseAway
from graphsvc.loading import run, snapshot
from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli, Rows, cypher, digest_of, kept, write_csv

JANUARY, FEBRUARY, MARCH = "2024-01-01", "2024-02-01", "2024-03-01"
ENDED = "2024-02-01T00:00:00Z"


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph, tmp_path)


def devices(numbers: range, day: str) -> list[dict[str, object]]:
    return [{"seller_id": f"s-{n}", "device": f"device-{n:04d}", "seen_at": day} for n in numbers]


def load(cli: Cli, rows: Rows, *options: str, kind: str = "devices") -> dict[str, Any]:
    file = write_csv(cli.folder / "feed.csv", rows)
    return cli.json("load", kind, file, "--platform", PLATFORM, *options)


def refused(cli: Cli, rows: Rows, *options: str) -> str:
    file = write_csv(cli.folder / "feed.csv", rows)
    done = cli.call("load", "devices", file, "--platform", PLATFORM, "--snapshot", *options)
    assert done.returncode == 3, done.stderr
    return done.stderr


def ended(cli: Cli) -> dict[str, str]:
    found = cypher(cli.settings, kept("assertions"))
    return {row["start"]: row["valid_to"] for row in found if row["valid_to"]}


def test_what_a_whole_feed_lists_no_more_ends_and_is_not_deleted(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    before = cypher(cli.settings, kept("assertions"))
    done = load(cli, devices(range(2, 41), FEBRUARY), "--snapshot")
    assert (done["loaded"], done["closed"]) == (39, 2)
    assert ended(cli) == {f"{PLATFORM}:s-{n}": ENDED for n in range(2)}
    after = cypher(cli.settings, kept("assertions"))
    assert len(after) == len(before) + 1
    assert {row["closed_by"] for row in after if row["valid_to"]} == {done["run"]}
    again = load(cli, devices(range(2, 41), FEBRUARY), "--snapshot")
    assert (again["loaded"], again["unchanged"], again["closed"]) == (0, 39, 0)


def test_a_feed_that_would_end_more_than_a_twentieth_is_refused_before_it_writes(
    cli: Cli,
) -> None:
    load(cli, devices(range(40), JANUARY))
    before = digest_of(cli.settings)
    told = refused(cli, devices(range(3, 50), FEBRUARY))
    assert "3 of 40 assertions" in told
    assert "--accept-shrink" in told
    assert digest_of(cli.settings) == before
    assert len(cli.json("runs", "list")["items"]) == 1
    done = load(cli, devices(range(3, 50), FEBRUARY), "--snapshot", "--accept-shrink")
    assert done["closed"] == 3


def test_exactly_a_twentieth_may_end(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    assert load(cli, devices(range(2, 40), FEBRUARY), "--snapshot")["closed"] == 2


def test_other_sources_platforms_and_kinds_are_left_alone(cli: Cli) -> None:
    load(cli, devices(range(3), JANUARY), "--source", "customs")
    other = [{**row, "platform": "bazaar"} for row in devices(range(3), JANUARY)]
    write_csv(cli.folder / "other.csv", other)
    cli.json("load", "devices", "other.csv")
    load(cli, [{"seller_id": "s-1", "email": "a@b.example"}], kind="contacts")
    load(cli, devices(range(3), JANUARY))
    done = load(cli, devices(range(1, 3), FEBRUARY), "--snapshot", "--accept-shrink")
    assert done["closed"] == 1
    assert ended(cli) == {f"{PLATFORM}:s-0": ENDED}


def test_whom_a_refused_row_names_keeps_what_it_has(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    rows = [*devices(range(2, 40), FEBRUARY), {"seller_id": "s-0", "device": "", "seen_at": MARCH}]
    done = load(cli, rows, "--snapshot")
    assert (done["rejected"], done["closed"]) == (1, 1)
    assert ended(cli) == {f"{PLATFORM}:s-1": ENDED}


def test_a_refused_row_that_names_nobody_holds_back_every_end(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    rows = [*devices(range(1, 40), FEBRUARY), {"seller_id": "", "device": "device-0000"}]
    assert "1 refused rows do not say whose they are" in refused(cli, rows)
    assert ended(cli) == {}


def test_what_was_seen_after_the_feed_does_not_end(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    load(cli, devices(range(1), MARCH))
    done = load(cli, devices(range(2, 40), FEBRUARY), "--snapshot")
    assert done["closed"] == 1
    assert ended(cli) == {f"{PLATFORM}:s-1": ENDED}


def test_what_ended_is_opened_by_a_whole_feed_or_a_later_sight(cli: Cli) -> None:
    load(cli, devices(range(60), JANUARY))
    load(cli, devices(range(3, 60), FEBRUARY), "--snapshot")
    assert len(ended(cli)) == 3
    assert load(cli, devices(range(1), FEBRUARY))["loaded"] == 1  # its last_seen widens
    assert len(ended(cli)) == 3
    assert load(cli, devices(range(1, 2), MARCH))["loaded"] == 1
    assert f"{PLATFORM}:s-1" not in ended(cli)
    done = load(cli, devices(range(60), FEBRUARY), "--snapshot")
    assert (done["loaded"], done["closed"]) == (2, 0)
    assert ended(cli) == {}


def test_a_detection_counts_only_what_stands(cli: Cli) -> None:
    shared = [
        {"seller_id": f"s-{n}", "account": "merchant-77", "account_kind": "merchant"}
        for n in range(3)
    ]
    load(cli, shared, kind="payment_accounts")
    assert sum(cli.json("rings", "detect", "--engine", "components")["rings"].values()) == 1
    load(cli, shared[:1], "--snapshot", "--accept-shrink", kind="payment_accounts")
    assert sum(cli.json("rings", "detect", "--engine", "components")["rings"].values()) == 0


def test_undoing_a_whole_feed_opens_what_it_ended(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    before = digest_of(cli.settings)
    done = load(cli, devices(range(2, 41), FEBRUARY), "--snapshot")
    cli.json("runs", "undo", done["run"])
    assert ended(cli) == {}
    assert digest_of(cli.settings) == before


def test_undoing_one_of_two_whole_feeds_leaves_what_the_other_ended(cli: Cli) -> None:
    load(cli, devices(range(60), JANUARY))
    first = load(cli, devices(range(2, 60), FEBRUARY), "--snapshot")["run"]
    load(cli, devices(range(1, 60), MARCH), "--snapshot")  # opens s-1 again
    assert set(ended(cli)) == {f"{PLATFORM}:s-0"}
    cli.json("runs", "undo", first)
    assert ended(cli) == {f"{PLATFORM}:s-0": "2024-03-01T00:00:00Z"}


def test_undoing_what_opened_an_assertion_ends_it_again(cli: Cli) -> None:
    load(cli, devices(range(40), JANUARY))
    load(cli, devices(range(2, 40), FEBRUARY), "--snapshot")
    opening = load(cli, devices(range(1), MARCH))["run"]
    assert set(ended(cli)) == {f"{PLATFORM}:s-1"}
    cli.json("runs", "undo", opening)
    assert ended(cli) == {f"{PLATFORM}:s-{n}": ENDED for n in range(2)}


def test_cut_off_while_it_ends_things_the_same_command_ends_the_rest(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "CHUNK", 1)
    load(cli, devices(range(60), JANUARY))
    rows = devices(range(3, 60), FEBRUARY)
    close, calls = run.close, []

    async def cut(*words: Any, **named: Any) -> int:
        calls.append(words)
        if len(calls) == 2:
            raise DatabaseAway("cut off")
        return await close(*words, **named)

    monkeypatch.setattr(run, "close", cut)
    file = write_csv(cli.folder / "feed.csv", rows)
    words = ("load", "devices", file, "--platform", PLATFORM, "--snapshot")
    assert cli.call(*words).returncode == 4
    assert len(ended(cli)) == 1
    done = cli.json(*words)
    assert (done["resumed"], done["closed"]) == (57, 3)
    assert len(ended(cli)) == 3


def test_a_feed_without_dates_ends_things_now(cli: Cli) -> None:
    load(cli, devices(range(40), ""))
    done = load(cli, devices(range(1, 40), ""), "--snapshot")
    assert done["closed"] == 1
    (until,) = ended(cli).values()
    assert "2026" <= until <= cli.json("runs", "show", done["run"])["finished_at"]


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [("sellers", ["--snapshot"], 2), ("devices", ["--snapshot", "--dry-run"], 2)],
    ids=["a kind without assertions", "no database"],
)
def test_where_nothing_could_end_it_is_refused(
    cli: Cli, kind: str, options: list[str], code: int
) -> None:
    write_csv(cli.folder / "a.csv", [{"seller_id": "s-1"}])
    done = cli.call("load", kind, "a.csv", "--platform", PLATFORM, *options)
    assert done.returncode == code
    assert "snapshot" in done.stderr
