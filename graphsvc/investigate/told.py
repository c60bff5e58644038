"""What was found of a member of a ring, or of two sellers, as one plain paragraph; pure."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.investigate.plain import TIERS, joined, percent, sellers, these, things
from graphsvc.investigate.tie import PairView, Tie
from graphsvc.investigate.why import Why
from queries.rings.views import MemberRow, RingRow

LEANS = 0.5  # nats of its own reports and risk from which they are said to speak

JUDGED = {
    "same": "A person judged that one operator runs both: that links them.",
    "different": "A person judged that different operators run them: that keeps them apart.",
    "unsure": "A person looked at the two and could not tell.",
}


def member_text(ring: RingRow, member: MemberRow, why: Why) -> str:
    """Return why a seller is in a ring, what that may lead to, and what would take it out."""
    counted = [reason for reason in why.reasons if reason.counts]
    told = [
        f"Seller {member.seller} is one of {sellers(ring.size)} that are taken to be run together "
        f"(group {ring.id}@{ring.version}, found on {ring.found_at[:10]})."
    ]
    if counted:
        shared = things(reason.kind for reason in counted)
        told.append(f"It shares {shared} with others of the group.")
    if any(reason.counts and not reason.ban_weight for reason in why.reasons):
        told.append("Not all of that may carry a ban: some of it only one side says of itself,"
                    " or this seller had it first.")  # fmt: skip
    if member.own is not None and abs(member.own) >= LEANS:
        speaks = "against" if member.own > 0 else "for"
        told.append(f"What is reported of it and its risk speak {speaks} it.")
    if member.confidence is not None:
        told.append(f"It was in the group in {percent(member.confidence)} of repeated runs.")
    told.append(TIERS[member.tier])
    told += _ways_out(why)
    return " ".join(told)


def _ways_out(why: Why) -> list[str]:
    if not why.cut:
        return []
    found = [f"Without {these(reason.kind for reason in why.cut)} it would not be in the group."]
    if why.out_of_ban and len(why.out_of_ban) < len(why.cut):
        found.append(
            f"Without {these(ref.kind for ref in why.out_of_ban)} alone it would be in the group "
            "and not be put up for a ban."
        )
    return found


def pair_text(view: PairView) -> str:
    """Return what two sellers share, whether that links them, and what it stands on."""
    told = [f"Sellers {view.a} and {view.b} {_direct(view)}"]
    if view.judged:
        told.append(JUDGED[view.judged])
    hubs = [fact for fact in view.tie.facts if not fact.counts]
    if hubs:
        told.append(
            f"They both use {things(fact.kind for fact in hubs)} that links nobody: too many use "
            "it, it is not exact enough, or a person called it a hub."
        )
    if any(fact.one_sided and fact.counts for fact in view.tie.facts):
        told.append("Some of it only one side says of itself: that alone never leads to a ban.")
    if view.chain and not view.linked:
        told.append(f"They hang together through others: {_chain(view.chain)}.")
    if view.cut:
        least = "" if view.cut_exact else " (perhaps without fewer)"
        gone = these(kind for kind, _ in view.cut)
        told.append(f"Without {gone}{least} they would not hang together.")
    if view.ring:
        told.append(f"Both are in the group {view.ring}.")
    return " ".join(told)


def _direct(view: PairView) -> str:
    counted = [fact.kind for fact in view.tie.facts if fact.counts]
    if not counted:
        return "share nothing that links them directly."
    holds = view.tie.p >= view.theta
    verdict = "are linked" if holds else "are not linked by that"
    needed = "" if holds else f", and {percent(view.theta)} is asked for"
    return (
        f"share {things(counted)} and {verdict}: from that, they are run together with a "
        f"probability of {percent(view.tie.p)}{needed}."
    )


def _chain(chain: Sequence[Tie]) -> str:
    return joined(
        [
            f"{tie.a} and {tie.b} share {things(f.kind for f in tie.facts if f.counts)} "
            f"({percent(tie.p)})"
            for tie in chain
        ]
    )
