"""Models are learned of the graph, kept under a name, and weigh a detection or a dry run."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from ingest.records import relation_key
from tests.graph.driving import PLATFORM, Cli, cypher, kept, write_csv

CROWDS, CROWD = 8, 18  # 8 x 153 pairs


def letters(number: int) -> list[str]:
    return [f"s{number}-{place:02}" for place in range(CROWD)]


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """Crowds who share a telephone; half of them a device too."""
    cli = Cli(empty_graph, tmp_path)
    crowds = {number: letters(number) for number in range(CROWDS)}
    files: dict[str, list[dict[str, Any]]] = {
        "sellers": [{"seller_id": s} for crowd in crowds.values() for s in crowd],
        "contacts": [
            {"seller_id": s, "phone": f"+44 20 7946 00{number:02}"}
            for number, crowd in crowds.items()
            for s in crowd
        ],
        "devices": [
            {"seller_id": s, "device": f"device-{number}"}
            for number, crowd in crowds.items()
            for s in crowd
            if number % 2
        ],
    }
    for kind, rows in files.items():
        cli.json("load", kind, write_csv(tmp_path / f"{kind}.csv", rows), "--platform", PLATFORM)
    return cli


def judge_all(cli: Cli) -> None:
    """Judge every pair: with a device mostly the same, without mostly different."""
    luck = random.Random(4)
    pairs = []
    for number in range(CROWDS):
        for a, b in combinations([f"{PLATFORM}:{s}" for s in letters(number)], 2):
            name = f"judgement-{len(pairs)}"
            same = luck.random() < (0.9 if number % 2 else 0.1)
            pairs.append({
                "id": name, "a": a, "b": b, "verdict": "same" if same else "different",
                "key_a": relation_key(name, a), "key_b": relation_key(name, b),
            })  # fmt: skip
    cypher(cli.settings, kept("judge_pairs"), pairs=pairs)


def test_a_model_has_versions_and_weighs_by_name(cli: Cli, tmp_path: Path) -> None:
    first = cli.json("rings", "calibrate", "--name", "shop")
    again = cli.json("rings", "calibrate", "--name", "shop")
    assert (first["id"], again["id"]) == ("shop@1", "shop@2")
    assert first["source"] == "prior", "nothing here teaches by itself"
    assert first["tables"] == again["tables"]
    assert first["reliability"]["judged"] == 0
    refused = cli.call("rings", "calibrate", "--name", "shop", "--from-judgements")
    assert refused.returncode == 5
    assert "0 pairs that share something are judged the same" in refused.stderr

    judge_all(cli)
    taught = cli.json("rings", "calibrate", "--name", "shop", "--from-judgements")
    assert (taught["id"], taught["source"]) == ("shop@3", "judged")
    assert taught["reliability"]["judged"] == CROWDS * CROWD * (CROWD - 1) // 2
    assert taught["reliability"]["brier"] < taught["reliability"]["brier_before"]
    assert cli.json("rings", "models", "shop") == taught
    assert cli.json("rings", "models", "shop@1") == first
    listed = [each["id"] for each in cli.json("rings", "models")["items"]]
    assert set(listed) == {"shop@1", "shop@2", "shop@3"}

    assert cli.json("rings", "detect")["calibration"] == "prior"
    assert cli.json("rings", "detect", "--model", "shop")["calibration"] == "judged"
    assert cli.json("rings", "detect", "--model", "shop@1")["calibration"] == "prior"
    for word in ("nobody", "shop@9", "Shop", "detect-none"):
        assert cli.call("rings", "detect", "--model", word).returncode == 1, word
    for word in ("latest", "detect-1", "Shop", "shop@1", ""):
        assert cli.call("rings", "calibrate", "--name", word).returncode == 2, word

    dry(cli, tmp_path, taught)


def dry(cli: Cli, folder: Path, taught: dict[str, Any]) -> None:
    """A dry run weighs by the model's file and refuses what is none."""
    rows = [{"seller": s, "kind": "device", "identifier": "d"} for s in "abc"]
    write_csv(folder / "rows.csv", rows)
    write_csv(folder / "known.csv", [{"seller": s, "risk": 0.9} for s in "abc"])
    model = folder / "model.json"
    model.write_text(json.dumps(taught), "utf-8")
    words = ["rings", "dry-run", "--rows", str(folder / "rows.csv"), "--sellers",
             str(folder / "known.csv"), "--out", str(folder / "out.csv"), "--model"]  # fmt: skip
    assert cli.json(*words, str(model))["calibration"] == "judged"
    whole = json.dumps(taught)
    for broken in ("", "[]", "{}", whole.replace('"pi"', '"po"'), whole[:-9]):
        model.write_text(broken, "utf-8")
        assert cli.call(*words, str(model)).returncode == 3, broken[:40]
    other = json.loads(whole)
    other["parameters"]["theta"] = 0.5
    model.write_text(json.dumps(other), "utf-8")
    assert cli.call(*words, str(model)).returncode == 5
    assert cli.call(*words, str(folder / "gone.json")).returncode == 3
