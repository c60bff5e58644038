"""Sellers: who they are, what they use and offer, who reported them, in which rings they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.claim import Claim
from graphsvc.api.types.identifier import Kind, UsedIdentifier, used, words
from graphsvc.api.types.listing import Listing, listing
from graphsvc.api.types.node import Node, NodeKind, Trace, local, node_id, trace
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    PageInfo,
    Placed,
    connection,
    load_page,
    page_info,
    placed,
)
from graphsvc.api.types.report import Report, report
from graphsvc.investigate import rings, things
from graphsvc.investigate import seller as service
from queries.sellers import SellerRow

if TYPE_CHECKING:
    from graphsvc.api.types.ring import Membership


@strawberry.type
class UsedIdentifierEdge(Placed):
    """An identifier that a seller uses, and the claims that say so."""

    node: UsedIdentifier
    claims: list[Claim]


@strawberry.type
class UsedIdentifierConnection:
    """A page of what a seller uses."""

    edges: list[UsedIdentifierEdge]
    page_info: PageInfo


@strawberry.type
class Seller(Node):
    """A seller account as its platform tells of it; `stub` where only others named it so far."""

    id: strawberry.ID
    platform: str | None
    seller_id: str
    handle: str | None
    legal_name: str | None
    country: str | None
    status: str | None
    registered_at: str | None
    risk: float | None
    tax_number: str | None
    verification_state: str | None
    verified_at: str | None
    seen_at: str | None
    stub: bool
    trace: Trace
    key: strawberry.Private[str]

    @strawberry.field
    async def identifiers(
        self,
        info: Info,
        kinds: list[Kind] | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> UsedIdentifierConnection:
        """What the seller uses (pictures apart), by kind."""
        page = await load_page(
            info,
            "identifiers",
            service.identifiers_of,
            self.key,
            first=first,
            after=after,
            kinds=words(kinds),
        )
        edges = [
            UsedIdentifierEdge(place=place, **used(info, item))
            for place, item in placed("identifiers", page)
        ]
        told = page_info(info, "identifiers", page, after)
        return UsedIdentifierConnection(edges=edges, page_info=told)

    @strawberry.field
    async def listings(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Listing]:
        """What the seller offers."""
        page = await load_page(
            info, "listings", things.listings_of, self.key, first=first, after=after
        )
        return connection(info, "listings", page, after=after, make=lambda row: listing(info, row))

    @strawberry.field
    async def reports(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Report]:
        """The reports about the seller or a listing of its."""
        page = await load_page(
            info, "reports", things.reports_about, self.key, first=first, after=after
        )
        return connection(info, "reports", page, after=after, make=lambda row: report(info, row))

    @strawberry.field
    async def rings(
        self, info: Info
    ) -> list[Annotated[Membership, strawberry.lazy("graphsvc.api.types.ring")]]:
        """The rings in which the last run of the product's own engine found the seller."""
        from graphsvc.api.types.ring import membership

        found = await info.context.loaders.load(rings.rings_of, self.key)
        return [membership(info, row) for row in found or ()]


def seller(info: Info, row: SellerRow) -> Seller:
    """Return a seller as the API shows it, made once for a request however often it is met."""
    met = info.context.sellers.get(row.id)
    if met is None:
        met = info.context.sellers[row.id] = _made(info, row)
    return met


def _made(info: Info, row: SellerRow) -> Seller:
    return Seller(
        id=node_id(info, NodeKind.SELLER, row.id),
        platform=row.platform,
        seller_id=local(row.id),
        handle=row.handle,
        legal_name=row.legal_name,
        country=row.country,
        status=row.status,
        registered_at=row.registered_at,
        risk=row.risk,
        tax_number=row.tax_number,
        verification_state=row.verification_state,
        verified_at=row.verified_at,
        seen_at=row.seen_at,
        stub=row.stub,
        trace=trace(row),
        key=row.id,
    )


async def load_seller(info: Info, key: str | None) -> Seller | None:
    """Return a seller by its id in the graph, in the batch of this level, or None."""
    row = await info.context.loaders.load(service.sellers_by_ids, key) if key else None
    return seller(info, row) if row else None
