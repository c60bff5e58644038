"""What became of a load: the counts that must add up, and the rejects file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graphsvc.errors import InputRefused, NotWritable
from ingest import report
from ingest.errors import RowIssue
from ingest.report import Counts, LoadReport

__all__ = ["Counts", "LoadReport", "Rejects"]


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
