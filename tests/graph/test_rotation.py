"""The token key is changed: every value again under the new one, nothing left under the old."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from graphsvc.errors import KeyRefused
from graphsvc.loading.prepare import Wish, prepare
from graphsvc.loading.run import claim_key, load_file
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.fold.token import Tokeniser, parse_key
from tests.faults.test_load_faults import until
from tests.graph.driving import KEY, PLATFORM, Cli, cypher, kept, wipe, write_csv

OLD = Tokeniser(parse_key(KEY)).key_id
SELLERS = 60
DAYS = ("2024-01-01", "2024-02-01", "")


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, with files of every kind that holds secrets."""
    cli = Cli(empty_graph, tmp_path)
    for name, shift in (("a", 0), ("b", 20)):
        ids = [f"s-{n + shift}" for n in range(SELLERS)]
        days = [DAYS[(n + shift) % 3] for n in range(SELLERS)]
        told = list(zip(range(SELLERS), ids, days, strict=True))
        values: dict[str, list[dict[str, object]]] = {
            # Where both files speak of a seller on the same day, they contradict each other.
            "sellers": [{"tax_number": f"GB{name}{n:04}" if n % 3 else ""} for n, _, _ in told],
            "payment_accounts": [{"account": f"MER-{n // 3:05}"} for n, _, _ in told],
            "contacts": [{"email": f"desk{n // 4}@tolva.example.com"} for n, _, _ in told],
            "devices": [{"device": f"device-{n // 5:05}"} for n, _, _ in told],
            "addresses": [{"address": f"{n} Quay Road, Leeds LS1 4DT"} for n, _, _ in told],
        }
        for kind, columns in values.items():
            rows = [
                {"seller_id": seller, "seen_at": day, **own}
                for (_, seller, day), own in zip(told, columns, strict=True)
            ]
            write_csv(tmp_path / f"{name}.{kind}.csv", rows)
    return cli


def load(cli: Cli, *but: str, **environment: str) -> None:
    """Load every file but some."""
    for path in sorted(cli.folder.glob("?.*.csv")):
        if path.name not in but:
            kind = path.name.split(".")[1]
            cli.json("load", kind, path.name, "--platform", PLATFORM, **environment)


def new_key(cli: Cli) -> str:
    """Return the key that the rotation made."""
    return (cli.settings.home / "keys" / "token.key").read_text("ascii").strip()


def keys_of(cli: Cli) -> set[str]:
    """Return the ids of the keys that anything in the graph is under."""
    return {row["key"] for row in cypher(cli.settings, kept("tokens_by_key")) if row["number"]}


def assert_as_if_loaded_under(key: str, cli: Cli, *but: str) -> None:
    """Compare the graph with one that was never under another key."""
    digest = cli.digest()
    wipe(cli.settings)
    load(cli, *but, GRAPHSVC_TOKEN_KEY=key)
    assert cli.digest() == digest


def test_a_rotated_graph_is_one_that_was_loaded_under_the_new_key(cli: Cli) -> None:
    load(cli)
    assert keys_of(cli) == {OLD}
    before = cli.digest()
    told = cli.json("tokens", "rotate")
    key = new_key(cli)
    assert told["key_id"] == Tokeniser(parse_key(key)).key_id
    assert (told["was"], told["replayed"], told["missing"]) == (OLD, 8, 0)
    assert keys_of(cli) == {told["key_id"]}
    assert cli.digest() != before
    refused = cli.call("load", "devices", "a.devices.csv", "--platform", PLATFORM)
    assert refused.returncode == 3, "the old key is of no use any more"
    told = cli.json(
        "load", "devices", "a.devices.csv", "--platform", PLATFORM, GRAPHSVC_TOKEN_KEY=key
    )
    assert told["unchanged"] == SELLERS
    assert_as_if_loaded_under(key, cli)


def test_a_rotation_that_was_killed_is_run_again(cli: Cli) -> None:
    load(cli)
    process = cli.start("tokens", "rotate", GRAPHSVC_BATCH_ROWS="5")
    until(lambda: len(keys_of(cli)) > 1, process)
    process.kill()
    process.communicate(timeout=60)
    assert OLD in keys_of(cli), "the old key stays until the end"
    assert not (cli.settings.home / "keys" / "token.key").exists()
    told = cli.json("tokens", "rotate")
    assert keys_of(cli) == {told["key_id"]}
    assert_as_if_loaded_under(new_key(cli), cli)


def test_a_rotation_cut_off_before_the_key_was_put_in_place_ends_well(cli: Cli) -> None:
    load(cli)
    cli.json("tokens", "rotate")
    folder = cli.settings.home / "keys"
    key = new_key(cli)
    (folder / "token.key").rename(folder / "token.key.next")
    assert cli.json("tokens", "rotate")["replayed"] == 0
    assert new_key(cli) == key


def test_a_source_that_is_gone_or_changed_is_named_and_nothing_is_written(cli: Cli) -> None:
    load(cli)
    before = cli.digest()
    (cli.folder / "a.devices.csv").unlink()
    with (cli.folder / "b.contacts.csv").open("a") as file:
        file.write("\n")
    done = cli.call("tokens", "rotate")
    assert done.returncode == 3
    assert "a.devices.csv (gone)" in done.stderr
    assert "b.contacts.csv (changed)" in done.stderr
    assert "--drop-missing" in done.stderr
    assert (cli.digest(), keys_of(cli)) == (before, {OLD})
    assert cli.json("tokens", "rotate", "--drop-missing")["missing"] == 2
    key = new_key(cli)
    digest = cli.digest()
    wipe(cli.settings)
    load(cli, "a.devices.csv", "b.contacts.csv", GRAPHSVC_TOKEN_KEY=key)
    assert cli.digest() == digest


def test_an_unfinished_load_is_to_be_ended_first(cli: Cli) -> None:
    load(cli)
    process = cli.start(
        *("load", "devices", "a.devices.csv", "--platform", PLATFORM, "--source", "desk"),
        GRAPHSVC_BATCH_ROWS="1",
    )
    until(lambda: "running" in [r["kept"]["state"] for r in runs(cli)], process)
    process.kill()
    process.communicate(timeout=60)
    done = cli.call("tokens", "rotate")
    assert done.returncode == 5
    assert "is unfinished" in done.stderr
    assert keys_of(cli) == {OLD}


def runs(cli: Cli) -> list[dict[str, dict[str, object]]]:
    """Return the ingest runs of the graph."""
    return cypher(cli.settings, kept("runs_by_file"))


def test_what_was_taken_back_stays_so_and_a_replayed_run_can_be(cli: Cli) -> None:
    load(cli)
    held = {row["file"]: row["id"] for row in cli.json("runs", "list")["items"]}
    cli.json("runs", "undo", held["b.devices.csv"])
    cli.json("tokens", "rotate")
    key = new_key(cli)
    assert cli.call("runs", "undo", held["a.devices.csv"]).returncode == 5, "another run says it"
    standing = {
        Path(row["file"]).name: row["id"]
        for row in cli.json("runs", "list")["items"]
        if row["state"] == "finished"
    }
    cli.json("runs", "undo", standing["a.payment_accounts.csv"])
    assert_as_if_loaded_under(key, cli, "b.devices.csv", "a.payment_accounts.csv")


def test_a_whole_feed_is_replayed_as_one(cli: Cli) -> None:
    load(cli)
    whole = ("--snapshot", "--accept-shrink")
    cli.json("load", "devices", "a.devices.csv", "--platform", PLATFORM, *whole)
    before = [row["valid_to"] for row in cypher(cli.settings, kept("assertions"))]
    cli.json("tokens", "rotate")
    after = [row["valid_to"] for row in cypher(cli.settings, kept("assertions"))]
    assert sorted(map(str, after)) == sorted(map(str, before))
    assert any(after)


def test_a_load_that_passed_its_check_before_the_last_step_writes_nothing(cli: Cli) -> None:
    load(cli)
    late = write_csv(cli.folder / "late.csv", [{"seller_id": "s-late", "device": "device-late"}])

    async def overtaken() -> None:
        async with connect(local.resolve(cli.settings)) as driver:
            writer, tokens = Writer(driver), Tokeniser(parse_key(KEY))
            await claim_key(Reader(driver), writer, tokens)
            wish = Wish("devices", platform=PLATFORM)
            made = prepare(cli.settings, wish, str(late), tokens=tokens, tell=lambda counts: None)
            await asyncio.to_thread(cli.json, "tokens", "rotate")
            await load_file(writer, made)

    with pytest.raises(KeyRefused, match="loaded under token key"):
        asyncio.run(overtaken())
    assert keys_of(cli) == {Tokeniser(parse_key(new_key(cli))).key_id}
    assert [row["kept"] for row in runs(cli) if row["file"] == str(late)] == []
