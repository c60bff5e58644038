"""What became of a load: its counts and report, and a rejects file whose troubles are ours."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.errors import NotWritable
from ingest import report
from ingest.errors import RowIssue
from ingest.report import Counts, LoadReport

__all__ = ["Counts", "LoadReport", "Rejects"]


class Rejects(report.Rejects):
    """The rejects file of a load."""

    def add(self, issues: Sequence[RowIssue]) -> None:
        """Append the issues, as `report.Rejects` does; raises NotWritable."""
        try:
            super().add(issues)
        except OSError as error:
            raise NotWritable(f"{self.path}: {error.strerror}") from None
