"""What ties the members of a ring, kept with it as the run weighed it: loads come and go, it stays.

It holds ids of identifiers and nothing that people read: those may be tokens, so it is never shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from graphsvc.rings.columns import Kind, Level, Longs, Market
from graphsvc.rings.parameters import Parameters


@dataclass(frozen=True, slots=True)
class Use:
    """A member uses an identifier that another member uses too; `degree` sellers do in all.

    `confidence` is that of the one side (0..1), `first_seen` a day number or -1, `links` whether
    it counted as evidence, `place` the least identifier in one building with it, '' for itself.
    """

    kind: str
    identifier: str
    degree: int
    level: str
    confidence: float
    first_seen: int
    self_declared: bool
    links: bool
    place: str


def uses_of(
    market: Market, rings: Sequence[Sequence[int]], parameters: Parameters
) -> dict[int, tuple[Use, ...]]:
    """Return for each seller (a code) of these rings what it shares with others of its ring.

    In the order of the identifiers' codes; a ring is the codes of its members.
    """
    shared = _shared_rows(market, rings)
    found: dict[int, list[Use]] = defaultdict(list)
    links, degree = market.linkable(parameters.cap), market.degree()
    for row, code in zip(shared.tolist(), market.row_identifier[shared].tolist(), strict=True):
        found[int(market.row_seller[row])].append(
            Use(
                kind=Kind(int(market.identifier_kind[code])).word,
                identifier=market.identifiers[code],
                degree=int(degree[code]),
                level=Level(int(market.identifier_level[code])).name.lower(),
                confidence=round(float(market.row_confidence[row]), 6),
                first_seen=int(market.row_first_seen[row]),
                self_declared=bool(market.row_self_declared[row]),
                links=bool(links[code]),
                place=_place(market, code),
            )
        )
    return {seller: tuple(uses) for seller, uses in found.items()}


def _place(market: Market, code: int) -> str:
    place = int(market.identifier_place[code])
    return "" if place == code else market.identifiers[place]


def _shared_rows(market: Market, rings: Sequence[Sequence[int]]) -> Longs:
    """Return the rows in which two members or more of one ring use one identifier."""
    ring = np.full(len(market.sellers), -1, dtype=np.int64)
    for number, members in enumerate(rings):
        ring[list(members)] = number
    rows = np.flatnonzero(ring[market.row_seller] >= 0)
    key = (
        market.row_identifier[rows].astype(np.int64) * (len(rings) + 1)
        + ring[market.row_seller[rows]]
    )
    _, place, users = np.unique(key, return_inverse=True, return_counts=True)
    return np.asarray(rows[users[place] > 1])


def packed(uses: Sequence[Use]) -> str:
    """Return uses as JSON, the same text for the same uses."""
    return json.dumps([astuple(use) for use in uses], ensure_ascii=True, separators=(",", ":"))


def unpacked(text: str) -> tuple[Use, ...]:
    """Return the uses that `packed` wrote."""
    return tuple(Use(*values) for values in json.loads(text))
