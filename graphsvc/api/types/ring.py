"""Rings: a version as one run found it, its members, and why each member is in it."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.claim import Claim, claims
from graphsvc.api.types.identifier import Identifier, Kind, load_identifier
from graphsvc.api.types.node import Node, NodeKind, node_id
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    load_page,
)
from graphsvc.api.types.seller import Seller, load_seller
from graphsvc.investigate import reasons, rings
from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.why import Shared
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
class Reason:
    """An identifier that a member shares with others of its ring, and what that weighs.

    `shared` other members and `sellers` sellers in all use it, `since` the member does; `weight`
    is P(one operator) from it alone, 0 where it does not count; `banWeight` what of that may carry
    a ban; `ownWord` where only the member itself claims it; `cut` where the member would fall out
    of the ring without it and the others so marked; not `standing` where nobody says so any more.
    """

    id: strawberry.ID
    kind: Kind
    shown: str | None
    level: str | None
    shared: int
    sellers: int
    since: str | None
    last_seen: str | None
    sources: list[str]
    asserted_by: list[str]
    own_word: bool
    weight: float
    ban_weight: float
    counts: bool
    cut: bool
    standing: bool
    claims: list[Claim]
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def identifier(self, info: Info) -> Identifier | None:
        """All that is known of it; null for a picture and for two addresses that are alike."""
        return await load_identifier(info, self.ref)


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
        """Why it is in the ring: what it shares with other members, strongest first."""
        found = await info.context.loaders.load(reasons.why_members, self.ring)
        return [_reason(info, each) for each in (found or {}).get(self.key, ())]


@strawberry.type
class SharedKind:
    """How many identifiers of a kind the members of a ring share."""

    kind: Kind
    identifiers: int


@strawberry.type
class Ring(Node):
    """A version of a ring; cite it as ringId@version. Scores are log-likelihood ratios."""

    id: strawberry.ID
    ring_id: str
    version: int
    engine: str
    run: str
    tier: str
    status: str
    size: int
    score: float
    score_reports: float
    score_risk: float
    event: str
    came_from: list[str]
    found_at: str
    first_found_at: str
    row: strawberry.Private[RingRow]

    @strawberry.field
    async def kinds(self, info: Info) -> list[SharedKind]:
        """What its members share, by kind."""
        found = await info.context.loaders.load(rings.kinds_of, (self.row.id, self.row.version))
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


def _reason(info: Info, shared: Shared) -> Reason:
    return Reason(
        id=node_id(info, shared.kind, shared.id),
        kind=Kind(shared.kind),
        shown=shared.shown,
        level=shared.level,
        shared=shared.members,
        sellers=shared.sellers,
        since=shared.first_seen,
        last_seen=shared.last_seen,
        sources=list(shared.sources),
        asserted_by=list(shared.asserted_by),
        own_word=shared.own_word,
        weight=shared.weight,
        ban_weight=shared.ban_weight,
        counts=shared.counts,
        cut=shared.cut,
        standing=shared.standing,
        claims=claims(shared.claims),
        ref=Ref(shared.kind, shared.id),
    )
