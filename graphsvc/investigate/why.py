"""Why a seller is in a ring, from what the graph says of it and the weights of the run; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graphsvc.investigate.kinds import WORDS, Claim
from graphsvc.rings.columns import UNKNOWN_DAY, Kind, Level
from graphsvc.rings.explain import Fact, reasons
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.read import LEVELS
from graphsvc.rings.weigh import PRIOR, Calibration
from queries.rings.views import SharedRow
from queries.schema.findings import DetectionRun
from queries.schema.links import AssertedBy

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Shared:
    """An identifier that a member shares with others of its ring, and what that weighs.

    `members` others of the ring and `sellers` in all use it; `weight` is P(one operator) from
    it alone, 0 where it does not count; `own_word` where only the member itself claims it.
    """

    kind: str
    id: str
    shown: str | None
    level: str | None
    members: int
    sellers: int
    first_seen: str | None
    last_seen: str | None
    sources: tuple[str, ...]
    asserted_by: tuple[str, ...]
    own_word: bool
    weight: float
    counts: bool
    claims: tuple[Claim, ...]


def shared_by_seller(
    rows: Iterable[SharedRow], run: DetectionRun | None
) -> dict[str, tuple[Shared, ...]]:
    """Return what each member shares, strongest first; equal weights keep a fixed order."""
    calibration, parameters = weights_of(run)
    found: dict[str, list[tuple[SharedRow, tuple[Claim, ...]]]] = {}
    for row in rows:
        claims: dict[str, list[Claim]] = {}
        for told in row.claims:
            words = {name: value for name, value in told.items() if name != "seller"}
            claims.setdefault(told["seller"], []).append(Claim(**words))
        for seller, each in claims.items():
            found.setdefault(seller, []).append((row, tuple(each)))
    return {
        seller: _weighed(held, calibration, parameters) for seller, held in sorted(found.items())
    }


def weights_of(run: DetectionRun | None) -> tuple[Calibration, Parameters]:
    """Return the weights and caps that a run used; the shipped ones where it kept none."""
    calibration, parameters = PRIOR, DEFAULT
    if run is not None and run.calibration:
        calibration = Calibration.from_json(json.loads(run.calibration))
    if run is not None and run.parameters:
        told = json.loads(run.parameters)
        told["cap"] = tuple(told["cap"][kind.word] for kind in Kind)
        parameters = Parameters(**told)
    return calibration, parameters


def day_of(stamp: str | None) -> int:
    """Return the day number since 1970-01-01 of a date as the graph writes it; -1 if unknown."""
    try:
        return date.fromisoformat((stamp or "")[:10]).toordinal() - EPOCH
    except ValueError:
        return UNKNOWN_DAY


def _weighed(
    held: list[tuple[SharedRow, tuple[Claim, ...]]],
    calibration: Calibration,
    parameters: Parameters,
) -> tuple[Shared, ...]:
    by_fact = {_fact(row, claims): (row, claims) for row, claims in held}
    return tuple(
        _shared(*by_fact[reason.fact], weight=reason.weight, counts=reason.counts)
        for reason in reasons(list(by_fact), calibration, parameters)
    )


def _fact(row: SharedRow, claims: tuple[Claim, ...]) -> Fact:
    return Fact(
        kind=WORDS[row.label],
        identifier=row.id,
        sellers=row.degree,
        shared_with=row.members - 1,
        level=LEVELS.get(row.level or "", Level.NONE),
        first_seen=day_of(_least(claim.first_seen for claim in claims)),
        source=", ".join(_distinct(claim.source for claim in claims)),
        asserted_by=", ".join(_distinct(claim.asserted_by for claim in claims)),
    )


def _shared(row: SharedRow, claims: tuple[Claim, ...], *, weight: float, counts: bool) -> Shared:
    said = _distinct(claim.asserted_by for claim in claims)
    return Shared(
        kind=WORDS[row.label],
        id=row.id,
        shown=row.shown,
        level=row.level,
        members=row.members - 1,
        sellers=row.degree,
        first_seen=_least(claim.first_seen for claim in claims),
        last_seen=max((c.last_seen for c in claims if c.last_seen), default=None),
        sources=_distinct(claim.source for claim in claims),
        asserted_by=said,
        own_word=said == (AssertedBy.SELF_DECLARED.value,),
        weight=weight,
        counts=counts,
        claims=claims,
    )


def _least(values: Iterable[str | None]) -> str | None:
    return min((value for value in values if value), default=None)


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
