"""The fewest identifiers without which sellers hang together no more, and whether that is proved.

Sellers are never cut, only what they share. It works on facts that its caller has read; a fact is
the same in every tie that stands on it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx

from graphsvc.rings.explain import Fact, holds
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.weigh import Calibration

LOOKS = 2_000  # sets of facts that a search tries: it then takes what it has
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cut:
    """Facts without which no chain of ties is left; `exact`: none has fewer, that is proved."""

    facts: frozenset[Fact]
    exact: bool


@dataclass(slots=True)
class Evidence:
    """Ties of pairs of sellers: which hold, with some facts gone (`explain.holds`)."""

    ties: Mapping[Pair, frozenset[Fact]]
    calibration: Calibration
    parameters: Parameters
    _held: dict[tuple[Pair, frozenset[Fact]], bool] = field(default_factory=dict)
    _near: dict[str, list[Pair]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """List the ties of each seller, in a fixed order."""
        for pair in sorted(self.ties):
            for seller in pair:
                self._near.setdefault(seller, []).append(pair)

    def holds(self, pair: Pair, gone: frozenset[Fact] = frozenset()) -> bool:
        """Tell whether a tie holds without the facts that are gone."""
        key = pair, gone & self.ties[pair]
        if key not in self._held:
            left = ordered(self.ties[pair] - gone)
            self._held[key] = holds(left, self.calibration, self.parameters)
        return self._held[key]

    def chain(
        self, source: str, targets: Collection[str], gone: frozenset[Fact] = frozenset()
    ) -> list[Pair] | None:
        """Return the ties of a shortest chain from a seller to any of the targets, or None."""
        before: dict[str, tuple[str, Pair] | None] = {source: None}
        ahead = deque([source])
        while ahead:
            seller = ahead.popleft()
            if seller in targets:
                return _back(before, seller)
            for pair in self._near.get(seller, ()):
                other = pair[0] if seller == pair[1] else pair[1]
                if other not in before and self.holds(pair, gone):
                    before[other] = seller, pair
                    ahead.append(other)
        return None


def least_cut(
    evidence: Evidence, source: str, targets: Collection[str], *, looks: int = LOOKS
) -> Cut:
    """Return the fewest facts without which no chain of holding ties joins source and targets.

    A minimum vertex cut (Menger 1927) over identifiers, on the graph of sellers and what holds
    their ties, is always a cut; that over the facts which hold a tie alone bounds it from below,
    for a tie may stand on two facts of which either would have to go. Between the two bounds all
    smaller sets are searched, each step breaking a chain that is left, up to `looks` of them:
    `exact` tells whether that was enough.
    """
    if evidence.chain(source, targets) is None:
        return Cut(frozenset(), exact=True)
    held = {pair: facts for pair, facts in evidence.ties.items() if evidence.holds(pair)}
    found = _needed(evidence, source, targets, _vertex_cut(held, source, targets))
    alone = {pair: _alone(evidence, facts) for pair, facts in held.items()}
    least = max(1, len(_vertex_cut(alone, source, targets)))
    search = _Search(evidence, source, targets, looks)
    for size in range(least, len(found)):
        smaller = search.within(frozenset(), size)
        if smaller is not None:
            return Cut(smaller, exact=True)
        if search.spent:
            return Cut(found, exact=False)
    return Cut(found, exact=True)


def cut_of_member(
    ties: Sequence[Sequence[Fact]], calibration: Calibration, parameters: Parameters
) -> Cut:
    """Return the fewest facts of a member without which none of its ties holds.

    `ties` are the facts that it shares with each other member; many have the same.
    """
    distinct = sorted({frozenset(facts) for facts in ties}, key=lambda each: _keys(each))
    told = {("", str(place)): facts for place, facts in enumerate(distinct, 1)}
    evidence = Evidence(told, calibration, parameters)
    return least_cut(evidence, "", [other for _, other in told])


def ordered(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts in their one order: by kind and identifier."""
    return sorted(facts, key=lambda fact: (fact.kind, fact.identifier))


def _keys(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    return [(fact.kind, fact.identifier) for fact in ordered(facts)]


def _back(before: Mapping[str, tuple[str, Pair] | None], seller: str) -> list[Pair]:
    found = []
    while (step := before[seller]) is not None:
        seller = step[0]
        found.append(step[1])
    return found[::-1]


def _alone(evidence: Evidence, facts: frozenset[Fact]) -> frozenset[Fact]:
    """Return the facts each of which holds a tie by itself."""
    return frozenset(
        fact for fact in facts if holds([fact], evidence.calibration, evidence.parameters)
    )


def _vertex_cut(
    ties: Mapping[Pair, frozenset[Fact]], source: str, targets: Collection[str]
) -> frozenset[Fact]:
    """Return a minimum set of facts that parts source and targets where each fact joins its users.

    A fact is an arc of capacity 1 from its entrance to its exit; no other arc has a bound.
    """
    graph: nx.DiGraph[tuple[str, object]] = nx.DiGraph()
    start, end = ("seller", source), ("end", "")
    graph.add_nodes_from([start, end])
    for pair, facts in sorted(ties.items()):
        for fact in ordered(facts):
            graph.add_edge(("in", fact), ("out", fact), capacity=1)
            for seller in pair:
                graph.add_edge(("seller", seller), ("in", fact))
                graph.add_edge(("out", fact), ("seller", seller))
    for target in sorted(targets):
        graph.add_edge(("seller", target), end)
    _, (near, _) = nx.minimum_cut(graph, start, end)
    facts_of = {fact for facts in ties.values() for fact in facts}
    return frozenset(f for f in facts_of if ("in", f) in near and ("out", f) not in near)


def _needed(
    evidence: Evidence, source: str, targets: Collection[str], cut: frozenset[Fact]
) -> frozenset[Fact]:
    """Return a cut without the facts that it can spare."""
    for fact in ordered(cut):
        if evidence.chain(source, targets, cut - {fact}) is None:
            cut -= {fact}
    return cut


@dataclass(slots=True)
class _Search:
    """Looks for a cut of a given size; every cut breaks the first chain that is left somewhere."""

    evidence: Evidence
    source: str
    targets: Collection[str]
    looks: int
    seen: dict[frozenset[Fact], int] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        """Whether the search has had to stop."""
        return self.looks <= 0

    def within(self, gone: frozenset[Fact], size: int) -> frozenset[Fact] | None:
        """Return a cut that holds the facts that are gone and at most `size` more, or None."""
        if self.spent or self.seen.get(gone, -1) >= size:
            return None
        self.looks -= 1
        self.seen[gone] = size
        chain = self.evidence.chain(self.source, self.targets, gone)
        if chain is None:
            return gone
        if not size:
            return None
        for fact in ordered({f for pair in chain for f in self.evidence.ties[pair]} - gone):
            found = self.within(gone | {fact}, size - 1)
            if found is not None:
                return found
        return None
