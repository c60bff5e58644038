"""What can be wrong with input: a RowIssue is data, a SourceError ends the reading of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class SourceError(Exception):
    """A file, its header or its mapping cannot be used as a whole.

    `file` names it, `line` is 1-based and 0 where no line is at fault, `remedy` says what to do.
    """

    def __init__(self, file: str, reason: str, remedy: str, *, line: int = 0) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason
        self.remedy = remedy


class SourceMissing(SourceError):
    """There is no such file, or it may not be read."""


class SourceUnreadable(SourceError):
    """The bytes are not what they are said to be: encoding, compression, file format."""


class SourceEmpty(SourceError):
    """The file holds nothing, not even a header."""


class ColumnsRefused(SourceError):
    """The columns are not those of the kind: one is missing, unknown or there twice."""


class MappingRefused(SourceError):
    """The mapping file is not what its schema says; `line` is 0, the reason names the key."""


class ValueRefused(Exception):
    """A value cannot be used: the reason, and what would do; never the value of a secret."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


MASK = "***"  # in the place of a value that must not be told


@dataclass(frozen=True, slots=True)
class RowIssue:
    """One rejected row: where it stands, why it was refused, what to do; secrets are masked."""

    file: str
    line: int
    column: str
    reason: str
    remedy: str
    row: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the object that the rejects file holds."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "reason": self.reason,
            "remedy": self.remedy,
            "row": dict(self.row),
        }
