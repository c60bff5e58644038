"""Claim an ingest run: begin it, or go on where its last loader was cut off; one loader at a time.

Each claim moves the run's fence, and whoever holds an older fence writes nothing more.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graphsvc import clock
from graphsvc.errors import Conflict, InputRefused, KeyRefused
from graphsvc.loading.loader import runs_elsewhere, this_loader
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts
from graphsvc.store.writer import Transaction, Writer
from queries.runs import (
    ABORT_RUN,
    LEASE,
    SAVE_INGEST_RUN,
    TAKE_OVER_RUN,
    TOKEN_KEYS,
    UNFINISHED_RUNS,
)
from queries.schema.findings import RunState


@dataclass(frozen=True, slots=True)
class Claim:
    """A run under this loader's fence: how far it is, what it counted, since when it runs."""

    run: str
    fence: int
    cursor: int
    counts: Counts
    started: str


def is_under(key: str, held: list[str]) -> bool:
    """Tell whether a graph that holds these token keys was loaded under `key` before.

    False for a graph under none yet; raises KeyRefused for one under another.
    """
    if held and key not in held:
        raise KeyRefused(f"this graph was loaded under token key {', '.join(held)}")
    return bool(held)


async def claim_run(
    writer: Writer, load: Load, *, resume: str | None = None, under: str | None = None
) -> Claim:
    """Begin a run, or take over one of the same file and wish whose loader is gone.

    `resume` names the run to take over, whoever has it; the graph must be under the key `under`,
    by default that of the load. Raises Conflict where the run is not to be gone on with,
    InputRefused where its rejects file was cut short, KeyRefused.
    """
    key = under or load.context.tokens.key_id

    async def whole(transaction: Transaction) -> Claim:
        await transaction.run(LEASE, run=load.run)
        # Under the lease: a rotation sees every run that was claimed before it gives the graph
        # to another key, and no run is claimed under the old one after that.
        is_under(key, [row["id"] for row in await transaction.run(TOKEN_KEYS)])
        held = await transaction.run(UNFINISHED_RUNS, identity=load.identity)
        if resume is not None:
            if resume not in {row["id"] for row in held}:
                raise Conflict(f"{resume} is not a run of this file that was left unfinished")
            return await _taken(transaction, load, resume)
        left = [row["id"] for row in held if _is_left(row)]
        for run in left:
            try:
                return await _taken(transaction, load, run)
            except InputRefused:
                # Its rejects are gone: begun anew, every one of them is told again.
                await transaction.run(ABORT_RUN, id=run, now=clock.stamp())
        return await _begun(transaction, load)

    return await writer.within(whole)


def _is_left(row: dict[str, Any]) -> bool:
    return row["state"] != RunState.RUNNING or not runs_elsewhere(row["loader"] or "//")


def beginning(load: Load, started: str) -> dict[str, Any]:
    """Return the properties of an IngestRun that begins."""
    source, job = load.source, load.job
    return {
        "kind": job.kind,
        "platform": load.platform or None,
        "source": load.context.source,
        "file": source.name,
        "file_digest": source.digest,
        "job_version": job.version,
        "identity": load.identity,
        "fence": 1,
        "cursor": 0,
        "loader": this_loader(),
        "place": json.dumps(str(source.place and source.place.absolute())),  # it may be no UTF-8
        "wish": load.wish.as_text(),
        "state": RunState.RUNNING.value,
        "started_at": started,
        **asdict(Counts()),
    }


def standing(load: Load, state: RunState, counts: Counts, cursor: int) -> dict[str, Any]:
    """Return the properties of an IngestRun that change from batch to batch."""
    return {
        "state": state.value,
        "cursor": cursor,
        "rejects_file": load.rejects.name,
        "rejects_size": load.rejects.size,
        "finished_at": clock.stamp() if state is RunState.FINISHED else None,
        **asdict(counts),
    }


async def _begun(transaction: Transaction, load: Load) -> Claim:
    started = clock.stamp()
    properties = beginning(load, started)
    await transaction.run(SAVE_INGEST_RUN, id=load.run, properties=properties)
    return Claim(load.run, 1, 0, Counts(), started)


async def _taken(transaction: Transaction, load: Load, run: str) -> Claim:
    (row,) = await transaction.run(TAKE_OVER_RUN, id=run, loader=this_loader())
    if row["rejects_file"]:
        load.rejects.go_on(Path(row["rejects_file"]), row["rejects_size"] or 0)
    names = ("rows_in", "loaded", "unchanged", "rejected", "skipped", "stubs", "closed")
    counts = Counts(**{name: row[name] or 0 for name in names})
    return Claim(run, row["fence"], row["cursor"] or 0, counts, row["started_at"])
