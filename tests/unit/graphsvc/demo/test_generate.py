"""A world on disk: the same bytes each time, whole or refused, and true to its truth."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from schwifty import IBAN

from graphsvc.demo import generate as module
from graphsvc.demo.files import NAMES
from graphsvc.demo.gallery import COPY_BITS
from graphsvc.demo.generate import MARKER, UNFINISHED, Summary, generate
from graphsvc.demo.tables import COLUMNS
from graphsvc.demo.truth import read_truth
from graphsvc.errors import InputRefused, NotWritable, UsageError
from tests.unit.graphsvc.demo.world_files import good_rows, rows_of

SELLERS, SEED = 500, 11


def every_byte(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_same_size_and_seed_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", sellers=SELLERS, seed=SEED)
    assert every_byte(tmp_path / "again") == every_byte(folder)


def test_another_seed_gives_another_market(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "other", sellers=SELLERS, seed=SEED + 1)
    ours, theirs = every_byte(folder), every_byte(tmp_path / "other")
    assert all(ours[name] != theirs[name] for name in NAMES.values())


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_counts_are_those_of_the_files(world: Summary, kind: str) -> None:
    rows = rows_of(world.out, kind)
    assert len(rows) == world.rows[kind]
    assert len(rows) - len(good_rows(world.out, kind)) == world.dirty[kind] > 0
    assert tuple(rows[0]) == COLUMNS[kind]


def test_every_seller_has_its_row_and_its_truth(world: Summary) -> None:
    ids = [f"{row['platform']}:{row['seller_id']}" for row in good_rows(world.out, "sellers")]
    truth = read_truth(world.out)
    assert len(ids) == SELLERS
    assert set(ids) == truth.keys()
    members = [row for row in truth.values() if row.role == "ring"]
    assert len(members) == world.ring_members == round(0.04 * SELLERS)
    sizes = Counter(row.operator for row in members)
    assert len(sizes) == world.rings
    assert all(3 <= size <= 40 for size in sizes.values())
    alone = [row.operator for row in truth.values() if row.role == "innocent"]
    assert len(set(alone)) == len(alone) == SELLERS - len(members)


def test_every_iban_is_valid_and_one_holder_has_it_unless_shared(folder: Path) -> None:
    ibans = [
        IBAN(row["account"].upper()).compact
        for row in good_rows(folder, "payment_accounts")
        if row["account_kind"] == "iban"
    ]
    assert len(ibans) > SELLERS / 3
    users = Counter(ibans)
    assert sum(count == 1 for count in users.values()) > 0.9 * len(users)


def test_what_dirty_rows_have_wrong_is_listed(folder: Path) -> None:
    with (folder / "truth" / "dirty.csv").open(encoding="utf-8", newline="") as lines:
        listed = list(csv.DictReader(lines))
    bad = [row for row in listed if row["why"] == "wrong IBAN check digits"]
    rows = rows_of(folder, "payment_accounts")
    assert bad
    assert not any(
        IBAN(rows[int(b["row"]) - 1]["account"], allow_invalid=True).is_valid for b in bad
    )
    risky = [row for row in listed if row["why"] == "outside 0–1"]
    sellers = rows_of(folder, "sellers")
    assert [sellers[int(row["row"]) - 1]["risk"] for row in risky] == ["1.7"]


def test_ids_that_rows_name_exist(folder: Path) -> None:
    sellers = {row["seller_id"] for row in good_rows(folder, "sellers")}
    listings = {row["listing_id"] for row in good_rows(folder, "listings")}
    for kind in ("listings", "addresses", "payment_accounts", "contacts", "devices"):
        assert {row["seller_id"] for row in good_rows(folder, kind)} <= sellers
    assert {row["listing_id"] for row in good_rows(folder, "images")} <= listings
    for row in good_rows(folder, "reports"):
        assert row["seller_id"] in sellers or row["listing_id"] in listings


def test_pictures_are_files_or_hashes_and_hashed_copies_are_near(world: Summary) -> None:
    rows = good_rows(world.out, "images")
    paths = {row["path"] for row in rows if row["path"]}
    assert len(paths) == world.pictures >= 40
    assert all((world.out / path).is_file() for path in paths)
    hashed = {row["sha256"]: int(row["pdq"], 16) for row in rows if not row["path"]}
    assert all(len(sha) == 64 for sha in hashed)
    pdqs = sorted(set(hashed.values()))
    near = [(a ^ b).bit_count() for at, a in enumerate(pdqs) for b in pdqs[at + 1 :]]
    assert any(gap <= 2 * COPY_BITS for gap in near)
    assert not any(2 * COPY_BITS < gap <= 60 for gap in near)


def test_members_are_riskier_and_more_often_reported(folder: Path) -> None:
    truth = read_truth(folder)
    risk: dict[str, list[float]] = {"ring": [], "innocent": []}
    for row in good_rows(folder, "sellers"):
        risk[truth[f"{row['platform']}:{row['seller_id']}"].role].append(float(row["risk"]))
    ring, innocent = (sum(held) / len(held) for held in (risk["ring"], risk["innocent"]))
    assert 0.5 < ring < 0.75
    assert 0.2 < innocent < 0.4
    assert min(risk["ring"]) < max(risk["innocent"])
    accusing = [
        row
        for row in good_rows(folder, "reports")
        if row["verdict"] in {"confirmed_fake", "suspected"}
    ]
    seller = {row["listing_id"]: row["seller_id"] for row in good_rows(folder, "listings")}
    named = {f"shopnest:{r['seller_id'] or seller[r['listing_id']]}" for r in accusing}
    assert sum(truth[key].role == "ring" for key in named) == round(0.15 * 0.04 * SELLERS)
    assert sum(truth[key].role == "innocent" for key in named) == 1


def test_a_whole_world_is_reused_untouched(folder: Path, world: Summary) -> None:
    stamps = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    again = generate(folder, sellers=SELLERS, seed=SEED)
    assert again.reused
    assert {**again.as_json(), "reused": False} == world.as_json()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == stamps


def test_another_market_and_a_foreign_folder_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="another market"):
        generate(folder, sellers=SELLERS, seed=SEED + 1)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputRefused, match="not empty"):
        generate(tmp_path, sellers=100, seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / MARKER).write_text("[]")
    with pytest.raises(InputRefused, match="cannot be read"):
        generate(tmp_path, sellers=100, seed=1)


def test_a_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "market").write_text("mine")
    with pytest.raises(NotWritable):
        generate(tmp_path / "market", sellers=100, seed=1)
    assert (tmp_path / "market").read_text() == "mine"


def test_a_changed_world_is_not_passed_off_as_whole(tmp_path: Path) -> None:
    generate(tmp_path / "w", sellers=100, seed=1)
    (tmp_path / "w" / "reports.csv").unlink()
    with pytest.raises(InputRefused, match=r"reports\.csv"):
        generate(tmp_path / "w", sellers=100, seed=1)


def test_a_killed_generation_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Stands for a kill in the middle of the drawing."""

    def die(*_: object) -> int:
        raise Killed

    out = tmp_path / "w"
    with monkeypatch.context() as patch:
        patch.setattr(module, "draw_pictures", die)
        with pytest.raises(Killed):
            generate(out, sellers=120, seed=5)
    assert (out / UNFINISHED).is_file()
    assert not (out / MARKER).exists()
    made = generate(out, sellers=100, seed=2)
    generate(tmp_path / "clean", sellers=100, seed=2)
    assert not made.reused
    assert every_byte(out) == every_byte(tmp_path / "clean")


@pytest.mark.parametrize(("sellers", "seed"), [(99, 1), (0, 1), (100, -1)])
def test_bad_numbers_are_refused_before_anything_is_written(
    tmp_path: Path, sellers: int, seed: int
) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path / "w", sellers=sellers, seed=seed)
    assert not (tmp_path / "w").exists()
