"""Give found groups their lasting names, and write a run's findings in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from graphsvc import clock
from graphsvc.errors import Conflict
from graphsvc.rings.columns import Market
from graphsvc.rings.component import joint
from graphsvc.rings.found import FoundRing
from graphsvc.rings.identity import Event, Known, Lost, Named, assign, lost
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.recorded import packed, uses_of
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.records import relation_key
from queries.rings.detection import (
    FINISHED_DETECTIONS,
    LATEST_VERSIONS,
    RINGS_OF_RUN,
    SAVE_COMPONENTS,
    SAVE_DETECTION_RUN,
    SAVE_LOST_RINGS,
    SAVE_MEMBERS,
    SAVE_RINGS,
    KnownRing,
)
from queries.rings.views import LAST_DETECTION_RUN
from queries.runs import LEASE
from queries.schema.findings import DetectionRun


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a finding as it is written; `posterior` in log-odds, `own` of it in nats.

    `confidence` is None where it was not measured; `uses` is what it shares, packed.
    """

    seller: str
    tier: str
    posterior: float
    ties: int
    own: float | None = None
    confidence: float | None = None
    uses: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A ring as it is written: its id and version, its score's parts, its members by id.

    `came_from` are the ids of the rings of the run before that its members came from.
    """

    id: str
    version: int
    event: str
    tier: str
    score: float
    score_reports: float
    score_risk: float
    members: tuple[Member, ...]
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run of `engine` found, named after `finished` earlier runs of it had finished.

    `lost` are the rings of the run before that none of these carries on; `judged` are digests of
    the components that were judged, None where they are not told apart.
    """

    engine: Engine
    rings: tuple[Finding, ...]
    finished: int
    lost: tuple[Lost, ...] = ()
    judged: frozenset[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What `finished` runs of an engine left: the last of them, its rings, every ring's version."""

    engine: Engine
    finished: int
    last: DetectionRun | None
    rings: Sequence[KnownRing]
    versions: Mapping[str, int]


async def rings_before(reader: Reader, engine: Engine) -> Before:
    """Return what the runs of an engine have left so far."""
    # First of all: whoever finishes after this question is found out when the names are written.
    (finished,) = await reader.rows(FINISHED_DETECTIONS, engine=engine.value, besides="")
    last = await reader.one(LAST_DETECTION_RUN, engine=engine.value)
    known = await reader.rows(RINGS_OF_RUN, run=last.id if last else "")
    latest = await reader.rows(LATEST_VERSIONS, engine=engine.value)
    versions = {row.id: row.version for row in latest}
    return Before(engine, finished.finished, last, known, versions)


def name_rings(
    before: Before, market: Market, rings: Sequence[FoundRing], parameters: Parameters
) -> Findings:
    """Return rings under ids that follow the engine's last finished run."""
    members = _members(market, rings, parameters)
    known = [Known(row.id, row.version, frozenset(row.members)) for row in before.rings]
    found = [frozenset(member.seller for member in group) for group in members]
    named = assign(known, found, before.engine)
    held = {row.id: row for row in before.rings}
    findings = [
        _finding(ring, group, name, held.get(name.id), before.versions.get(name.id, 0))
        for ring, group, name in zip(rings, members, named, strict=True)
    ]
    gone = lost(known, found, [name.id for name in named])
    return Findings(before.engine, tuple(findings), before.finished, tuple(gone))


def _finding(
    ring: FoundRing,
    members: tuple[Member, ...],
    named: Named,
    held: KnownRing | None,
    latest: int,
) -> Finding:
    """Return a ring as it is written; one of which nothing changed keeps its version."""
    members = _still_measured(members, held)
    same = held is not None and _as_written(held) == members
    event = Event.RESCORED if held and not same and named.event is Event.SAME else named.event
    return Finding(
        id=named.id,
        version=held.version if held and same else latest + 1,
        event=event.value,
        tier=ring.tier,
        score=_rounded(ring.score),
        score_reports=_rounded(ring.score_reports),
        score_risk=_rounded(ring.score_risk),
        members=members,
        came_from=named.came_from,
    )


def _members(
    market: Market, rings: Sequence[FoundRing], parameters: Parameters
) -> list[tuple[Member, ...]]:
    uses = uses_of(market, [[m.seller for m in ring.members] for ring in rings], parameters)
    return [
        tuple(
            Member(
                seller=market.sellers[m.seller],
                tier=m.tier,
                posterior=_rounded(m.log_odds),
                ties=int(m.ties),
                own=_rounded(m.own),
                confidence=None if m.confidence is None else _rounded(m.confidence),
                uses=packed(uses.get(m.seller, ())),
            )
            for m in ring.members
        )
        for ring in rings
    ]


def _still_measured(members: tuple[Member, ...], held: KnownRing | None) -> tuple[Member, ...]:
    """Return members with the confidence that was measured before, where this run measured none.

    Only the same members with the same uses have it still.
    """
    if held is None or any(member.confidence is not None for member in members):
        return members
    kept = tuple(
        replace(member, confidence=before.confidence)
        for member, before in zip(members, _as_written(held), strict=False)
    )
    return kept if kept == _as_written(held) else members


def _as_written(held: KnownRing) -> tuple[Member, ...]:
    return tuple(
        Member(seller, *values) for seller, values in zip(held.members, held.scores, strict=True)
    )


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
    members = [
        row
        for finding in findings.rings
        if finding.event != Event.SAME  # a version once written is there
        for row in _member_rows(finding)
    ]
    lost_rows = [
        asdict(each) | {"event": each.event.value, "key": relation_key(run, each.id)}
        for each in findings.lost
    ]

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
        await transaction.run(SAVE_LOST_RINGS, run=run, lost=lost_rows)
        if findings.judged is not None:
            await transaction.run(SAVE_COMPONENTS, run=run, digests=joint(findings.judged))

    await writer.within(whole)


def _ring_row(run: str, finding: Finding) -> dict[str, Any]:
    row = asdict(finding) | {"size": len(finding.members)}
    del row["members"]
    return row | {"key": relation_key(run, finding.id)}


def _member_rows(finding: Finding) -> list[dict[str, Any]]:
    marks = {"ring": finding.id, "version": finding.version}
    return [
        asdict(member)
        | marks
        | {"key": relation_key(finding.id, str(finding.version), member.seller)}
        for member in finding.members
    ]
