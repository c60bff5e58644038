"""What is found, as the parts of an exported graph: node ids are sealed, names those of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from graphsvc.api.seal import Seal
from graphsvc.api.types.node import NodeKind
from graphsvc.investigate.expand import Node
from graphsvc.investigate.kinds import SELLER
from graphsvc.investigate.lines import Part
from graphsvc.investigate.rings import MemberView, RingView
from graphsvc.investigate.walk import Tie
from graphsvc.investigate.why import Shared

USES, MEMBER = "uses", "member"


async def walked(seal: Seal, found: AsyncIterator[Node | Tie]) -> AsyncIterator[Part]:
    """Yield the parts of a walk as they are found."""
    async for each in found:
        yield _node(seal, each) if isinstance(each, Node) else _tie(seal, each)


def ring_parts(seal: Seal, view: RingView) -> Iterator[Part]:
    """Yield a version of a ring: itself, its members, and what each shares with others."""
    ring, shown = view.ring, set[str]()
    own = seal.node(NodeKind.RING, f"{ring.id}@{ring.version}")
    yield Part(own, told={
        "kind": NodeKind.RING.value, "ringId": ring.id, "version": ring.version, "tier": ring.tier,
        "status": ring.status, "size": ring.size, "score": ring.score, "engine": ring.engine,
        "run": ring.run,
    })  # fmt: skip
    for member in view.members:
        yield _member(seal, member)
        name = seal.node(SELLER, member.member.seller)
        yield Part(name, own, {
            "kind": MEMBER, "tier": member.member.tier, "posterior": member.member.posterior,
            "ties": member.member.ties, "confidence": member.member.confidence,
        })  # fmt: skip
        for reason in member.reasons:
            used = seal.node(reason.kind, reason.id)
            if used not in shown:
                shown.add(used)
                yield Part(used, told={
                    "kind": reason.kind, "text": reason.shown, "level": reason.level,
                    "degree": reason.sellers,
                })  # fmt: skip
            yield _reason(name, used, reason)


def _node(seal: Seal, node: Node) -> Part:
    seller = node.ref.kind == SELLER
    platform, _, local = node.ref.id.partition(":") if seller else (None, "", None)
    return Part(seal.node(node.ref.kind, node.ref.id), told={
        "kind": node.ref.kind, "distance": node.distance, "platform": platform, "sellerId": local,
        "text": node.text, "level": node.level, "degree": node.degree,
        "hub": None if seller else node.hub,
    })  # fmt: skip


def _tie(seal: Seal, tie: Tie) -> Part:
    ends = seal.node(SELLER, tie.seller), seal.node(tie.identifier.kind, tie.identifier.id)
    return Part(*ends, {
        "kind": USES, "shown": tie.shown, "firstSeen": tie.first_seen, "lastSeen": tie.last_seen,
        "sources": list(tie.sources), "assertedBy": list(tie.asserted_by),
    })  # fmt: skip


def _member(seal: Seal, seen: MemberView) -> Part:
    member = seen.member
    platform, _, local = member.seller.partition(":")
    return Part(seal.node(SELLER, member.seller), told={
        "kind": SELLER, "platform": platform, "sellerId": local, "text": member.handle,
        "country": member.country, "status": member.status,
    })  # fmt: skip


def _reason(seller: str, used: str, reason: Shared) -> Part:
    return Part(seller, used, {
        "kind": USES, "shown": reason.shown, "firstSeen": reason.first_seen,
        "lastSeen": reason.last_seen, "sources": list(reason.sources),
        "assertedBy": list(reason.asserted_by), "members": reason.members,
        "weight": reason.weight, "banWeight": reason.ban_weight, "counts": reason.counts,
        "cut": reason.cut, "standing": reason.standing,
    })  # fmt: skip
