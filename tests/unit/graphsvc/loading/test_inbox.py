"""What has arrived: which files count, when they are whole, in which order they are loaded."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphsvc.errors import InputRefused
from graphsvc.loading.inbox import Inbox, kind_of
from graphsvc.loading.shelf import REJECTS, REPORT, free_place


def put(folder: Path, name: str, text: str = "seller_id\n") -> Path:
    """Write a file with the folders that it needs."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def names(inbox: Inbox, now: float) -> list[str]:
    """Return the paths, below the folder, of what stands still."""
    return [each.path.relative_to(inbox.folder).as_posix() for each in inbox.look(now)]


def test_a_file_is_whole_when_it_stood_still_for_long_enough(tmp_path: Path) -> None:
    path = put(tmp_path, "sellers.csv")
    inbox = Inbox(tmp_path, 5.0)
    assert names(inbox, 100.0) == []
    assert names(inbox, 104.9) == []
    assert names(inbox, 105.0) == ["sellers.csv"]
    path.write_text("seller_id\ns-1\n", "utf-8")
    assert names(inbox, 106.0) == []
    os.utime(path, ns=(1, 1))
    assert names(inbox, 111.0) == []
    put(tmp_path, "new").rename(path)
    assert names(inbox, 116.0) == []
    assert inbox.waiting == [path]
    assert names(inbox, 121.0) == ["sellers.csv"]
    path.unlink()
    assert names(inbox, 130.0) == []
    put(tmp_path, "sellers.csv")
    assert names(inbox, 131.0) == []


def test_sellers_come_before_what_names_them(tmp_path: Path) -> None:
    for name in ("devices.csv", "reports.csv", "sellers/b.csv", "listings.csv.zst", "sellers.csv"):
        put(tmp_path, name)
    inbox = Inbox(tmp_path, 0.0)
    assert names(inbox, 0.0) == [
        "sellers/b.csv", "sellers.csv", "listings.csv.zst", "devices.csv", "reports.csv",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["sellers.csv.part", "sellers.csv.tmp", ".sellers.csv", "sellers.yml", "sellers",
     "sellersold.csv", "done/sellers.csv", "failed/sellers.csv", "sellers/deep/x.csv", "x.csv"],
)  # fmt: skip
def test_what_is_no_table_of_a_kind_is_left_alone(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    inbox = Inbox(tmp_path, 0.0)
    assert names(inbox, 0.0) == []
    stranger = name in ("sellersold.csv", "x.csv")
    assert [path.name for path in inbox.strangers()] == ([name] if stranger else [])


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "sellers.csv").symlink_to(put(tmp_path, "other/place.csv"))
    assert names(Inbox(tmp_path, 0.0), 0.0) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("payment_accounts_2024.jsonl.gz", "payment_accounts"),
        ("images-1.parquet", "images"),
        ("sellers2.csv", "sellers"),
        ("contacts/weird name.tsv", "contacts"),
        ("market/sellers.csv", None),
        ("resellers.csv", None),
    ],
)
def test_the_kind_is_in_the_folder_or_in_the_name(name: str, kind: str | None) -> None:
    assert kind_of(Path("in") / name, Path("in")) == kind


def test_a_folder_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="away"):
        Inbox(tmp_path / "away", 0.0).look(0.0)


@pytest.mark.parametrize("beside", ["", REPORT, REJECTS])
def test_a_place_is_free_where_nothing_is_kept_of_it(tmp_path: Path, beside: str) -> None:
    assert free_place(tmp_path, "a.csv.gz").name == "a.csv.gz"
    put(tmp_path, "a.csv.gz" + beside)
    assert free_place(tmp_path, "a.csv.gz").name == "a~2.csv.gz"
    put(tmp_path, "a~2.csv.gz" + beside)
    assert free_place(tmp_path, "a.csv.gz").name == "a~3.csv.gz"
