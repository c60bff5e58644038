"""A market to which things happen: what comes, changes, goes and is decided, for property tests."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from graphsvc.rings.columns import Hub, Judged, Kind, Level, Market
from graphsvc.rings.gather import MarketBuilder
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.solve import solve
from graphsvc.rings.standing import Standing
from tests.unit.graphsvc.rings.ring_worlds import Use, planted
from tests.unit.graphsvc.rings.test_coupling import honest_homes_and_guilty_accounts

COUPLED = solve(honest_homes_and_guilty_accounts()).model
PLAIN = solve(planted().market()).model
# Few sellers must do: hubs begin early, and little is asked of a ring.
NUMBERS = Parameters(
    cap=(4,) * len(Kind), split_size=4, flag_score=0.0, coupled_flag_score=0.0, ban_ties=1
)
NAMES, THINGS = [f"s{n:02}" for n in range(24)], "pqrstuvw"
KINDS = [Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.IMAGE, Kind.ADDRESS]


@dataclass
class Told:
    """What was told and stands: the plainest way to keep it."""

    uses: list[Use] = field(default_factory=list)
    own: dict[str, tuple[float, int]] = field(default_factory=dict)
    judged: dict[tuple[str, str], int] = field(default_factory=dict)
    marks: dict[tuple[Kind, str], int] = field(default_factory=dict)
    alike: dict[tuple[str, str], bool] = field(default_factory=dict)
    copies: set[tuple[str, str]] = field(default_factory=set)

    def market(self) -> Market:
        """Return all of it as a batch reads it."""
        builder = MarketBuilder()
        for use in self.uses:
            builder.add(
                use.kind, [use.seller], [use.identifier], first_seen=[use.day],
                self_declared=[use.declared], confidence=[use.confidence], level=[use.level],
            )  # fmt: skip
        for name, (risk, reports) in self.own.items():
            builder.sellers([name], [risk], [reports])
        for (a, b), verdict in self.judged.items():
            builder.judged([a], [b], [verdict])
        for (kind, name), mark in self.marks.items():
            builder.decided(kind, [name], [mark])
        for (a, b), unit in self.alike.items():
            builder.same_place([a], [b], [0.8], [unit])
        for a, b in self.copies:
            builder.same_picture([a], [b])
        return builder.build()


@dataclass(frozen=True)
class Arrive:
    use: Use


@dataclass(frozen=True)
class Known:
    seller: str
    risk: float
    reports: int


@dataclass(frozen=True)
class Withdraw:
    place: int


@dataclass(frozen=True)
class Forget:
    seller: str


@dataclass(frozen=True)
class Judge:
    a: str
    b: str
    verdict: Judged


@dataclass(frozen=True)
class Decide:
    kind: Kind
    identifier: str
    mark: Hub


@dataclass(frozen=True)
class Settle:
    pass


@dataclass(frozen=True)
class Alike:
    a: str
    b: str
    unit: bool


@dataclass(frozen=True)
class Copy:
    a: str
    b: str


Change = Alike | Copy | Arrive | Known | Withdraw | Forget | Judge | Decide | Settle


def apply(change: Change, told: Told, standing: Standing) -> None:
    """Tell a change to both; what a standing market is not told of, to the other."""
    match change:
        case Arrive(use):
            told.uses.append(use)
            standing.uses(
                [use.kind], [use.seller], [use.identifier], first_seen=[use.day],
                self_declared=[use.declared], confidence=[use.confidence], level=[use.level],
            )  # fmt: skip
        case Known(seller, risk, reports):
            told.own[seller] = (risk, reports)
            standing.known([seller], [risk], [reports])
        case Withdraw(place) if told.uses:
            gone = told.uses[place % len(told.uses)]
            told.uses = [u for u in told.uses if _what(u) != _what(gone)]
            standing.withdraw(gone.kind, gone.seller, gone.identifier)
        case Forget(seller) if seller in standing.sellers:
            told.uses = [u for u in told.uses if u.seller != seller]
            told.own.pop(seller, None)
            told.judged = {p: v for p, v in told.judged.items() if seller not in p}
            standing.forget(seller)
        case Judge(a, b, verdict) if a != b:
            told.judged[min(a, b), max(a, b)] = verdict
            standing.judged(a, b, verdict)
        case Decide(kind, identifier, mark):
            told.marks[kind, identifier] = mark
            standing.decided(kind, identifier, mark)
        case Alike(a, b, unit) if a != b:
            told.alike[min(a, b), max(a, b)] = unit
        case Copy(a, b) if a != b:
            told.copies.add((a, b))
        case Settle():
            standing.settle()
        case _:
            pass


def _what(use: Use) -> tuple[Kind, str, str]:
    return use.kind, use.seller, use.identifier


sellers = st.sampled_from(NAMES)
kinds = st.sampled_from(KINDS)
things = st.sampled_from(THINGS)
arrivals = st.builds(
    Arrive,
    st.builds(
        Use,
        sellers,
        kinds,
        things,
        day=st.integers(-1, 60),
        declared=st.booleans(),
        confidence=st.sampled_from([1.0, 0.7]),
        level=st.sampled_from([Level.UNIT, Level.UNIT, Level.BUILDING, Level.STREET]),
    ),
)
knowledge = st.builds(
    Known, sellers, st.one_of(st.floats(0, 1), st.just(np.nan)), st.sampled_from([0, 1, 1])
)
changes = st.one_of(
    arrivals,
    arrivals,
    arrivals,
    knowledge,
    st.builds(Withdraw, st.integers(0, 60)),
    st.builds(Forget, sellers),
    st.builds(Judge, sellers, sellers, st.sampled_from(Judged)),
    st.builds(Decide, kinds, things, st.sampled_from(Hub)),
    st.just(Settle()),
)
LIKENESS = st.one_of(
    st.builds(Alike, things, things, st.booleans()), st.builds(Copy, things, things)
)


@st.composite
def towns(draw: st.DrawFn) -> list[Change]:
    """Draw four places of six sellers, who share enough for rings to be, and some who tie them."""
    told: list[Change] = []
    for n, names in enumerate(zip(*[iter(NAMES)] * 6, strict=True)):
        for thing in THINGS[2 * n : 2 * n + 2]:
            kind = draw(kinds)
            users = draw(st.lists(st.sampled_from(names), min_size=3, max_size=4, unique=True))
            told += [Arrive(Use(name, kind, thing, level=Level.UNIT)) for name in users]
        told += [Known(name, draw(st.floats(0, 1)), draw(st.integers(0, 1))) for name in names]
    return told + draw(st.lists(changes, max_size=6))
