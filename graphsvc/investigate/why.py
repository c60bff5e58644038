"""Why a seller is in a ring, from what the graph says of it and the weights of the run; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graphsvc.investigate.kinds import IMAGE, WORDS, Claim, Ref
from graphsvc.rings.columns import UNKNOWN_DAY, Kind, Level
from graphsvc.rings.explain import Fact, Reason, cut_of_member, reasons
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.read import LEVELS
from graphsvc.rings.weigh import PRIOR, Calibration
from queries.rings.views import SharedRow
from queries.schema.findings import DetectionRun
from queries.schema.links import AssertedBy

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Shared:
    """An identifier that a member shares with others of its ring, and what that weighs.

    `members` others of the ring and `sellers` in all use it; `weight` is P(one operator) from
    it alone, 0 where it does not count, and `ban_weight` what of that may carry a ban: 0 where in
    each tie a side only declares it about itself or this member had the picture first.
    `own_word` where only the member itself claims it; `cut` where it is among what would have to
    go for the member to fall out of the ring.
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


@dataclass(frozen=True, slots=True)
class _Use:
    """One member's use of a shared identifier, as a fact and as it is shown."""

    row: SharedRow
    claims: tuple[Claim, ...]
    fact: Fact

    @property
    def own_word(self) -> bool:
        """Whether nobody but the member itself says so."""
        said = _distinct(claim.asserted_by for claim in self.claims)
        return said == (AssertedBy.SELF_DECLARED.value,)


_Uses = dict[str, dict[Ref, _Use]]
_Members = dict[Ref, list[str]]


def shared_by_seller(
    rows: Iterable[SharedRow], run: DetectionRun | None
) -> dict[str, tuple[Shared, ...]]:
    """Return what each member shares, strongest first; equal weights keep a fixed order."""
    calibration, parameters = weights_of(run)
    uses: _Uses = {}
    members: _Members = {}
    for row in rows:
        claims: dict[str, list[Claim]] = {}
        for told in row.claims:
            words = {name: value for name, value in told.items() if name != "seller"}
            claims.setdefault(told["seller"], []).append(Claim(**words))
        ref = Ref(WORDS[row.label], row.id)
        members[ref] = sorted(claims)
        for seller, each in claims.items():
            use = _Use(row, tuple(each), _fact(row, tuple(each)))
            uses.setdefault(seller, {})[ref] = use
    return {
        seller: _weighed(seller, uses, members, calibration, parameters) for seller in sorted(uses)
    }


def weights_of(run: DetectionRun | None) -> tuple[Calibration, Parameters]:
    """Return the weights and caps that a run used; the shipped ones where it kept none."""
    calibration, parameters = PRIOR, DEFAULT
    if run is not None and run.calibration:
        calibration = Calibration.from_json(json.loads(run.calibration))
    if run is not None and run.parameters:
        told = json.loads(run.parameters)
        told["cap"] = tuple(told["cap"][kind.word] for kind in Kind)
        parameters = Parameters(**told)
    return calibration, parameters


def day_of(stamp: str | None) -> int:
    """Return the day number since 1970-01-01 of a date as the graph writes it; -1 if unknown."""
    try:
        return date.fromisoformat((stamp or "")[:10]).toordinal() - EPOCH
    except ValueError:
        return UNKNOWN_DAY


def _weighed(
    seller: str,
    uses: _Uses,
    members: _Members,
    calibration: Calibration,
    parameters: Parameters,
) -> tuple[Shared, ...]:
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
        shown.append(_shared(use, reason, bans=bans, cut=reason.fact in cut))
    return tuple(shown)


def _ref(fact: Fact) -> Ref:
    return Ref(fact.kind, fact.identifier)


def _may_carry_a_ban(mine: _Use, other: _Use, parameters: Parameters) -> bool:
    """Tell whether the tie to another member speaks for a ban of this one, as pairs are weighed."""
    if mine.own_word or other.own_word:
        return False
    days = (mine.fact.first_seen, other.fact.first_seen)
    dated = mine.fact.kind == IMAGE and UNKNOWN_DAY not in days
    return not dated or days[1] - days[0] < parameters.head_start_days


def _fact(row: SharedRow, claims: tuple[Claim, ...]) -> Fact:
    return Fact(
        kind=WORDS[row.label],
        identifier=row.id,
        sellers=row.degree,
        shared_with=row.members - 1,
        level=LEVELS.get(row.level or "", Level.NONE),
        first_seen=day_of(_least(claim.first_seen for claim in claims)),
        source=", ".join(_distinct(claim.source for claim in claims)),
        asserted_by=", ".join(_distinct(claim.asserted_by for claim in claims)),
        confidence=row.confidence,
    )


def _shared(use: _Use, reason: Reason, *, bans: bool, cut: bool) -> Shared:
    row, claims = use.row, use.claims
    return Shared(
        kind=WORDS[row.label],
        id=row.id,
        shown=row.shown,
        level=row.level,
        members=row.members - 1,
        sellers=row.degree,
        first_seen=_least(claim.first_seen for claim in claims),
        last_seen=max((c.last_seen for c in claims if c.last_seen), default=None),
        sources=_distinct(claim.source for claim in claims),
        asserted_by=_distinct(claim.asserted_by for claim in claims),
        own_word=use.own_word,
        weight=reason.weight,
        ban_weight=reason.weight if bans else 0.0,
        counts=reason.counts,
        cut=cut,
        claims=claims,
    )


def _least(values: Iterable[str | None]) -> str | None:
    return min((value for value in values if value), default=None)


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
