"""Every verb that changes something leaves its intent and its outcome in the journal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graphsvc.audit.ledger import FILE
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.settings import Settings
from tests.graph.driving import KEY, PLATFORM, Cli, write_csv

WHY = "Tindra Vexholm told me so"
Body = dict[str, Any]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over two sellers with one phone."""
    found = Cli(empty_graph, tmp_path)
    sellers = [{"seller_id": name} for name in ("s-1", "s-2")]
    write_csv(tmp_path / "sellers.csv", sellers)
    found.json("load", "sellers", "sellers.csv", "--platform", PLATFORM)
    return found


def bodies(cli: Cli) -> list[Body]:
    """Return what the journal says, newest first."""
    items = cli.json("audit", "show", "--first", "1000")["items"]
    return [{"seq": item["seq"], **item["body"]} for item in items]


def pair(cli: Cli) -> tuple[Body, Body]:
    """Return the last intent and its outcome."""
    outcome, intent = bodies(cli)[:2]
    assert outcome["intent"] == intent["seq"]
    assert "outcome" not in intent
    return intent, outcome


def test_a_judgement_is_there_before_and_after(cli: Cli) -> None:
    words = ("judge", f"{PLATFORM}:s-1", f"{PLATFORM}:s-2", "same", "--because", WHY, "--by", "ann")
    made = cli.json(*words)
    intent, outcome = pair(cli)
    assert intent["action"] == outcome["action"] == "judge"
    assert intent["officer"] == "ann"
    assert intent["subject"] == f"{PLATFORM}:s-1 {PLATFORM}:s-2"
    assert outcome["outcome"] == "done"
    assert outcome["subject"].endswith(made["judgement"])


def test_what_is_refused_is_there_with_its_code(cli: Cli) -> None:
    assert cli.call("hubs", "confirm", "m-none", "--because", WHY).returncode == 1
    intent, outcome = pair(cli)
    assert (intent["action"], intent["subject"]) == ("hubs.decide", "m-none")
    assert outcome["outcome"] == "NOT_FOUND"


def test_keys_runs_and_loads_are_named(cli: Cli) -> None:
    [outcome, intent] = bodies(cli)
    run = cli.json("runs", "show", "latest")["id"]
    assert (intent["action"], intent["detail"]) == ("load", "sellers")
    assert outcome["subject"] == run
    made = cli.json("keys", "create", "--role", "analyst", "--name", "desk")
    assert pair(cli)[1]["subject"] == made["id"]
    cli.json("keys", "revoke", made["id"])
    assert pair(cli)[0]["subject"] == made["id"]
    cli.json("runs", "undo", "latest")
    assert pair(cli)[1]["subject"] == run
    cli.json("rings", "detect")
    assert pair(cli)[1]["action"] == "rings.detect"
    verdict = cli.json("audit", "verify")
    assert verdict["ok"]
    assert verdict["entries"] == len(bodies(cli))
    assert verdict["checkpoint"]["size"] == verdict["entries"]


def test_neither_secrets_nor_reasons_are_in_it(cli: Cli) -> None:
    words = ("judge", f"{PLATFORM}:s-1", f"{PLATFORM}:s-2", "same", "--because", WHY)
    cli.json(*words)
    key = cli.json("keys", "create", "--role", "analyst", "--name", "Tindra Vexholm")["key"]
    cut = ("link", "addresses", "--cut", "9 Quenby Row, Ostley", "8 Quenby Row", "--by", "ann")
    assert cli.call(*cut, "--because", WHY).returncode == 1
    assert pair(cli)[0]["action"] == "link.cut"
    told = b"".join(file.read_bytes() for file in cli.settings.journal_folder.glob(f"{FILE}*"))
    assert b"keys.create" in told
    for clear in (WHY, "Vexholm", "Quenby", key, key[12:], KEY):
        assert clear.encode() not in told


def test_what_cannot_be_recorded_is_not_done(cli: Cli) -> None:
    file = cli.settings.journal_folder / FILE
    whole = file.read_bytes()
    file.write_bytes(b"not a journal" * 1_000)
    done = cli.call("keys", "create", "--role", "analyst", "--name", "desk")
    assert done.returncode == 1
    assert "JOURNAL" not in done.stdout
    assert "is not a database" in done.stderr
    assert cli.json("keys", "list")["items"] == []
    file.write_bytes(whole)
    assert cli.json("audit", "verify")["ok"]


def test_an_interrupted_deed_is_there(cli: Cli) -> None:
    with pytest.raises(KeyboardInterrupt), recorded(cli.settings, Deed("trial")):
        raise KeyboardInterrupt
    assert pair(cli)[1]["outcome"] == "INTERRUPTED"


def test_a_changed_entry_fails_the_verb_and_a_proof_is_checked_without_a_journal(
    cli: Cli, tmp_path: Path
) -> None:
    proof = cli.json("audit", "prove", "1")
    (tmp_path / "p.json").write_text(json.dumps(proof), "utf-8")
    (tmp_path / "kept.json").write_text(json.dumps(proof["checkpoint"]), "utf-8")
    assert cli.json("audit", "verify", "--against", "kept.json")["ok"]
    file = cli.settings.journal_folder / FILE
    data = file.read_bytes()
    file.write_bytes(data.replace(b'"detail":"sellers"', b'"detail":"nothing"'))
    done = cli.call("audit", "verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problem"] == "entry 1 is not what was recorded"
    file.unlink()
    assert cli.json("audit", "verify", "--proof", "p.json") == {
        "ok": True,
        "seq": 1,
        "problem": None,
    }
    (tmp_path / "p.json").write_text(json.dumps({**proof, "seq": 2}), "utf-8")
    assert cli.call("audit", "verify", "--proof", "p.json").returncode == 1
    assert cli.call("audit", "verify").returncode == 1


def test_an_export_is_a_line_each(cli: Cli) -> None:
    done = cli.call("audit", "export")
    head, *entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert head["head"]["entries"] == len(entries) == 2
    kept = cli.folder / "kept.json"
    kept.write_text(json.dumps(head["head"]["checkpoint"]), "utf-8")
    assert cli.json("audit", "verify", "--against", kept)["ok"]
    kept.write_text("[1, 2", "utf-8")
    assert cli.call("audit", "verify", "--against", kept).returncode == 3
