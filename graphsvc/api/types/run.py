"""Runs: what was loaded, and how rings were looked for."""

from __future__ import annotations

import json
from pathlib import PurePath

import strawberry
from strawberry.scalars import JSON

from graphsvc.api.context import Info
from graphsvc.api.types.node import Long, Node, NodeKind, node_id
from graphsvc.investigate import history
from queries.schema import findings


@strawberry.type
class IngestRun(Node):
    """One file through one job; rowsIn = loaded + unchanged + rejected, skipped apart."""

    id: strawberry.ID
    run_id: str
    kind: str | None
    platform: str | None
    source: str | None
    file: str | None
    file_digest: str | None
    job_version: str | None
    state: str | None
    rows_in: Long | None
    loaded: Long | None
    unchanged: Long | None
    rejected: Long | None
    skipped: Long | None
    stubs: Long | None
    closed: Long | None
    undone: Long | None
    started_at: str | None
    finished_at: str | None
    undone_at: str | None


@strawberry.type
class LostRing:
    """A ring that a run did not find again, in its last version, and where its members are now."""

    ring_id: str
    version: int
    event: str
    went_to: list[str]


@strawberry.type
class DetectionRun(Node):
    """One detection; engine, parameters, seed, versions and input digest make it repeatable."""

    id: strawberry.ID
    run_id: str
    engine: str | None
    seed: Long | None
    confidence_runs: Long | None
    parameters: JSON | None
    versions: JSON | None
    calibration: JSON | None
    input_digest: str | None
    state: str | None
    counts: JSON | None
    started_at: str | None
    finished_at: str | None

    @strawberry.field
    async def lost(self, info: Info) -> list[LostRing]:
        """The rings of the run before that this one did not find again, by ringId."""
        return [
            LostRing(ring_id=row.id, version=row.version, event=row.event, went_to=row.went_to)
            for row in await history.lost_rings(info.context.reader, self.run_id)
        ]


def ingest_run(info: Info, row: findings.IngestRun) -> IngestRun:
    """Return an ingest run as the API shows it."""
    return IngestRun(
        id=node_id(info, NodeKind.INGEST_RUN, row.id),
        run_id=row.id,
        kind=row.kind,
        platform=row.platform,
        source=row.source,
        # The folder is of the machine that loaded it, and no business of the caller's.
        file=PurePath(row.file).name if row.file else None,
        file_digest=row.file_digest,
        job_version=row.job_version,
        state=row.state,
        rows_in=_long(row.rows_in),
        loaded=_long(row.loaded),
        unchanged=_long(row.unchanged),
        rejected=_long(row.rejected),
        skipped=_long(row.skipped),
        stubs=_long(row.stubs),
        closed=_long(row.closed),
        undone=_long(row.undone),
        started_at=row.started_at,
        finished_at=row.finished_at,
        undone_at=row.undone_at,
    )


def detection_run(info: Info, row: findings.DetectionRun) -> DetectionRun:
    """Return a detection run as the API shows it."""
    return DetectionRun(
        id=node_id(info, NodeKind.DETECTION_RUN, row.id),
        run_id=row.id,
        engine=row.engine,
        seed=_long(row.seed),
        confidence_runs=_long(row.confidence_runs),
        parameters=_json(row.parameters),
        versions=_json(row.versions),
        calibration=_json(row.calibration),
        input_digest=row.input_digest,
        state=row.state,
        counts=_json(row.counts),
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def _long(value: int | None) -> Long | None:
    return None if value is None else Long(value)


def _json(text: str | None) -> JSON | None:
    return JSON(json.loads(text)) if text else None
