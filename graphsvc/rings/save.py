"""Give found groups their lasting names, and write a run's findings in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from graphsvc import clock
from graphsvc.errors import Conflict
from graphsvc.rings.columns import Market
from graphsvc.rings.identity import Known, assign
from graphsvc.rings.parameters import Engine
from graphsvc.rings.solve import FoundRing, Solution
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from queries.rings.detection import (
    FINISHED_DETECTIONS,
    KNOWN_RINGS,
    LATEST_VERSIONS,
    SAVE_DETECTION_RUN,
    SAVE_MEMBERS,
    SAVE_RINGS,
    KnownRing,
)
from queries.runs import LEASE


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a finding as it is written; `posterior` in log-odds."""

    seller: str
    tier: str
    posterior: float
    ties: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A ring as it is written: its id and version, its score's parts, its members by id."""

    id: str
    version: int
    event: str
    tier: str
    score: float
    score_reports: float
    score_risk: float
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run of `engine` found, named after `finished` earlier runs of it had finished."""

    engine: Engine
    rings: tuple[Finding, ...]
    finished: int


async def name_rings(
    reader: Reader, market: Market, solution: Solution, engine: Engine
) -> Findings:
    """Return the rings of a solution under ids that follow the engine's last finished run."""
    # First of all: whoever finishes after this question is found out when the names are written.
    (held,) = await reader.rows(FINISHED_DETECTIONS, engine=engine.value, besides="")
    known = {row.id: row for row in await reader.rows(KNOWN_RINGS, engine=engine.value)}
    latest = await reader.rows(LATEST_VERSIONS, engine=engine.value)
    versions = {row.id: row.version for row in latest}
    rings = _named(market, solution.rings, engine, known, versions)
    return Findings(engine, tuple(rings), held.finished)


def _named(
    market: Market,
    rings: Sequence[FoundRing],
    engine: Engine,
    known: dict[str, KnownRing],
    latest: dict[str, int],
) -> list[Finding]:
    members = [_members(market, ring) for ring in rings]
    before = [Known(row.id, row.version, frozenset(row.members)) for row in known.values()]
    found = [frozenset(member.seller for member in group) for group in members]
    findings = []
    for ring, group, named in zip(rings, members, assign(before, found, engine), strict=True):
        held = known.get(named.id)
        same = held is not None and _as_written(held) == group
        version = held.version if held and same else latest.get(named.id, 0) + 1
        event = "rescored" if held and not same and named.event == "same" else named.event
        findings.append(
            Finding(
                id=named.id,
                version=version,
                event=event,
                tier=ring.tier,
                score=_rounded(ring.score),
                score_reports=_rounded(ring.score_reports),
                score_risk=_rounded(ring.score_risk),
                members=group,
            )
        )
    return findings


def _members(market: Market, ring: FoundRing) -> tuple[Member, ...]:
    return tuple(
        Member(market.sellers[m.seller], m.tier, _rounded(m.log_odds), int(m.ties))
        for m in ring.members
    )


def _as_written(held: KnownRing) -> tuple[Member, ...]:
    columns = (held.members, held.tiers, held.posteriors, held.ties)
    return tuple(Member(*values) for values in zip(*columns, strict=True))


def _rounded(value: float) -> float:
    """Return six decimals: what two machines agree on, so that a rerun finds the same version."""
    return round(float(value), 6)


async def write_findings(
    writer: Writer, run: str, findings: Findings, outcome: dict[str, Any]
) -> None:
    """Write the rings, their members and the finished run: all or nothing.

    Raises Conflict where another run of the engine finished since these rings were named: both
    would give the same versions of rings to different members.
    """
    engine = findings.engine.value
    rings = [_ring_row(run, finding) for finding in findings.rings]
    members = [row for finding in findings.rings for row in _member_rows(finding)]

    async def whole(transaction: Transaction) -> None:
        await transaction.run(LEASE, run=run)
        # Itself it may meet: where the answer to a commit was lost, the driver runs this again.
        (held,) = await transaction.run(FINISHED_DETECTIONS, engine=engine, besides=run)
        if held["finished"] != findings.finished:
            raise Conflict(f"another detection with {engine} finished while this one ran")
        await transaction.run(SAVE_DETECTION_RUN, id=run, properties=outcome)
        now = clock.stamp()
        await transaction.run(SAVE_RINGS, run=run, engine=engine, now=now, rings=rings)
        await transaction.run(SAVE_MEMBERS, members=members)

    await writer.within(whole)


def _ring_row(run: str, finding: Finding) -> dict[str, Any]:
    row = asdict(finding) | {"size": len(finding.members)}
    del row["members"]
    return row | {"key": _key(run, finding.id)}


def _member_rows(finding: Finding) -> list[dict[str, Any]]:
    marks = {"ring": finding.id, "version": finding.version}
    return [
        asdict(member) | marks | {"key": _key(finding.id, str(finding.version), member.seller)}
        for member in finding.members
    ]


def _key(*parts: str) -> str:
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
