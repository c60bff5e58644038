"""Why two sellers are linked, or are not: what they share, and what would cut them apart."""

from __future__ import annotations

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.identifier import Kind
from graphsvc.api.types.node import node_id
from graphsvc.investigate import tie
from graphsvc.investigate.kinds import SELLER


@strawberry.type
class LinkSide:
    """What one seller's sources say of its use of an identifier."""

    seller: strawberry.ID
    first_seen: str | None
    last_seen: str | None
    sources: list[str]
    asserted_by: list[str]
    own_word: bool


@strawberry.type
class LinkFact:
    """An identifier that two sellers share, with its weight: P(one operator) from it alone.

    `whyNot` is hub or vague where it does not count; `oneSided` where a side only declares it.
    """

    identifier: strawberry.ID
    kind: Kind
    shown: str | None
    level: str | None
    sellers: int
    weight: float
    counts: bool
    why_not: str | None
    one_sided: bool
    cut: bool
    left: LinkSide
    right: LinkSide


@strawberry.type
class Link:
    """Two sellers, P(one operator) from all that they share, and the facts, strongest first."""

    a: strawberry.ID
    b: strawberry.ID
    p: float
    facts: list[LinkFact]


@strawberry.type
class WhyLinked:
    """How two sellers are linked: directly, over a chain of ties of P >= theta, or not at all.

    `cut` are the fewest identifiers without which they are not, `exact` if that is proved;
    `complete` is false where the search for chains ended at a bound. `run` gave the weights.
    """

    text: str
    run: str | None
    theta: float
    judged: str | None
    linked: bool
    tie: Link
    chain: list[Link]
    cut: list[strawberry.ID]
    exact: bool
    complete: bool
    ring: str | None


def why_linked(info: Info, found: tie.PairView) -> WhyLinked:
    """Return how two sellers are linked as the API shows it."""
    return WhyLinked(
        text=found.text,
        run=found.run,
        theta=found.theta,
        judged=found.judged,
        linked=found.linked,
        tie=_link(info, found.tie),
        chain=[_link(info, each) for each in found.chain],
        cut=[node_id(info, kind, name) for kind, name in found.cut],
        exact=found.cut_exact,
        complete=found.complete,
        ring=found.ring,
    )


def _link(info: Info, each: tie.Tie) -> Link:
    return Link(
        a=node_id(info, SELLER, each.a),
        b=node_id(info, SELLER, each.b),
        p=each.p,
        facts=[_fact(info, fact) for fact in each.facts],
    )


def _fact(info: Info, fact: tie.PairFact) -> LinkFact:
    return LinkFact(
        identifier=node_id(info, fact.kind, fact.id),
        kind=Kind(fact.kind),
        shown=fact.shown,
        level=fact.level,
        sellers=fact.sellers,
        weight=fact.weight,
        counts=fact.counts,
        why_not=fact.why_not,
        one_sided=fact.one_sided,
        cut=fact.cut,
        left=_side(info, fact.left),
        right=_side(info, fact.right),
    )


def _side(info: Info, side: tie.Side) -> LinkSide:
    return LinkSide(
        seller=node_id(info, SELLER, side.seller),
        first_seen=side.first_seen,
        last_seen=side.last_seen,
        sources=list(side.sources),
        asserted_by=list(side.asserted_by),
        own_word=side.own_word,
    )
