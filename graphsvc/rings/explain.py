"""Why a seller is in a ring, and what would have to be untrue for it to fall out.

It works on facts that its caller has read and may show; it must never read or hide one itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.weigh import Calibration

KIND_OF_WORD = {kind.word: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Fact:
    """A seller uses an identifier: `sellers` use it in all, `shared_with` of them are members.

    `first_seen` is a day number or -1; `level` is NONE but for addresses; `confidence` is 1, and
    of addresses that are merely alike their likeness. `links` tells whether it counts where that
    was recorded or a person decided it; None: its degree and level tell.
    """

    kind: str
    identifier: str
    sellers: int
    shared_with: int
    level: Level
    first_seen: int
    source: str
    asserted_by: str
    confidence: float = 1.0
    links: bool | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact with the weight it has as evidence; one that does not count has weight 0."""

    fact: Fact
    weight: float
    counts: bool


def reasons(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters = DEFAULT
) -> list[Reason]:
    """Weigh the facts of one membership or tie, strongest first; equal facts keep a fixed order.

    Raises KeyError for a word that is no kind of identifier.
    """
    weighed = []
    for fact in facts:
        counts = may_link(fact, parameters)
        kind = KIND_OF_WORD[fact.kind]
        degree = weighed_degree(fact, parameters)
        weight = calibration.weight(kind, degree, fact.level) if counts else 0.0
        weight *= fact.confidence
        weighed.append(Reason(fact, weight, counts))
    return sorted(weighed, key=_strongest_first)


def tie_probability(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters = DEFAULT
) -> float:
    """Return P(one operator) of two sellers who share exactly these facts, as pairs are weighed."""
    survives = 1.0
    sure = [0.0, 0.0]
    for group in _by_kind(facts, calibration, parameters):
        survives *= 1 - group[0].weight
        few = [reason for reason in group if _any_of_few([reason], parameters)]
        sure.append(max((reason.fact.confidence for reason in few), default=0.0))
    return max(1 - survives, parameters.two_type_floor * sorted(sure)[-2])


def asked(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters = DEFAULT
) -> float:
    """Return the P from which two sellers who share exactly these facts are linked.

    Theta, but `picture_theta` where without their pictures they would not reach that.
    """
    others = [fact for fact in facts if KIND_OF_WORD[fact.kind] is not Kind.IMAGE]
    bare = tie_probability(others, calibration, parameters)
    if bare >= parameters.theta or bare == tie_probability(facts, calibration, parameters):
        return parameters.theta
    return max(parameters.theta, parameters.picture_theta)


def holds(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters = DEFAULT
) -> bool:
    """Tell whether two sellers who share exactly these facts are linked, as by `project.links`."""
    p = tie_probability(facts, calibration, parameters)
    return p >= asked(facts, calibration, parameters)


def cut_of_tie(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters = DEFAULT
) -> tuple[Fact, ...]:
    """Return the fewest facts shared by two sellers without which they are linked no more.

    Empty where they are not linked (`holds`). Kinds are few: for every number of facts removed, of
    kinds that still have an identifier of few sellers, and of pictures left, the best removal is
    carried along. Two such kinds are taken to hold a tie whatever the confidence: a confirmed
    likeness is near 1.
    """
    best = [_Left()]
    for group in _by_kind(facts, calibration, parameters):
        following: dict[tuple[int, int, float, bool], _Left] = {}
        for before in best:
            for gone, left in _removals(group, parameters):
                offer = before.after(gone, left, parameters)
                key = (len(offer.cut), offer.few, offer.picture, offer.few_pictures)
                if key not in following or offer.survives > following[key].survives:
                    following[key] = offer
        best = list(following.values())
    enough = [left for left in best if not left.holds(parameters)]
    return min(enough, key=lambda left: (len(left.cut), left.p(parameters))).cut


@dataclass(frozen=True, slots=True)
class _Left:
    """A tie once the facts of `cut` are gone: what is left of it, apart from pictures and of them.

    `survives` is 1 - P by all other kinds, and `few` of these, at most 2, have an identifier of few
    sellers; `picture` is what the best picture weighs.
    """

    cut: tuple[Fact, ...] = ()
    survives: float = 1.0
    few: int = 0
    picture: float = 0.0
    few_pictures: bool = False

    def after(
        self, gone: Sequence[Reason], left: Sequence[Reason], parameters: Parameters
    ) -> _Left:
        """Return what is left once one kind more is looked at."""
        cut = (*self.cut, *(reason.fact for reason in gone))
        weight = left[0].weight if left else 0.0
        few = _any_of_few(left, parameters)
        if KIND_OF_WORD[(left or gone)[0].fact.kind] is Kind.IMAGE:
            return replace(self, cut=cut, picture=weight, few_pictures=few)
        survives = self.survives * (1 - weight)
        return replace(self, cut=cut, survives=survives, few=min(2, self.few + few))

    def p(self, parameters: Parameters) -> float:
        """Return P(one operator) of what is left."""
        floor = parameters.two_type_floor if self.few + self.few_pictures >= 2 else 0.0
        return max(1 - self.survives * (1 - self.picture), floor)

    def holds(self, parameters: Parameters) -> bool:
        """Tell whether what is left links."""
        floor = parameters.two_type_floor if self.few == 2 else 0.0
        bare = max(1 - self.survives, floor)
        p = self.p(parameters)
        return p >= parameters.theta and (bare >= parameters.theta or p >= parameters.picture_theta)


def may_link(fact: Fact, parameters: Parameters) -> bool:
    """Tell whether the fact links: two sellers at least, at most the cap, no vague address."""
    if fact.links is not None:
        return fact.links
    kind = KIND_OF_WORD[fact.kind]
    vague = kind is Kind.ADDRESS and fact.level > Level.BUILDING
    return 2 <= fact.sellers <= parameters.cap[kind] and not vague


def weighed_degree(fact: Fact, parameters: Parameters) -> int:
    """Return the sellers that a fact is weighed by: few, where a person took the cap off it."""
    freed = fact.links and fact.sellers > parameters.cap[KIND_OF_WORD[fact.kind]]
    return min(fact.sellers, parameters.corroboration_degree) if freed else fact.sellers


def _strongest_first(reason: Reason) -> tuple[bool, float, int, str, str, str, str]:
    fact = reason.fact
    place = (fact.sellers, fact.kind, fact.identifier, fact.source, fact.asserted_by)
    return (not reason.counts, -reason.weight, *place)


def _by_kind(
    facts: Sequence[Fact], calibration: Calibration, parameters: Parameters
) -> list[list[Reason]]:
    """Group the facts that count by kind, strongest first inside a kind."""
    kinds: dict[str, list[Reason]] = defaultdict(list)
    for reason in reasons(facts, calibration, parameters):
        if reason.counts:
            kinds[reason.fact.kind].append(reason)
    return list(kinds.values())


def _any_of_few(group: Sequence[Reason], parameters: Parameters) -> bool:
    few = parameters.corroboration_degree
    return any(weighed_degree(reason.fact, parameters) <= few for reason in group)


def _removals(
    group: list[Reason], parameters: Parameters
) -> list[tuple[list[Reason], list[Reason]]]:
    """Return the removals of one kind worth trying, each with what is left.

    Only the strongest left and "any of few sellers left" matter: so remove the strongest k, and
    perhaps all of few sellers besides.
    """
    removals = []
    for count in range(len(group) + 1):
        gone, left = group[:count], group[count:]
        removals.append((gone, left))
        few = [r for r in left if _any_of_few([r], parameters)]
        if few and len(few) < len(left):
            removals.append((gone + few, [r for r in left if r not in few]))
    return removals
