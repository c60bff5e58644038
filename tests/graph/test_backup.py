"""A backup brings everything back: the drill with a real server, and what is refused."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.audit.journal import Journal
from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.manifest import Manifest, changed, digests, read, save
from tests.graph.driving import PLATFORM, Cli, write_csv
from tests.graph.test_load_bulk import MANAGED

LOAD = ("load", "contacts", "c.csv", "--platform", PLATFORM)


class Managed(Cli):
    """The command line over the managed server of its home, whether that runs or not."""

    def environment(self, **extra: str) -> dict[str, str]:
        """Return the environment of a verb: no address of a server, and no key."""
        return {**os.environ, "GRAPHSVC_HOME": str(self.settings.home), **MANAGED, **extra}


@pytest.fixture
def cli(own_server: Settings, tmp_path: Path) -> Iterator[Cli]:
    """The command line over a managed server with two sellers, a key and a judgement."""
    local.start(own_server)
    found = Managed(own_server, tmp_path)
    rows = [{"seller_id": f"s-{n}", "phone": "+44 20 7946 0958"} for n in (1, 2)]
    write_csv(tmp_path / "c.csv", rows)
    found.json("tokens", "create")
    found.json(*LOAD)
    found.json("keys", "create", "--role", "analyst", "--name", "desk")
    pair = (f"{PLATFORM}:s-1", f"{PLATFORM}:s-2")
    found.json("judge", *pair, "same", "--because", "one voice")
    yield found
    found.call("neo4j", "stop")


def state(cli: Cli) -> tuple[object, ...]:
    """Return what the home holds: the graph's digest, API keys, judgements."""
    digest = cli.json("graph", "digest")
    keys = cli.json("keys", "list")["items"]
    return digest, keys, cli.json("judgements", "list")["items"]


def bodies(cli: Cli) -> list[dict[str, object]]:
    items = cli.json("audit", "show", "--first", "1000")["items"]
    return [item["body"] for item in reversed(items)]


@pytest.mark.timeout(600)
def test_what_was_destroyed_is_brought_back(cli: Cli) -> None:
    home, backup = cli.settings.home, cli.folder / "b"
    before = state(cli)
    made = cli.json("backup", "b")
    assert made["graph"] == before[0]["digest"]  # type: ignore[index]
    assert {stat.S_IMODE(p.stat().st_mode) for p in backup.rglob("*") if p.is_file()} == {0o600}
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert [*home.glob("*.partial")] == []
    assert state(cli) == before  # the server runs again
    told = bodies(cli)
    assert told[-1]["subject"] == made["manifest"]

    assert cli.call("backup", "b").returncode == 5
    refused = cli.call("restore", "b")
    assert refused.returncode == 5
    assert "--replace" in refused.stderr

    cli.call("neo4j", "stop")
    shutil.rmtree(home)
    restored = cli.json("restore", "b")
    assert restored["aside"] is None
    assert state(cli) == before
    assert cli.json("audit", "verify")["ok"]
    again = bodies(cli)
    # The backup's outcome is not in itself; the restore is.
    assert again[: len(told) - 1] == told[:-1]
    assert [(b["action"], b.get("outcome")) for b in again[len(told) - 1 :]] == [
        ("restore", None),
        ("restore", "done"),
    ]
    report = cli.json(*LOAD)
    assert (report["loaded"], report["unchanged"]) == (0, 2)  # the token key is the same


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_restore_over_a_home_moves_it_aside(cli: Cli) -> None:
    home = cli.settings.home
    before = state(cli)
    cli.json("backup", "b")
    cli.json("keys", "create", "--role", "analyst", "--name", "later")
    assert state(cli) != before

    shutil.copytree(cli.folder / "b", cli.folder / "bad")
    with (cli.folder / "bad" / "neo4j.dump").open("r+b") as file:
        file.write(b"x")
    refused = cli.call("restore", "bad", "--replace")
    assert refused.returncode == 1
    assert "neo4j.dump" in refused.stderr

    used = Journal.open(cli.settings.journal_folder)
    assert cli.call("restore", "b", "--replace").returncode == 5
    used.close()
    assert state(cli) != before
    assert not (home / "restoring").exists()

    aside = Path(cli.json("restore", "b", "--replace")["aside"])
    assert state(cli) == before
    assert aside.parent == home.resolve()
    assert {path.name for path in aside.iterdir()} == {"neo4j", "journal", "keys"}


def test_only_the_managed_server_is_backed_up(settings: Settings, tmp_path: Path) -> None:
    outside = Cli(settings, tmp_path)
    assert outside.call("backup", "b").returncode == 2
    (tmp_path / "b").mkdir()
    assert outside.call("restore", "b").returncode == 2


def test_a_manifest_names_what_is_not_as_it_was(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).write_text(name, "utf-8")
    made = Manifest("2031-01-01T00:00:00Z", "1", "g", 3, "h", digests(tmp_path))
    digest = save(tmp_path, made)
    assert read(tmp_path) == (made, digest)
    assert changed(tmp_path, made) == []
    (tmp_path / "one").write_text("two", "utf-8")
    (tmp_path / "two").unlink()
    (tmp_path / "four").touch()
    assert changed(tmp_path, made) == ["four", "one", "two"]


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"format": 1, "x": 2})])
def test_what_is_no_manifest_is_refused(settings: Settings, tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    refused = Cli(settings, tmp_path).call("restore", ".", NEO4J_URI="")
    assert refused.returncode == 3
    assert "manifest.json" in refused.stderr
