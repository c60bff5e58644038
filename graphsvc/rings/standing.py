"""Rings as they stand while sellers come, change and go: only what a change touches is solved anew.

A link arises or ends only between two whom one change touches: so what has to be solved is the
components that these were in, and what comes of them equals the whole market solved by the same
model. Likeness of addresses and copies of pictures are not told to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graphsvc.rings import judgements
from graphsvc.rings.claims import Claims, with_room
from graphsvc.rings.columns import MOST_FREED, Bytes, Hub, Ints, Judged, Kind, Level, Market, Rows
from graphsvc.rings.component import part_of
from graphsvc.rings.found import FoundRing
from graphsvc.rings.gather import coarsest, distinct, in_order
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.solve import Solution, solve


@dataclass(frozen=True, slots=True)
class Own:
    """What is known of a seller by itself: risk 0..1 or NaN, and by how many it is reported."""

    risk: float = np.nan
    reports: int = 0


class Standing:
    """The market as told so far, and its groups as of the last `settle`, by one model.

    Sellers have codes in the order in which they were first told of; `sellers` has their names.
    """

    def __init__(self, model: Model, parameters: Parameters = DEFAULT, *, seed: int = 0) -> None:
        self.sellers: list[str] = []
        self._model, self._parameters, self._seed = model, parameters, seed
        self._codes: dict[str, int] = {}
        self._own: dict[int, Own] = {}
        self._things: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        self._names: list[str] = []
        self._kind: Bytes = np.empty(0, dtype=np.uint8)
        self._hub: Bytes = np.empty(0, dtype=np.uint8)
        self._claims = Claims()
        self._judged: dict[int, dict[int, int]] = {}
        self._touched: set[int] = set()
        self._component: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._found: dict[int, list[FoundRing]] = {}

    @property
    def groups(self) -> list[FoundRing]:
        """Every group of two or more, also of tier none; by components, in no lasting order."""
        return [group for groups in self._found.values() for group in groups]

    def uses(
        self,
        kinds: Sequence[Kind],
        sellers: Sequence[str],
        identifiers: Sequence[str],
        *,
        first_seen: Sequence[int],
        self_declared: Sequence[bool],
        confidence: Sequence[float] | None = None,
        level: Sequence[int] | None = None,
    ) -> None:
        """Take assertions of any kinds, else as `MarketBuilder.add` does."""
        size = len(sellers)
        rows = Rows(
            self._sellers(sellers),
            self._identifiers(kinds, identifiers),
            np.ones(size, np.float32) if confidence is None else np.asarray(confidence, np.float32),
            np.asarray(first_seen, dtype=np.int32),
            np.asarray(self_declared, dtype=np.bool_),
            np.full(size, Level.NONE, np.uint8) if level is None else np.asarray(level, np.uint8),
        )
        about = np.unique(rows.identifier)
        self._touch_users(about)
        self._claims.add(rows)
        self._touch_users(about)

    def withdraw(self, kind: Kind, seller: str, identifier: str) -> None:
        """Forget all that a seller asserted of an identifier."""
        thing = self._things[kind][identifier]
        rows = self._claims.of_seller(self._codes[seller])
        about = self._claims.at(rows).identifier.tolist()
        self._drop([row for row, used in zip(rows, about, strict=True) if used == thing])

    def known(self, sellers: Sequence[str], risk: Sequence[float], reports: Sequence[int]) -> None:
        """Take what is known of sellers now, in the place of what was: risk 0..1 or NaN."""
        codes = self._sellers(sellers).tolist()
        for code, value, count in zip(codes, risk, reports, strict=True):
            self._own[code] = Own(value, count)

    def forget(self, seller: str) -> None:
        """Take a seller out, with all that was said of it."""
        code = self._codes[seller]
        self._touched.add(code)
        self._drop(self._claims.of_seller(code))
        for other in self._judged.pop(code, {}):
            del self._judged[other][code]
        self._own.pop(code, None)

    def judged(self, left: str, right: str, verdict: Judged) -> None:
        """Take what a person judged of two sellers, in the place of what was judged before."""
        a, b = self._sellers([left, right]).tolist()
        self._judged.setdefault(a, {})[b] = int(verdict)
        self._judged.setdefault(b, {})[a] = int(verdict)

    def decided(self, kind: Kind, identifier: str, mark: Hub) -> None:
        """Take what a person decided of an identifier, in the place of what held before."""
        thing = self._identifiers([kind], [identifier])
        self._touch_users(thing)
        self._hub[thing] = mark
        self._touch_users(thing)

    def settle(self) -> int:
        """Solve what was touched since the last time; returns how many sellers that took in."""
        region = set(self._touched)
        for component in {self._component[c] for c in self._touched if c in self._component}:
            region.update(self._members.pop(component))
            self._found.pop(component, None)
        for code in region:
            self._component.pop(code, None)
        self._touched.clear()
        if len(region) > 1:
            self._solve(region)
        return len(region)

    def _solve(self, region: set[int]) -> None:
        market, codes = self._market(region)
        inside = np.isin(codes, list(region))
        solution = solve(
            part_of(market, inside), self._parameters, seed=self._seed, model=self._model
        )
        self._keep(solution, codes)

    def _keep(self, solution: Solution, codes: Ints) -> None:
        label = solution.component
        several = np.flatnonzero((np.bincount(label, minlength=label.size) > 1)[label])
        for code, least in zip(
            codes[several].tolist(), codes[label[several]].tolist(), strict=True
        ):
            self._component[code] = least
            self._members.setdefault(least, []).append(code)
        for group in solution.groups:
            members = tuple(replace(m, seller=int(codes[m.seller])) for m in group.members)
            component = self._component[members[0].seller]
            self._found.setdefault(component, []).append(replace(group, members=members))

    def _market(self, region: set[int]) -> tuple[Market, Ints]:
        """Return all that is told of what these sellers share, and the code of each seller."""
        rows = self._claims.at(self._rows_around(region))
        everybody = region.union(rows.seller.tolist())
        codes = np.array(sorted(everybody, key=self.sellers.__getitem__), dtype=np.int32)
        things = np.unique(rows.identifier)
        place = {code: at for at, code in enumerate(codes.tolist())}
        seller = np.array([place[code] for code in rows.seller.tolist()], dtype=np.int32)
        told = in_order(
            [
                replace(
                    rows,
                    seller=seller,
                    identifier=np.searchsorted(things, rows.identifier).astype(np.int32),
                )
            ]
        )
        pairs = distinct(told)
        names = [self.sellers[code] for code in codes.tolist()]
        own = [self._own.get(code, Own()) for code in codes.tolist()]
        a, b, verdict = judgements.columns(self._judgements(region), names)
        return Market(
            sellers=names,
            identifiers=[self._names[thing] for thing in things.tolist()],
            identifier_kind=self._kind[things],
            identifier_level=coarsest(told, things.size),
            identifier_reach=np.zeros(things.size, dtype=np.int32),
            identifier_place=np.arange(things.size, dtype=np.int32),
            identifier_hub=self._hub[things],
            row_seller=pairs.seller,
            row_identifier=pairs.identifier,
            row_confidence=pairs.confidence,
            row_first_seen=pairs.first_seen,
            row_self_declared=pairs.self_declared,
            risk=np.array([each.risk for each in own], dtype=np.float64),
            report_count=np.array([each.reports for each in own], dtype=np.int32),
            judged_a=a,
            judged_b=b,
            judged=verdict,
        ), codes

    def _rows_around(self, region: set[int]) -> list[int]:
        """Return all assertions, by whomever, about what may tie these sellers to anybody."""
        rows = [row for code in region for row in self._claims.of_seller(code)]
        things = self._linking(self._claims.identifiers(rows))
        return [row for thing in things for row in self._claims.of_identifier(thing)]

    def _judgements(self, region: set[int]) -> dict[tuple[str, str], int]:
        return {
            (self.sellers[a], self.sellers[b]): verdict
            for a in region
            for b, verdict in self._judged.get(a, {}).items()
            if b in region and self.sellers[a] < self.sellers[b]
        }

    def _linking(self, things: Ints) -> list[int]:
        """Return of these identifiers those of a number of users that may be linked by one."""
        cap = np.asarray(self._parameters.cap, dtype=np.int64)[self._kind[things]]
        limit = np.where(self._hub[things] == Hub.NONE, np.maximum(cap, MOST_FREED), cap)
        degree = self._claims.degree(things)
        found: list[int] = things[(degree >= 2) & (degree <= limit)].tolist()
        return found

    def _touch_users(self, things: Ints) -> None:
        """Note the users of what links them, or did until a change that comes now."""
        for thing in self._linking(things):
            self._touched |= self._claims.sellers(self._claims.of_identifier(thing))

    def _drop(self, rows: list[int]) -> None:
        about = self._claims.identifiers(rows)
        self._touch_users(about)
        self._claims.drop(rows)
        self._touch_users(about)

    def _sellers(self, names: Sequence[str]) -> Ints:
        """Return the codes of sellers, who are touched by whatever is said of them."""
        for name in names:
            if name not in self._codes:
                self._codes[name] = len(self.sellers)
                self.sellers.append(name)
        codes = [self._codes[name] for name in names]
        self._touched.update(codes)
        return np.array(codes, dtype=np.int32)

    def _identifiers(self, kinds: Sequence[Kind], names: Sequence[str]) -> Ints:
        """Return the codes of identifiers."""
        new: list[Kind] = []
        for kind, name in zip(kinds, names, strict=True):
            if name not in self._things[kind]:
                self._things[kind][name] = len(self._names)
                self._names.append(name)
                new.append(kind)
        size = len(self._names)
        self._kind, self._hub = (with_room(each, size, 0) for each in (self._kind, self._hub))
        self._kind[size - len(new) : size] = new
        told = zip(kinds, names, strict=True)
        return np.array([self._things[kind][name] for kind, name in told], dtype=np.int32)
