"""The files that neo4j-admin imports: one a label or relation, in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from queries.bulk import sheet_header, target
from queries.merge import Spec

TOGETHER = 500  # rows that are written at once, column by column
LEAST_BUFFER = 4 << 20  # bytes: neo4j-admin's own


@dataclass(slots=True)
class Sheets:
    """CSV files under way; `longest` is the longest line in characters, which a buffer holds."""

    folder: Path
    rows: int = 0
    longest: int = 0
    _open: dict[type, IO[str]] = field(default_factory=dict)
    _targets: list[str] = field(default_factory=list)
    _stack: ExitStack = field(default_factory=ExitStack)

    def add(self, spec: Spec, rows: Iterable[Sequence[Any]]) -> None:
        """Append rows, their values in the order of `queries.bulk.sheet_columns`."""
        file = self._open.get(spec.row) or self._begun(spec)
        waiting = iter(rows)
        while part := list(islice(waiting, TOGETHER)):
            columns = map(_written, zip(*part, strict=True))
            lines = list(map(",".join, zip(*columns, strict=True)))
            self.longest = max(self.longest, *map(len, lines))
            file.write("\n".join(lines) + "\n")
            self.rows += len(lines)

    def close(self) -> None:
        """Close every file; more rows cannot be added."""
        self._stack.close()

    def arguments(self) -> list[str]:
        """Return the options of neo4j-admin that name the files, in this folder."""
        # A line is at most four bytes a character, and the buffer must hold it twice.
        buffer = max(LEAST_BUFFER, 8 * self.longest)
        return [*self._targets, f"--read-buffer-size={buffer}"]

    def _begun(self, spec: Spec) -> IO[str]:
        name = f"{spec.row.__name__}.csv"
        file = (self.folder / name).open("w", encoding="utf-8", newline="")
        self._open[spec.row] = self._stack.enter_context(file)
        self._targets.append(f"{target(spec)}{name}")
        file.write(",".join(sheet_header(spec)) + "\n")
        return file


def _written(column: Iterable[Any]) -> list[str]:
    """Return values as CSV fields; an empty text is quoted, nothing is not."""
    return [
        '"' + value.replace('"', '""') + '"' if type(value) is str else _other(value)
        for value in column
    ]


def _other(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else repr(value)
