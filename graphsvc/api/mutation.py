"""The mutations: what people decide, each with a reason, in the name of who is let in."""

from __future__ import annotations

from enum import Enum

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types import lookup
from graphsvc.api.types.decision import (
    HubKind,
    HubMark,
    Judgement,
    Verdict,
    hub_mark,
    load_judgement,
)
from graphsvc.api.types.node import NodeKind
from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.kinds import Ref
from graphsvc.rings import judge, registry
from queries.schema import decisions

LONGEST = 2_000


@strawberry.enum
class HubDecision(Enum):
    """What can be decided of a proposal: it is a hub, or it is none."""

    confirmed = "confirmed"
    rejected = "rejected"


@strawberry.type
class Judged:
    """A judgement that was made; `p` says what the evidence would have said without it."""

    judgement: Judgement
    p: float
    warnings: list[str]


@strawberry.type
class Mutation:
    """Everything that can be decided. Needs the scope `decide`; each decision is in the journal."""

    @strawberry.mutation
    async def judge(
        self, info: Info, a: strawberry.ID, b: strawberry.ID, verdict: Verdict, because: str
    ) -> Judged:
        """Judge two sellers; the judgement of these two that stood so far is superseded."""
        left, right = (_ref(info, each, NodeKind.SELLER).id for each in (a, b))
        hand, told = info.context.hand, _reason(because)
        wanted = judge.Judgement(left, right, decisions.Verdict(verdict.value), told, hand.name)
        async with hand.decides("judge", f"{left} {right}", told) as writer:
            made = await judge.judge(info.context.reader, writer, wanted)
        held = await load_judgement(info, made.judgement)
        if held is None:
            raise NotFound("the judgement is gone")
        return Judged(judgement=held, p=made.p, warnings=made.warnings)

    @strawberry.mutation
    async def propose_hub(
        self,
        info: Info,
        identifier: strawberry.ID,
        seller: strawberry.ID,
        kind: HubKind,
        because: str,
    ) -> HubMark:
        """Propose that an identifier that a seller uses is a hub; it changes nothing by itself."""
        user, held = _ref(info, seller, NodeKind.SELLER), _ref(info, identifier)
        hand, told = info.context.hand, _reason(because)
        wanted = registry.Named(user.id, held.id, decisions.HubKind(kind.value), told)
        async with hand.decides("hubs.propose", user.id, told) as writer:
            made = await registry.propose_one(info.context.reader, writer, wanted)
        return hub_mark(info, made[0])

    @strawberry.mutation
    async def decide_hub(
        self,
        info: Info,
        id: strawberry.ID,
        decision: HubDecision,
        because: str,
        until: str | None = None,
        scope: str | None = None,
    ) -> HubMark:
        """Confirm or reject a proposal; it holds from the next detection on."""
        hand, told = info.context.hand, _reason(because)
        state = decisions.HubState(decision.value)
        mark = _ref(info, id, NodeKind.HUB_MARK).id
        async with hand.decides(f"hubs.{decision.value}", mark, told) as writer:
            ends = registry.ends(until or "")
            wanted = registry.Decision(state, told, hand.name, ends, scope)
            held = await registry.decide(info.context.reader, writer, mark, wanted)
        return hub_mark(info, held)

    @strawberry.mutation
    async def end_hub(self, info: Info, id: strawberry.ID, because: str) -> HubMark:
        """End a decision, or take a proposal back."""
        hand, told = info.context.hand, _reason(because)
        mark = _ref(info, id, NodeKind.HUB_MARK).id
        async with hand.decides("hubs.expire", mark, told) as writer:
            ended = await registry.expire(
                info.context.reader, writer, mark, by=hand.name, because=told
            )
        return hub_mark(info, ended)


def _ref(info: Info, text: str, *written: NodeKind) -> Ref:
    """Return what an id stands for, of the kind that is wanted; raises NotFound."""
    ref = lookup.ref_of(info, text, *written)
    if ref is None or not ref.id or (written and ref.kind != written[0]):
        raise NotFound("there is nothing of this id")
    return ref


def _reason(because: str) -> str:
    told = because.strip()
    if not told or len(told) > LONGEST:
        raise BadRequest(f"because: a reason of 1 to {LONGEST:,} characters is needed")
    return told
