"""Why a seller is in a ring, from what the graph says of it and the weights of the run; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from graphsvc.investigate.kinds import IMAGE, Claim, Ref
from graphsvc.investigate.uses import Used, Uses, distinct, least
from graphsvc.rings.columns import UNKNOWN_DAY, Kind
from graphsvc.rings.cut import cut_of_member
from graphsvc.rings.explain import Fact, Reason, reasons
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.weigh import PRIOR
from graphsvc.rings.withdraw import Weights
from queries.schema.findings import DetectionRun


@dataclass(frozen=True, slots=True)
class Shared:
    """An identifier that a member shares with others of its ring, and what that weighs.

    `members` others of the ring and `sellers` in all use it; `weight` is P(one operator) from
    it alone, 0 where it does not count, and `ban_weight` what of that may carry a ban: 0 where in
    each tie a side only declares it about itself or this member had the picture first.
    `own_word` where only the member itself claims it; `cut` where it is among what would have to
    go for the member to fall out of the ring; not `standing` where nobody says so any more.
    """

    kind: str
    id: str
    shown: str | None
    level: str | None
    members: int
    sellers: int
    first_seen: str | None
    last_seen: str | None
    sources: tuple[str, ...]
    asserted_by: tuple[str, ...]
    own_word: bool
    weight: float
    ban_weight: float
    counts: bool
    cut: bool
    claims: tuple[Claim, ...]
    standing: bool = True


@dataclass(frozen=True, slots=True)
class Why:
    """Why a member is in its ring, strongest reason first, and what would take it out.

    `exact`: fewer than the reasons marked `cut` would not do. `out_of_ban` are those without which
    it would be in the ring and in a lower tier; None where it is in no ban tier, or that is not
    known. `text` says it in plain words.
    """

    reasons: tuple[Shared, ...]
    exact: bool
    out_of_ban: tuple[Ref, ...] | None = None
    text: str = ""

    @property
    def cut(self) -> tuple[Shared, ...]:
        """The reasons that would have to go for the member to fall out."""
        return tuple(reason for reason in self.reasons if reason.cut)


_Members = dict[Ref, list[str]]


def shared_by_seller(uses: Uses, weights: Weights) -> dict[str, Why]:
    """Return why each is with the others; reasons of equal weight keep a fixed order."""
    members: _Members = {}
    for seller in sorted(uses):
        for ref in uses[seller]:
            members.setdefault(ref, []).append(seller)
    return {seller: _weighed(seller, uses, members, weights) for seller in sorted(uses)}


def weights_of(run: DetectionRun | None) -> Weights:
    """Return the weights and caps that a run used; the shipped ones where it kept none."""
    model, parameters = Model(PRIOR, None, None, reported=True), DEFAULT
    if run is not None and run.calibration:
        model = Model.from_json(json.loads(run.calibration))
    if run is not None and run.parameters:
        numbers = json.loads(run.parameters)
        numbers["cap"] = tuple(numbers["cap"][kind.word] for kind in Kind)
        # Runs of before there were several held every pair to one.
        one = dict.fromkeys(("calibrated_theta", "picture_theta"), numbers["theta"])
        parameters = Parameters(**one | numbers)
    return Weights(model, parameters.weighed_by(model.calibration.source))


def _weighed(seller: str, uses: Uses, members: _Members, weights: Weights) -> Why:
    calibration, parameters = weights.calibration, weights.parameters
    found = reasons([use.fact for use in uses[seller].values()], calibration, parameters)
    counted = [_ref(reason.fact) for reason in found if reason.counts]
    ties: dict[str, list[Fact]] = {}
    for ref in counted:
        for other in members[ref]:
            if other != seller:
                ties.setdefault(other, []).append(uses[seller][ref].fact)
    cut = cut_of_member(list(ties.values()), calibration, parameters)
    shown = []
    for reason in found:
        use, ref = uses[seller][_ref(reason.fact)], _ref(reason.fact)
        others = [uses[other][ref] for other in members[ref] if other != seller]
        bans = any(_may_carry_a_ban(use, other, parameters) for other in others)
        shown.append(_shared(use, reason, bans=bans, cut=reason.fact in cut.facts))
    return Why(tuple(shown), cut.exact)


def _ref(fact: Fact) -> Ref:
    return Ref(fact.kind, fact.identifier)


def _may_carry_a_ban(mine: Used, other: Used, parameters: Parameters) -> bool:
    """Tell whether the tie to another member speaks for a ban of this one, as pairs are weighed."""
    if mine.own_word or other.own_word:
        return False
    days = (mine.fact.first_seen, other.fact.first_seen)
    dated = mine.fact.kind == IMAGE and UNKNOWN_DAY not in days
    return not dated or days[1] - days[0] < parameters.head_start_days


def _shared(use: Used, reason: Reason, *, bans: bool, cut: bool) -> Shared:
    claims, fact = use.claims, use.fact
    return Shared(
        kind=fact.kind,
        id=fact.identifier,
        shown=use.shown,
        level=use.level,
        members=fact.shared_with,
        sellers=fact.sellers,
        first_seen=least(claim.first_seen for claim in claims),
        last_seen=max((c.last_seen for c in claims if c.last_seen), default=None),
        sources=distinct(claim.source for claim in claims),
        asserted_by=distinct(claim.asserted_by for claim in claims),
        own_word=use.own_word,
        weight=reason.weight,
        ban_weight=reason.weight if bans else 0.0,
        counts=reason.counts,
        cut=cut,
        claims=claims,
        standing=use.standing,
    )
