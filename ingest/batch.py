"""A batch of rows settled among themselves: one record a key, losers named; pure, no I/O.

Whatever the order of the rows, the same record stays: of two rows that contradict each other the
one seen last wins, on a tie the greatest canonical row, and the other is rejected by name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ingest.errors import MASK, RowIssue
from ingest.records import SHAPES, Facts, Shape, Stamp, canonical
from queries.merge import key_name


class Entry(NamedTuple):
    """A record with the line that it came from and when that row was seen."""

    line: int
    seen_at: str
    record: Any


@dataclass(frozen=True, slots=True)
class Table:
    """Records of one class in key order: parallel lists, place by place.

    `columns` holds a list a property, by the names of the parameters of `queries.merge`; `lines`
    and `seen` say which line each record came from and when that row was seen. The records are
    not kept: an entry is made of its columns where somebody looks at it.
    """

    shape: Shape
    columns: Mapping[str, list[Any]]
    lines: list[int]
    seen: list[str]

    @property
    def keys(self) -> list[str]:
        """Return the unique keys of the records."""
        return self.columns[key_name(self.shape.spec)]

    def entry(self, place: int) -> Entry:
        """Return the record at a place."""
        values = {name: self.columns[name][place] for name in self.shape.names}
        return Entry(self.lines[place], self.seen[place], self.shape.record(values))

    def at(self, places: Sequence[int]) -> Table:
        """Return the records at these places, which are in order."""
        if len(places) == len(self.lines):
            return self
        columns = {name: [column[i] for i in places] for name, column in self.columns.items()}
        lines, seen = [self.lines[i] for i in places], [self.seen[i] for i in places]
        return Table(self.shape, columns, lines, seen)

    def without(self, places: Sequence[int]) -> Table:
        """Return the records at all other places."""
        return self.at(sorted(set(range(len(self.lines))).difference(places))) if places else self

    def __reduce__(self) -> tuple[Callable[..., Table], tuple[Any, ...]]:
        """Name the class in place of its shape, which no other process could be sent."""
        return _received, (self.shape.spec.row, self.columns, self.lines, self.seen)


def _received(cls: type, *parts: Any) -> Table:
    return Table(SHAPES[cls], *parts)


@dataclass(frozen=True, slots=True)
class Lost:
    """A line that contradicted another one seen at the same time, and lost."""

    line: int
    other: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of one source: what to write, what was refused, how many rows it was.

    `rows` counts every row read but the skipped ones; `accepted` maps a line to its row; `cursor`
    counts all rows of the source up to the end of this batch.
    """

    stamp: Stamp
    rows: int
    skipped: int
    cursor: int
    tables: tuple[Table, ...]
    issues: tuple[RowIssue, ...]
    accepted: Mapping[int, Mapping[str, str]]


@dataclass(slots=True)
class Settler:
    """Collects the facts of a batch and settles what its rows say of one key."""

    found: dict[type, dict[str, Entry]] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)

    def add(self, line: int, facts: Facts) -> None:
        """Take in one row's records."""
        for record in facts.records:
            shape = SHAPES[type(record)]
            self.settle(shape, shape.key(record), Entry(line, facts.seen_at, record))

    def settle(self, shape: Shape, key: str, entry: Entry) -> bool:
        """Take in one record under its key and tell whether it changed what was held."""
        entries = self.found.get(shape.spec.row)
        if entries is None:
            entries = self.found[shape.spec.row] = {}
        held = entries.get(key)
        if held is None:
            entries[key] = entry
            return True
        if held.record is entry.record:  # a platform, which every row of a file names
            entries[key] = _seen_later(held, entry) if shape.settled else held
            return held.line == entry.line
        entries[key] = now = self._merged(shape, held, entry)
        return now.line == entry.line or now.record != held.record

    def tables(self, source: Callable[[int], str]) -> tuple[Table, ...]:
        """Return the settled records by class, each in key order; `source` names a line."""
        return tuple(table_of(SHAPES[cls], held, source) for cls, held in self.found.items())

    def _merged(self, shape: Shape, held: Entry, new: Entry) -> Entry:
        winner, loser = held, new
        if shape.settled:
            ours, theirs = (canonical(shape.winner(entry.record)) for entry in (held, new))
            if ours != theirs:
                if (new.seen_at, theirs) > (held.seen_at, ours):
                    winner, loser = new, held
                if new.seen_at == held.seen_at:
                    self.lost.append(Lost(loser.line, winner.line))
            else:
                winner = _seen_later(held, new)
        return winner._replace(record=_widened(shape, winner.record, loser.record))


def _seen_later(held: Entry, new: Entry) -> Entry:
    """Return what is held, seen when the later of the two was."""
    return held._replace(seen_at=new.seen_at) if new.seen_at > held.seen_at else held


def table_of(shape: Shape, found: Mapping[str, Entry], source: Callable[[int], str]) -> Table:
    """Return settled records of one class in key order; `source` names a line."""
    keys = sorted(found)
    entries = [found[key] for key in keys]
    lines, seen = [entry.line for entry in entries], [entry.seen_at for entry in entries]
    return Table(shape, _columns(shape, keys, entries, source), lines, seen)


def _columns(
    shape: Shape, keys: list[str], entries: list[Entry], source: Callable[[int], str]
) -> dict[str, list[Any]]:
    values = map(shape.values, (entry.record for entry in entries))
    made = dict(zip(shape.names, map(list, zip(*values, strict=True)), strict=True))
    made[key_name(shape.spec)] = keys
    if shape.settled:
        made["seen_at"] = [entry.seen_at or None for entry in entries]
        made["digest"] = [shape.digest(entry.record) for entry in entries]
    made["source"] = [source(entry.line) for entry in entries]
    return {name: made[name] for name in shape.columns}


def _widened(shape: Shape, record: Any, other: Any) -> Any:
    """Return `record` with each least and greatest value taken over both."""
    changes = {}
    for names, pick in ((shape.least, min), (shape.greatest, max)):
        for name in names:
            ours, theirs = getattr(record, name), getattr(other, name)
            if theirs is not None and (ours is None or pick(ours, theirs, key=_order) != ours):
                changes[name] = theirs
    return dataclasses.replace(record, **changes) if changes else record


def _order(value: Any) -> Any:
    """Return what a value sorts by in the graph: Neo4j compares texts by UTF-16 code units."""
    return value.encode("utf-16-be", "surrogatepass") if isinstance(value, str) else value


def contradiction(
    file: str, lost: Lost, row: Mapping[str, str], *, secret: frozenset[str]
) -> RowIssue:
    """Return the reject of a row that lost against another line of equal date."""
    return RowIssue(
        file=file,
        line=lost.line,
        column="",
        reason=f"line {lost.line} contradicts line {lost.other}: same key, same seen_at",
        remedy="give the row that is right a later seen_at, or delete the other",
        row=masked(row, secret),
    )


def masked(row: Mapping[str, str], secret: frozenset[str]) -> dict[str, str]:
    """Return the row with its secret values covered but for their length's order."""
    return {name: MASK if value and name in secret else value for name, value in row.items()}
