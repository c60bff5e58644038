"""Pair evidence: how likely two sellers who share identifiers are one operator, without labels.

It must never look at reports, risk or a name: only at who uses what, how widely, and since when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from graphsvc.rings import judgements
from graphsvc.rings.columns import Bytes, Flags, Floats, Ints, Kind, Level, Longs, Market
from graphsvc.rings.distinct import changes
from graphsvc.rings.noisy_or import cells, noisy_or, second
from graphsvc.rings.parameters import Parameters

BIN_FLOORS: Longs = np.array([2, 3, 4, 5, 7, 10, 15, 25], dtype=np.int64)
_SHAPE = (len(Kind), len(BIN_FLOORS), 2)
# Who taught the weights: the market itself, nobody, people's judgements; or another question's.
Source = Literal["self", "prior", "judged", "coupling"]


def degree_bin(degree: npt.ArrayLike) -> Longs:
    """Return the bin of each degree (>= 2): 2, 3, 4, 5-6, 7-9, 10-14, 15-24, 25 and more."""
    return np.searchsorted(BIN_FLOORS, np.asarray(degree), side="right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The weight `pi[kind, degree bin, building or beside a home?]` of one shared identifier."""

    source: Source
    pi: Floats

    def weight(self, kind: Kind, degree: int, level: Level) -> float:
        """Return P(one operator) that one identifier of this kind and degree gives by itself."""
        return float(self.pi[kind, degree_bin(degree), int(level == Level.BUILDING)])

    def as_json(self) -> dict[str, object]:
        """Return the table by the words of the kinds; only `coupling` knows what a home is."""
        table: dict[str, dict[str, list[float]]] = {}
        for kind in Kind:
            table[kind.word] = {"exact": self.pi[kind, :, 0].tolist()}
            if kind is Kind.ADDRESS or self.source == "coupling":
                side = "building" if kind is Kind.ADDRESS else "home"
                table[kind.word][side] = self.pi[kind, :, 1].tolist()
        return {"source": self.source, "pi": table}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Calibration:
        """Return the Calibration that `as_json` told; raises ValueError for an impossible one."""
        pi = np.zeros(_SHAPE)
        for kind in Kind:
            sides = told["pi"][kind.word]
            pi[kind, :, 0] = sides["exact"]
            pi[kind, :, 1] = sides.get("building", sides.get("home", sides["exact"]))
        if told["source"] not in get_args(Source) or not np.all((pi >= 0) & (pi <= 1)):
            raise ValueError("a calibration needs its source and weights between 0 and 1")
        return cls(told["source"], pi)


def _shipped() -> Calibration:
    file = resources.files("graphsvc.rings").joinpath("prior.json")
    return Calibration.from_json(json.loads(file.read_text(encoding="utf-8")))


PRIOR = _shipped()


@dataclass(frozen=True, slots=True, eq=False)
class Ties:
    """One row per (pair of sellers, linkable identifier that both use), sorted by pair, then kind.

    `cell` is the place of a tie's weight in a calibration; `a` and `b` are the pairs' sellers.

    Pairs that a person judged are there too, even without a tie; `judged` is a Judged of each pair.
    `place` is what a tie counts as: identifiers of one place are one. `alike` is True for a tie
    that teaches a calibration nothing: two addresses that are alike, or an identifier that only
    a person's word lets link, which weighs as one of `corroboration_degree` sellers. `firm` is
    False where a side is only self-declared; `first_a` (`first_b`) is True where the tie is a
    picture that a (b) had clearly before the other side: it is no evidence against that side.
    """

    sellers: int
    a: Ints
    b: Ints
    judged: Bytes
    pair: Longs
    place: Ints
    kind: Bytes
    degree: Ints
    cell: Bytes
    alike: Flags
    confidence: Floats
    firm: Flags
    first_a: Flags
    first_b: Flags

    @property
    def second(self) -> Flags:
        """Tell whose weight is in the second column of a calibration."""
        return self.cell % _SHAPE[2] > 0

    def several(self) -> Longs:
        """Return the places of ties that are not the only one of their pair, which are few."""
        same = np.diff(self.pair) == 0
        crowded = np.zeros(self.pair.size, dtype=np.bool_)
        crowded[1:] = same
        crowded[:-1] |= same
        return np.flatnonzero(crowded)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """P(one operator) of pairs: from all they share, and as it speaks towards a and towards b.

    Towards a seller the pictures that it had first are left out: who is copied is no accomplice.
    """

    p: Floats
    to_a: Floats
    to_b: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of sellers a < b that share identifiers, with P(one operator) from all they share.

    `ties` are the facts, `ties.pair` points here; `weight` is what each of them weighs.
    """

    a: Ints
    b: Ints
    p: Floats
    weight: Floats
    ties: Ties
    parameters: Parameters

    def evidence(self, at: Longs, *, firm: bool = False) -> Evidence:
        """Return the evidence of the pairs at these ascending places: few are ever asked for.

        `firm` leaves out every tie that a side merely declares.
        """
        mine, kept = self._ties_of(at, firm=firm)
        p = self._by(at, mine, kept)
        firsts = (self.ties.first_a, self.ties.first_b)
        return Evidence(p, *(self._without(p, at, mine, kept, first) for first in firsts))

    def _without(self, p: Floats, at: Longs, mine: Longs, kept: Flags, first: Flags) -> Floats:
        """Return P with the ties left out that are `first`: of few pairs it is another."""
        concerned = np.zeros(self.a.size, dtype=np.bool_)
        concerned[self.ties.pair[mine[kept & first[mine]]]] = True
        place = np.flatnonzero(concerned[at])
        among = np.flatnonzero(concerned[self.ties.pair[mine]])
        told = p.copy()
        told[place] = self._by(at[place], mine[among], kept[among] & ~first[mine[among]])
        return told

    def bare(self, at: Longs, *, firm: bool = False) -> Floats:
        """Return P of these pairs without any picture."""
        mine, kept = self._ties_of(at, firm=firm)
        return self._by(at, mine, kept & (self.ties.kind[mine] != Kind.IMAGE))

    def _ties_of(self, at: Longs, *, firm: bool) -> tuple[Longs, Flags]:
        asked = np.zeros(self.a.size, dtype=np.bool_)
        asked[at] = True
        mine = np.flatnonzero(asked[self.ties.pair])
        return mine, self.ties.firm[mine] | (not firm)

    def _by(self, at: Longs, mine: Longs, kept: Flags) -> Floats:
        tied, told = _folded(self.ties, mine, kept, self.weight, self.parameters)
        p = np.zeros(at.size)
        p[np.searchsorted(at, tied)] = told
        return judgements.overruled(p, self.ties.judged[at], self.parameters.max_link)


def shared_ties(market: Market, parameters: Parameters) -> Ties:
    """Spread every linkable identifier over the pairs of its users: u(u-1)/2 rows each."""
    left, right = _together(market, parameters)
    count = max(len(market.sellers), 1)
    shared = market.row_identifier[left]
    key = market.row_seller[left].astype(np.int64) * count + market.row_seller[right]
    key = key * len(Kind) + market.identifier_kind[shared]
    order = np.argsort(key)
    left, right, shared = left[order], right[order], shared[order]
    distinct, pair, judged = judgements.pairs_with(market, key[order] // len(Kind))
    degree, freed = market.degree().astype(np.int32), market.freed
    degree[freed] = np.minimum(degree[freed], parameters.corroboration_degree)
    building = market.identifier_level == Level.BUILDING
    return Ties(
        sellers=len(market.sellers),
        a=(distinct // count).astype(np.int32),
        b=(distinct % count).astype(np.int32),
        judged=judged,
        pair=pair,
        place=market.identifier_place[shared],
        kind=market.identifier_kind[shared],
        degree=degree[shared],
        cell=_cell(market.identifier_kind, degree, building)[shared],
        alike=((market.identifier_reach > 0) | freed)[shared],
        # A tie holds if both assertions do.
        confidence=market.row_confidence[left].astype(np.float64) * market.row_confidence[right],
        firm=~(market.row_self_declared[left] | market.row_self_declared[right]),
        first_a=market.ahead(left, right, parameters.head_start_days),
        first_b=market.ahead(right, left, parameters.head_start_days),
    )


def _together(market: Market, parameters: Parameters) -> tuple[Ints, Ints]:
    """Return the rows of each two users of a linkable identifier, the lesser seller's first."""
    users = market.users()
    rows = np.flatnonzero(market.linkable(parameters.cap)[market.row_identifier]).astype(np.int32)
    identifier = market.row_identifier[rows]
    place = np.arange(rows.size, dtype=np.int32)
    starts = np.flatnonzero(changes(identifier))
    each = users[identifier[starts]]
    after = np.repeat(starts + each, each) - place - 1
    left = np.repeat(place, after)
    first = (np.cumsum(after) - after).astype(np.int64)
    right = left + 1 + (np.arange(left.size) - np.repeat(first, after))
    return rows[left], rows[right]


def _cell(kind: Bytes, degree: Ints, building: Flags) -> Bytes:
    """Return the place of each identifier's weight in the flat table of a calibration."""
    return ((kind * _SHAPE[1] + degree_bin(degree)) * _SHAPE[2] + building).astype(np.uint8)


def pairs(market: Market, calibration: Calibration, parameters: Parameters) -> Pairs:
    """Return every pair of sellers who share a linkable identifier, with its evidence."""
    return weigh(shared_ties(market, parameters), calibration, parameters)


def weigh(ties: Ties, calibration: Calibration, parameters: Parameters) -> Pairs:
    """Fold ties to pairs: noisy-or over kinds, the best inside a kind, then what people judged."""
    weight = calibration.pi.reshape(-1)[ties.cell] * ties.confidence
    p = np.zeros(ties.a.size)
    p[ties.pair] = 1 - (1 - weight)  # nineteen pairs in twenty have one tie
    several = ties.several()
    tied, p_tied = _folded(ties, several, np.ones(several.size, np.bool_), weight, parameters)
    p[tied] = p_tied
    p = judgements.overruled(p, ties.judged, parameters.max_link)
    return Pairs(ties.a, ties.b, p, weight, ties, parameters)


def _folded(
    ties: Ties, mine: Longs, kept: Flags, weight: Floats, parameters: Parameters
) -> tuple[Longs, Floats]:
    """Return the pairs that have any of `mine`, and P of each by those of them that are kept.

    Two kinds of little shared identifiers lift it to the floor, scaled by the confidence of the
    less sure of the two.
    """
    told = cells(ties.pair[mine], ties.kind[mine])
    p = noisy_or(told, np.where(kept, weight[mine], 0.0))
    tied = ties.pair[mine[told.starts[told.pairs]]]
    if not parameters.two_type_floor:
        return tied, p
    little = kept & (ties.degree[mine] <= parameters.corroboration_degree)
    agreed = second(told, np.where(little, ties.confidence[mine], 0.0))
    return tied, np.maximum(p, parameters.two_type_floor * agreed)
