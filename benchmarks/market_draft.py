"""A market while it is being made: how hard it is to be, what is settled, who is in what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from graphsvc.rings.columns import Kind, Level

Longs = npt.NDArray[np.int64]
OWN = (Kind.ADDRESS, Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.EMAIL, Kind.DEVICE)
LAST_JOIN, LAST_DAY = 1000, 1400
SPREAD_DAYS = 200


@dataclass(frozen=True, slots=True)
class Preset:
    """How hard a market is; shares are 0..1, of all sellers where nothing else is said."""

    name: str
    members: float = 0.04
    size_tail: float = 0.6
    ties_of_a_link: tuple[float, ...] = (0.2, 0.5, 0.3)  # one, two, three kinds
    shapes: tuple[float, ...] = (0.15, 0.6, 0.25)  # chain, tree, teams
    families: float = 0.03
    family_shares: tuple[float, ...] = (0.25, 0.15, 0.0, 0.10)  # account, phone, email, device
    coincidences: float = 0.03  # sellers who share one small thing with a few strangers
    crooked: float = 0.33  # of ring members, who stand in honest traps too
    self_declared: float = 0.03
    undated: float = 0.1
    risk_guilty: tuple[float, float] = (5.0, 3.0)
    risk_honest: tuple[float, float] = (2.0, 5.0)
    reported_members: float = 0.15
    reported_honest: float = 0.003


EASY = Preset("easy")
HARD = replace(
    EASY,
    name="hard",
    ties_of_a_link=(0.35, 0.45, 0.2),
    shapes=(0.25, 0.5, 0.25),
    families=0.05,
    family_shares=(0.35, 0.25, 0.15, 0.2),
    coincidences=0.05,
    crooked=0.5,
    self_declared=0.06,
    undated=0.3,
    risk_guilty=(4.5, 3.3),
)
PRESETS = {preset.name: preset for preset in (EASY, HARD)}


@dataclass(slots=True)
class Draft:
    """A market while it is being made: what is settled, the rows beyond that, and who is whose."""

    preset: Preset
    rng: np.random.Generator
    count: int
    joined: Longs = field(init=False)
    ring: Longs = field(init=False)
    trap: npt.NDArray[np.str_] = field(init=False)
    own: dict[Kind, Longs] = field(init=False)
    level: dict[int, int] = field(default_factory=dict)
    parts: list[tuple[Kind, Longs, Longs, Longs]] = field(default_factory=list)
    last: int = 0

    def __post_init__(self) -> None:
        self.joined = self.rng.integers(0, LAST_JOIN + 1, self.count)
        self.ring = np.full(self.count, -1)
        self.trap = np.full(self.count, "", dtype="U16")
        self.own = {kind: np.full(self.count, -1) for kind in OWN}

    def fresh(self, many: int = 1) -> Longs:
        """Return identifiers that nobody has yet."""
        self.last += many
        return np.arange(self.last - many, self.last)

    def use(self, kind: Kind, sellers: Longs, identifiers: Longs, days: Longs) -> None:
        """Note rows "this seller uses this identifier since this day"."""
        self.parts.append((kind, sellers, identifiers, np.minimum(days, LAST_DAY)))

    def settle(self, kind: Kind, sellers: Longs, identifiers: Longs) -> None:
        """Make it the sellers' own of its kind, or one more where they have one."""
        free = self.own[kind][sellers] < 0
        self.own[kind][sellers[free]] = identifiers[free]
        rest = sellers[~free]
        days = self.joined[rest] + self.rng.integers(0, 40, rest.size)
        self.use(kind, rest, identifiers[~free], days)

    def share(self, kind: Kind, sellers: Longs, *, level: Level = Level.UNIT) -> None:
        """Let sellers have one thing in common."""
        thing = self.fresh()
        if kind is Kind.ADDRESS:
            self.level[int(thing[0])] = level
        if kind is Kind.IMAGE:
            days = self.joined[sellers] + self.rng.integers(0, 300, sellers.size)
            self.use(kind, sellers, np.repeat(thing, sellers.size), days)
        else:
            self.settle(kind, sellers, np.repeat(thing, sellers.size))
