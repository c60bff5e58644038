"""Looking things up by what a person typed."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class HitRow:
    """A node that answers to a text; `score` is the index's own, higher is nearer."""

    label: str
    id: str
    text: str | None
    score: float


HITS = load(__package__, "hits", HitRow)
EXACT = load(__package__, "exact", HitRow)
SELLERS_BY_TAX = load(__package__, "sellers_by_tax", HitRow, in_one=True)
LISTINGS_BY_URL = load(__package__, "listings_by_url", HitRow, in_one=True)
