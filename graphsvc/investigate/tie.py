"""What ties two sellers, as the graph stands, weighed as the last run weighs; pure.

Facts of different pairs are comparable: an identifier is one fact wherever it is shared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.uses import Used, Uses, distinct, least
from graphsvc.rings.columns import UNKNOWN_DAY
from graphsvc.rings.cut import Cut, Evidence, Pair, least_cut
from graphsvc.rings.explain import (
    Fact,
    Reason,
    asked,
    cut_of_tie,
    may_link,
    reasons,
    tie_probability,
)
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.withdraw import Weights

HUB, VAGUE = "hub", "vague"


@dataclass(frozen=True, slots=True)
class Side:
    """What one seller's sources say of its use; `own_word`: nobody but the seller says so."""

    seller: str
    first_seen: str | None
    last_seen: str | None
    sources: tuple[str, ...]
    asserted_by: tuple[str, ...]
    own_word: bool


@dataclass(frozen=True, slots=True)
class PairFact:
    """An identifier that two sellers share, with its weight: P(one operator) from it alone.

    One that does not count says `why_not`: a hub of more sellers than may be linked by one, or a
    vague address. `one_sided` where a side only declares it about itself.
    """

    kind: str
    id: str
    shown: str | None
    level: str | None
    sellers: int
    weight: float
    counts: bool
    why_not: str | None
    one_sided: bool
    cut: bool
    left: Side
    right: Side


@dataclass(frozen=True, slots=True)
class Tie:
    """Two sellers, P(one operator) from all that they share, and the facts, strongest first.

    `theta` is the P from which what they share links: more where only pictures carry it.
    """

    a: str
    b: str
    p: float
    theta: float
    facts: tuple[PairFact, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """How two sellers are linked: directly, over a chain of ties of P >= theta, or not.

    `cut` are the fewest (kind, id) without which they are not, `cut_exact` if that is proved;
    `complete` is False where the search for chains ended at a bound. `run` gave the weights.
    `judged` is what a person said of the two (same, different, unsure), which decides `linked`
    unless it is unsure; None: nobody did.
    """

    a: str
    b: str
    run: str | None
    theta: float
    judged: str | None
    linked: bool
    tie: Tie
    chain: tuple[Tie, ...]
    cut: tuple[tuple[str, str], ...]
    cut_exact: bool
    complete: bool
    ring: str | None
    text: str = ""


def tie_of(a: str, b: str, uses: Uses, weights: Weights, cut: Collection[Fact] = ()) -> Tie:
    """Return what two sellers share; facts of `cut` are marked."""
    facts = _shared(a, b, uses)
    found = reasons(list(facts.values()), weights.calibration, weights.parameters)
    p = tie_probability(list(facts.values()), weights.calibration, weights.parameters)
    theta = asked(list(facts.values()), weights.calibration, weights.parameters)
    told = tuple(_fact(each, a, b, uses, cut=each.fact in cut) for each in found)
    return Tie(a, b, p, theta, told)


def linked(a: str, b: str, uses: Uses, weights: Weights) -> tuple[Tie, tuple[Tie, ...], Cut]:
    """Return the tie of two sellers, the shortest chain of ties that hold, and what cuts it.

    A tie that holds is a chain by itself; its cut takes its own P below theta. Otherwise the cut
    is a minimum vertex cut over all chains.
    """
    calibration, parameters = weights.calibration, weights.parameters
    evidence = Evidence(_evidence(uses, parameters), calibration, parameters)
    chain = evidence.chain(a, [b])
    if chain is None:
        return tie_of(a, b, uses, weights), (), Cut(frozenset(), exact=True)
    if len(chain) == 1:
        facts = cut_of_tie(list(_shared(a, b, uses).values()), calibration, parameters)
        found = Cut(frozenset(facts), exact=True)
    else:
        found = least_cut(evidence, a, [b])
    ties, here = [], a
    for pair in chain:
        there = pair[0] if here == pair[1] else pair[1]
        ties.append(tie_of(here, there, uses, weights, found.facts))
        here = there
    return tie_of(a, b, uses, weights, found.facts), tuple(ties), found


def _evidence(uses: Uses, parameters: Parameters) -> Mapping[Pair, frozenset[Fact]]:
    """Return what each two sellers share who share anything that may link."""
    users: dict[Ref, list[str]] = {}
    for seller in sorted(uses):
        for ref in uses[seller]:
            users.setdefault(ref, []).append(seller)
    ties: dict[Pair, set[Fact]] = {}
    for ref, sellers in users.items():
        fact = _of_pair(uses[sellers[0]][ref])
        if may_link(fact, parameters):
            for pair in combinations(sellers, 2):
                ties.setdefault(pair, set()).add(fact)
    return {pair: frozenset(facts) for pair, facts in ties.items()}


def _shared(a: str, b: str, uses: Uses) -> dict[Ref, Fact]:
    mine, theirs = uses.get(a, {}), uses.get(b, {})
    return {ref: _of_pair(mine[ref]) for ref in sorted(mine.keys() & theirs.keys())}


def _of_pair(use: Used) -> Fact:
    """Return the identifier as a fact that says nothing of any one seller."""
    return replace(use.fact, shared_with=1, first_seen=UNKNOWN_DAY, source="", asserted_by="")


def _fact(reason: Reason, a: str, b: str, uses: Uses, *, cut: bool) -> PairFact:
    ref = Ref(reason.fact.kind, reason.fact.identifier)
    left, right = uses[a][ref], uses[b][ref]
    return PairFact(
        kind=ref.kind,
        id=ref.id,
        shown=left.shown,
        level=left.level,
        sellers=reason.fact.sellers,
        weight=reason.weight,
        counts=reason.counts,
        why_not=None if reason.counts else VAGUE if left.vague else HUB,
        one_sided=left.own_word or right.own_word,
        cut=cut,
        left=_side(a, left),
        right=_side(b, right),
    )


def _side(seller: str, use: Used) -> Side:
    return Side(
        seller=seller,
        first_seen=least(claim.first_seen for claim in use.claims),
        last_seen=max((c.last_seen for c in use.claims if c.last_seen), default=None),
        sources=distinct(claim.source for claim in use.claims),
        asserted_by=distinct(claim.asserted_by for claim in use.claims),
        own_word=use.own_word,
    )
