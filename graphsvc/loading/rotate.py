"""Take the graph from one token key to another: replay the sources, drop what the old key wrote.

A token cannot be turned into another without the value. Each step may be repeated, and the old key
has the graph until the last one: what was cut off is run again, with the same two keys.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from graphsvc import clock
from graphsvc.errors import Conflict, KeyRefused, SourceChanged, SourceGone
from graphsvc.loading.prepare import Load, Wish
from graphsvc.loading.report import Counts
from graphsvc.loading.retry import prepare_again
from graphsvc.loading.run import load_file
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.errors import SourceError
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from queries.catalogue import Query
from queries.runs import LEASE, RUNS_OF_KINDS, TOKEN_KEYS, RunSource
from queries.schema.findings import RunState
from queries.tokens import (
    DROP_ASSERTIONS,
    DROP_BATCHES,
    DROP_IDENTIFIERS,
    DROP_TAX_NUMBERS,
    GIVE_TO_KEY,
    RETIRE_RUNS,
    UNSETTLE_SELLERS,
    Touched,
)

KINDS = sorted(kind for kind, job in JOBS.items() if job.secret)
AT_ONCE, FEW = 5_000, 50  # records, and batches of them, a transaction
Telling = Callable[[str], AbstractContextManager[Callable[[Counts], None]]]


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that the graph is under, and the one that it is to be under."""

    old: Tokeniser
    new: Tokeniser

    @property
    def prefix(self) -> str:
        """Return how every token under the old key begins."""
        return f"{self.old.key_id}:"


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: files replayed, files given up, what it removed under the old key."""

    replayed: int
    missing: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Plan:
    loads: tuple[Load, ...]
    missing: tuple[str, ...]
    seen: frozenset[str]


async def rotate(
    reader: Reader,
    writer: Writer,
    settings: Settings,
    keys: Keys,
    *,
    telling: Telling,
    drop_missing: bool = False,
) -> Rotated:
    """Replay every source of secret values under the new key, then give the graph to that key.

    Raises KeyRefused for a graph under a third key; SourceGone, which names each file that is gone
    or changed, and Conflict for a load that is unfinished, before anything is written.
    """
    held = {row.id for row in await reader.rows(TOKEN_KEYS)}
    if held == {keys.new.key_id}:
        return Rotated(0, 0, 0)  # cut off at the very end: the graph is the new key's already
    if held - {keys.old.key_id}:
        raise KeyRefused(f"this graph was loaded under token key {', '.join(sorted(held))}")
    plan = await _planned(reader, settings, keys)
    if plan.missing and not drop_missing:
        raise SourceGone(f"cannot be replayed: {'; '.join(plan.missing)}")
    await _leased(writer, keys, UNSETTLE_SELLERS, old=keys.prefix)
    for load in plan.loads:
        with telling(load.source.name) as tell:
            await load_file(writer, replace(load, tell=tell), under=keys.old.key_id)
    ours = {"kinds": KINDS, "ours": sorted(load.identity for load in plan.loads)}
    while await _leased(writer, keys, DROP_BATCHES, most=FEW, **ours):
        pass  # they hold tokens under the old key
    removed = 0
    for query in (DROP_ASSERTIONS, DROP_IDENTIFIERS, DROP_TAX_NUMBERS):
        while number := await _leased(writer, keys, query, old=keys.prefix, most=AT_ONCE):
            removed += number
    await writer.within(lambda transaction: _give(transaction, plan, keys))
    return Rotated(len(plan.loads), len(plan.missing), removed)


async def _planned(reader: Reader, settings: Settings, keys: Keys) -> _Plan:
    """Return what is to be replayed, each file once; raises Conflict for an unfinished load."""
    runs = await reader.rows(RUNS_OF_KINDS, kinds=KINDS)
    loads: dict[str, Load] = {}
    missing: dict[str, None] = {}
    for run in runs:
        try:
            load = await _prepared(reader, run, settings, keys.new)
        except SourceGone as gone:
            missing[str(gone)] = None
            continue
        loads.setdefault(load.identity, load)
    ours = loads.keys()
    open_runs = [r.id for r in runs if _is_open(r) and r.identity not in ours]
    if open_runs:
        raise Conflict(f"{open_runs[0]} is unfinished: `runs resume` or `runs abort` it first")
    return _Plan(tuple(loads.values()), tuple(missing), frozenset(run.id for run in runs))


def _is_open(run: RunSource) -> bool:
    return run.state not in (RunState.FINISHED, RunState.ABORTED)


async def _prepared(reader: Reader, run: RunSource, settings: Settings, tokens: Tokeniser) -> Load:
    """Return the load that says again what a run said; its rejects go beside the others."""
    if not run.place or not run.wish:
        raise SourceGone(f"{run.file} ({run.id} does not say where it was)")
    place, held = json.loads(run.place), Wish.of_text(run.wish)
    # What a whole feed would end is under the old key as well, and goes in any case.
    wish = replace(held, rejects=None, accept_shrink=held.snapshot)
    if not Path(place).exists():
        raise SourceGone(f"{place} (gone)")
    try:
        load = await prepare_again(
            reader, settings, (wish, place), tokens=tokens, tell=lambda counts: None
        )
    except SourceError as error:
        raise SourceGone(f"{place} ({error.reason})") from None
    except SourceChanged as error:
        raise SourceGone(str(error)) from None
    if load.source.digest != run.file_digest:
        raise SourceGone(f"{place} (changed)")
    return load


async def _leased(writer: Writer, keys: Keys, query: Query[Touched], **parameters: object) -> int:
    async def whole(transaction: Transaction) -> int:
        await transaction.run(LEASE, run=keys.new.key_id)
        return int((await transaction.run(query, **parameters))[0]["number"])

    return await writer.within(whole)


async def _give(transaction: Transaction, plan: _Plan, keys: Keys) -> None:
    """Give the graph to the new key; raises Conflict where somebody loaded meanwhile."""
    await transaction.run(LEASE, run=keys.new.key_id)
    ours = {load.identity for load in plan.loads}
    for run in await transaction.run(RUNS_OF_KINDS, kinds=KINDS):
        if run["id"] not in plan.seen and run["identity"] not in ours:
            raise Conflict(f"{run['id']} was loaded meanwhile: repeat the command")
    retired = {"kinds": KINDS, "ours": sorted(ours), "now": clock.stamp()}
    await transaction.run(RETIRE_RUNS, **retired)
    given = {"old": keys.prefix, "id": keys.new.key_id, "now": clock.stamp()}
    if (await transaction.run(GIVE_TO_KEY, **given))[0]["number"]:
        raise Conflict("rows were written under the old key meanwhile: repeat the command")
