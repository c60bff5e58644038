"""Generated markets as columns, for quality and speed: rings, honest traps, and the truth of both.

Sellers and identifiers are integers; a seed gives the same market to the byte. Who is in a ring
shows in nothing but what it shares, its reports and its risk: numbers, order and days tell nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.market_draft import EASY, OWN, Draft, Longs, Preset
from benchmarks.market_rings import plant
from benchmarks.market_traps import lay
from graphsvc.rings.coding import coded
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.columns import Market as Columns
from graphsvc.rings.dry import read

CLAIMS = ("platform_verified", "observed", "self_declared")
EPOCH_DAY = 18_000


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Who runs each seller: a ring's number or -1; and which trap it stands in, "" for none."""

    ring: Longs
    trap: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """Rows and sellers as arrow tables of the columns of `rings dry-run`, and the truth."""

    rows: pa.Table
    sellers: pa.Table
    truth: Truth

    def digest(self) -> str:
        """Return the SHA-256 of all columns."""
        sha = hashlib.sha256()
        for table in (self.rows, self.sellers):
            for name in table.column_names:
                column = table.column(name).combine_chunks()
                if isinstance(column, pa.DictionaryArray):
                    name, column = f"{name} {column.dictionary.to_pylist()}", column.indices
                sha.update(name.encode() + column.fill_null(-1).to_numpy().tobytes())
        return sha.hexdigest()

    def columns(self) -> Columns:
        """Return the market as detection reads it, through the files of `rings dry-run`."""
        with TemporaryDirectory() as folder:
            told, _ = read(*self.write(Path(folder)))
        return coded(*told)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write rows.parquet and sellers.parquet and return their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        rows, sellers = folder / "rows.parquet", folder / "sellers.parquet"
        pq.write_table(self.rows, rows)
        pq.write_table(self.sellers, sellers)
        return rows, sellers


def market(count: int, seed: int, preset: Preset = EASY) -> Market:
    """Return a market of `count` sellers; about 12 rows a seller."""
    draft = Draft(preset, np.random.default_rng([seed, count, len(preset.name)]), count)
    plant(draft)
    lay(draft)
    return finished(draft)


def finished(draft: Draft) -> Market:
    """Return the market of a draft, once everybody has what nobody shares."""
    _complete(draft)
    return Market(_rows(draft), _sellers(draft), Truth(draft.ring, draft.trap))


def _complete(draft: Draft) -> None:
    """Give everybody what nobody shares: one of each kind, some seconds, pictures."""
    everybody = np.arange(draft.count)
    for kind in OWN:
        bare = everybody[draft.own[kind] < 0]
        draft.own[kind][bare] = draft.fresh(bare.size)
        draft.use(
            kind, everybody, draft.own[kind], draft.joined + draft.rng.integers(0, 20, draft.count)
        )
        share = 0.6 if kind is Kind.DEVICE else 0.3
        second = everybody[draft.rng.random(draft.count) < share]
        draft.use(kind, second, draft.fresh(second.size), draft.joined[second] + 30)
    shown = np.repeat(everybody, np.minimum(draft.rng.geometric(0.22, draft.count), 14))
    days = draft.joined[shown] + draft.rng.integers(0, 300, shown.size)
    draft.use(Kind.IMAGE, shown, draft.fresh(shown.size), days)


def _rows(draft: Draft) -> pa.Table:
    """Return all rows in random order, under identifiers whose numbers tell nothing."""
    rng, preset = draft.rng, draft.preset
    kind = np.concatenate([np.full(part[1].size, part[0]) for part in draft.parts])
    seller, identifier, day = (
        np.concatenate([part[place] for part in draft.parts]) for place in (1, 2, 3)
    )
    order = rng.permutation(kind.size)
    kind, seller, identifier, day = (column[order] for column in (kind, seller, identifier, day))
    level = np.where(rng.random(draft.last) < 0.9, Level.UNIT, Level.BUILDING)
    level[list(draft.level)] = list(draft.level.values())
    claims = np.array([0.55, 0.45 - preset.self_declared, preset.self_declared])
    claim = rng.choice(3, kind.size, p=claims)
    undated = rng.random(kind.size) < preset.undated
    words = pa.array([each.word for each in Kind])
    levels = pa.array([each.name.lower() for each in Level])
    place = np.where(kind == Kind.ADDRESS, level[identifier], Level.NONE)
    return pa.table(
        {
            "seller": seller,
            "kind": pa.DictionaryArray.from_arrays(pa.array(kind.astype(np.int8)), words),
            "identifier": rng.permutation(draft.last)[identifier],
            "level": pa.DictionaryArray.from_arrays(
                pa.array(place.astype(np.int8), mask=place == Level.NONE), levels
            ),
            "first_seen": pa.array((day + EPOCH_DAY).astype(np.int32), mask=undated),
            "asserted_by": pa.DictionaryArray.from_arrays(
                pa.array(claim.astype(np.int8)), pa.array(CLAIMS)
            ),
        }
    )


def _sellers(draft: Draft) -> pa.Table:
    rng, preset = draft.rng, draft.preset
    guilty = draft.ring >= 0
    risk = np.where(
        guilty,
        rng.beta(*preset.risk_guilty, draft.count),
        rng.beta(*preset.risk_honest, draft.count),
    )
    rate = np.where(guilty, preset.reported_members, preset.reported_honest)
    return pa.table(
        {
            "seller": np.arange(draft.count),
            "risk": np.round(risk, 3),
            "reported": (rng.random(draft.count) < rate).astype(np.int8),
            "registered_at": (draft.joined + EPOCH_DAY).astype(np.int32),
        }
    )
