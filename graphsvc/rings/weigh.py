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
from graphsvc.rings.noisy_or import Cells, cells, noisy_or, second
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
    """One row per (pair of sellers, linkable identifier that both use), and the pairs' sellers.

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
    degree: Longs
    alike: Flags
    building: Flags
    confidence: Floats
    firm: Flags
    first_a: Flags
    first_b: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """P(one operator) of each pair: from all it shares, and as it speaks towards a and towards b.

    Towards a seller the pictures that it had first are left out: who is copied is no accomplice.
    `bare` is P without any picture where that decides: from theta up to `picture_theta`.
    """

    p: Floats
    bare: Floats
    to_a: Floats
    to_b: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of sellers a < b that share identifiers, with the evidence that these give.

    `firm` is the evidence with every self-declared tie left out; `shared` counts identifiers;
    `ties` are the facts, `ties.pair` points here.
    """

    a: Ints
    b: Ints
    evidence: Evidence
    firm: Evidence
    shared: Longs
    ties: Ties


def shared_ties(market: Market, parameters: Parameters) -> Ties:
    """Spread every linkable identifier over the pairs of its users: u(u-1)/2 rows each."""
    users, degree, freed = market.users(), market.degree(), market.freed
    degree[freed] = np.minimum(degree[freed], parameters.corroboration_degree)
    rows = np.flatnonzero(market.linkable(parameters.cap)[market.row_identifier])
    identifier = market.row_identifier[rows]
    place = np.arange(rows.size)
    starts = np.flatnonzero(np.diff(identifier, prepend=-1))
    after = np.repeat(starts + users[identifier[starts]], users[identifier[starts]]) - place - 1
    left = np.repeat(place, after)
    right = left + 1 + np.arange(left.size) - np.repeat(np.cumsum(after) - after, after)
    left, right = rows[left], rows[right]
    count = max(len(market.sellers), 1)
    key = market.row_seller[left].astype(np.int64) * count + market.row_seller[right]
    distinct, pair, judged = judgements.pairs_with(market, key)
    shared = market.row_identifier[left]
    lead = market.head_start(left, right)
    confidence = market.row_confidence.astype(np.float64)
    return Ties(
        sellers=len(market.sellers),
        a=(distinct // count).astype(np.int32),
        b=(distinct % count).astype(np.int32),
        judged=judged,
        pair=pair.astype(np.int64),
        place=market.identifier_place[shared],
        kind=market.identifier_kind[shared],
        degree=degree[shared],
        alike=(market.identifier_reach[shared] > 0) | freed[shared],
        building=market.identifier_level[shared] == Level.BUILDING,
        confidence=confidence[left] * confidence[right],  # a tie holds if both assertions do
        firm=~(market.row_self_declared[left] | market.row_self_declared[right]),
        first_a=lead >= parameters.head_start_days,
        first_b=-lead >= parameters.head_start_days,
    )


def calibrate(ties: Ties, parameters: Parameters) -> Calibration:
    """Learn the weights from the market itself: how often a cell's pairs are seen to agree twice.

    pi = min(max_weight, kappa / rho): kappa is the share of a cell's pairs that another kind of
    identifier confirms, rho the same for pairs of a payment account of few sellers, who are one
    operator all but surely. Too few such pairs, or too few of them confirmed (as where there is
    one kind alone): the shipped table. Addresses that are merely alike teach nothing.
    """
    ties = _exact(ties)
    confirmed = _confirmed(ties, parameters)
    paid = ties.kind == Kind.PAYMENT_ACCOUNT
    anchors = np.unique(ties.pair[paid & (ties.degree <= parameters.anchor_degree)])
    held = confirmed[Kind.PAYMENT_ACCOUNT, anchors]
    few = np.count_nonzero(held) < parameters.min_confirmed_anchors
    if few or anchors.size < parameters.min_anchor_pairs:
        return PRIOR
    rho, side = float(np.mean(held)), ties.building.astype(np.int64)
    cell = np.ravel_multi_index((ties.kind, degree_bin(ties.degree), side), _SHAPE)
    each = np.sort(cell * max(ties.a.size, 1) + ties.pair)
    cell, pair = np.divmod(each[np.diff(each, prepend=-1) > 0], max(ties.a.size, 1))
    kind = np.unravel_index(cell, _SHAPE)[0]
    pairs_of = np.bincount(cell, minlength=PRIOR.pi.size)
    hits = np.bincount(cell, weights=confirmed[kind, pair], minlength=PRIOR.pi.size)
    raw = np.minimum(hits / np.maximum(pairs_of, 1) / rho, parameters.max_weight)
    sparse = pairs_of < parameters.min_cell_pairs
    return Calibration("self", _smooth(raw.reshape(_SHAPE), sparse.reshape(_SHAPE), parameters))


def _exact(ties: Ties) -> Ties:
    """Return the ties without those of addresses that are merely alike; the pairs stay."""
    if not ties.alike.any():
        return ties
    by_tie = ("pair", "kind", "degree", "building")  # all that a calibration looks at
    return replace(ties, **{name: getattr(ties, name)[~ties.alike] for name in by_tie})


def _confirmed(ties: Ties, parameters: Parameters) -> Flags:
    """Tell for each (kind, pair) whether another kind, little shared, joins the pair too."""
    small = ties.degree <= parameters.corroboration_degree
    has = np.zeros((len(Kind), ties.a.size), dtype=np.bool_)
    has[ties.kind[small], ties.pair[small]] = True
    confirmed: Flags = (has.sum(axis=0) - has) > 0
    return confirmed


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
    weight = calibration.pi[ties.kind, degree_bin(ties.degree), ties.building.astype(np.int64)]
    fold = _Fold(
        cells(ties.pair, ties.kind),
        weight * ties.confidence,
        np.where(ties.degree <= parameters.corroboration_degree, ties.confidence, 0.0),
        parameters,
        np.flatnonzero(np.bincount(ties.pair, minlength=ties.a.size)),
    )
    every = np.ones(ties.pair.size, dtype=np.bool_)
    whole = fold.probability(fold.cells, every)
    firm = evidence = fold.evidence(ties, whole, every)
    if not ties.firm.all():
        firm = fold.evidence(ties, fold.without(whole, every, ~ties.firm, ties.pair), ties.firm)
    return Pairs(
        a=ties.a,
        b=ties.b,
        evidence=evidence,
        firm=firm,
        shared=np.bincount(ties.pair, minlength=ties.a.size).astype(np.int64),
        ties=ties,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """What ties weigh, how surely those of little shared things hold, and which pairs have any."""

    cells: Cells
    weight: Floats
    sure: Floats
    parameters: Parameters
    tied: Longs

    def evidence(self, ties: Ties, p: Floats, keep: Flags) -> Evidence:
        """Return `p`, of each pair tied by what is kept, and as it speaks towards each side."""
        asked = np.zeros(ties.a.size, dtype=np.bool_)
        asked[self.tied] = (p >= self.parameters.theta) & (p < self.parameters.picture_theta)
        pictures = asked[ties.pair] & (ties.kind == Kind.IMAGE)
        gone = (pictures, ties.first_a, ties.first_b)
        less = (self.without(p, keep, each, ties.pair) for each in gone)
        return Evidence(*(self.judged(ties, each) for each in (p, *less)))

    def without(self, p: Floats, keep: Flags, dropped: Flags, pair: Longs) -> Floats:
        """Return P of each pair tied, `p` by the ties kept, once some are dropped; pairs that lose
        none stay as they are."""
        lost = np.flatnonzero(keep & dropped)
        if not lost.size:
            return p
        of_all = np.bincount(pair[lost], minlength=int(pair.max()) + 1) > 0
        less = p.copy()
        less[of_all[self.tied]] = self.probability(self.cells.only(of_all), keep & ~dropped)
        return less

    def judged(self, ties: Ties, p: Floats) -> Floats:
        """Return P of all pairs, also of those without a tie, once people have spoken."""
        found = np.zeros(ties.a.size)
        found[self.tied] = p
        return judgements.overruled(found, ties.judged, self.parameters.max_link)

    def probability(self, told: Cells, keep: Flags) -> Floats:
        """Return P of each pair of `told`; two kinds of little shared identifiers lift it to the
        floor, scaled by the confidence of the less sure of the two."""
        p = noisy_or(told, np.where(keep, self.weight, 0.0))
        if not self.parameters.two_type_floor:
            return p
        agreed = second(told, np.where(keep, self.sure, 0.0))
        return np.maximum(p, self.parameters.two_type_floor * agreed)
