"""`doctor` finds what is wrong with a deployment and says what to do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.access.tokens import key_file
from graphsvc.audit.ledger import FILE
from graphsvc.cli.findings import plain
from graphsvc.settings import Settings
from graphsvc.store.process import free_port
from tests.graph.driving import KEY, PLATFORM, Cli, cypher, kept, write_csv

OWN = {"GRAPHSVC_TOKEN_KEY": ""}
Found = dict[str, dict[str, Any]]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over a home with a token key and a journal, and a migrated server."""
    found = Cli(empty_graph, tmp_path)
    found.json("tokens", "create", **OWN)
    found.json("migrate", **OWN)
    return found


def examined(cli: Cli, code: int, **extra: str) -> Found:
    """Run the verb and return its findings by what was looked at."""
    done = cli.call("doctor", "--json", **{**OWN, **extra})
    assert done.returncode == code, done.stdout
    return {item["check"]: item for item in json.loads(done.stdout)["items"]}


def wrong(cli: Cli, **extra: str) -> Found:
    """Return the findings that are bad; each must say what to do."""
    found = {name: item for name, item in examined(cli, 1, **extra).items() if not item["ok"]}
    assert all(item["do"] for item in found.values())
    return found


def test_nothing_is_wrong_with_a_new_deployment(cli: Cli) -> None:
    found = examined(cli, 0)
    assert len(found) == 12
    assert all(item["ok"] for item in found.values())
    assert cli.call("doctor", **OWN).returncode == 0


def test_a_readable_key_is_found(cli: Cli) -> None:
    key_file(cli.settings).chmod(0o644)
    assert "keys/token.key" in wrong(cli)["files"]["found"]


def test_a_weak_key_and_the_key_of_another_graph_are_found(cli: Cli) -> None:
    write_csv(cli.folder / "s.csv", [{"seller_id": "s-1"}])
    cli.json("load", "sellers", "s.csv", "--platform", PLATFORM, **OWN)
    found = wrong(cli, GRAPHSVC_TOKEN_KEY=KEY)
    assert set(found) == {"token key", "graph's key"}


def test_a_missing_constraint_is_found(cli: Cli) -> None:
    cypher(cli.settings, kept("drop_api_key"))
    assert "apikey_id_unique" in wrong(cli)["schema"]["found"]
    cli.json("migrate", **OWN)
    examined(cli, 0)


def test_an_address_that_others_reach_is_found(cli: Cli) -> None:
    for host in ("0.0.0.0", "some-name"):  # noqa: S104
        assert set(wrong(cli, GRAPHSVC_HOST=host)) == {"address"}


def test_a_key_that_ends_soon_is_found(cli: Cli) -> None:
    words = ("keys", "create", "--role", "analyst", "--name", "desk", "--expires")
    made = cli.json(*words, "3", **OWN)
    assert made["id"] in wrong(cli)["API keys"]["found"]
    cli.json("keys", "revoke", made["id"], **OWN)
    cli.json(*words, "90", **OWN)
    examined(cli, 0)


def test_a_damaged_journal_is_found(cli: Cli) -> None:
    file = cli.settings.journal_folder / FILE
    file.write_bytes(file.read_bytes().replace(b'"migrate"', b'"nothing"'))
    assert set(wrong(cli)) == {"journal"}
    file.write_bytes(b"not a journal" * 1_000)
    assert set(wrong(cli)) == {"journal", "journal's disk"}


def test_a_full_disk_is_found(cli: Cli) -> None:
    assert set(wrong(cli, GRAPHSVC_DISK_FLOOR=str(1 << 60))) == {"disk"}


def test_a_database_that_is_away_is_found(cli: Cli) -> None:
    found = wrong(cli, NEO4J_URI=f"bolt://127.0.0.1:{free_port()}")
    assert set(found) == {"database"}


@pytest.mark.parametrize(
    ("ours", "theirs"), [("512m", "512.00MiB"), ("false", "FALSE"), ("1g", "1024.00MiB")]
)
def test_a_value_is_the_same_however_it_is_written(ours: str, theirs: str) -> None:
    assert plain(ours) == plain(theirs)
    assert plain(ours) != plain("513m")
