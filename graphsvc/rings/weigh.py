"""Pair evidence: how likely two sellers who share identifiers are one operator, without labels.

It must never look at reports, risk or a name: only at who uses what, how widely, and since when.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from graphsvc.rings import judgements
from graphsvc.rings.columns import Bytes, Flags, Floats, Ints, Kind, Level, Longs, Market
from graphsvc.rings.noisy_or import cells, noisy_or, second
from graphsvc.rings.parameters import Parameters

BIN_FLOORS: Longs = np.array([2, 3, 4, 5, 7, 10, 15, 25], dtype=np.int64)
_SHAPE = (len(Kind), len(BIN_FLOORS), 2)
_SIDES = ("exact", "building")
# Who taught the weights: the market itself, nobody, people's judgements; or another question's.
Source = Literal["self", "prior", "judged", "coupling"]


def degree_bin(degree: npt.ArrayLike) -> Longs:
    """Return the bin of each degree (>= 2): 2, 3, 4, 5-6, 7-9, 10-14, 15-24, 25 and more."""
    return np.searchsorted(BIN_FLOORS, np.asarray(degree), side="right") - 1


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The weight `pi[kind, degree bin, building level?]` of one shared identifier."""

    source: Source
    pi: Floats

    def weight(self, kind: Kind, degree: int, level: Level) -> float:
        """Return P(one operator) that one identifier of this kind and degree gives by itself."""
        return float(self.pi[kind, degree_bin(degree), int(level == Level.BUILDING)])

    def as_json(self) -> dict[str, object]:
        """Return the table by the words of the kinds; the building column is the address's."""
        table: dict[str, dict[str, list[float]]] = {}
        for kind in Kind:
            sides = _SIDES if kind is Kind.ADDRESS else _SIDES[:1]
            table[kind.word] = {s: self.pi[kind, :, i].tolist() for i, s in enumerate(sides)}
        return {"source": self.source, "pi": table}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Calibration:
        """Return the Calibration that `as_json` told; raises ValueError for an impossible one."""
        pi = np.zeros(_SHAPE)
        for kind in Kind:
            sides = told["pi"][kind.word]
            pi[kind, :, 0] = sides["exact"]
            pi[kind, :, 1] = sides.get("building", sides["exact"])
        if told["source"] not in get_args(Source) or not np.all((pi >= 0) & (pi <= 1)):
            raise ValueError("a calibration needs its source and weights between 0 and 1")
        return cls(told["source"], pi)


def _shipped() -> Calibration:
    text = resources.files("graphsvc.rings").joinpath("prior.json").read_text(encoding="utf-8")
    return Calibration.from_json(json.loads(text))


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
        ties, asked = self.ties, np.zeros(self.a.size, dtype=np.bool_)
        asked[at] = True
        mine = np.flatnonzero(asked[ties.pair])
        kept = ties.firm[mine] | (not firm)
        sides = (kept, kept & ~ties.first_a[mine], kept & ~ties.first_b[mine])
        return Evidence(*(self._by(at, mine, side) for side in sides))

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
    starts = np.flatnonzero(np.diff(identifier, prepend=-1))
    each = users[identifier[starts]]
    after = np.repeat(starts + each, each) - place - 1
    left = np.repeat(place, after)
    first = (np.cumsum(after) - after).astype(np.int64)
    right = left + 1 + (np.arange(left.size) - np.repeat(first, after))
    return rows[left], rows[right]


def _cell(kind: Bytes, degree: Ints, building: Flags) -> Bytes:
    """Return the place of each identifier's weight in the flat table of a calibration."""
    return ((kind * _SHAPE[1] + degree_bin(degree)) * _SHAPE[2] + building).astype(np.uint8)


def calibrate(ties: Ties, parameters: Parameters) -> Calibration:
    """Learn the weights from the market itself: how often a cell's pairs are seen to agree twice.

    pi = min(max_weight, kappa / rho): kappa is the share of a cell's pairs that another kind of
    identifier confirms, rho the same for pairs of a payment account of few sellers, who are one
    operator all but surely. Too few such pairs, or too few of them confirmed (as where there is
    one kind alone): the shipped table. Addresses that are merely alike teach nothing.
    """
    ties = _exact(ties)
    anchor = (ties.kind == Kind.PAYMENT_ACCOUNT) & (ties.degree <= parameters.anchor_degree)
    anchors = np.count_nonzero(np.diff(ties.pair[anchor], prepend=-1))
    several, confirmed = _confirmed(ties, parameters)
    held = several[confirmed & anchor[several]]
    few = np.count_nonzero(np.diff(ties.pair[held], prepend=-1))
    if few < parameters.min_confirmed_anchors or anchors < parameters.min_anchor_pairs:
        return PRIOR
    size, cell = int(np.prod(_SHAPE)), ties.cell[several].astype(np.int64)
    key = ties.pair[several] * size + cell
    order = np.argsort(key)
    again = order[np.diff(key[order], prepend=-1) == 0]  # a pair counts once in a cell
    pairs_of = np.bincount(ties.cell, minlength=size) - np.bincount(cell[again], minlength=size)
    confirmed[again] = False
    hits = np.bincount(cell[confirmed], minlength=size)
    raw = np.minimum(hits / np.maximum(pairs_of, 1) / (few / anchors), parameters.max_weight)
    sparse = pairs_of < parameters.min_cell_pairs
    return Calibration("self", _smooth(raw.reshape(_SHAPE), sparse.reshape(_SHAPE), parameters))


def _exact(ties: Ties) -> Ties:
    """Return the ties without those of addresses that are merely alike; the pairs stay."""
    if not ties.alike.any():
        return ties
    looked_at = ("pair", "kind", "degree", "cell")
    return replace(ties, **{name: getattr(ties, name)[~ties.alike] for name in looked_at})


def _confirmed(ties: Ties, parameters: Parameters) -> tuple[Longs, Flags]:
    """Return the ties that are several of a pair, and which of these another kind confirms."""
    several = ties.several()
    told = cells(ties.pair[several], ties.kind[several])
    small = told.any(ties.degree[several] <= parameters.corroboration_degree)
    others = np.repeat(told.count(small), np.diff(told.pairs, append=small.size)) - small
    return several, np.repeat(others > 0, np.diff(told.starts, append=several.size))


def _smooth(raw: Floats, sparse: Flags, parameters: Parameters) -> Floats:
    """Fill sparse cells from the bin before, and let no weight but payment's rise with degree."""
    pi = raw.copy()
    pi[:, 0] = np.where(sparse[:, 0], PRIOR.pi[:, 0], raw[:, 0])
    for place in range(1, len(BIN_FLOORS)):
        before = pi[:, place - 1]
        told = np.where(sparse[:, place], parameters.sparse_factor * before, raw[:, place])
        pi[:, place] = np.minimum(told, before)
        pi[Kind.PAYMENT_ACCOUNT, place] = told[Kind.PAYMENT_ACCOUNT]
    return pi


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
