"""One seller arrives in a large market held in memory: how long until its rings stand again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.ground import table
from benchmarks.markets import market
from graphsvc.rings.coding import Assertions, Keys, Sellers, coded
from graphsvc.rings.columns import Kind, Level, Longs
from graphsvc.rings.dry import read
from graphsvc.rings.found import FoundRing
from graphsvc.rings.solve import solve
from graphsvc.rings.standing import Standing

SIZE, SEED, ARRIVING = 100_000, 1, 3_000
KINDS = list(Kind)
TARGETS = {50: 1, 95: 50, 99: 150}  # milliseconds

Tell = Callable[[], None]


def run() -> str:
    """Return the table of what one arrival takes; in the end all must stand as the batch finds."""
    with TemporaryDirectory() as folder:
        (uses, known), _ = read(*market(SIZE, SEED).write(Path(folder)))
    rows, own = (_places(each.seller.to_numpy()) for each in (uses, known))
    uses = replace(uses, seller=_named(uses.seller))
    known = replace(known, seller=_named(known.seller))
    whole = coded(uses, known)
    batch = solve(whole)
    standing = Standing(batch.model)
    late = np.random.default_rng(SEED).choice(SIZE, ARRIVING, replace=False)
    early = np.setdiff1d(np.arange(SIZE), late)
    for tell in _told(standing, (uses, _of(rows, early)), (known, _of(own, early))):
        tell()
    standing.settle()
    arrivals = [
        _told(standing, (uses, rows[seller]), (known, own[seller])) for seller in late.tolist()
    ]
    seconds, solved = zip(*(_settled(standing, tells) for tells in arrivals), strict=True)
    same = _plain(standing.sellers, standing.groups) == _plain(whole.sellers, batch.groups)
    times = {q: f"{np.percentile(seconds, q) * 1000:.2f} ms" for q in (*TARGETS, 100)}
    sizes = {q: f"{np.percentile(solved, q):.0f}" for q in times}
    return table(
        (f"{ARRIVING:,} arrivals among {SIZE:,} sellers", "time", "sellers solved", "target"),
        [
            *((f"p{q}", times[q], sizes[q], f"< {most} ms") for q, most in TARGETS.items()),
            ("slowest", times[100], sizes[100], ""),
            ("equal to the batch, to the last bit", "yes" if same else "NO", "", "yes"),
        ],
    )


def _places(sellers: Longs) -> list[Longs]:
    """Return for each of the market's sellers the places of its rows."""
    ends = np.searchsorted(np.sort(sellers), np.arange(SIZE))
    return np.split(np.argsort(sellers, kind="stable"), ends[1:])


def _named(sellers: Keys) -> Keys:
    """Return the sellers' numbers as words that sort as numbers do."""
    return pc.utf8_lpad(sellers.cast(pa.string()), len(str(SIZE)), "0")


def _of(places: Sequence[Longs], sellers: Longs) -> Longs:
    return np.concatenate([places[seller] for seller in sellers.tolist()])


def _told(
    standing: Standing, uses: tuple[Assertions, Longs], own: tuple[Sellers, Longs]
) -> list[Tell]:
    """Return the calls that tell of these rows, with the words made ready."""
    (told, rows), (known, mine) = uses, own
    unit = (told.kind[rows] == Kind.ADDRESS) & (told.level[rows] == Level.NONE)
    return [
        partial(
            standing.known,
            _words(known.seller, mine),
            known.risk[mine].tolist(),
            known.reported[mine].astype(int).tolist(),
        ),
        partial(
            standing.uses,
            [KINDS[kind] for kind in told.kind[rows].tolist()],
            _words(told.seller, rows),
            _words(told.identifier, rows),
            first_seen=told.first_seen[rows].tolist(),
            self_declared=told.self_declared[rows].tolist(),
            confidence=told.confidence[rows].tolist(),
            level=np.where(unit, Level.UNIT, told.level[rows]).tolist(),
        ),
    ]


def _words(keys: Keys, at: Longs) -> list[str]:
    return [str(key) for key in keys.take(at).to_pylist()]


def _settled(standing: Standing, tells: list[Tell]) -> tuple[float, int]:
    began = time.perf_counter()
    for tell in tells:
        tell()
    solved = standing.settle()
    return time.perf_counter() - began, solved


def _plain(names: Sequence[str], groups: Sequence[FoundRing]) -> dict[object, object]:
    """Return all that was decided of each group, by the names of its members."""
    return {
        tuple(names[m.seller] for m in group.members): (
            [(m.tier, m.log_odds, m.ties, m.own) for m in group.members],
            (group.tier, group.score, group.score_reports, group.score_risk),
        )
        for group in groups
    }
