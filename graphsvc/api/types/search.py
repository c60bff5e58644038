"""Search: what answers to a text that a person typed."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.lookup import load_node
from graphsvc.api.types.node import Node, local, node_id
from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.search import Hit


@strawberry.enum(name="SearchKind")
class Searched(Enum):
    """What can be searched for."""

    seller = "seller"
    listing = "listing"
    address = "address"
    payment_account = "payment_account"
    phone = "phone"
    email = "email"
    device = "device"


@strawberry.type
class SearchHit:
    """What answers: a handle, a title or a masked form, and how near it is (0: exact).

    `platform` and `localId` are those of a seller or listing, else null.
    """

    id: strawberry.ID
    kind: Searched
    platform: str | None
    local_id: str | None
    text: str | None
    score: float
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def node(self, info: Info) -> Node | None:
        """What answers, with all that is known of it."""
        return await load_node(info, self.ref)


def hit(info: Info, found: Hit) -> SearchHit:
    """Return a hit as the API shows it."""
    owned = found.kind in (Searched.seller.value, Searched.listing.value)
    return SearchHit(
        id=node_id(info, found.kind, found.id),
        kind=Searched(found.kind),
        platform=found.id.partition(":")[0] if owned else None,
        local_id=local(found.id) if owned else None,
        text=found.text,
        score=found.score,
        ref=Ref(found.kind, found.id),
    )
