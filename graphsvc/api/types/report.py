"""Reports: that goods are fake or genuine, as they came in."""

from __future__ import annotations

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.node import Node, NodeKind, Trace, local, node_id, trace
from graphsvc.investigate import things
from queries.reports import ReportRow


@strawberry.type
class Report(Node):
    """A statement about a seller or a listing; `target` is the one that it names."""

    id: strawberry.ID
    platform: str | None
    report_id: str
    reporter: str | None
    at: str | None
    verdict: str | None
    basis: str | None
    target: str | None
    seen_at: str | None
    stub: bool
    trace: Trace


def report(info: Info, row: ReportRow) -> Report:
    """Return a report as the API shows it."""
    return Report(
        id=node_id(info, NodeKind.REPORT, row.id),
        platform=row.platform,
        report_id=local(row.id),
        reporter=row.reporter,
        at=row.at,
        verdict=row.verdict,
        basis=row.basis,
        target=row.target,
        seen_at=row.seen_at,
        stub=row.stub,
        trace=trace(row),
    )


async def load_report(info: Info, key: str) -> Report | None:
    """Return a report by its id in the graph, in the batch of this level, or None."""
    row = await info.context.loaders.load(things.reports, key)
    return report(info, row) if row else None
