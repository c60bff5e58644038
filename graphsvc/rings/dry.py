"""Rings of files, without a database: the same stages as a detection, for tuning and for outsiders.

It writes the members file whole or not at all.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from graphsvc.errors import NotWritable
from graphsvc.rings import room, table
from graphsvc.rings.belief import Tier
from graphsvc.rings.coding import Assertions, Sellers, coded
from graphsvc.rings.columns import UNKNOWN_DAY, Bytes, Level, Market
from graphsvc.rings.identity import assign
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import DEFAULT, Engine, Parameters
from graphsvc.rings.solve import Solution, solve
from graphsvc.rings.table import Table
from ingest.errors import RowIssue
from ingest.report import Rejects

MEBIBYTE = 1 << 20
QUOTED = pyarrow.csv.WriteOptions(quoting_style="needed")


@dataclass(frozen=True, slots=True)
class Files:
    """Where the rows and the sellers are, and where members and refused rows go."""

    rows: Path
    sellers: Path
    out: Path
    rejects: Path


@dataclass(frozen=True, slots=True)
class DryReport:
    """What a dry run found: rows in and refused, groups, rings and members by tier, seconds."""

    engine: str
    seed: int
    calibration: str
    coupled: bool
    rows_in: int
    rejected: int
    sellers: int
    identifiers: int
    groups: int
    rings: dict[str, int]
    members: dict[str, int]
    seconds: dict[str, float]
    peak_mib: int
    rejects: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `rings dry-run --json` prints; in = loaded + rejected."""
        return {
            "engine": self.engine,
            "seed": self.seed,
            "calibration": self.calibration,
            "coupled": self.coupled,
            "in": self.rows_in,
            "loaded": self.rows_in - self.rejected,
            "rejected": self.rejected,
            "rejects": self.rejects,
            "sellers": self.sellers,
            "identifiers": self.identifiers,
            "groups": self.groups,
            "rings": self.rings,
            "members": self.members,
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
            "peak_mib": self.peak_mib,
        }


def dry_run(
    files: Files,
    *,
    engine: Engine,
    seed: int,
    parameters: Parameters = DEFAULT,
    model: Model | None = None,
    memory: int | None = None,
) -> DryReport:
    """Find the rings of two files and write their members; same input and seed, same bytes.

    `model` has tables to weigh by, in the place of what the files would teach. Raises MemoryShort
    where solving would take more than `memory` bytes (None: what is free).

    Raises SourceError for a file that cannot be read, NotWritable.
    """
    marks = [time.perf_counter()]
    told, (rows, refused) = read(files.rows, files.sellers)
    rejects = _reject(files.rejects, refused)
    marks.append(time.perf_counter())
    market = coded(*told)
    del told  # of whole files, where the market holds what is shared
    room.check(market, parameters, memory)
    coding = time.perf_counter() - marks[-1]
    solution = solve(market, parameters, engine=engine, seed=seed, model=model)
    marks.append(time.perf_counter())
    _write(files.out, market, solution)
    marks.append(time.perf_counter())
    reading, solving, writing = (later - earlier for earlier, later in pairwise(marks))
    tiers = _of_groups(solution)
    return DryReport(
        engine=engine.value,
        seed=seed,
        calibration=solution.calibration.source,
        coupled=solution.coupling is not None,
        rows_in=rows,
        rejected=len(refused),
        sellers=len(market.sellers),
        identifiers=len(market.identifiers),
        groups=tiers.size,
        rings=_by_tier(tiers),
        members=_by_tier(solution.members.tier),
        seconds={"read": reading, "solve": solving, "write": writing, "code": coding}
        | solution.seconds,
        peak_mib=round(room.peak() / MEBIBYTE),
        rejects=rejects,
    )


def read(
    rows: Path, sellers: Path
) -> tuple[tuple[Assertions, Sellers], tuple[int, list[RowIssue]]]:
    """Return what both files tell, how many rows they have, and which of these were refused.

    Raises SourceError for a file that cannot be read.
    """
    uses, known = table.read(rows, table.ROWS), table.read(sellers, table.SELLERS)
    counted = uses.rows + known.rows, [*uses.refused, *known.refused]
    return (_assertions(uses), _sellers(known)), counted


def _reject(path: Path, refused: list[RowIssue]) -> str | None:
    kept = Rejects(path)
    try:
        kept.add(refused)
    except OSError as error:
        raise NotWritable(f"{path}: {error.strerror}") from None
    return kept.name


def _assertions(told: Table) -> Assertions:
    size = len(told.columns["seller"])
    missing: dict[str, Any] = {
        "confidence": np.ones(size, np.float32),
        "level": np.full(size, Level.NONE, np.uint8),
        "first_seen": np.full(size, UNKNOWN_DAY, np.int32),
        "asserted_by": np.zeros(size, np.uint8),
    }
    found = missing | told.columns
    sure = found["confidence"].astype(np.float32)
    return Assertions(
        seller=found["seller"],
        kind=found["kind"],
        identifier=found["identifier"],
        confidence=np.where(np.isnan(sure), np.float32(1), sure),
        level=found["level"],
        first_seen=found["first_seen"],
        self_declared=found["asserted_by"].astype(np.bool_),
    )


def _sellers(told: Table) -> Sellers:
    size = len(told.columns["seller"])
    missing: dict[str, Any] = {
        "risk": np.full(size, np.nan),
        "reported": np.zeros(size, np.uint8),
    }
    found = missing | told.columns
    return Sellers(found["seller"], found["risk"], found["reported"].astype(np.bool_))


def _write(out: Path, market: Market, solution: Solution) -> None:
    """Write the members of every group of two or more, by group, then seller."""
    part = out.with_name(f"{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        pyarrow.csv.write_csv(_told(market, solution), part, QUOTED)
        os.replace(part, out)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NotWritable(f"{out}: {error.strerror}") from None


def _told(market: Market, solution: Solution) -> pa.Table:
    members = solution.members
    size = np.diff(members.starts, append=members.group.size)
    words = pa.array([tier.word for tier in Tier])
    return pa.table(
        {
            "seller": [market.sellers[code] for code in members.seller.tolist()],
            "ring": pa.array(_names(market, solution)).take(
                pa.array(np.repeat(np.arange(size.size), size))
            ),
            "tier": words.take(pa.array(members.tier)),
            "log_odds": np.round(members.log_odds, 6),
            "ties": members.ties,
        }
    )


def _names(market: Market, solution: Solution) -> list[str]:
    """Return for each group the id that a first detection would give it."""
    members = solution.members
    parts = np.split(members.seller, members.starts[1:])
    found = [frozenset(market.sellers[code] for code in part.tolist()) for part in parts]
    return [named.id for named in assign([], [one for one in found if one], solution.engine)]


def _by_tier(tiers: Bytes) -> dict[str, int]:
    return {tier.word: int(np.count_nonzero(tiers == tier)) for tier in (Tier.BAN, Tier.REVIEW)}


def _of_groups(solution: Solution) -> Bytes:
    """Return the highest tier of each group."""
    members = solution.members
    if not members.starts.size:
        return members.tier
    highest: Bytes = np.maximum.reduceat(members.tier, members.starts)
    return highest
