"""A seller's timeline: dated events, each with the thing that it is about."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.node import Node, NodeKind, node_id
from graphsvc.investigate.kinds import WORDS, Ref
from queries.schema.actors import Seller
from queries.schema.decisions import Judgement
from queries.schema.findings import Report, Ring
from queries.schema.goods import Listing
from queries.sellers import EventRow

KINDS = WORDS | {
    Seller.__name__: NodeKind.SELLER.value,
    Listing.__name__: NodeKind.LISTING.value,
    Report.__name__: NodeKind.REPORT.value,
    Ring.__name__: NodeKind.RING.value,
    Judgement.__name__: NodeKind.JUDGEMENT.value,
}


@strawberry.enum
class TimelineEvent(Enum):
    """What happened: to the seller itself, to what it offers, or to what is known of it."""

    registered = "registered"
    verified = "verified"
    listed = "listed"
    first_sold = "first_sold"
    removed = "removed"
    used = "used"
    reported = "reported"
    in_ring = "in_ring"
    judged = "judged"


@strawberry.type
class Moment:
    """One event of a timeline; `text` is a handle, a title, a masked value, a verdict or a tier."""

    at: str
    event: TimelineEvent
    text: str | None
    node_id: strawberry.ID
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def node(self, info: Info) -> Node | None:
        """The thing that it is about; a ring in the version of then."""
        from graphsvc.api.types.lookup import load_node

        return await load_node(info, self.ref)


def moment(info: Info, row: EventRow) -> Moment:
    """Return an event as the API shows it."""
    kind = KINDS[row.label]
    return Moment(
        at=row.at,
        event=TimelineEvent(row.event),
        text=row.text,
        node_id=node_id(info, kind, row.id),
        ref=Ref(kind, row.id),
    )
