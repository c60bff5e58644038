"""What became of the rows of a file: the counts that must add up, and the rejects file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.errors import RowIssue


@dataclass(slots=True)
class Counts:
    """Rows of a run; in = loaded + unchanged + rejected, whatever happens."""

    rows_in: int = 0
    loaded: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    stubs: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load of one file did; `rejects` is None where no reject was written."""

    run: str
    kind: str
    file: str
    counts: Counts
    seconds: float
    rejects: str | None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `load --json` prints."""
        counts = asdict(self.counts)
        return {
            "run": self.run,
            "kind": self.kind,
            "file": self.file,
            "in": counts.pop("rows_in"),
            **counts,
            "seconds": round(self.seconds, 3),
            "rejects": self.rejects,
        }


class Rejects:
    """The rejects file: NDJSON, made with the first reject, one object a rejected row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._any = False

    @property
    def name(self) -> str | None:
        """Return the name of the file once it holds a reject, None before."""
        # Bytes that are no UTF-8 can be no text of a report or of the graph.
        return str(self.path).encode("utf-8", "replace").decode() if self._any else None

    def add(self, issues: Sequence[RowIssue]) -> None:
        """Append the issues; the first call replaces what an earlier run left.

        Raises OSError.
        """
        if not issues:
            return
        lines = [json.dumps(issue.as_json(), ensure_ascii=False) + "\n" for issue in issues]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Half a surrogate pair, which is no UTF-8, becomes the JSON escape that it came as.
        with self.path.open(
            "a" if self._any else "w", encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.writelines(lines)
        self._any = True
