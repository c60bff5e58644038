"""Every number that detection uses, in one frozen and checked place; it decides nothing itself.

A run records these numbers, so no stage may carry a threshold of its own.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from graphsvc.rings.columns import Kind

if TYPE_CHECKING:
    from graphsvc.rings.model import Model


class Engine(StrEnum):
    """How sellers are put together into groups; scoring is the same for all."""

    EVIDENCE = "evidence"
    LOUVAIN = "louvain"
    COMPONENTS = "components"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The numbers of one run. Raises ValueError where a number is impossible."""

    # which identifiers may link: greatest number of sellers, in the order of Kind
    cap: tuple[int, ...] = (20,) * len(Kind)
    component_degree: int = 3  # the components engine joins over identifiers of at most this

    # pair evidence
    # theta is for weights that nobody learned; those of the market itself are believed from less,
    # but never where pictures alone say so: anybody can take a picture
    theta: float = 0.35
    calibrated_theta: float = 0.15
    picture_theta: float = 0.35
    corroboration_degree: int = 10
    anchor_degree: int = 4
    min_cell_pairs: int = 30
    min_anchor_pairs: int = 30
    # rho divides by what confirms the anchors: on fewer of them, chance decides about every weight
    min_confirmed_anchors: int = 10
    sparse_factor: float = 0.7
    max_weight: float = 0.95
    two_type_floor: float = 0.9
    max_link: float = 0.995
    head_start_days: int = 14

    # split and merge
    resolution: float = 0.05
    split_size: int = 6
    merge_gate: float = 0.7
    merge_gate_per_pair: float = 0.001
    small_piece: int = 3

    # ring score
    p_report: float = 0.15
    p_report_innocent: float = 0.003
    risk_bins: int = 20
    risk_clip: float = 3.0
    min_risk_members: float = 30.0
    min_size: int = 3
    flag_score: float = 4.0
    sure_link: float = 0.9

    # who is guilty together, learned where risk tells sellers apart by so many nats at least;
    # it knows better, so less is asked for
    coupling_range: float = 1.0
    coupling_prior: float = 0.04
    coupling_shrink: float = 5.0
    coupling_rounds: int = 15
    coupled_theta: float = 0.02
    membership_rounds: int = 60
    # 0: more likely so than not, for a ring, for a member, and for a member by itself
    coupled_flag_score: float = 0.0
    coupled_ban_log_odds: float = 0.0
    coupled_ban_own: float = 0.0

    # member belief and tiers
    prior: float = 0.02
    sweeps: int = 20
    ban_log_odds: float = 1.0
    ban_ties: int = 2
    ban_own: float = 1.0

    def __post_init__(self) -> None:
        """Refuse numbers that no market can be solved with."""
        if len(self.cap) != len(Kind) or min(self.cap) < 1:
            raise ValueError(f"cap needs {len(Kind)} numbers of at least 1, one per kind")
        for name in _OPEN_SHARES:
            value = getattr(self, name)
            if not 0 < value < 1:
                raise ValueError(f"{name} must lie between 0 and 1, not {value}")
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, not {getattr(self, name)}")
        for name in _NOT_NEGATIVE:
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be a number of at least 0")
        if self.p_report <= self.p_report_innocent:
            raise ValueError("p_report must be greater than p_report_innocent")
        if self.resolution <= 0:
            raise ValueError("resolution must be greater than 0")

    def weighed_by(self, source: str) -> Parameters:
        """Return the numbers that hold under weights of this source (see `weigh.Source`)."""
        return self if source == "prior" else replace(self, theta=self.calibrated_theta)

    def coupled(self) -> Parameters:
        """Return the numbers that hold where it was learned who is guilty together."""
        return replace(
            self,
            theta=self.coupled_theta,
            picture_theta=self.coupled_theta,
            two_type_floor=0.0,
            flag_score=self.coupled_flag_score,
            ban_log_odds=self.coupled_ban_log_odds,
            ban_own=self.coupled_ban_own,
        )

    def as_json(self) -> dict[str, object]:
        """Return the numbers under their names, `cap` under the words of the kinds."""
        numbers: dict[str, object] = asdict(self)
        numbers["cap"] = {kind.word: self.cap[kind] for kind in Kind}
        return numbers


_OPEN_SHARES = (
    "theta",
    "calibrated_theta",
    "picture_theta",
    "sparse_factor",
    "max_weight",
    "max_link",
    "p_report",
    "p_report_innocent",
    "sure_link",
    "prior",
    "coupling_prior",
    "coupled_theta",
)
_AT_LEAST_ONE = (
    "component_degree",
    "corroboration_degree",
    "anchor_degree",
    "min_cell_pairs",
    "min_anchor_pairs",
    "min_confirmed_anchors",
    "split_size",
    "small_piece",
    "risk_bins",
    "min_size",
    "sweeps",
    "coupling_rounds",
    "membership_rounds",
)
_NOT_NEGATIVE = (
    "two_type_floor",
    "coupling_range",
    "coupling_shrink",
    "coupled_flag_score",
    "coupled_ban_log_odds",
    "coupled_ban_own",
    "head_start_days",
    "resolution",
    "merge_gate",
    "merge_gate_per_pair",
    "risk_clip",
    "min_risk_members",
    "flag_score",
    "ban_log_odds",
    "ban_ties",
    "ban_own",
)

DEFAULT = Parameters()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which detection to run: the engine, its seed and its numbers.

    `confidence` is how many further runs measure how steady each membership is; 0: none. `model`
    has the tables of an earlier run; None: learn them. `memory` is how many bytes solving may
    take; None: what is free.
    """

    engine: Engine
    seed: int
    parameters: Parameters
    confidence: int = 0
    model: Model | None = None
    memory: int | None = None
