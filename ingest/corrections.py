"""Corrected rejects as rows: each is what its line of the source says, with the corrections on it.

What a reject masks, or leaves out, is what the source has. Nothing here looks for the source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ingest.batch import masked
from ingest.errors import MASK, RowIssue, SourceMissing, SourceUnreadable
from ingest.jobs.job import FieldRefused
from ingest.reading import Reading
from ingest.sources import Item, Source
from ingest.sources.jsonlines import cells, decoded
from ingest.sources.opening import digest_of

FORM = "keep each line as the load wrote it, {file, line, column, reason, remedy, row}"
ANEW = "write the whole row anew, its masked values too"


@dataclass(frozen=True, slots=True)
class Reject:
    """Line `number` of a rejects file: which line of which file it is about, its row corrected."""

    number: int
    file: str
    line: int
    row: Mapping[str, str] | RowIssue

    @property
    def whole(self) -> bool:
        """Return whether the row can do without its source."""
        return isinstance(self.row, RowIssue) or (bool(self.row) and MASK not in self.row.values())


@dataclass(slots=True)
class Sheet:
    """The rejects of one file: by the line that each names, its own line and its first byte.

    `masked` is the first of them that cannot do without its source, 0 where all can.
    """

    places: dict[int, tuple[int, int]] = field(default_factory=dict)
    masked: int = 0

    def add(self, reject: Reject, start: int) -> None:
        """Take in a reject; of two about one line the later counts."""
        self.places[reject.line] = (reject.number, start)
        if not reject.whole:
            self.masked = self.masked or reject.number

    def join(self, other: Sheet) -> None:
        """Take in all of another sheet."""
        self.places |= other.places
        self.masked = self.masked or other.masked


@dataclass(frozen=True, slots=True)
class Basis:
    """What a load reads: the source, how its rows are read, where pictures that it names are."""

    source: Source
    reading: Reading
    pictures: Path | None = None


def sheets(path: Path) -> dict[str, Sheet]:
    """Return the rejects of a file by the file that they are about.

    Raises SourceMissing, SourceUnreadable where a line is no reject.
    """
    found: dict[str, Sheet] = {}
    try:
        with path.open("rb") as file:
            start = 0
            for number, text in enumerate(file, start=1):
                if not text.isspace():
                    reject = _reject(str(path), number, text)
                    found.setdefault(reject.file, Sheet()).add(reject, start)
                start += len(text)
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise SourceMissing(str(path), reason, "name a rejects file") from None
    return found


def _reject(name: str, number: int, text: bytes) -> Reject:
    found = decoded(name, number, text)
    if isinstance(found, RowIssue):
        raise SourceUnreadable(name, found.reason, FORM, line=number)
    file, line, row = (found.get(key) for key in ("file", "line", "row"))
    if not isinstance(file, str) or not isinstance(row, dict) or not str(line).isdecimal():
        raise SourceUnreadable(name, "no file, line and row in it", FORM, line=number)
    read = cells(name, number, row, odd=True)
    return Reject(number, file, int(str(line)), read if isinstance(read, RowIssue) else read[1])


def corrected(path: Path, sheet: Sheet, basis: Basis | None, *, secret: frozenset[str]) -> Source:
    """Return the rows of a sheet in our columns as a source whose lines are the rejects file's.

    Without a basis each row is taken as it stands. What is refused here masks `secret` columns.
    """
    read = partial(_rows, path, sheet, basis, secret)
    meter = basis.source.meter if basis else None
    return Source(str(path), digest_of(path), (), False, path, read, meter)


def _rows(path: Path, sheet: Sheet, basis: Basis | None, secret: frozenset[str]) -> Iterator[Item]:
    """Yield the rows in the order of the source, which is read once; then what it does not have."""
    left = dict(sheet.places)
    with path.open("rb") as file:

        def reject(place: tuple[int, int]) -> Reject:
            file.seek(place[1])
            return _reject(str(path), place[0], file.readline())

        for item in basis.source.rows() if basis and left else ():
            place = left.pop(item.line if isinstance(item, RowIssue) else item[0], None)
            if place and basis:
                yield _laid_over(str(path), reject(place), item, (basis.reading, secret))
            if not left:
                return
        for place in left.values():
            yield _as_it_stands(str(path), reject(place), "is not there", secret)


def _laid_over(name: str, reject: Reject, item: Item, how: tuple[Reading, frozenset[str]]) -> Item:
    """Return the row of the source with what was corrected."""
    if isinstance(reject.row, RowIssue):
        return reject.row
    reading, secret = how
    if isinstance(item, RowIssue):
        return _as_it_stands(name, reject, f"cannot be read ({item.reason})", secret)
    try:
        ours = reading.apply(item[1]) or {}
    except FieldRefused:
        return _in_their_columns(name, reject, item[1], reading)
    corrections = {column: text for column, text in reject.row.items() if text != MASK}
    return reject.number, {**ours, **corrections}


def _in_their_columns(
    name: str, reject: Reject, theirs: Mapping[str, str], reading: Reading
) -> Item:
    """Return a row that was refused before anybody knew its columns: it has theirs."""
    given = {} if isinstance(reject.row, RowIssue) else reject.row
    row = {c: theirs.get(c, "") if text == MASK else text for c, text in given.items()}
    column, reason, remedy = "", "the mapping passes over it", "take it out"
    try:
        ours = reading.apply(row or theirs)
        if ours is not None:
            return reject.number, ours
    except FieldRefused as refused:
        column, reason, remedy = refused.column, refused.reason, refused.remedy
    return RowIssue(name, reject.number, column, reason, remedy, dict.fromkeys(row, MASK))


def _as_it_stands(name: str, reject: Reject, why: str, secret: frozenset[str]) -> Item:
    """Return a row without its source, which must then be whole."""
    if isinstance(reject.row, RowIssue):
        return reject.row
    if reject.whole:
        return reject.number, dict(reject.row)
    reason = f"line {reject.line} of {reject.file} {why}"
    return RowIssue(name, reject.number, "", reason, ANEW, masked(reject.row, secret))
