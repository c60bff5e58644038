"""What people decided: that two sellers are one or not, that an identifier is a hub or not."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry.scalars import JSON

from graphsvc.api.context import Info
from graphsvc.api.types.identifier import Kind
from graphsvc.api.types.node import Node, NodeKind, node_id
from graphsvc.investigate import decisions
from graphsvc.investigate.kinds import WORDS, Ref
from queries.hubs import MarkRow
from queries.judgements import JudgementRow

if TYPE_CHECKING:
    from graphsvc.api.types.seller import Seller


@strawberry.enum(name="JudgementVerdict")
class Verdict(Enum):
    """What somebody judged of two sellers: one operator, two, or nobody can tell."""

    same = "same"
    different = "different"
    unsure = "unsure"


@strawberry.enum
class HubState(Enum):
    """Where a mark stands; a confirmed and a rejected one hold until they expire."""

    proposed = "proposed"
    confirmed = "confirmed"
    rejected = "rejected"
    expired = "expired"


@strawberry.enum
class HubKind(Enum):
    """What an identifier is to those who share it and nothing else."""

    forwarder = "forwarder"
    mail_drop = "mail_drop"
    virtual_office = "virtual_office"
    processor = "processor"
    stock_image = "stock_image"
    other = "other"


@strawberry.type
class Judgement(Node):
    """What `by` judged of two sellers; never erased, `supersededBy` is the newer one of the two."""

    id: strawberry.ID
    judgement_id: str
    verdict: Verdict
    because: str
    by: str
    at: str
    superseded_by: strawberry.ID | None
    keys: strawberry.Private[tuple[str, str]]

    @strawberry.field
    async def a(
        self, info: Info
    ) -> Annotated[Seller, strawberry.lazy("graphsvc.api.types.seller")] | None:
        """The one seller."""
        return await _seller(info, self.keys[0])

    @strawberry.field
    async def b(
        self, info: Info
    ) -> Annotated[Seller, strawberry.lazy("graphsvc.api.types.seller")] | None:
        """The other seller."""
        return await _seller(info, self.keys[1])


@strawberry.type
class HubMark(Node):
    """That an identifier is a hub (confirmed) or none (rejected), from `since` until `until`.

    A hub links nobody; what was rejected links although many use it. `decision` is what was
    decided, also after it ended.
    """

    id: strawberry.ID
    mark_id: str
    state: HubState
    kind: HubKind
    identifier_kind: Kind
    shown: str | None
    sellers: int
    proposal: str
    figures: JSON | None
    proposed_at: str
    decision: HubState | None
    reason: str | None
    scope: str | None
    by: str | None
    since: str | None
    until: str | None
    ended_by: str | None
    ended_because: str | None
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def identifier(self, info: Info) -> Node | None:
        """The identifier or picture that it is on."""
        from graphsvc.api.types.lookup import load_node

        return await load_node(info, self.ref)


def judgement(info: Info, row: JudgementRow) -> Judgement:
    """Return a judgement as the API shows it."""
    newer = row.superseded_by
    return Judgement(
        id=node_id(info, NodeKind.JUDGEMENT, row.id),
        judgement_id=row.id,
        verdict=Verdict(row.verdict),
        because=row.because,
        by=row.by,
        at=row.at,
        superseded_by=node_id(info, NodeKind.JUDGEMENT, newer) if newer else None,
        keys=(row.a, row.b),
    )


def hub_mark(info: Info, row: MarkRow) -> HubMark:
    """Return a mark as the API shows it."""
    kind = WORDS[row.label]
    return HubMark(
        id=node_id(info, NodeKind.HUB_MARK, row.id),
        mark_id=row.id,
        state=HubState(row.state),
        kind=HubKind(row.kind),
        identifier_kind=Kind(kind),
        shown=row.shown,
        sellers=row.sellers,
        proposal=row.proposal,
        figures=JSON(json.loads(row.figures)) if row.figures else None,
        proposed_at=row.proposed_at,
        decision=HubState(row.decision) if row.decision else None,
        reason=row.reason,
        scope=row.scope,
        by=row.by,
        since=row.since,
        until=row.until,
        ended_by=row.ended_by,
        ended_because=row.ended_because,
        ref=Ref(kind, row.identifier),
    )


async def load_judgement(info: Info, key: str) -> Judgement | None:
    """Return a judgement by its id, in the batch of this level, or None."""
    row = await info.context.loaders.load(decisions.judgements_by_id, key)
    return judgement(info, row) if row else None


async def load_hub_mark(info: Info, key: str) -> HubMark | None:
    """Return a mark by its id, in the batch of this level, or None."""
    row = await info.context.loaders.load(decisions.hubs_by_id, key)
    return hub_mark(info, row) if row else None


async def _seller(
    info: Info, key: str
) -> Annotated[Seller, strawberry.lazy("graphsvc.api.types.seller")] | None:
    from graphsvc.api.types.seller import load_seller

    return await load_seller(info, key)
