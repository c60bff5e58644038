"""What the dry tools print: JSON on standard output, notes and errors on standard error."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import RowIssue, SourceError

SHOWN = 5  # refused rows that are named one by one
UNSHOWABLE = "\N{REPLACEMENT CHARACTER}"


class UsageRefused(Exception):
    """The call itself is wrong; the message says what."""


class OutUnwritable(SourceError):
    """A file that was asked for cannot be written."""


def say(told: Mapping[str, Any]) -> None:
    """Print one object as a line of JSON."""
    # A file's name may hold bytes that are no UTF-8 and so no text.
    line = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode()
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def note(text: str, *, end: str = "\n") -> None:
    """Print a line for a person, without what a terminal would obey or hide."""
    seen = "".join(c if c.isprintable() or c == "\r" else UNSHOWABLE for c in text)
    sys.stderr.write(seen + end)
    sys.stderr.flush()


def fail(message: str, remedy: str) -> None:
    """Print an error and what to do next."""
    note(f"error: {message}")
    note(f"  do: {remedy}")


class Refusals:
    """Rows that were refused: counted, the first of them named."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, issue: RowIssue) -> None:
        """Count a refused row; name it while there are few."""
        self.count += 1
        if self.count <= SHOWN:
            place = f"{issue.file}:{issue.line}" if issue.line else issue.file
            note(f"refused: {place}: {issue.reason}; {issue.remedy}")
        elif self.count == SHOWN + 1:
            note("refused: more rows are counted, not named")


def keep_inputs(option: str, out: Path, inputs: Sequence[str]) -> None:
    """Raise UsageRefused where a file to be written is one of those to be read."""
    for each in inputs:
        if _same(out, each):
            raise UsageRefused(f"{option} {out} is one of the files to read")


def _same(out: Path, file: str) -> bool:
    """Tell whether two names are of one file, by link or by path; it need not be there yet."""
    try:
        return os.path.realpath(out) == os.path.realpath(file) or out.samefile(file)
    except (OSError, ValueError):
        return False


@contextmanager
def writing(path: Path, columns: Sequence[str]) -> Iterator[Any]:
    """Yield a function that writes one row of a CSV; raises OutUnwritable."""
    try:
        with path.open("w", encoding="utf-8", newline="", errors="backslashreplace") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            yield writer.writerow
    except OSError as error:
        raise unwritable(path, error) from None


def unwritable(path: Path, error: OSError) -> OutUnwritable:
    """Return the error of a file that cannot be written."""
    reason = f"cannot be written: {error.strerror or type(error).__name__}"
    return OutUnwritable(str(path), reason, "name a file in a folder that you may write to")
