"""Read a market from the graph by columns; it never asks for a record a relation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, compress
from typing import TypeVar

import numpy as np

from graphsvc.errors import Conflict
from graphsvc.rings.columns import UNKNOWN_DAY, Kind, Level, Market, MarketBuilder
from graphsvc.rings.parameters import Parameters
from graphsvc.store.reader import Reader
from queries.rings.detection import (
    NEAR_COPIES,
    REPORTED_SELLERS,
    SELLER_RISKS,
    SHARED_IDENTIFIERS,
    SHARED_PICTURES,
    IdentifierColumns,
    PictureColumns,
)
from queries.runs import INGEST_RUNS
from queries.schema.findings import Verdict
from queries.schema.identifiers import Address, Device, Email, PaymentAccount, Phone

T = TypeVar("T")
CHUNK = 5_000  # identifiers a record: few records, each well under a transaction's memory
KINDS = {
    Address.__name__: Kind.ADDRESS,
    PaymentAccount.__name__: Kind.PAYMENT_ACCOUNT,
    Phone.__name__: Kind.PHONE,
    Email.__name__: Kind.EMAIL,
    Device.__name__: Kind.DEVICE,
}
LEVELS = {"unit": Level.UNIT, "building": Level.BUILDING, "street": Level.STREET}
ACCUSING = (Verdict.CONFIRMED_FAKE.value, Verdict.SUSPECTED.value)
LINKING_TIERS = ("exact", "copy")


async def read_market(reader: Reader, parameters: Parameters) -> Market:
    """Return the market of the graph as it stands.

    Raises Conflict where a load wrote meanwhile: index scans may then skip or repeat nodes, so
    detection needs a quiet graph.
    """
    before = await reader.rows(INGEST_RUNS, first=50, before="")
    market = await _read(reader, max(parameters.cap))
    if await reader.rows(INGEST_RUNS, first=50, before="") != before:
        raise Conflict("a load changed the graph while detection read it")
    return market


async def _read(reader: Reader, most: int) -> Market:
    builder = MarketBuilder()
    async for part in reader.stream(SHARED_IDENTIFIERS, most=most, chunk=CHUNK):
        kinds = [KINDS[label] for label in part.labels]
        for kind in sorted(set(kinds)):
            _add(builder, kind, part, [own is kind for own in kinds])
    async for shown in reader.stream(SHARED_PICTURES, most=most, chunk=CHUNK):
        _add(builder, Kind.IMAGE, shown, [True] * len(shown.identifiers))
    async for copies in reader.stream(NEAR_COPIES, tiers=list(LINKING_TIERS), chunk=CHUNK):
        builder.same_picture(copies.lefts, copies.rights)
    await _read_sellers(reader, builder)
    return builder.build()


async def _read_sellers(reader: Reader, builder: MarketBuilder) -> None:
    reported = await reader.rows(REPORTED_SELLERS, verdicts=list(ACCUSING))
    reporters = {row.seller: row.reporters for row in reported}
    async for part in reader.stream(SELLER_RISKS, chunk=10 * CHUNK):
        risks = [risk if risk >= 0 else None for risk in part.risks]
        builder.sellers(part.sellers, risks, [reporters.get(name, 0) for name in part.sellers])


def _add(
    builder: MarketBuilder,
    kind: Kind,
    part: IdentifierColumns | PictureColumns,
    wanted: Sequence[bool],
) -> None:
    """Flatten the wanted identifiers of a chunk to a row an assertion."""
    users = list(compress(part.sellers, wanted))
    names = compress(part.identifiers, wanted)
    levels = compress(part.levels, wanted) if isinstance(part, IdentifierColumns) else ()
    sizes = [len(each) for each in users]
    builder.add(
        kind,
        list(chain.from_iterable(users)),
        _spread(list(names), sizes),
        first_seen=_days(list(chain.from_iterable(compress(part.first_seen, wanted)))),
        self_declared=list(chain.from_iterable(compress(part.self_declared, wanted))),
        level=_spread([LEVELS.get(level, Level.NONE) for level in levels], sizes) or None,
    )


def _spread(values: Sequence[T], sizes: Sequence[int]) -> list[T]:
    """Return each value as often as its identifier has assertions."""
    pairs = zip(values, sizes, strict=False)
    return list(chain.from_iterable([value] * size for value, size in pairs))


def _days(dates: Sequence[str]) -> Sequence[int]:
    """Return the day numbers of dates as the graph writes them; unknown ones are -1."""
    known = np.array([date[:10] or "NaT" for date in dates], dtype="datetime64[D]")
    days = np.where(np.isnat(known), UNKNOWN_DAY, np.maximum(known.astype(np.int64), 0))
    return [int(day) for day in days]
