"""What became of a load: the counts that must add up, and the rejects file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from graphsvc import clock
from graphsvc.errors import InputRefused, NotWritable
from ingest import report
from ingest.errors import RowIssue
from ingest.refusals import refusals
from ingest.report import Counts, LoadReport
from queries.schema.findings import IngestRun

__all__ = ["Counts", "LoadReport", "Rejects", "report_of"]


def report_of(run: IngestRun) -> LoadReport:
    """Return what became of the rows of a run; its seconds go from its beginning to its end."""
    numbers = {name: getattr(run, name) or 0 for name in asdict(Counts())}
    rejects = Path(run.rejects_file) if run.rejects_file else None
    file, size = run.file or "", run.rejects_size or 0
    return LoadReport(
        run=run.id,
        kind=run.kind or "",
        file=file,
        counts=Counts(**numbers),
        seconds=clock.seconds_between(run.started_at, run.finished_at),
        rejects=run.rejects_file,
        refused=refusals(rejects, file=file, size=size) if rejects else [],
    )


class Rejects(report.Rejects):
    """The rejects file of a load, which another loader may go on with."""

    def go_on(self, path: Path, size: int) -> None:
        """Go on behind the first `size` bytes of a file; raises InputRefused if it has fewer."""
        if size and (not path.is_file() or path.stat().st_size < size):
            raise InputRefused(f"{path}: the rejects of this run so far are not there any more")
        self.path, self.size = path, size

    def add(self, issues: Sequence[RowIssue], *, after: int | None = None) -> None:
        """Write the issues as `report.Rejects` does; raises NotWritable."""
        try:
            super().add(issues, after=after)
        except OSError as error:
            raise NotWritable(f"{self.path}: {error.strerror}") from None
