"""The hub registry: propose hubs out of the graph, decide about them, end a decision.

A decision overrides the cap both ways at the next detection. It must never decide by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from graphsvc import clock
from graphsvc.errors import Conflict, InputRefused, NotFound, UsageError
from graphsvc.rings.columns import MOST_FREED
from graphsvc.rings.groups import label as short
from graphsvc.rings.hubs import HUB_KINDS, MANY, Crowd, Proposal, propose
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.read import KINDS, LINKING_TIERS
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.records import relation_key
from queries.catalogue import Query
from queries.hubs import (
    CROWDS,
    DECIDE_MARK,
    EXPIRE_MARK,
    HUB_MARKS,
    IDENTIFIERS_OF_SELLER,
    MARKS_ON,
    PICTURE_CROWDS,
    SAVE_MARKS,
    CrowdRow,
    MarkId,
    MarkRow,
)
from queries.runs import LEASE
from queries.schema.decisions import HubKind, HubState

HOLDER = "hubs"
LOOKED = 500  # users of one identifier that are looked at: of a crowd, a sample tells
LATEST = "latest"
TIERS = list(LINKING_TIERS)


@dataclass(frozen=True, slots=True)
class Decision:
    """What `by` decides of a mark and why, until when (ISO 8601, None: for good), and where."""

    state: HubState
    because: str
    by: str
    until: str | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An identifier that somebody proposes: one that `seller` uses, by id, text or short label."""

    seller: str
    identifier: str
    kind: HubKind
    because: str


async def propose_hubs(reader: Reader, writer: Writer) -> list[MarkRow]:
    """Propose every hub that degree and diversity show and that bears no mark; return them.

    Raises DatabaseAway, Conflict.
    """
    marks: dict[str, Any] = {"looked": LOOKED, "few": DEFAULT.corroboration_degree}
    marks |= {"least": MANY, "now": clock.stamp()}
    crowds = await reader.rows(CROWDS, kinds=sorted(HUB_KINDS), **marks)
    crowds += await reader.rows(PICTURE_CROWDS, tiers=TIERS, **marks)
    found = [(row, made) for row in crowds if (made := propose(_crowd(row))) is not None]
    rows = [_mark(row.label, row.identifier, made) for row, made in found]
    return await _save(reader, writer, rows)


async def propose_one(reader: Reader, writer: Writer, wanted: Named) -> list[MarkRow]:
    """Propose one identifier by hand; raises NotFound, Conflict where it bears a mark already."""
    used = await reader.rows(IDENTIFIERS_OF_SELLER, seller=wanted.seller)
    for row in used:
        names = (row.identifier, row.shown, short(KINDS[row.label].word, row.identifier))
        if wanted.identifier in names:
            mark = _mark(row.label, row.identifier, Proposal(wanted.kind, wanted.because, {}))
            if made := await _save(reader, writer, [mark]):
                return made
            raise Conflict(f"{wanted.identifier} bears a mark: see `graphsvc hubs list`")
    raise NotFound(f"{wanted.seller} uses no identifier {wanted.identifier}")


async def list_marks(
    reader: Reader, *, state: str = "", ids: Sequence[str] = (), before: str = "", first: int
) -> list[MarkRow]:
    """Return marks, newest first; a decision that has run out is shown as expired."""
    return await reader.rows(
        HUB_MARKS,
        ids=list(ids),
        state=state,
        before=before,
        now=clock.stamp(),
        tiers=TIERS,
        limit=first,
    )


async def mark_of(reader: Reader, name: str, states: Sequence[HubState]) -> MarkRow:
    """Return a mark, `latest`: the newest one in one of these states; raises NotFound."""
    if name == LATEST:
        found = [row for state in states for row in await list_marks(reader, state=state, first=1)]
    else:
        found = await list_marks(reader, ids=[name], first=1)
    if not found:
        raise NotFound(f"there is no mark {name}; `graphsvc hubs list` has them")
    return max(found, key=lambda row: row.id)


async def decide(reader: Reader, writer: Writer, name: str, wanted: Decision) -> MarkRow:
    """Confirm or reject a proposal, and return the mark.

    Raises NotFound, Conflict where it is decided already, InputRefused where an identifier of too
    many sellers would be freed, UsageError for a date that has passed.
    """
    held = await mark_of(reader, name, [HubState.PROPOSED])
    now = clock.stamp()
    if wanted.until is not None and wanted.until <= now:
        raise UsageError(f"--until {wanted.until} has passed")
    if wanted.state is HubState.REJECTED and held.sellers > MOST_FREED:
        raise InputRefused(
            f"{held.sellers:,} sellers use it, and pairs grow with the square: what is called no "
            f"hub may have {MOST_FREED}"
        )
    properties = {
        "state": wanted.state.value,
        "decision": wanted.state.value,
        "reason": wanted.because,
        "scope": wanted.scope,
        "by": wanted.by,
        "since": now,
        "until": wanted.until,
    }
    await _change(writer, DECIDE_MARK, held, properties=properties)
    return await mark_of(reader, held.id, [])


def ends(text: str) -> str | None:
    """Return a date or time as the graph writes it, None for none; without a zone it is UTC.

    Raises UsageError for what is neither.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--until takes a date or time in ISO 8601, not {text[:40]}") from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).strftime(clock.FORMAT)


async def expire(reader: Reader, writer: Writer, name: str, *, by: str, because: str) -> MarkRow:
    """End a decision or take a proposal back, now; raises NotFound, Conflict where it has ended."""
    held = await mark_of(reader, name, [HubState.CONFIRMED, HubState.REJECTED, HubState.PROPOSED])
    await _change(writer, EXPIRE_MARK, held, now=clock.stamp(), by=by, because=because)
    return await mark_of(reader, held.id, [])


async def _change(writer: Writer, query: Query[MarkId], held: MarkRow, **parameters: Any) -> None:
    async def whole(transaction: Transaction) -> list[dict[str, Any]]:
        await transaction.run(LEASE, run=HOLDER)
        return await transaction.run(query, id=held.id, **parameters)

    if not await writer.within(whole):
        raise Conflict(f"{held.id} is {held.state}: expire it and propose it anew")


async def _save(reader: Reader, writer: Writer, rows: list[dict[str, Any]]) -> list[MarkRow]:
    """Write proposals and return them, but for identifiers (or copies) that bear a mark by now."""

    async def whole(transaction: Transaction) -> None:
        await transaction.run(LEASE, run=HOLDER)
        for row in rows:
            marked = {"label": row["label"], "identifier": row["identifier"], "tiers": TIERS}
            held = await transaction.run(MARKS_ON, **marked, now=clock.stamp())
            if all(each["id"] == row["id"] for each in held):
                await transaction.run(SAVE_MARKS, marks=[row])

    if not rows:
        return []
    await writer.within(whole)
    return await list_marks(reader, ids=[row["id"] for row in rows], first=len(rows))


def _mark(label: str, identifier: str, made: Proposal) -> dict[str, Any]:
    name = clock.new_id("hub")
    properties = {
        "state": HubState.PROPOSED.value,
        "kind": made.kind.value,
        "proposal": made.reason,
        "figures": json.dumps(made.figures),
        "proposed_at": clock.stamp(),
    }
    marks = {
        "id": name,
        "key": relation_key(name, identifier),
        "label": label,
        "identifier": identifier,
    }
    return marks | {"properties": properties}


def _crowd(row: CrowdRow) -> Crowd:
    told = asdict(row)
    del told["identifier"]
    return Crowd(**told)
