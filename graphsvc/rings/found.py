"""What a solution found: every group of two or more as columns, and rings member by member."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from graphsvc.rings.belief import Members, Tier
from graphsvc.rings.columns import Bytes, Flags, Floats, Ints, Longs
from graphsvc.rings.distinct import changes
from graphsvc.rings.project import Links
from graphsvc.rings.score import Groups


@dataclass(frozen=True, slots=True)
class FoundMember:
    """A seller (its code) in a group: tier word, posterior log-odds, distinct identifier ties.

    `own` is what its own reports and risk say, in nats; `confidence` is the share of further runs
    that leave it in its group, None where none was made.
    """

    seller: int
    tier: str
    log_odds: float
    ties: int
    own: float
    confidence: float | None


@dataclass(frozen=True, slots=True)
class FoundRing:
    """A group of sellers, members ascending by code; scores are log-likelihood ratios in nats.

    `tier` is the highest of its members; `score` = `score_reports` + `score_risk`.
    """

    members: tuple[FoundMember, ...]
    tier: str
    score: float
    score_reports: float
    score_risk: float


@dataclass(frozen=True, slots=True, eq=False)
class MemberColumns:
    """All members of groups of two or more as columns, sorted by group, then seller.

    `group` is the least member's code; `tier` is a `belief.Tier`.
    """

    group: Ints
    seller: Ints
    tier: Bytes
    log_odds: Floats
    ties: Longs
    own: Floats
    confidence: Floats

    @property
    def starts(self) -> Longs:
        """The place at which each group begins."""
        return np.flatnonzero(changes(self.group))

    def where(self, wanted: Flags) -> MemberColumns:
        """Return the members that are wanted."""
        return MemberColumns(*(getattr(self, each.name)[wanted] for each in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Groups with their scores, and of each seller what is known and its `belief.Tier`.

    `links` are those that guilt flows along.
    """

    groups: Groups
    members: Members
    tier: Bytes
    links: Links


def assembled(judged: Judged, steady: Floats) -> MemberColumns:
    """Return all groups of two or more as columns; `steady` is 0..1 or NaN."""
    groups = judged.groups
    seller = np.flatnonzero(groups.size[groups.label] >= 2)
    seller = seller[np.argsort(groups.label[seller], kind="stable")]
    return MemberColumns(
        group=groups.label[seller],
        seller=seller.astype(np.int32),
        tier=judged.tier[seller],
        log_odds=judged.members.log_odds[seller],
        ties=judged.members.ties[seller],
        own=judged.members.own[seller],
        confidence=steady[seller],
    )


def rings_of(columns: MemberColumns, groups: Groups) -> tuple[FoundRing, ...]:
    """Return the groups of these columns one by one."""
    words = [tier.word for tier in Tier]
    starts = columns.starts.tolist()
    ends = [*starts[1:], columns.group.size] if starts else []
    members = [
        FoundMember(seller, words[tier], *numbers)
        for seller, tier, *numbers in zip(
            columns.seller.tolist(),
            columns.tier.tolist(),
            columns.log_odds.tolist(),
            columns.ties.tolist(),
            columns.own.tolist(),
            (None if math.isnan(share) else share for share in columns.confidence.tolist()),
            strict=True,
        )
    ]
    return tuple(
        FoundRing(
            members=tuple(members[start:end]),
            tier=words[int(columns.tier[start:end].max())],
            score=float(groups.score_reports[group] + groups.score_risk[group]),
            score_reports=float(groups.score_reports[group]),
            score_risk=float(groups.score_risk[group]),
        )
        for start, end, group in zip(starts, ends, columns.group[starts].tolist(), strict=True)
    )
