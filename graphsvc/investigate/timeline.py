"""What happened to a seller, oldest first; what is not dated is not told."""

from __future__ import annotations

from graphsvc.errors import NotFound
from graphsvc.investigate.page import Page, checked, page
from graphsvc.investigate.seller import sellers_by_ids
from graphsvc.rings.parameters import Engine
from graphsvc.store.reader import Reader
from queries.sellers import TIMELINE, EventRow


async def timeline(
    reader: Reader, seller: str, *, first: int = 20, after: str = ""
) -> Page[EventRow]:
    """Return a page of a seller's events, of rings those of the product's own engine.

    Raises NotFound for an unknown seller.
    """
    rows = await reader.rows(
        TIMELINE,
        seller=seller,
        engine=Engine.EVIDENCE.value,
        after=after,
        limit=checked(first) + 1,
    )
    if not rows and not await sellers_by_ids(reader, [seller]):
        raise NotFound(f"there is no seller {seller}")
    return page(rows, first, lambda row: row.place)
