"""Listings: what is offered, by whom, and the pictures that it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.image import Image, image
from graphsvc.api.types.node import Long, Node, NodeKind, Trace, local, node_id, trace
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    First,
    PageInfo,
    Placed,
    load_page,
    page_info,
    placed,
)
from graphsvc.investigate import things
from queries.listings import ListingRow

if TYPE_CHECKING:
    from graphsvc.api.types.seller import Seller


@strawberry.type
class ShownImageEdge(Placed):
    """A picture of a listing; `position` 0 is the first."""

    node: Image
    position: int | None
    first_seen: str | None
    last_seen: str | None


@strawberry.type
class ShownImageConnection:
    """A page of the pictures of a listing."""

    edges: list[ShownImageEdge]
    page_info: PageInfo


@strawberry.type
class Listing(Node):
    """An offer as its platform tells of it; `price` in minor units of `currency`."""

    id: strawberry.ID
    platform: str | None
    listing_id: str
    title: str | None
    price: Long | None
    currency: str | None
    category: str | None
    brand: str | None
    url: str | None
    status: str | None
    listed_at: str | None
    first_sold_at: str | None
    removed_at: str | None
    seen_at: str | None
    stub: bool
    trace: Trace
    key: strawberry.Private[str]
    seller_key: strawberry.Private[str | None]

    @strawberry.field
    async def seller(
        self, info: Info
    ) -> Annotated[Seller, strawberry.lazy("graphsvc.api.types.seller")] | None:
        """Who offers it, as the listing's own row says."""
        from graphsvc.api.types.seller import load_seller

        return await load_seller(info, self.seller_key)

    @strawberry.field
    async def images(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> ShownImageConnection:
        """The pictures that it shows."""
        page = await load_page(info, "images", things.images_of, self.key, first=first, after=after)
        edges = [
            ShownImageEdge(
                place=place,
                node=image(info, row),
                position=row.position,
                first_seen=row.first_seen,
                last_seen=row.last_seen,
            )
            for place, row in placed("images", page)
        ]
        told = page_info(info, "images", page, after)
        return ShownImageConnection(edges=edges, page_info=told)


def listing(info: Info, row: ListingRow) -> Listing:
    """Return a listing as the API shows it."""
    return Listing(
        id=node_id(info, NodeKind.LISTING, row.id),
        platform=row.platform,
        listing_id=local(row.id),
        title=row.title,
        price=None if row.price is None else Long(row.price),
        currency=row.currency,
        category=row.category,
        brand=row.brand,
        url=row.url,
        status=row.status,
        listed_at=row.listed_at,
        first_sold_at=row.first_sold_at,
        removed_at=row.removed_at,
        seen_at=row.seen_at,
        stub=row.stub,
        trace=trace(row),
        key=row.id,
        seller_key=row.seller,
    )


async def load_listing(info: Info, key: str) -> Listing | None:
    """Return a listing by its id in the graph, in the batch of this level, or None."""
    row = await info.context.loaders.load(things.listings, key)
    return listing(info, row) if row else None
