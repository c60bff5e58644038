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


@strawberry.type
class SearchHit:
    """A seller or listing: its handle or title, and how near it is (0: the exact id)."""

    id: strawberry.ID
    kind: Searched
    platform: str
    local_id: str
    text: str | None
    score: float
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def node(self, info: Info) -> Node | None:
        """The seller or listing with all that is known of it."""
        return await load_node(info, self.ref)


def hit(info: Info, found: Hit) -> SearchHit:
    """Return a hit as the API shows it."""
    return SearchHit(
        id=node_id(info, found.kind, found.id),
        kind=Searched(found.kind),
        platform=found.id.partition(":")[0],
        local_id=local(found.id),
        text=found.text,
        score=found.score,
        ref=Ref(found.kind, found.id),
    )
