"""What is written must not tell who is in a ring by an id, a file's name or a row's place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import rankdata

from graphsvc.demo.generate import generate
from graphsvc.demo.market import OWN, Kind, Market, Seller
from graphsvc.demo.truth import RING, read_truth
from tests.unit.graphsvc.demo.world_files import good_rows

SELLERS = 2000
KINDS = (
    "sellers",
    "listings",
    "addresses",
    "payment_accounts",
    "contacts",
    "devices",
    "images",
    "reports",
)
# What one number can tell by chance in markets of this size; the first version of the market told
# 0.5 by the ids of reports and 0.3 by the numbers of pictures.
CHANCE = 0.12


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return some markets on disk."""
    folder = tmp_path_factory.mktemp("leaks")
    return [generate(folder / f"w{s}", sellers=SELLERS, seed=s).out for s in range(1, 5)]


def lead(numbers: Sequence[float], guilty: Sequence[bool]) -> float:
    """Return how far from 0.5 the area under the ROC curve of one number is, with its sign."""
    wanted = np.array(guilty)
    ranks = rankdata(numbers)
    yes, no = wanted.sum(), (~wanted).sum()
    return float((ranks[wanted].sum() - yes * (yes + 1) / 2) / (yes * no)) - 0.5


def guilt(folder: Path, kind: str) -> tuple[list[dict[str, str]], list[str], list[bool]]:
    """Return the good rows of a kind, the seller of each, and whether it is in a ring."""
    truth = read_truth(folder)
    owner = {row["listing_id"]: row["seller_id"] for row in good_rows(folder, "listings")}
    rows = good_rows(folder, kind)
    sellers = [row.get("seller_id") or owner[row["listing_id"]] for row in rows]
    return rows, sellers, [truth[f"shopnest:{seller}"].role == RING for seller in sellers]


def number(text: str) -> int:
    """Return the digits of an id as a number."""
    return int(re.sub(r"\D", "", text))


def mean_lead(measured: Sequence[float]) -> float:
    """Return how far the leads of several markets are from nothing, on the average."""
    return abs(float(np.mean(measured)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_place_of_a_row_tells_nothing(worlds: list[Path], kind: str) -> None:
    found = [guilt(folder, kind) for folder in worlds]
    assert mean_lead([lead(range(len(rows)), bad) for rows, _, bad in found]) < CHANCE


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("sellers", "seller_id"),
        ("listings", "listing_id"),
        ("reports", "report_id"),
        ("images", "path"),
        ("images", "position"),
    ],
)
def test_an_id_tells_nothing(worlds: list[Path], kind: str, column: str) -> None:
    leads = []
    for folder in worlds:
        rows, _, bad = guilt(folder, kind)
        told = [(number(row[column]), b) for row, b in zip(rows, bad, strict=True) if row[column]]
        leads.append(lead([at for at, _ in told], [b for _, b in told]))
    assert mean_lead(leads) < CHANCE


def test_how_many_pictures_a_seller_shows_tells_next_to_nothing(worlds: list[Path]) -> None:
    leads = []
    for folder in worlds:
        truth = read_truth(folder)
        held = Counter(f"shopnest:{seller}" for seller in guilt(folder, "images")[1])
        guilty = [row.role == RING for row in truth.values()]
        leads.append(lead([held[key] for key in truth], guilty))
    assert mean_lead(leads) < CHANCE / 2


@pytest.mark.parametrize("kind", list(OWN))
def test_many_who_share_nothing_have_two_of_a_kind(
    planted: tuple[Market, list[list[Seller]]], kind: Kind
) -> None:
    market, _ = planted
    held = Counter(use.seller for use in market.uses[kind])
    alone = [seller.index for seller in market.innocents() if not seller.traps]
    assert sum(held[index] > 1 for index in alone) > 0.1 * len(alone)


def test_a_picture_file_beside_hashes_tells_next_to_nothing(worlds: list[Path]) -> None:
    leads = []
    for folder in worlds:
        rows, _, bad = guilt(folder, "images")
        leads.append(lead([bool(row["path"]) for row in rows], bad))
    assert mean_lead(leads) < CHANCE / 2
