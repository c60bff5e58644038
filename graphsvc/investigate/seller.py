"""Questions about sellers, for many at once: who they are, and what they use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from graphsvc.investigate.kinds import WORDS, Claim, claims_of, labels_of
from graphsvc.investigate.page import Page, checked, page, pages
from graphsvc.store.reader import Reader
from queries.sellers import (
    IDENTIFIERS_OF_SELLERS,
    SELLERS_BY_ID,
    SELLERS_OF_PLATFORM,
    SellerRow,
    UsedRow,
)


@dataclass(frozen=True, slots=True)
class Used:
    """An identifier that a seller uses; `degree` distinct sellers use it, `hub` if over the cap.

    `shown` is the display form of an address, the masked form of everything else.
    """

    kind: str
    id: str
    shown: str | None
    level: str | None
    degree: int
    elsewhere: bool
    claims: tuple[Claim, ...]


async def sellers_by_ids(reader: Reader, ids: Sequence[str]) -> dict[str, SellerRow]:
    """Return the sellers that there are, by id."""
    return {row.id: row for row in await reader.rows(SELLERS_BY_ID, ids=list(ids))}


async def sellers(
    reader: Reader, *, platform: str = "", first: int = 50, after: str = ""
) -> Page[SellerRow]:
    """Return a page of the sellers of a platform ('': of all), by id."""
    limit = checked(first) + 1
    rows = await reader.rows(SELLERS_OF_PLATFORM, platform=platform, after=after, limit=limit)
    return page(rows, first, lambda row: row.id)


async def identifiers_of(
    reader: Reader,
    sellers: Sequence[str],
    *,
    kinds: Collection[str] | None = None,
    first: int = 50,
    after: str = "",
) -> dict[str, Page[Used]]:
    """Return for each seller a page of what it uses (pictures apart), by kind and id."""
    rows = await reader.rows(
        IDENTIFIERS_OF_SELLERS,
        keys=list(dict.fromkeys(sellers)),
        labels=labels_of(kinds),
        after=after,
        limit=checked(first) + 1,
    )
    return pages(sellers, ((row.key, _used(row)) for row in rows), first=first, cursor=_cursor)


def _used(row: UsedRow) -> Used:
    return Used(
        WORDS[row.label],
        row.id,
        row.shown,
        row.level,
        row.degree,
        row.elsewhere,
        claims_of(row.claims),
    )


def _cursor(item: Used) -> str:
    return f"{labels_of([item.kind])[0]}:{item.id}"
