"""What a rejects file comes to: how many rows were refused for what, and where the first are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN_LINES = 5
_VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d,.]*")  # values, lines and sizes in a reason


@dataclass(slots=True)
class Refusal:
    """Rows refused for one reason in one column: how many, and the first of their lines.

    Where reasons differ in a value alone, the `reason` is that of the first.
    """

    column: str
    reason: str
    count: int = 0
    lines: list[int] = field(default_factory=list)


def refusals(path: Path, *, file: str, size: int) -> list[Refusal]:
    """Return what the first `size` bytes of a rejects file say of `file`, the most frequent first.

    Of a rejects file that is not there, or was edited, it returns what can still be told.
    """
    found: dict[tuple[str, str], Refusal] = {}
    for issue in _issues(path, size):
        if issue.get("file") != file:
            continue
        column, reason = str(issue.get("column", "")), str(issue.get("reason", ""))
        key = (column, _VARIES.sub("…", reason))
        held = found.setdefault(key, Refusal(column, reason))
        held.count += 1
        if len(held.lines) < SHOWN_LINES:
            held.lines.append(int(issue.get("line", 0)))
    return sorted(found.values(), key=lambda each: (-each.count, each.column, each.reason))


def _issues(path: Path, size: int) -> Iterator[dict[str, Any]]:
    try:
        with path.open("rb") as file:
            while file.tell() < size and (line := file.readline()):
                issue = json.loads(line)
                if isinstance(issue, dict):
                    yield issue
    except (OSError, ValueError):
        return
