"""The verb `rings dry-run`: what it prints and writes, and that it refuses what it cannot use."""

import csv
import hashlib
import json
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from graphsvc.cli.main import app
from graphsvc.errors import NotWritable, UsageError
from graphsvc.rings.room import MemoryShort
from ingest.errors import ColumnsRefused
from tests.unit.graphsvc.rings.ring_worlds import planted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of a planted world, and a home of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAPHSVC_HOME", str(tmp_path / "home"))
    write(tmp_path)
    return tmp_path


def write(folder: Path, luck: int | None = None) -> None:
    world = planted()
    uses = list(world.uses)
    if luck is not None:
        random.Random(luck).shuffle(uses)
    with (folder / "rows.csv").open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("seller", "kind", "identifier", "first_seen", "asserted_by"))
        rows.writerows(
            (u.seller, u.kind.word, u.identifier, u.day, "self_declared" if u.declared else "")
            for u in uses
        )
    sellers = sorted({use.seller for use in world.uses} | set(world.reports) | set(world.risk))
    with (folder / "sellers.csv").open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(("seller", "risk", "reported"))
        rows.writerows(
            (name, world.risk.get(name), int(world.reports.get(name, 0) > 0)) for name in sellers
        )


def dry_run(*more: str, out: str = "members.csv") -> Result:
    words = ["rings", "dry-run", "--rows", "rows.csv", "--sellers", "sellers.csv", "--out", out]
    return CliRunner().invoke(app, [*words, *more])


def told(*more: str) -> dict:
    done = dry_run(*more, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def members(folder: Path) -> list[dict[str, str]]:
    with (folder / "members.csv").open() as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("engine", ["evidence", "louvain", "components"])
def test_every_group_of_two_or_more_is_written_with_its_tiers(folder: Path, engine: str) -> None:
    found = told("--engine", engine)
    rows = members(folder)
    assert list(rows[0]) == ["seller", "ring", "tier", "log_odds", "ties"]
    sizes = [row["ring"] for row in rows]
    assert min(sizes.count(ring) for ring in set(sizes)) >= 2
    assert found["groups"] == len(set(sizes))
    for tier in ("ban", "review"):
        assert found["members"][tier] == sum(row["tier"] == tier for row in rows)
        assert found["rings"][tier] <= found["groups"]
    assert found["in"] == found["loaded"] + found["rejected"]
    assert {"read", "solve", "write"} <= set(found["seconds"])
    assert found["peak_mib"] > 0


def test_the_planted_rings_are_banned(folder: Path) -> None:
    told()
    banned = {row["seller"] for row in members(folder) if row["tier"] == "ban"}
    guilty = {seller for ring in planted().rings for seller in ring}
    assert banned <= guilty
    assert len(banned) > 0.9 * len(guilty)


def test_order_leaves_no_trace_in_the_bytes(folder: Path) -> None:
    digests = set()
    for luck in (None, 1, 2):
        write(folder, luck)
        told("--seed", "3")
        digests.add(hashlib.sha256((folder / "members.csv").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_refused_row_goes_to_the_rejects_and_the_others_go_in(folder: Path) -> None:
    whole = told()
    with (folder / "rows.csv").open("a") as out:
        out.write("a,fax,1,,\n")
    found = told()
    assert found["rejected"] == 1
    assert found["in"] == whole["in"] + 1
    [issue] = map(json.loads, (folder / "members.csv.rejects.ndjson").read_text().splitlines())
    assert (issue["file"], issue["column"]) == ("rows.csv", "kind")
    assert issue["line"] == len((folder / "rows.csv").read_text().splitlines())
    assert found["members"] == whole["members"]


@pytest.mark.parametrize("rows", ["", "s1,phone,p,,\n", "s1,phone,p,,\ns1,phone,p,,\n"])
def test_an_empty_market_and_one_of_a_single_seller_have_no_ring(folder: Path, rows: str) -> None:
    (folder / "rows.csv").write_text(f"seller,kind,identifier,first_seen,asserted_by\n{rows}")
    (folder / "sellers.csv").write_text("seller\n")
    found = told()
    assert found["groups"] == 0
    assert members(folder) == []


def test_everybody_on_one_identifier_is_a_hub_and_nobody_a_ring(folder: Path) -> None:
    names = [f"s{n}" for n in range(500)]
    (folder / "rows.csv").write_text(
        "seller,kind,identifier\n" + "".join(f"{name},device,d\n" for name in names)
    )
    assert told()["groups"] == 0


def test_what_cannot_be_is_refused_before_anything_is_written(folder: Path) -> None:
    done = dry_run(out="rows.csv")
    assert isinstance(done.exception, UsageError)
    (folder / "blocked").write_text("")
    assert isinstance(dry_run(out="blocked/members.csv").exception, NotWritable)
    (folder / "sellers.csv").write_text("name\n")
    assert isinstance(dry_run().exception, ColumnsRefused)
    assert not (folder / "members.csv").exists()
    assert dry_run("--engine", "magic").exit_code == 2


def test_more_memory_than_there_is_is_refused_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHSVC_MEMORY_LIMIT", "1000")
    done = dry_run()
    assert isinstance(done.exception, MemoryShort)
    assert "MiB are free" in str(done.exception)
    assert not (folder / "members.csv").exists()
