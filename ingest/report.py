"""What became of the rows of a file: the counts that must add up, and the rejects file."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ingest.errors import RowIssue
from ingest.fold.column import told
from ingest.refusals import Refusal, refusals


@dataclass(slots=True)
class Counts:
    """Rows of a run; in = loaded + unchanged + rejected, whatever happens.

    `stubs` and `closed` count records: things that rows only name, and assertions that ended.
    """

    rows_in: int = 0
    loaded: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    stubs: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load of one file did; `rejects` is None where no reject was written.

    `resumed` counts the rows that an earlier loader of the run had done, 0 for a new run;
    `retried` the transactions of this one that another writer made it run again; `refused` says
    for what rows were refused.
    """

    run: str
    kind: str
    file: str
    counts: Counts
    seconds: float
    rejects: str | None
    resumed: int = 0
    transactions: int = 0
    retried: int = 0
    refused: Sequence[Refusal] = ()

    @property
    def rows_per_second(self) -> int | None:
        """Return the rows that this loader did a second; None where it took no time."""
        done = self.counts.rows_in + self.counts.skipped - self.resumed
        return round(done / self.seconds) if self.seconds else None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `load --json` prints."""
        counts = asdict(self.counts)
        return {
            "run": self.run,
            "kind": self.kind,
            "file": self.file,
            "in": counts.pop("rows_in"),
            **counts,
            "resumed": self.resumed,
            "transactions": self.transactions,
            "retried": self.retried,
            "seconds": round(self.seconds, 3),
            "rows_per_second": self.rows_per_second,
            "rejects": self.rejects,
            "refused": [asdict(refusal) for refusal in self.refused],
        }


class Rejects:
    """The rejects file: NDJSON, made with the first reject, one object a rejected row.

    `size` says how many of its bytes count; what a loader wrote beyond them and then lost, because
    its batch was not written, is cut off by the next one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    @property
    def name(self) -> str | None:
        """Return the name of the file once it holds a reject, None before."""
        # Bytes that are no UTF-8 can be no text of a report or of the graph.
        return str(self.path).encode("utf-8", "replace").decode() if self.size else None

    def refusals(self, file: str) -> list[Refusal]:
        """Return for what rows of a file were refused, the most frequent first."""
        return refusals(self.path, file=file, size=self.size) if self.size else []

    def add(self, issues: Sequence[RowIssue], *, after: int | None = None) -> None:
        """Write the issues behind the first `after` bytes (default: `size`) and onto the disk.

        Raises OSError.
        """
        start = self.size if after is None else after
        if not issues:
            self.size = start
            return
        lines = [json.dumps(_told(issue), ensure_ascii=False) + "\n" for issue in issues]
        # Half a surrogate pair, which is no UTF-8, becomes the JSON escape that it came as.
        written = "".join(lines).encode("utf-8", "backslashreplace")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.write(written)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        self.size = start + len(written)


def _told(issue: RowIssue) -> dict[str, Any]:
    """Return the object that the rejects file holds; names that are values are covered."""
    row = {told(column): value for column, value in issue.row.items()}
    return replace(issue, column=told(issue.column), row=row).as_json()
