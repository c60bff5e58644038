"""Walks: what lies around a seller or an identifier, and how two sellers hang together."""

from __future__ import annotations

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.identifier import Kind
from graphsvc.api.types.lookup import load_node
from graphsvc.api.types.node import Node, node_id
from graphsvc.investigate import expand, paths, walk
from graphsvc.investigate.kinds import SELLER, Ref

MOST_TIES = 500
WHOLE = "GET /export/neighbourhood gives all of it, node by node: docs/api.md."


@strawberry.type
class NeighbourNode:
    """A node of a walk, `distance` steps from its start (two steps make a hop).

    `kind` is seller or a kind of identifier; `text` a handle, an address or a masked form;
    `degree` the number of sellers who use it, null for a seller; a hub is not walked through.
    """

    id: strawberry.ID
    kind: str
    distance: int
    text: str | None
    level: str | None
    degree: int | None
    hub: bool
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def node(self, info: Info) -> Node | None:
        """The node with all that is known of it."""
        return await load_node(info, self.ref)


@strawberry.type
class Tie:
    """A seller uses an identifier that `degree` distinct sellers use, hub or not."""

    seller: strawberry.ID
    identifier: strawberry.ID
    kind: Kind
    shown: str | None
    level: str | None
    degree: int
    hub: bool
    first_seen: str | None
    last_seen: str | None
    sources: list[str]
    asserted_by: list[str]


@strawberry.type
class Neighbourhood:
    """Nodes by distance and the ties between them; `truncated` where a bound left anything out.

    `advice` says then how all of it can be had.
    """

    start: strawberry.ID
    nodes: list[NeighbourNode]
    ties: list[Tie]
    truncated: bool
    advice: str | None


@strawberry.type
class Hop:
    """Two sellers use one identifier, which alone gives P(one operator) `weight`."""

    left: Tie
    right: Tie
    weight: float


@strawberry.type
class Chain:
    """A path as its hops, first seller to last; `evidence` is the product of their weights."""

    hops: list[Hop]
    evidence: float


@strawberry.type
class Paths:
    """The best chains of up to six hops; not `complete` where a bound ended it at `searched` hops.

    `hubs` identifiers were met that too many use, and not crossed.
    """

    chains: list[Chain]
    searched: int
    hubs: int
    complete: bool
    answer: str


def neighbourhood(info: Info, found: expand.Neighbourhood) -> Neighbourhood:
    """Return a walk as the API shows it; ties past 500 are left out and said to be."""
    truncated = found.truncated or len(found.edges) > MOST_TIES
    return Neighbourhood(
        start=node_id(info, found.start.kind, found.start.id),
        nodes=[_node(info, each) for each in found.nodes],
        ties=[_tie(info, each) for each in found.edges[:MOST_TIES]],
        truncated=truncated,
        advice=WHOLE if truncated else None,
    )


def chains(info: Info, found: paths.Chains) -> Paths:
    """Return chains as the API shows them."""
    return Paths(
        chains=[
            Chain(hops=[_hop(info, hop) for hop in chain.hops], evidence=chain.evidence)
            for chain in found.chains
        ],
        searched=found.searched,
        hubs=found.hubs,
        complete=found.complete,
        answer=found.answer,
    )


def _hop(info: Info, hop: paths.Hop) -> Hop:
    return Hop(left=_tie(info, hop.left), right=_tie(info, hop.right), weight=hop.weight)


def _node(info: Info, node: expand.Node) -> NeighbourNode:
    return NeighbourNode(
        id=node_id(info, node.ref.kind, node.ref.id),
        kind=node.ref.kind,
        distance=node.distance,
        text=node.text,
        level=node.level,
        degree=node.degree,
        hub=node.hub,
        ref=node.ref,
    )


def _tie(info: Info, tie: walk.Tie) -> Tie:
    return Tie(
        seller=node_id(info, SELLER, tie.seller),
        identifier=node_id(info, tie.identifier.kind, tie.identifier.id),
        kind=Kind(tie.identifier.kind),
        shown=tie.shown,
        level=tie.level,
        degree=tie.degree,
        hub=tie.hub,
        first_seen=tie.first_seen,
        last_seen=tie.last_seen,
        sources=list(tie.sources),
        asserted_by=list(tie.asserted_by),
    )
