"""What a job is: the columns it wants, which of them are secret, and its pure transform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser
from ingest.records import Facts

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for every row of a load: who says it, the token key, how dates are written."""

    platform: str
    source: str
    tokens: Tokeniser
    dates: str | None = None
    decimal: str = "."
    pictures: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of input: `version` changes when the same row would become other records."""

    kind: str
    version: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    transform: Callable[[Row, Context], Facts]
    either: tuple[tuple[str, ...], ...] = ()
    secret: frozenset[str] = frozenset()
    reads_pictures: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column this job knows, the ones that all jobs share included."""
        return (*self.required, *self.optional, "platform", "seen_at")


class FieldRefused(Exception):
    """One field of a row cannot be used: its column, the reason, and what would do."""

    def __init__(self, column: str, refused: ValueRefused) -> None:
        super().__init__(f"{column}: {refused.reason}")
        self.column = column
        self.reason = refused.reason
        self.remedy = refused.remedy
