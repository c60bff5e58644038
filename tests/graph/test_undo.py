"""The verb `runs undo`: the graph is what the other runs say, whatever was loaded in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import SecretStr

from graphsvc.errors import DatabaseAway
from graphsvc.loading import undo
from graphsvc.settings import Settings
from tests.graph.driving import (
    KEY,
    PLATFORM,
    Cli,
    Rows,
    cypher,
    digest_of,
    kept,
    load_all,
    wipe,
    write_csv,
)

DAYS = ["", "2024-01-01", "2024-02-01", "2024-03-01"]
Feed = tuple[str, Path]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph."""
    return Cli(empty_graph.model_copy(update={"token_key": SecretStr(KEY)}), tmp_path)


MAKERS: dict[str, Callable[[Random], dict[str, str]]] = {
    "sellers": lambda dice: {
        "seller_id": f"s-{dice.randrange(12)}",
        "handle": dice.choice(["north", "south", "east"]),
        "risk": dice.choice(["", "0.2", "0.9"]),
    },
    "payment_accounts": lambda dice: {
        "seller_id": f"s-{dice.randrange(12)}",
        "account": f"merchant-{dice.randrange(6)}",
        "account_kind": "merchant",
        "holder": dice.choice(["", "A. Reed", "B. Moss"]),
    },
    "addresses": lambda dice: {
        "seller_id": f"s-{dice.randrange(12)}",
        "address": f"{dice.randrange(1, 4)} {dice.choice(['High St', 'HIGH STREET'])}, Leeds",
        "country": "GB",
    },
    "listings": lambda dice: {
        "listing_id": f"l-{dice.randrange(8)}",
        "seller_id": f"s-{dice.randrange(12)}",
        "title": dice.choice(["kettle", "lamp"]),
    },
    "images": lambda dice: {
        "listing_id": f"l-{dice.randrange(8)}",
        "sha256": f"{dice.randrange(5):064x}",
        "pdq": f"{dice.randrange(2):064x}",
        "position": str(dice.randrange(3)),
    },
}


def rows_of(kind: str, dice: Random) -> Rows:
    number = dice.randrange(8, 15)
    return [{**MAKERS[kind](dice), "seen_at": dice.choice(DAYS)} for _ in range(number)]


def feeds(folder: Path, dice: Random, number: int) -> list[Feed]:
    made = []
    for place in range(number):
        kind = dice.choice(list(MAKERS))
        made.append((kind, write_csv(folder / f"{place}-{kind}.csv", rows_of(kind, dice))))
    return made


def digest_of_only(settings: Settings, files: Sequence[Feed]) -> str:
    wipe(settings)
    load_all(settings, files)
    return digest_of(settings)


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 9))]
)
def test_what_is_left_is_what_the_other_runs_say(
    cli: Cli, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "GROUP", 1)
    monkeypatch.setattr(undo, "PART", 3)
    dice = Random(seed)
    files = feeds(cli.folder, dice, 7)
    reports = load_all(cli.settings, files, batch_rows=dice.choice([2, 5, 100]))
    assert all(report.counts.loaded for report in reports)
    back = set(dice.sample(range(7), 2))
    for place in back:
        done = cli.json("runs", "undo", reports[place].run)
        assert done["run"] == reports[place].run
    left = digest_of(cli.settings)
    assert left == digest_of_only(cli.settings, [f for p, f in enumerate(files) if p not in back])


def test_cut_off_anywhere_it_is_gone_on_with(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "PART", 3)
    files = feeds(cli.folder, Random(11), 5)
    reports = load_all(cli.settings, files)
    within, left = undo._within, 4

    async def cut(*words: Any) -> int:
        nonlocal left
        left -= 1
        if left < 0:
            raise DatabaseAway("cut off")
        return await within(*words)

    with monkeypatch.context() as patched:
        patched.setattr(undo, "_within", cut)
        assert cli.call("runs", "undo", reports[2].run).returncode == 4
    assert cli.json("runs", "show", reports[2].run)["state"] == "undoing"
    assert cli.call("runs", "resume", reports[2].run).returncode == 5
    cli.json("runs", "undo", reports[2].run)
    left_over = digest_of(cli.settings)
    assert left_over == digest_of_only(cli.settings, [*files[:2], *files[3:]])


def test_what_is_loaded_in_between_is_not_lost(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"seller_id": "s-1", "handle": "north", "seen_at": "2024-01-01"}
    later = {"seller_id": "s-1", "handle": "south", "seen_at": "2024-02-01"}
    first, second = (
        write_csv(cli.folder / f"{name}.csv", [row]) for name, row in (("a", rows), ("b", later))
    )
    (report,) = load_all(cli.settings, [("sellers", first)])
    written = undo._write
    loads = [("sellers", second)]

    async def late(*words: Any) -> None:
        if loads:
            await asyncio.to_thread(load_all, cli.settings, [loads.pop()])
        await written(*words)

    monkeypatch.setattr(undo, "_write", late)
    cli.json("runs", "undo", report.run)
    left = digest_of(cli.settings)
    assert left == digest_of_only(cli.settings, [("sellers", second)])


def test_a_single_run_leaves_nothing(cli: Cli) -> None:
    empty = digest_of(cli.settings)
    for kind, path in feeds(cli.folder, Random(7), 5):
        cli.json("load", kind, path, "--platform", PLATFORM)
        assert digest_of(cli.settings) != empty
        cli.json("runs", "undo", "latest")
        assert digest_of(cli.settings) == empty


def test_what_another_source_says_of_the_same_stays(cli: Cli) -> None:
    row = {"seller_id": "s-1", "account": "merchant-1", "account_kind": "merchant"}
    file = write_csv(cli.folder / "a.csv", [row])
    cli.json("load", "payment_accounts", file, "--platform", PLATFORM, "--source", "customs")
    before = digest_of(cli.settings)
    ours = cli.json("load", "payment_accounts", file, "--platform", PLATFORM)
    assert len(cypher(cli.settings, kept("assertions"))) == 2
    done = cli.json("runs", "undo", ours["run"])
    assert (done["removed"], done["swept"]) == (1, 0)
    assert [a["source"] for a in cypher(cli.settings, kept("assertions"))] == ["customs"]
    assert digest_of(cli.settings) == before


def test_a_changed_value_is_what_it_was_and_both_changes_are_on_record(cli: Cli) -> None:
    old = {"seller_id": "s-1", "handle": "north", "seen_at": "2024-01-01"}
    new = {"seller_id": "s-1", "handle": "south", "seen_at": "2024-02-01"}
    for name, row in (("old.csv", old), ("new.csv", new)):
        write_csv(cli.folder / name, [row])
        run = cli.json("load", "sellers", name, "--platform", PLATFORM)["run"]
    cli.json("runs", "undo", run)
    changes = cypher(cli.settings, kept("revisions"))
    assert [(c["field"], c["before"], c["after"]) for c in changes] == [
        ("handle", "north", "south"),
        ("handle", "south", "north"),
    ]
    assert {(c["of"], c["owner"], c["run"]) for c in changes} == {("shopnest:s-1", "Seller", run)}


def test_an_undone_run_says_so_and_is_not_undone_twice(cli: Cli) -> None:
    write_csv(cli.folder / "a.csv", [{"seller_id": "s-1"}])
    run = cli.json("load", "sellers", "a.csv", "--platform", PLATFORM)["run"]
    cli.json("runs", "undo", run)
    shown = cli.json("runs", "show", run)
    assert shown["state"] == "undone"
    assert shown["undone_at"] >= shown["started_at"]
    again = cli.call("runs", "undo", run)
    assert again.returncode == 5
    assert "is undone already" in again.stderr
    loaded = cli.json("load", "sellers", "a.csv", "--platform", PLATFORM)
    assert (loaded["loaded"], loaded["unchanged"]) == (1, 0)


def test_a_run_without_a_record_forbids_what_cannot_be_derived(cli: Cli) -> None:
    for name in ("a", "b"):
        write_csv(cli.folder / f"{name}.csv", [{"seller_id": name}])
        run = cli.json("load", "sellers", f"{name}.csv", "--platform", PLATFORM)["run"]
        if name == "a":
            first = run
    cypher(cli.settings, kept("forget_batches"), run=first)
    before = digest_of(cli.settings)
    done = cli.call("runs", "undo", run)
    assert done.returncode == 5
    assert f"{first} left no record" in done.stderr
    assert digest_of(cli.settings) == before
    assert cli.json("runs", "show", run)["state"] == "finished"


def test_a_seller_of_a_ring_stays_as_a_stub(cli: Cli) -> None:
    rows = [
        {"seller_id": f"s-{n}", "account": "merchant-1", "account_kind": "merchant"}
        for n in range(3)
    ]
    write_csv(cli.folder / "a.csv", rows)
    cli.json("load", "payment_accounts", "a.csv", "--platform", PLATFORM)
    cli.json("rings", "detect", "--engine", "components")
    done = cli.json("runs", "undo", "latest")
    assert (done["removed"], done["swept"]) == (3, 1)
    (ring,) = cypher(cli.settings, kept("members_of_versions"))
    assert ring["sellers"] == [f"shopnest:s-{n}" for n in range(3)]
