"""JSON Lines: one flat object a line; a line that is not one is a RowIssue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import RowIssue, SourceEmpty
from ingest.sources.opening import BROKEN, Form, broken, opened

LONGEST_LINE = 4_000_000  # bytes
_UNFIT = "use text, numbers, true, false or null as values"


def first_keys(name: str, path: Path, form: Form) -> tuple[str, ...]:
    """Return the keys of the first readable row; raises SourceEmpty, SourceUnreadable."""
    any_line = False
    for item in read(name, path, form):
        any_line = True
        if not isinstance(item, RowIssue):
            return tuple(item[1])
    if not any_line:
        raise SourceEmpty(name, "the file is empty", "one object a line is wanted")
    return ()


def read(name: str, path: Path, form: Form) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows; blank lines are passed over; raises SourceUnreadable."""
    number = 0
    try:
        with opened(path, form.packed) as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(LONGEST_LINE)
                    reason = f"a line of more than {LONGEST_LINE:,} bytes"
                    yield RowIssue(name, number, "", reason, "shorten it", {})
                elif line.strip() and not (number == 1 and line.strip() == b"\xef\xbb\xbf"):
                    yield _row(name, number, line)
    except BROKEN as error:
        raise broken(name, number, error) from None


def _row(name: str, number: int, line: bytes) -> tuple[int, dict[str, str]] | RowIssue:
    try:
        found = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError:
        return RowIssue(name, number, "", "not UTF-8", "save the file as UTF-8", {})
    except (ValueError, RecursionError) as error:
        return RowIssue(name, number, "", f"not JSON: {error}"[:300], "one object a line", {})
    if not isinstance(found, dict):
        return RowIssue(name, number, "", "not an object", 'write {"column": value, …}', {})
    row = {}
    for key, value in found.items():
        text = as_text(value)
        if text is None:
            return RowIssue(name, number, key, "a list or an object inside a row", _UNFIT, {})
        if "\x00" in text:
            return RowIssue(name, number, key, "a NUL character", "remove it", {})
        row[key] = text
    return number, row


def as_text(value: object) -> str | None:
    """Return a plain JSON value as a CSV would write it, None for what no cell can hold."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None
