"""Join addresses that are probably one place: scored edges that can be cut, never a merge.

Only what is new or changed since it was last compared is compared, with everything. An address
that names no building, or no town, is an attribute: it joins nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import Any

import numpy as np

from graphsvc.linking.kinds import HOLDER, LEVELS, propose_kinds
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.match.address_columns import Columns, Reading
from ingest.match.addresses import UNIT, Alike, Pair, alike, pairs
from ingest.match.likeness import Likeness, shipped
from ingest.records import relation_key
from queries.addresses import (
    ADDRESS_TEXTS,
    DROP_LIKENESSES,
    MARK_LINKED,
    SAVE_LIKENESSES,
)
from queries.runs import LEASE
from queries.schema.links import Band

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class LinkedAddresses:
    """What a run did: addresses by what became of them, pairs by level and band, what it wrote.

    `vague` ones join nobody, `fresh` ones were compared; `largest_block` is 0 where no block was
    dropped; `confirmed_from` is the cut for so many addresses; `kinds` counts what was proposed.
    """

    addresses: int
    vague: int
    fresh: int
    compared: int
    dropped_blocks: int
    largest_block: int
    unit: int
    premise: int
    confirmed: int
    review: int
    made: int
    dropped: int
    confirmed_from: float
    model: str
    kinds: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `link addresses --json` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Held:
    """The addresses that may join somebody, by columns in the order of their ids."""

    ids: Sequence[str]
    texts: Sequence[str]
    countries: Sequence[str]
    marks: Sequence[str]
    vague: int


@dataclass(slots=True)
class _Written:
    unit: int = 0
    premise: int = 0
    confirmed: int = 0
    made: int = 0


async def link_addresses(reader: Reader, writer: Writer) -> LinkedAddresses:
    """Join the addresses of the graph that are new or changed with whatever they resemble.

    Each transaction takes the writers' lease. A run that was cut off is made good by the next
    one: what was compared is noted last. Raises DatabaseAway, Conflict.
    """
    held, model = await _read(reader), shipped()
    marks = [_mark(model, *row) for row in zip(held.texts, held.countries, strict=True)]
    fresh = [mark != known for mark, known in zip(marks, held.marks, strict=True)]
    records, columns = _columns(held)
    cut = model.confirmed(columns.size)
    found = _compared(records, columns, model, fresh)
    changed = [held.ids[at] for at, new in enumerate(fresh) if new and held.marks[at]]
    dropped = await _drop(writer, changed)
    joined = (
        pair for pair in pairs(records, columns, found) if fresh[pair.left] or fresh[pair.right]
    )
    written = await _save(writer, held, joined, (cut, model.version))
    await _note(writer, [(held.ids[at], marks[at]) for at, new in enumerate(fresh) if new])
    return LinkedAddresses(
        addresses=len(held.ids) + held.vague,
        vague=held.vague,
        fresh=sum(fresh),
        compared=found.compared,
        dropped_blocks=found.dropped_blocks,
        largest_block=found.largest_block,
        unit=written.unit,
        premise=written.premise,
        confirmed=written.confirmed,
        review=written.unit + written.premise - written.confirmed,
        made=written.made,
        dropped=dropped,
        confirmed_from=round(cut, 4),
        model=model.version,
        kinds=await propose_kinds(reader, writer),
    )


async def _read(reader: Reader) -> Held:
    rows: list[tuple[str, str, str, str]] = []
    vague = 0
    async for part in reader.stream(ADDRESS_TEXTS, chunk=CHUNK):
        columns = (part.addresses, part.texts, part.countries, part.marks)
        told = zip(part.levels, zip(*columns, strict=True), strict=True)
        exact = [row for level, row in told if level in LEVELS]
        vague += len(part.addresses) - len(exact)
        rows.extend(exact)
    ids, texts, countries, marks = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Held(ids, texts, countries, marks, vague)


def _mark(model: Likeness, text: str, country: str) -> str:
    """Return what tells that this text was compared by this model."""
    told = f"{model.version}\x1f{text}\x1f{country}"
    return blake2b(told.encode(), digest_size=12).hexdigest()


def _columns(held: Held) -> tuple[list[int], Columns]:
    reading = Reading()
    rows = zip(held.texts, held.countries, strict=True)
    records = [reading.add(text, country or None) for text, country in rows]
    return records, reading.columns()


def _compared(
    records: Sequence[int], columns: Columns, model: Likeness, fresh: Sequence[bool]
) -> Alike:
    wanted = np.zeros(columns.size, dtype=bool)
    for record, new in zip(records, fresh, strict=True):
        if new and record >= 0:
            wanted[record] = True
    return alike(columns, model, wanted)


async def _drop(writer: Writer, changed: Sequence[str]) -> int:
    parts = [changed[start : start + CHUNK] for start in range(0, len(changed), CHUNK)]
    return sum([await writer.within(partial(_take_back, addresses=part)) for part in parts])


async def _take_back(transaction: Transaction, addresses: Sequence[str]) -> int:
    await transaction.run(LEASE, run=HOLDER)
    (answer,) = await transaction.run(DROP_LIKENESSES, addresses=addresses)
    return int(answer["dropped"])


async def _save(
    writer: Writer, held: Held, joined: Iterator[Pair], marks: tuple[float, str]
) -> _Written:
    written = _Written()
    cut, version = marks
    while part := list(islice(joined, CHUNK)):
        rows = []
        for pair in part:
            band = Band.CONFIRMED if pair.score >= cut else Band.REVIEW
            rows.append(_row(held, pair) | {"band": band.value, "model": version})
            written.confirmed += band is Band.CONFIRMED
        unit = sum(row["unit"] for row in rows)
        written.unit += unit
        written.premise += len(rows) - unit
        written.made += await writer.within(partial(_write, rows=rows))
    return written


async def _write(transaction: Transaction, rows: list[dict[str, Any]]) -> int:
    await transaction.run(LEASE, run=HOLDER)
    (answer,) = await transaction.run(SAVE_LIKENESSES, pairs=rows)
    return int(answer["made"])


def _row(held: Held, pair: Pair) -> dict[str, Any]:
    left, right = held.ids[pair.left], held.ids[pair.right]
    seen = {name: value for name, value in pair.features.items() if value}
    return {
        "key": relation_key(left, right),
        "left": left,
        "right": right,
        "unit": pair.level == UNIT,
        "score": round(pair.score, 4),
        "rule": pair.rule,
        "features": json.dumps(seen),
    }


async def _note(writer: Writer, marks: Sequence[tuple[str, str]]) -> None:
    for start in range(0, len(marks), CHUNK):
        part = [{"id": name, "mark": mark} for name, mark in marks[start : start + CHUNK]]
        await writer.within(partial(_mark_linked, marks=part))


async def _mark_linked(transaction: Transaction, marks: list[dict[str, str]]) -> None:
    await transaction.run(LEASE, run=HOLDER)
    await transaction.run(MARK_LINKED, marks=marks)
