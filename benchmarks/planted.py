"""`python -m benchmarks.planted OLIST.csv DIR`: an ordinary marketplace with rings planted in it.

The marketplace's sellers keep what is known of them (a zip prefix and a town, which is no address
that links); 20 rings of new sellers are added, and reports and risk at base rates for everybody.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from benchmarks.market_draft import EASY, Draft
from benchmarks.market_rings import plant_in
from benchmarks.markets import Market, Truth, finished
from graphsvc.rings.columns import Kind, Level

RINGS, SEED = 20, 7
SIZES = (4, 13)


def planted(sellers: Path, seed: int = SEED) -> Market:
    """Return the sellers of the file with rings among them; the first are those of the file."""
    with sellers.open(encoding="utf-8", newline="") as lines:
        places = [
            (row["seller_zip_code_prefix"], row["seller_city"]) for row in csv.DictReader(lines)
        ]
    rng = np.random.default_rng(seed)
    sizes = rng.integers(*SIZES, RINGS).tolist()
    draft = Draft(EASY, rng, len(places) + sum(sizes))
    start = len(places)
    for number, size in enumerate(sizes):
        plant_in(draft, np.arange(start, start + size), number)
        start += size
    here = np.arange(len(places))
    _, place = np.unique(np.array(places), axis=0, return_inverse=True)
    towns = draft.fresh(int(place.max()) + 1)
    draft.level.update(dict.fromkeys(towns.tolist(), Level.STREET))
    draft.use(Kind.ADDRESS, here, towns[place.ravel()], draft.joined[here])
    return finished(draft)


def main(sellers: Path, folder: Path) -> None:
    """Write rows.parquet, sellers.parquet and truth.csv (seller, ring) into the folder."""
    made = planted(sellers)
    made.write(folder)
    pa.csv.write_csv(_truth(made.truth), folder / "truth.csv")


def _truth(truth: Truth) -> pa.Table:
    return pa.table({"seller": np.arange(truth.ring.size), "ring": truth.ring})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
