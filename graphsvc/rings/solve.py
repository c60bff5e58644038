"""From a market to its rings: the stages in order, each timed; the whole pure half in one call.

The same market, parameters, engine and seed give the same rings. It must never read or write.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from graphsvc.rings import (
    belief,
    coupling,
    detect,
    membership,
    project,
    score,
    self_calibration,
    weigh,
)
from graphsvc.rings.belief import Members
from graphsvc.rings.columns import Flags, Floats, Ints, Market
from graphsvc.rings.component import joined
from graphsvc.rings.confidence import membership_confidence
from graphsvc.rings.flow import Flow, coupled, flow
from graphsvc.rings.found import FoundRing, Judged, MemberColumns, assembled, rings_of
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import DEFAULT, Engine, Parameters
from graphsvc.rings.project import Links
from graphsvc.rings.score import Groups
from graphsvc.rings.weigh import Calibration, Pairs

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What a run found: every group as columns, its rings one by one, and what was learned."""

    engine: Engine
    members: MemberColumns
    model: Model
    pairs: int
    links: int
    seconds: dict[str, float]
    _scores: Groups
    _links: tuple[Links, Links]

    @property
    def calibration(self) -> Calibration:
        """P(one operator) of what is shared."""
        return self.model.calibration

    @property
    def coupling(self) -> Calibration | None:
        """P(guilty together) of what is shared, where it was learned."""
        return self.model.coupling

    @property
    def rings(self) -> tuple[FoundRing, ...]:
        """The rings to look at or ban; built anew at each call."""
        wanted = (self._scores.flagged | self._scores.sure)[self.members.group]
        return rings_of(self.members.where(wanted), self._scores)

    @property
    def groups(self) -> tuple[FoundRing, ...]:
        """Every group of two or more, also of tier none; built anew at each call."""
        return rings_of(self.members, self._scores)

    @property
    def component(self) -> Ints:
        """For each seller the least of those whom links of either kind reach from it."""
        return joined(self._scores.label.size, self._links)


@dataclass(slots=True)
class _Stages:
    """Takes the time of each stage; a stage that runs twice is summed."""

    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, stage: str, work: Callable[[], _T]) -> _T:
        start = time.perf_counter()
        result = work()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start
        return result


def solve(
    market: Market,
    parameters: Parameters = DEFAULT,
    *,
    engine: Engine = Engine.EVIDENCE,
    seed: int = 0,
    confidence: int = 0,
    label: Ints | None = None,
    model: Model | None = None,
) -> Solution:
    """Find the rings of a market; group it `confidence` times more to see how steady members are.

    `label` has groups that somebody else made, each seller's by its least member: they are judged
    in the place of an engine's. `model` has the tables of another run, in the place of what this
    market would teach. `seconds` of the result has calibrate, pairs, project, detect,
    score and assemble, and confidence where it was measured. An empty market has no rings; nothing
    is raised for odd data.
    """
    stages = _Stages()
    ties = stages.run("pairs", lambda: weigh.shared_ties(market, parameters))
    calibration = stages.run(
        "calibrate",
        lambda: model.calibration if model else self_calibration.calibrate(ties, parameters),
    )
    parameters = parameters.weighed_by(calibration.source)
    pairs = stages.run("pairs", lambda: weigh.weigh(ties, calibration, parameters))
    links = stages.run("project", lambda: project.links(pairs, parameters))
    if label is None:
        label = stages.run(
            "detect", lambda: detect.groups(market, links, parameters, engine=engine, seed=seed)
        )
    found = Grouped(calibration, pairs, links, label)
    judged, used = stages.run("score", lambda: _judge(market, found, parameters, model))
    steady = np.full(label.size, np.nan)
    if confidence:
        steady = stages.run(
            "confidence",
            lambda: membership_confidence(
                market, links, found.label, parameters, engine=engine, seed=seed, runs=confidence
            ),
        )
    columns = stages.run("assemble", lambda: assembled(judged, steady))
    return Solution(
        engine=engine,
        members=columns,
        model=used,
        pairs=pairs.a.size,
        links=links.a.size,
        seconds=stages.seconds,
        _scores=judged.groups,
        _links=(links, judged.links),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Pairs, their links at P(one operator) and each seller's group (its least member)."""

    calibration: Calibration
    pairs: Pairs
    links: Links
    label: Ints


def _judge(
    market: Market, found: Grouped, parameters: Parameters, model: Model | None
) -> tuple[Judged, Model]:
    """Score groups and members by a model, or by what is learned for one."""
    used, along = (model, None) if model else _taught(market, found, parameters)
    reports = score.report_term(market, parameters, told=used.reported)
    risk = score.risk_term(market, used.risk)
    return judge(found, reports, risk, used, parameters, along), used


def learn(market: Market, found: Grouped, parameters: Parameters) -> Model:
    """Learn from groups scored on reports alone what risk means, from both who is guilty together,
    and then how surely a member is guilty with its ring."""
    return _taught(market, found, parameters)[0]


def _taught(market: Market, found: Grouped, parameters: Parameters) -> tuple[Model, Flow | None]:
    """Return what is learned, and what guilt flows along by it if that was learned."""
    reported = bool(market.reported.any())
    reports = score.report_term(market, parameters, told=reported)
    ratio = _learn_risk(market, found, reports, parameters)
    if ratio is None or np.ptp(ratio) < parameters.coupling_range:
        return Model(found.calibration, None, ratio, reported), None
    own = reports + score.risk_term(market, ratio)
    ties = coupling.beside_home(found.pairs.ties, parameters)
    table = coupling.learn(ties, own, found.calibration, parameters)
    along = coupled(ties, found.label, table, parameters)
    weights = membership.learn(own, along.part, along.firm, along.parameters)
    return Model(found.calibration, table, ratio, reported, weights), along


def judge(
    found: Grouped,
    reports: Floats,
    risk: Floats,
    model: Model,
    parameters: Parameters,
    along: Flow | None = None,
) -> Judged:
    """Score groups and believe members by their own terms in nats.

    Guilt flows along what is known of sharing it (`model.coupling`), where that could be learned:
    else along what speaks for one operator. `along` is that, where it is at hand.
    """
    label, own = found.label, reports + risk
    along = along or _along(found, model, parameters)
    groups = score.score(label, found.links, reports, risk, along.parameters)
    asked = groups.size[label] > 1
    members = Members(
        own=own,
        log_odds=_believed(own, along.links, label, model, along.parameters, asked=asked),
        ties=belief.identifier_ties(found.pairs, found.links, label),
    )
    firm, held = _firm(along, members, groups, model)
    tier = belief.tiers(groups, held, firm, along.parameters)
    return Judged(groups, members, tier, along.links)


def _along(found: Grouped, model: Model, parameters: Parameters) -> Flow:
    if model.coupling is None:
        return flow(found.pairs, found.links, found.label, parameters)
    ties = coupling.beside_home(found.pairs.ties, parameters)
    return coupled(ties, found.label, model.coupling, parameters)


def _believed(
    own: Floats,
    links: Links,
    label: Ints,
    model: Model,
    parameters: Parameters,
    *,
    asked: Flags,
) -> Floats:
    """Return the posterior log-odds of all who are `asked`: of a ring's members by what was learned
    of rings, where it was; of all others along links."""
    if model.membership is None:
        return belief.posterior(own, links, parameters, asked=asked)
    member, told = membership.posterior(own, label, links, model.membership, parameters)
    others = asked.copy()
    others[member] = False
    log_odds = belief.posterior(own, links, parameters, asked=others)
    log_odds[member] = told
    return log_odds


def _learn_risk(
    market: Market, found: Grouped, reports: Floats, parameters: Parameters
) -> tuple[float, ...] | None:
    no_risk = np.zeros(found.label.size)
    first = score.score(found.label, found.links, reports, no_risk, parameters)
    if not first.flagged.any():
        return None
    suspects = first.flagged[found.label]
    guilt = belief.posterior(reports, found.links, parameters, asked=suspects)
    ratio = score.learn_risk(market, suspects, guilt, parameters)
    return None if ratio is None else tuple(ratio.tolist())


def _firm(along: Flow, members: Members, groups: Groups, model: Model) -> tuple[Members, Flags]:
    """Judge members again on what may carry a ban: no tie that a side merely declared."""
    log_odds, held = members.log_odds, groups.flagged[groups.label]
    if not along.whole:
        log_odds = _believed(
            members.own, along.firm, along.part, model, along.parameters, asked=held
        )
        held = belief.held_firmly(along.part, members.own, groups, along.parameters)
    ties = belief.ban_ties(along.pairs, along.firm, groups.label)
    return Members(members.own, log_odds, ties), held
