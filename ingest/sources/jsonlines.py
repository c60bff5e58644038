"""JSON Lines: one flat object a line; a line that is not one is a RowIssue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from ingest.errors import RowIssue, SourceEmpty, SourceUnreadable
from ingest.fold.column import told
from ingest.sources.dialect import refuse_wide
from ingest.sources.lines import BLOCK, LONGEST_FIELD, LONGEST_RECORD
from ingest.sources.opening import BROKEN, Form, Opens, broken, opened

_BOM = b"\xef\xbb\xbf"
_UNFIT = "use text, numbers, true, false or null as values"


def first_keys(name: str, path: Opens, form: Form) -> tuple[str, ...]:
    """Return the keys of the first readable row; raises SourceEmpty, SourceUnreadable."""
    _check_start(name, path, form)
    any_line = False
    for item in read(name, path, form):
        any_line = True
        if not isinstance(item, RowIssue):
            return tuple(item[1])
    if not any_line:
        raise SourceEmpty(name, "the file is empty", "one object a line is wanted")
    return ()


def _check_start(name: str, path: Opens, form: Form) -> None:
    try:
        with opened(path, form.packed) as stream:
            start = stream.read(4096)
    except BROKEN as error:
        raise broken(name, 0, error) from None
    refuse_wide(name, start, "save it as UTF-8")
    if start.removeprefix(_BOM).lstrip().startswith(b"["):
        remedy = "write one object a line, without brackets or commas around them"
        raise SourceUnreadable(name, "a JSON list, not JSON Lines", remedy)


def read(name: str, path: Opens, form: Form) -> Iterator[tuple[int, dict[str, str]] | RowIssue]:
    """Yield the rows; blank lines are passed over; raises SourceUnreadable."""
    number = 0
    try:
        with opened(path, form.packed) as stream:
            while line := stream.readline(LONGEST_RECORD + 1):
                number += 1
                if len(line) > LONGEST_RECORD:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(BLOCK)
                    reason = f"a line of more than {LONGEST_RECORD:,} bytes"
                    yield RowIssue(name, number, "", reason, "shorten it", {})
                    continue
                line = line.removeprefix(_BOM) if number == 1 else line
                if not line.isspace() and line:
                    yield _row(name, number, line)
    except BROKEN as error:
        raise broken(name, number, error) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"{told(twice)[:40]!r} stands there twice")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


# Numbers stay as they are written: 19.90 is not 19.9, and no digit of a long id is lost.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_float=str, parse_int=str, parse_constant=_no_number
)


def _row(name: str, number: int, line: bytes) -> tuple[int, dict[str, str]] | RowIssue:
    found = decoded(name, number, line)
    if isinstance(found, RowIssue):
        return found
    odd = b"\\u" in line or len(line) > LONGEST_FIELD
    return cells(name, number, found, odd=odd)


def decoded(name: str, number: int, line: bytes) -> dict[str, Any] | RowIssue:
    """Return the object that a line holds, its numbers as they are written, or what is wrong."""
    try:
        found = _DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        return RowIssue(name, number, "", "not UTF-8", "save the file as UTF-8", {})
    except (ValueError, RecursionError) as error:
        return RowIssue(name, number, "", f"not JSON: {error}"[:300], "one object a line", {})
    if not isinstance(found, dict):
        return RowIssue(name, number, "", "not an object", 'write {"column": value, …}', {})
    return found


def cells(
    name: str, number: int, found: Mapping[str, Any], *, odd: bool
) -> tuple[int, dict[str, str]] | RowIssue:
    """Return an object as a row of texts, or what is wrong; `odd`: look for what is no text."""
    row: dict[str, str] = {}
    for key, value in found.items():
        text = value if type(value) is str else _as_text(value)
        if text is None:
            return RowIssue(name, number, key, "a list or an object inside a row", _UNFIT, {})
        row[key] = text
    wrong = _odd(row) if odd else None
    return RowIssue(name, number, *wrong, {}) if wrong else (number, row)


def _as_text(value: object) -> str | None:
    """Return null, true and false as a CSV would write them, None for what no cell can hold."""
    if value is None:
        return ""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else None


def _odd(row: dict[str, str]) -> tuple[str, str, str] | None:
    """Return the column of a value that no file of text can hold, why, and what would do."""
    for key, value in row.items():
        found = oddity(key) or oddity(value)
        if found:
            return (key if key.isprintable() else "", *found)
    return None


def oddity(text: str) -> tuple[str, str] | None:
    """Return why a value cannot be taken for text, and what would do; None where it can."""
    if "\x00" in text:
        return "a NUL character", "remove it"
    if len(text) > LONGEST_FIELD:
        return f"a field of more than {LONGEST_FIELD:,} characters", "shorten it"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "half of a surrogate pair", "write the whole character"
    return None
