"""What a job is: the columns it wants, which of them are secret, and its pure transform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from ingest.errors import ValueRefused
from ingest.fold import value
from ingest.fold.token import Tokeniser
from ingest.records import Facts
from queries.schema.actors import Platform
from queries.schema.links import AssertedBy

P = ParamSpec("P")
T = TypeVar("T")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for every row of a load: who says it, the token key, how dates are written.

    `source` names the source system; "" means the platform of each row. `region` is the country
    that telephone numbers without a country code are of.
    """

    source: str
    tokens: Tokeniser = field(repr=False)
    dates: str | None = None
    decimal: str = "."
    pictures: Path | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of input: `version` changes when the same row would become other records.

    `either` holds groups of columns of which one group at least must be there. `asserts` are the
    assertions that a whole feed lists, `whose` is the column that names who each starts from.
    """

    kind: str
    version: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    transform: Callable[[Row, Context], Facts]
    either: tuple[tuple[str, ...], ...] = ()
    secret: frozenset[str] = frozenset()
    reads_pictures: bool = False
    asserts: tuple[type, ...] = ()
    whose: str = "seller_id"

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


def maybe(
    row: Row, column: str, fold: Callable[Concatenate[str, P], T], *more: P.args, **named: P.kwargs
) -> T | None:
    """Return the folded field, or None where it is empty; raises FieldRefused.

    `fold` gets what else there is behind the text.
    """
    text = row.get(column)
    if not text:
        return None
    try:
        return fold(text, *more, **named)
    except ValueRefused as refused:
        raise FieldRefused(column, refused) from None


def need(
    row: Row, column: str, fold: Callable[Concatenate[str, P], T], *more: P.args, **named: P.kwargs
) -> T:
    """Return the folded field as `maybe`; raises FieldRefused also where it is empty."""
    found = maybe(row, column, fold, *more, **named)
    if found is None:
        raise FieldRefused(column, ValueRefused("empty", f"fill in {column}"))
    return found


def platform_of(row: Row) -> str:
    """Return the platform that the row speaks of."""
    return need(row, "platform", value.platform)


@lru_cache(maxsize=1024)
def platform_node(platform: str) -> Platform:
    """Return the record of a platform, for all rows that name it the same one."""
    return Platform(id=platform, name=None)


def key_of(row: Row, column: str) -> str:
    """Return the id `platform:local_id` that a required column names."""
    return f"{platform_of(row)}:{need(row, column, value.local_id)}"


def date_of(row: Row, column: str, context: Context) -> str | None:
    """Return a date as the graph writes it, or None."""
    return maybe(row, column, value.date, context.dates)


def claim(row: Row, context: Context, *, role: str | None = None) -> dict[str, Any]:
    """Return the marks of an assertion made by this row: who says it, when it was seen."""
    seen = date_of(row, "seen_at", context)
    by = maybe(row, "asserted_by", value.choice, AssertedBy)
    return {
        "role": role,
        "source_system": context.source or platform_of(row),
        "asserted_by": (by or AssertedBy.OBSERVED).value,
        "first_seen": seen,
        "last_seen": seen,
    }


def facts(row: Row, context: Context, *records: Any) -> Facts:
    """Return the records of a row with the date that they were seen at."""
    return Facts(date_of(row, "seen_at", context) or "", records)
