"""Tell which listings name which brands, disguised or not, over the titles that are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.match.brand_forms import plain
from ingest.match.brands import MODEL, Brands, Hit
from ingest.records import relation_key
from queries.brands import DROP_NAMES, LISTING_TITLES, SAVE_BRANDS, SAVE_NAMES, TitleColumns

CHUNK = 1_000
Known = Sequence[tuple[str, Sequence[str]]]  # brands, each with its aliases


@dataclass(slots=True)
class Named:
    """What a run did: titles looked at, those that name a brand, namings held, new, taken away."""

    listings: int = 0
    named: int = 0
    hits: int = 0
    made: int = 0
    gone: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the object that `link brands --json` prints."""
        return asdict(self)


async def link_brands(reader: Reader, writer: Writer, known: Known) -> Named:
    """Join listings with the brands that their titles name; the same titles give the same joints.

    What a title names no longer is taken away, of these brands only. Raises DatabaseAway, Conflict.
    """
    brands = Brands(known)
    ids = sorted({plain(name) for name, _ in known})
    rows = [{"id": plain(name), "name": name, "aliases": list(also)} for name, also in known]
    for start in range(0, len(rows), CHUNK):
        await writer.command(SAVE_BRANDS, brands=rows[start : start + CHUNK])
    told = Named()
    async for part in reader.stream(LISTING_TITLES, chunk=CHUNK):
        await _save(writer, part, brands, ids, told)
    return told


async def _save(
    writer: Writer, part: TitleColumns, brands: Brands, ids: list[str], told: Named
) -> None:
    rows = (
        _row(listing, hit)
        for listing, title in zip(part.listings, part.titles, strict=True)
        for hit in brands.find(title)
    )
    held = {row["key"]: row for row in rows}  # brands that differ in case only are one
    found = list(held.values())
    gone = await writer.command(DROP_NAMES, listings=part.listings, brands=ids, keys=list(held))
    made = await writer.command(SAVE_NAMES, names=found)
    told.listings += len(part.listings)
    told.named += len({row["listing"] for row in found})
    told.hits += len(found)
    told.made += made[0]["made"]
    told.gone += gone[0]["gone"]


def _row(listing: str, hit: Hit) -> dict[str, Any]:
    brand, span = plain(hit.brand), f"{hit.start}-{hit.end}"
    key = relation_key(listing, brand, span)
    marks = {"score": hit.score, "disguise": hit.disguise, "context": hit.context}
    return {"key": key, "listing": listing, "brand": brand, "span": span, "model": MODEL, **marks}
