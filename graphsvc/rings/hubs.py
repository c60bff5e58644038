"""Which identifiers are hubs: a forwarder, a mail drop, a stock picture; pure.

A proposal rests on degree and diversity: many sellers who share nothing else, of other brands,
years and platforms. A ring's own drop has as many, but of one brand and one month. It must never
decide: a person does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graphsvc.rings.columns import Bytes, Hub, Ints
from queries.schema.decisions import HubKind
from queries.schema.identifiers import Address, AddressKind, PaymentAccount

MANY = 8  # sellers: more than a family or one operator's shops
MOSTLY_TIED = 0.3  # above this share of users who share more with one another, it is their own
DIFFERENT = 0.5  # two users picked at random differ with at least this probability
KNOWN = 0.5  # a trait that fewer of the users have told nothing

HUB_KINDS = {
    AddressKind.FORWARDER.value: HubKind.FORWARDER,
    AddressKind.MAIL_DROP.value: HubKind.MAIL_DROP,
    AddressKind.VIRTUAL_OFFICE.value: HubKind.VIRTUAL_OFFICE,
    AddressKind.REGISTERED_AGENT.value: HubKind.VIRTUAL_OFFICE,
}
_OF_LABEL = {PaymentAccount.__name__: HubKind.PROCESSOR, "Image": HubKind.STOCK_IMAGE}


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who uses an identifier: `sellers` in all, and of those looked at one place each.

    `brands`, `years` and `platforms` hold None where unknown; `tied` tells who shares another,
    little used identifier with another of them. `kind` and `kind_reason` are what `link addresses`
    proposes of an address.
    """

    label: str
    sellers: int
    brands: Sequence[str | None]
    years: Sequence[str | None]
    platforms: Sequence[str | None]
    tied: Sequence[bool]
    kind: str | None = None
    kind_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """That an identifier is a hub: of what kind, why in words, and the figures behind them."""

    kind: HubKind
    reason: str
    figures: Mapping[str, float | None]


def column(marks: Iterable[tuple[Ints, Bytes]], identifiers: int) -> Bytes:
    """Return a Hub of each of `identifiers` from codes and marks; a hub outweighs "no hub"."""
    found = np.zeros(identifiers, dtype=np.uint8)
    told = list(marks)
    for wanted in (Hub.NONE, Hub.HUB):
        for code, marked in told:
            found[code[marked == wanted]] = wanted
    return found


def propose(crowd: Crowd) -> Proposal | None:
    """Return the proposal that an identifier is a hub, or None.

    Never where its users are tied to one another by more. Else where its own words or the crowd
    of its building say so, or where many use it who differ in two traits (in the one, where one
    is known).
    """
    tied = sum(crowd.tied) / max(len(crowd.tied), 1)
    differ = {
        name: diversity(values)
        for name, values in (
            ("brands", crowd.brands),
            ("years", crowd.years),
            ("platforms", crowd.platforms),
        )
    }
    figures = {"sellers": float(crowd.sellers), "tied": round(tied, 3)} | {
        name: None if value is None else round(value, 3) for name, value in differ.items()
    }
    known = [value for value in differ.values() if value is not None]
    apart = sum(value >= DIFFERENT for value in known)
    diverse = crowd.sellers >= MANY and apart >= min(2, max(len(known), 1))
    said = HUB_KINDS.get(crowd.kind or "") if crowd.label == Address.__name__ else None
    if tied > MOSTLY_TIED or not (diverse or said):
        return None
    kind = said or _OF_LABEL.get(crowd.label, HubKind.OTHER)
    reason = _words(crowd, tied, differ)
    return Proposal(kind, f"{crowd.kind_reason}; {reason}" if said else reason, figures)


def diversity(values: Sequence[str | None]) -> float | None:
    """Return how probably two users picked at random differ (Simpson 1949, without replacement).

    None where fewer than half are known.
    """
    counts = Counter(value for value in values if value)
    known = sum(counts.values())
    if known < 2 or known < KNOWN * len(values):
        return None
    same = sum(count * (count - 1) for count in counts.values())
    return 1 - same / (known * (known - 1))


def _words(crowd: Crowd, tied: float, differ: Mapping[str, float | None]) -> str:
    told = [f"{crowd.sellers} sellers, {tied:.0%} of whom share anything more with one another"]
    told += [
        f"two of them differ in {name} with {value:.0%}"
        for name, value in differ.items()
        if value is not None
    ]
    return "; ".join(told)
