"""Why a member is in its ring: each thing that it shares there, and what would take it out."""

from __future__ import annotations

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.claim import Claim, claims
from graphsvc.api.types.identifier import Identifier, Kind, load_identifier
from graphsvc.api.types.node import node_id
from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.why import Shared, Why


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
class Explanation:
    """Why a member is in its ring, and what would take it out.

    `fallOut` are the fewest identifiers without which it would share nothing that ties it there;
    `exact` if fewer would surely not do. `outOfBan` are those without which it would be in a lower
    tier; null where it is not in the ban tier, or that is not known.
    """

    text: str
    fall_out: list[strawberry.ID]
    exact: bool
    out_of_ban: list[strawberry.ID] | None


def explanation(info: Info, why: Why | None) -> Explanation | None:
    """Return what would take a member out as the API shows it."""
    if why is None:
        return None
    out = why.out_of_ban
    return Explanation(
        text=why.text,
        fall_out=[node_id(info, each.kind, each.id) for each in why.cut],
        exact=why.exact,
        out_of_ban=None if out is None else [node_id(info, ref.kind, ref.id) for ref in out],
    )


def reason(info: Info, shared: Shared) -> Reason:
    """Return what a member shares as the API shows it."""
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
