"""A file of which a fifth is broken in every way we know: each row is counted, none breaks it.

No kind has rows that name rows of their own kind, so there are no circles to be made.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.settings import Settings
from tests.graph.driving import PLATFORM, Cli

HUGE = 10_000_000  # bytes of one field
HUGE_EVERY = 20_000  # rows
DAY = {"seen_at": "2024-01-01"}
SIZES = [4_000, pytest.param(1_000_000, marks=[pytest.mark.slow, pytest.mark.timeout(5400)])]


def good(number: int) -> dict[str, object]:
    """Return a seller's row that can be used; every ninth looks as if it could not."""
    odd = {
        "handle": "Аmber\u200b Lаne",
        "legal_name": "\u202eTolva\u202c Ltd",
        "country": "Gеrmany",
    }
    plain = {"handle": f"shop {number}", "country": "GB", "risk": number % 100 / 100}
    return {"seller_id": f"s-{number}", **(odd if number % 9 == 0 else plain), **DAY}


def broken(number: int, way: int) -> bytes:
    """Return a row that cannot be used, in one of many ways."""
    row = good(number)
    changes: list[dict[str, object]] = [
        {"seller_id": None},
        {"seller_id": ""},
        {"seller_id": f"s-\u202e{number}"},
        {"seller_id": f"other:{number}"},
        {"seller_id": f"s-{number}\x00"},
        {"risk": "NaN"},
        {"risk": 7},
        {"country": "Atlantis"},
        {"country": "|" * 5_000},
        {"registered_at": "2024-02-31"},
        {"status": "ｂanned?"},
        {"handle": "a\u0300" * 2_000},
        {"unheard_of": 1},
        {"handle": {"a": [1]}},
    ]
    if number % HUGE_EVERY == 0:
        return json.dumps({**row, "legal_name": "x" * HUGE}).encode()
    if way < len(changes):
        return json.dumps({**row, **changes[way]}).encode("utf-8", "surrogatepass")
    rest = [
        json.dumps(row).encode().replace(b"seen_at", b"\xff\xfe"),
        json.dumps({**row, "handle": "é"}, ensure_ascii=False).encode("latin-1", "replace"),
        json.dumps(row).encode()[:-2],
        b'["s-1"]',
        b"null",
        json.dumps(row).encode("utf-16-le").replace(b"\n", b""),
        b"[" * 3_000,
    ]
    return rest[way - len(changes)]


WAYS = 14 + 7


def lines(rows: int) -> Iterator[tuple[bytes, str]]:
    """Yield lines, and what each is: good, broken, again or contradicting an earlier one."""
    dice = random.Random(rows)
    for number in range(rows):
        chance = dice.random()
        if chance < 0.15 or number % HUGE_EVERY == 0:
            yield broken(number, dice.randrange(WAYS)), "broken"
        elif chance < 0.18 and number > 100:
            yield json.dumps(good(number - dice.randint(1, 100))).encode(), "again"
        elif chance < 0.20 and number > 100:
            earlier = good(number - dice.randint(1, 100))
            yield json.dumps({**earlier, "risk": 0.999}).encode(), "against"
        else:
            yield json.dumps(good(number), ensure_ascii=False).encode(), "good"


def write(path: Path, rows: int) -> list[str]:
    """Write the file; return what each line is."""
    kinds = []
    with path.open("wb") as file:
        for line, kind in lines(rows):
            file.write(line + b"\n")
            kinds.append(kind)
    return kinds


def assert_told(told: dict[str, int], rejects: Path, kinds: list[str]) -> None:
    """Compare counts and rejects with what the lines are."""
    assert told["in"] == len(kinds)
    assert told["in"] == told["loaded"] + told["unchanged"] + told["rejected"]
    refused = []
    with rejects.open("rb") as file:
        for line in file:
            issue = json.loads(line)
            assert issue["reason"]
            assert issue["remedy"]
            refused.append((issue["line"], issue["reason"]))
    assert len(refused) == told["rejected"]
    against = {line for line, reason in refused if "contradicts" in reason}
    others = [line for line, reason in refused if "contradicts" not in reason]
    assert others == sorted(others), "each line once, in order"
    wanted = [at for at, kind in enumerate(kinds, 1) if kind == "broken"]
    assert sorted({*others}) == wanted
    assert len(others) == len(wanted)
    assert not against & set(wanted)
    assert len(against) <= kinds.count("against") + kinds.count("again")
    assert kinds.count("against") / 2 < len(against)


@pytest.mark.parametrize("rows", SIZES)
def test_a_check_counts_every_row(tmp_path: Path, rows: int) -> None:
    kinds = write(tmp_path / "s.jsonl", rows)
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "check", "sellers", "s.jsonl", "--platform", PLATFORM],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert_told(json.loads(done.stdout), tmp_path / "s.jsonl.rejects.ndjson", kinds)


@pytest.mark.parametrize("rows", SIZES)
def test_a_load_counts_every_row(empty_graph: Settings, tmp_path: Path, rows: int) -> None:
    cli = Cli(empty_graph, tmp_path)
    kinds = write(tmp_path / "s.jsonl", rows)
    told = cli.json("load", "sellers", "s.jsonl", "--platform", PLATFORM, "--rejects", "r.ndjson")
    assert_told(told, tmp_path / "r.ndjson", kinds)
    assert told["unchanged"] > 0
