"""Pictures: their hashes, the listings that show them, and what looks like them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.node import Node, NodeKind, Trace, node_id, trace
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    load_page,
)
from graphsvc.investigate import things
from graphsvc.investigate.pictures import Similar
from queries.images.views import CopyRow, ImageRow

if TYPE_CHECKING:
    from graphsvc.api.types.listing import Listing


@strawberry.type
class NearCopy:
    """A picture that looks like another: bits apart (0–256), the turn that matched, the tier."""

    sha256: str
    distance: int
    transform: str
    tier: str
    model: str

    @strawberry.field
    async def image(
        self, info: Info
    ) -> Annotated[Image, strawberry.lazy("graphsvc.api.types.image")] | None:
        """The picture itself."""
        return await load_image(info, self.sha256)


@strawberry.type
class SimilarPicture:
    """A picture near a hash: bits apart (0–256), and the turn of the other that matched."""

    sha256: str
    distance: int
    transform: str

    @strawberry.field
    async def image(
        self, info: Info
    ) -> Annotated[Image, strawberry.lazy("graphsvc.api.types.image")] | None:
        """The picture itself."""
        return await load_image(info, self.sha256)


@strawberry.type
class Image(Node):
    """A picture by the SHA-256 of its bytes; `pdq` its perceptual hash, `sellers` who show it."""

    id: strawberry.ID
    sha256: str
    pdq: str | None
    quality: int | None
    width: int | None
    height: int | None
    media_type: str | None
    seen_at: str | None
    stub: bool
    sellers: int
    trace: Trace

    @strawberry.field
    async def listings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Annotated[Listing, strawberry.lazy("graphsvc.api.types.listing")]]:
        """The listings that show it."""
        from graphsvc.api.types.listing import listing

        page = await load_page(
            info, "showing", things.listings_showing, self.sha256, first=first, after=after
        )
        return connection(info, "showing", page, after=after, make=lambda row: listing(info, row))

    @strawberry.field
    async def near_copies(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[NearCopy]:
        """The pictures that look like it."""
        page = await load_page(
            info, "copies", things.near_copies_of, self.sha256, first=first, after=after
        )
        return connection(info, "copies", page, after=after, make=_copy)


def _copy(row: CopyRow) -> NearCopy:
    return NearCopy(
        sha256=row.sha256,
        distance=row.distance,
        transform=row.transform,
        tier=row.tier,
        model=row.model,
    )


def similar(row: Similar) -> SimilarPicture:
    """Return a picture near a hash as the API shows it."""
    return SimilarPicture(sha256=row.sha256, distance=row.distance, transform=row.transform)


def image(info: Info, row: ImageRow) -> Image:
    """Return a picture as the API shows it."""
    return Image(
        id=node_id(info, NodeKind.IMAGE, row.sha256),
        sha256=row.sha256,
        pdq=row.pdq,
        quality=row.quality,
        width=row.width,
        height=row.height,
        media_type=row.media_type,
        seen_at=row.seen_at,
        stub=row.stub,
        sellers=row.sellers,
        trace=trace(row),
    )


async def load_image(info: Info, sha256: str) -> Image | None:
    """Return a picture by its digest, in the batch of this level, or None."""
    row = await info.context.loaders.load(things.images, sha256)
    return image(info, row) if row else None
