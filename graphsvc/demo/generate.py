"""Makes an invented market on disk, the same bytes for a size and seed; never half a world."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from graphsvc.demo.dirt import Spoilt, spoil, write_dirt
from graphsvc.demo.files import NAMES, PICTURES, draw_pictures, write_table
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import PLATFORM, Market, Seller
from graphsvc.demo.rings import plant
from graphsvc.demo.tables import tables
from graphsvc.demo.traps import lay
from graphsvc.demo.truth import DIRTY_FILE, FOLDER, INNOCENT, RING, SellerTruth, write_truth
from graphsvc.errors import InputRefused, NotWritable, UsageError

VERSION = 2
MARKER = "world.json"
UNFINISHED = "world.unfinished"
FEWEST_SELLERS = 100
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a world holds: rows and bad rows by kind, bytes by file, sellers by trap.

    `reused` says that it was there already, whole, and nothing was written.
    """

    out: Path
    sellers: int
    seed: int
    rows: Mapping[str, int]
    dirty: Mapping[str, int]
    files: Mapping[str, int]
    pictures: int
    rings: int
    ring_members: int
    traps: Mapping[str, int]
    reused: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the object that `demo generate --json` prints."""
        return {**asdict(self), "out": str(self.out)}


def generate(out: Path, *, sellers: int, seed: int, tell: Tell = lambda text: None) -> Summary:
    """Write the market of `sellers` (≥ 100) and `seed` (≥ 0) into the folder `out`.

    A folder that holds this very world is left as it is; an unfinished one is made anew.
    Raises UsageError for a bad number, InputRefused for a folder that holds anything else,
    NotWritable where the folder cannot be written.
    """
    if sellers < FEWEST_SELLERS:
        raise UsageError(f"a market needs {FEWEST_SELLERS} sellers at least, not {sellers}")
    if seed < 0:
        raise UsageError(f"a seed is 0 or more, not {seed}")
    try:
        held = _held(out, sellers, seed)
        if held is not None:
            tell(f"{out} holds this market already")
            return held
        _clear(out, sellers, seed)
        summary = _write(out, _invent(sellers, seed, tell), tell)
        _finish(out, summary)
    except OSError as error:
        raise NotWritable(f"cannot write {out}: {error.strerror}") from error
    return summary


def _invent(sellers: int, seed: int, tell: Tell) -> Market:
    tell(f"inventing {sellers:,} sellers")
    market = Market(sellers, seed)
    lay(market, plant(market))
    market.complete()
    dice = market.dice("own pictures")
    copied = Counter(shown.listing for shown in market.gallery.shown)
    for seller in market.sellers:
        for offer in seller.listings:
            # Whoever shows another's picture needs fewer of its own: counting them tells little.
            wanted = 1 if dice.chance(0.75) else 2
            for _ in range(wanted - copied[offer.local_id]):
                picture = market.gallery.picture(Origin.OWN)
                market.gallery.show(offer.local_id, picture, day=offer.listed)
    market.gallery.choose_drawn(max(40, sellers * 64 // 1000))
    return market


def _write(out: Path, market: Market, tell: Tell) -> Summary:
    total = len(market.sellers)
    dirt = market.dice("dirt")
    spoilt: list[Spoilt] = []
    rows: dict[str, int] = {}
    paths: list[Path] = []
    for table in tables(market):
        spoilt += spoil(dirt, table, times=1 + total // 5000)
        rows[table.kind] = len(table.rows)
        paths.append(write_table(out, table))
        tell(f"{paths[-1].name}: {len(table.rows):,} rows")
    pictures = draw_pictures(out, market.gallery, market.seed)
    tell(f"{PICTURES}: {pictures:,} files")
    truth = out / FOLDER
    paths.append(write_truth(truth, map(_truth, market.sellers)))
    write_dirt(truth / DIRTY_FILE, spoilt, NAMES)
    paths.append(truth / DIRTY_FILE)
    members = list(market.members())
    return Summary(
        out=out,
        sellers=total,
        seed=market.seed,
        rows=rows,
        dirty=dict(Counter(bad.kind for bad in spoilt)),
        files={path.relative_to(out).as_posix(): path.stat().st_size for path in paths},
        pictures=pictures,
        rings=len({seller.ring for seller in members}),
        ring_members=len(members),
        traps=dict(sorted(Counter(t for s in market.innocents() for t in s.traps).items())),
    )


def _truth(seller: Seller) -> SellerTruth:
    return SellerTruth(
        seller_id=f"{PLATFORM}:{seller.local_id}",
        operator=seller.ring or f"alone-{seller.index + 1}",
        role=RING if seller.ring else INNOCENT,
        trap="+".join(seller.traps),
    )


def _name(sellers: int, seed: int) -> dict[str, int]:
    return {"generator": VERSION, "sellers": sellers, "seed": seed}


def _held(out: Path, sellers: int, seed: int) -> Summary | None:
    """Return the summary of the world that `out` holds, or None where one is to be made."""
    marker = out / MARKER
    if not marker.is_file():
        if out.is_dir() and any(out.iterdir()) and not (out / UNFINISHED).is_file():
            raise InputRefused(f"{out} is not empty and holds no market of this command")
        return None
    world, summary = _read_marker(marker)
    if world != _name(sellers, seed):
        raise InputRefused(f"{out} holds another market: {json.dumps(world)}")
    _check_whole(out, summary)
    return summary


def _read_marker(marker: Path) -> tuple[Any, Summary]:
    try:
        found = json.loads(marker.read_text(encoding="utf-8"))
        summary = Summary(out=marker.parent, reused=True, **found["summary"])
        return found["world"], replace(summary, files=dict(summary.files))
    except (ValueError, KeyError, TypeError) as error:
        raise InputRefused(f"{marker} cannot be read: is it of another program?") from error


def _check_whole(out: Path, summary: Summary) -> None:
    for name, size in summary.files.items():
        path = out / name
        if not path.is_file() or path.stat().st_size != size:
            raise InputRefused(f"{path} is missing or was changed since it was made")
    if sum(1 for _ in (out / PICTURES).glob("*.jpg")) != summary.pictures:
        raise InputRefused(f"{out / PICTURES} does not hold its {summary.pictures} pictures")


def _clear(out: Path, sellers: int, seed: int) -> None:
    """Leave a folder that holds nothing but the sign that a world is being made in it."""
    out.mkdir(parents=True, exist_ok=True)
    (out / UNFINISHED).write_text(json.dumps(_name(sellers, seed)), encoding="utf-8")
    for name in NAMES.values():
        (out / name).unlink(missing_ok=True)
    for folder in (PICTURES, FOLDER):
        shutil.rmtree(out / folder, ignore_errors=True)


def _finish(out: Path, summary: Summary) -> None:
    """Turn the sign of an unfinished world into the marker of a whole one, in one step."""
    said = asdict(summary)
    del said["out"], said["reused"]
    world = {"world": _name(summary.sellers, summary.seed), "summary": said}
    (out / UNFINISHED).write_text(json.dumps(world, indent=1) + "\n", encoding="utf-8")
    (out / UNFINISHED).replace(out / MARKER)
