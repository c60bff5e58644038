"""Rings: a version as one run found it, its members, and why each member is in it."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.identifier import Kind
from graphsvc.api.types.node import Node, NodeKind, node_id
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    load_page,
)
from graphsvc.api.types.reason import Explanation, Reason, explanation, reason
from graphsvc.api.types.seller import Seller, load_seller
from graphsvc.investigate import reasons, rings, within
from graphsvc.investigate.why import Why
from queries.rings.views import FoundRow, MemberRow, RingRow


@strawberry.enum(name="RingSort")
class Sort(Enum):
    """How rings are listed; the greatest score or size comes first."""

    score = "score"
    size = "size"
    id = "id"


@strawberry.enum(name="Tier")
class RingTier(Enum):
    """What a finding is good for: a ban may be planned, a person should look, or neither."""

    ban = "ban"
    review = "review"
    none = "none"


@strawberry.enum(name="RingStatus")
class Status(Enum):
    """What people decided about a ring."""

    open = "open"
    confirmed = "confirmed"
    dismissed = "dismissed"
    merged = "merged"


@strawberry.input(name="RingFilter")
class Filter:
    """Which rings are wanted; what is left out does not matter. `run` is a runId."""

    tier: RingTier | None = None
    status: Status | None = None
    min_size: int | None = None
    run: str | None = None


@strawberry.type
class RingMember:
    """A seller in a version of a ring; `posterior` in log-odds, `ties` identifiers shared.

    `own` is what its own reports and risk say, in nats; `confidence` the share of further runs
    with other luck that left it in the ring, null where none was made.
    """

    seller_id: strawberry.ID
    tier: str
    posterior: float
    ties: int
    own: float | None
    confidence: float | None
    key: strawberry.Private[str]
    ring: strawberry.Private[RingRow]

    @strawberry.field
    async def seller(self, info: Info) -> Seller | None:
        """The seller."""
        return await load_seller(info, self.key)

    @strawberry.field
    async def reasons(self, info: Info) -> list[Reason]:
        """Why it is in the ring: what it shares with other members, strongest first.

        To partners: what is open to them of that today, by the shipped weights.
        """
        if info.context.principal.outside:
            why = await self._why(info)
            return [reason(info, each) for each in (why.reasons if why else ())]
        found = await info.context.loaders.load(reasons.why_members, self.ring)
        return [reason(info, each) for each in (found or {}).get(self.key, ())]

    @strawberry.field
    async def explanation(self, info: Info) -> Explanation | None:
        """What would take it out of the ring and of the ban tier, and why it is in, in words."""
        return explanation(info, await self._why(info))

    async def _why(self, info: Info) -> Why | None:
        ask = within.explained if info.context.principal.outside else reasons.explained
        found = await info.context.loaders.load(ask, self.ring)
        return (found or {}).get(self.key)


@strawberry.type
class SharedKind:
    """How many identifiers of a kind the members of a ring share."""

    kind: Kind
    identifiers: int


@strawberry.type
class Ring(Node):
    """A version of a ring; cite it as ringId@version. Scores are log-likelihood ratios.

    Partners see the versions that their case holds, as the first run found each; `status`, `event`
    and `firstFoundAt` speak of other versions too and are null to them, `cameFrom` is empty.
    """

    id: strawberry.ID
    ring_id: str
    version: int
    engine: str
    run: str
    tier: str
    status: str | None
    size: int
    score: float
    score_reports: float
    score_risk: float
    event: str | None
    came_from: list[str]
    found_at: str
    first_found_at: str | None
    row: strawberry.Private[RingRow]

    @strawberry.field
    async def kinds(self, info: Info) -> list[SharedKind]:
        """What its members share, by kind."""
        ask = within.kinds_of if info.context.principal.outside else rings.kinds_of
        found = await info.context.loaders.load(ask, (self.row.id, self.row.version))
        return [SharedKind(kind=Kind(kind), identifiers=number) for kind, number in found or ()]

    @strawberry.field
    async def members(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[RingMember]:
        """Its members, by seller."""
        page = await load_page(
            info,
            "members",
            rings.members_of,
            (self.row.id, self.row.version),
            first=first,
            after=after,
        )
        return connection(
            info, "members", page, after=after, make=lambda row: _member(info, self.row, row)
        )


@strawberry.type
class Membership:
    """A seller's place in a ring, as the last run of the product's own engine found it."""

    ring_id: str
    version: int
    tier: str
    posterior: float
    ties: int
    confidence: float | None

    @strawberry.field
    async def ring(self, info: Info) -> Ring | None:
        """The ring, in the version of that run."""
        return await load_ring(info, self.ring_id, self.version)


def ring(info: Info, row: RingRow) -> Ring:
    """Return a version of a ring as the API shows it."""
    return Ring(
        id=node_id(info, NodeKind.RING, f"{row.id}@{row.version}"),
        ring_id=row.id,
        version=row.version,
        engine=row.engine,
        run=row.run,
        tier=row.tier,
        status=row.status,
        size=row.size,
        score=row.score,
        score_reports=row.score_reports,
        score_risk=row.score_risk,
        event=row.event,
        came_from=list(row.came_from),
        found_at=row.found_at,
        first_found_at=row.first_found_at,
        row=row,
    )


def membership(info: Info, row: FoundRow) -> Membership:
    """Return a seller's place in a ring as the API shows it."""
    del info
    return Membership(
        ring_id=row.ring,
        version=row.version,
        tier=row.tier,
        posterior=row.posterior,
        ties=row.ties,
        confidence=row.confidence,
    )


async def load_ring(info: Info, ring_id: str, version: int | None) -> Ring | None:
    """Return a version of a ring (None: its latest), or None where there is none."""
    row = await info.context.loaders.load(rings.rings_cited, (ring_id, version))
    return ring(info, row) if row else None


def _member(info: Info, of: RingRow, row: MemberRow) -> RingMember:
    return RingMember(
        seller_id=node_id(info, NodeKind.SELLER, row.seller),
        tier=row.tier,
        posterior=row.posterior,
        ties=row.ties,
        own=row.own,
        confidence=row.confidence,
        key=row.seller,
        ring=of,
    )
