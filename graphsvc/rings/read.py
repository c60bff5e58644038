"""Read a market from the graph by columns; it never asks for a record a relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

import numpy as np

from graphsvc import clock
from graphsvc.errors import Conflict
from graphsvc.rings import room
from graphsvc.rings.columns import UNKNOWN_DAY, Hub, Judged, Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.parameters import Parameters
from graphsvc.store.reader import Reader
from queries.hubs import MARKS_IN_FORCE
from queries.judgements import STANDING_JUDGEMENTS
from queries.rings.detection import (
    NEAR_COPIES,
    REPORTED_SELLERS,
    SAME_PLACES,
    SELLER_RISKS,
    SHARED_IDENTIFIERS,
    SHARED_PICTURES,
    WRITES_SO_FAR,
    IdentifierColumns,
    PictureColumns,
)
from queries.schema.decisions import HubState, Verdict
from queries.schema.findings import ACCUSING
from queries.schema.goods import Image
from queries.schema.identifiers import Address, Device, Email, PaymentAccount, Phone
from queries.schema.links import Band

CHUNK = 5_000  # identifiers a record: few records, each well under a transaction's memory
KINDS = {
    Address.__name__: Kind.ADDRESS,
    PaymentAccount.__name__: Kind.PAYMENT_ACCOUNT,
    Phone.__name__: Kind.PHONE,
    Email.__name__: Kind.EMAIL,
    Device.__name__: Kind.DEVICE,
    Image.__name__: Kind.IMAGE,
}
HUBS = {HubState.CONFIRMED.value: Hub.HUB, HubState.REJECTED.value: Hub.NONE}
VERDICTS = {
    Verdict.SAME.value: Judged.SAME,
    Verdict.DIFFERENT.value: Judged.DIFFERENT,
    Verdict.UNSURE.value: Judged.UNSURE,
}
Marks = Mapping[tuple[str, str], str]  # the state of what was decided, by label and identifier
LEVELS = {"unit": Level.UNIT, "building": Level.BUILDING, "street": Level.STREET}
LINKING_TIERS = ("exact", "copy")


async def read_market(
    reader: Reader,
    parameters: Parameters,
    supposed: Marks | None = None,
    *,
    memory: int | None = None,
) -> Market:
    """Return the market of the graph as it stands, `supposed` marks on identifiers added.

    Raises Conflict where a load, `link` or a decision wrote meanwhile: index scans may then skip
    or repeat nodes, so detection needs a quiet graph. Raises MemoryShort where solving it would
    take more than `memory` bytes (None: what is free).
    """
    before = await reader.rows(WRITES_SO_FAR)
    marks = await marks_in_force(reader) | dict(supposed or {})
    market = await _read(reader, max(parameters.cap), marks)
    if await reader.rows(WRITES_SO_FAR) != before:
        raise Conflict("a load, `link` or a decision changed the graph while detection read it")
    room.check(market, parameters, memory)
    return market


async def marks_in_force(reader: Reader) -> dict[tuple[str, str], str]:
    """Return what people decided of identifiers and holds now: state by (label, identifier)."""
    (held,) = await reader.rows(MARKS_IN_FORCE, now=clock.stamp())
    marked = zip(held.labels, held.identifiers, strict=True)
    return dict(zip(marked, held.states, strict=True))


async def _read(reader: Reader, most: int, marks: Marks) -> Market:
    builder = MarketBuilder()
    freed = [name for (_, name), state in marks.items() if HUBS[state] is Hub.NONE]
    async for part in reader.stream(
        SHARED_IDENTIFIERS, most=most, freed=freed, band=Band.CONFIRMED.value, chunk=CHUNK
    ):
        _add_identifiers(builder, part)
    async for shown in reader.stream(SHARED_PICTURES, most=most, freed=freed, chunk=CHUNK):
        _add_pictures(builder, shown)
    async for copies in reader.stream(NEAR_COPIES, tiers=list(LINKING_TIERS), chunk=CHUNK):
        builder.same_picture(copies.lefts, copies.rights)
    async for same in reader.stream(SAME_PLACES, band=Band.CONFIRMED.value, chunk=CHUNK):
        builder.same_place(same.lefts, same.rights, same.scores, same.units)
    for (label, name), state in marks.items():
        builder.decided(KINDS[label], [name], [HUBS[state]])
    (held,) = await reader.rows(STANDING_JUDGEMENTS)
    builder.judged(held.lefts, held.rights, [VERDICTS[verdict] for verdict in held.verdicts])
    await _read_sellers(reader, builder)
    return builder.build()


async def _read_sellers(reader: Reader, builder: MarketBuilder) -> None:
    reported = await reader.rows(REPORTED_SELLERS, verdicts=list(ACCUSING))
    reporters = {row.seller: row.reporters for row in reported}
    async for part in reader.stream(SELLER_RISKS, chunk=10 * CHUNK):
        risks = [risk if risk >= 0 else None for risk in part.risks]
        builder.sellers(part.sellers, risks, [reporters.get(name, 0) for name in part.sellers])


def _add_identifiers(builder: MarketBuilder, part: IdentifierColumns) -> None:
    """Add a chunk kind by kind; when an identifier was first used is not asked by any stage."""
    kinds = [KINDS[label] for label in part.labels]
    levels = [LEVELS.get(level, Level.NONE) for level in part.levels]
    for kind in sorted(set(kinds)):
        wanted = [kinds[place] is kind for place in part.places]
        places = list(compress(part.places, wanted))
        builder.add(
            kind,
            list(compress(part.sellers, wanted)),
            [part.identifiers[place] for place in places],
            first_seen=[UNKNOWN_DAY] * len(places),
            self_declared=list(compress(part.self_declared, wanted)),
            level=[levels[place] for place in places],
        )


def _add_pictures(builder: MarketBuilder, part: PictureColumns) -> None:
    builder.add(
        Kind.IMAGE,
        part.sellers,
        [part.identifiers[place] for place in part.places],
        first_seen=_days(part.first_seen),
        self_declared=part.self_declared,
    )


def _days(dates: Sequence[str]) -> Sequence[int]:
    """Return the day numbers of dates as the graph writes them; unknown ones are -1."""
    known = np.array([date[:10] or "NaT" for date in dates], dtype="datetime64[D]")
    days = np.where(np.isnat(known), UNKNOWN_DAY, np.maximum(known.astype(np.int64), 0))
    return [int(day) for day in days]
