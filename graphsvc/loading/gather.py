"""Settle batches among themselves as the graph would: what a first load comes to; pure.

It takes a batch as `store.merge.merge` does and answers the same, so both count alike. A value
that another row replaces leaves no Revision: the graph never held it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphsvc.store.merge import Merged, Tie, in_order, keys_of
from ingest.batch import Batch, Entry, Settler, Table
from ingest.records import SHAPES, Shape, Stamp
from queries.bulk import sheet_columns
from queries.merge import Spec
from queries.schema import NODES, EdgeSpec, NodeSpec

LINES = 40  # bits of a place that hold the line; those above hold the number of the run


class _Held(NamedTuple):
    """Of a key: the place of the row that it is told by, and its values in the sheet's order."""

    place: int
    values: tuple[Any, ...]


@dataclass(slots=True)
class Gathered:
    """All batches so far as one graph: settled records, and the stubs that they need."""

    _found: dict[type, dict[str, _Held]] = field(default_factory=dict)
    _runs: list[tuple[str, Stamp]] = field(default_factory=list)
    _stubs: dict[type, dict[str, str]] = field(default_factory=dict)

    def begin(self, run: str, stamp: Stamp) -> None:
        """Let a run begin, whose batches come next."""
        self._runs.append((run, stamp))

    def add(self, batch: Batch) -> Merged:
        """Take in a batch of the run that began last, and return what it did."""
        merged = Merged()
        for table in in_order(batch):
            _, *ends = keys_of(table)
            for cls, keys in ends:
                merged.stubs += self._stub(cls, keys)
            self._settle(table, merged)
        return merged

    def rows(self, now: str) -> Iterator[tuple[Spec, Iterator[tuple[Any, ...]]]]:
        """Yield, class by class, the rows of its sheet; what is recorded is recorded at `now`."""
        for cls in list(self._found):
            found, spec = self._found.pop(cls), SHAPES[cls].spec
            stub = (None,) if isinstance(spec, NodeSpec) else ()
            yield spec, self._rows(found, (now, *stub))
        for cls, stubs in self._stubs.items():
            yield NODES[cls], _stubs(NODES[cls], stubs, now)

    def _rows(self, found: dict[str, _Held], rest: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        for key in sorted(found):
            place, values = found[key]
            yield (*values, self._runs[place >> LINES][0], *rest)

    def _settle(self, table: Table, merged: Merged) -> None:
        spec = table.shape.spec
        found = self._found.setdefault(spec.row, {})
        stubs = {} if isinstance(spec, EdgeSpec) else self._stubs.get(spec.row, {})
        first = len(self._runs) - 1 << LINES
        rows = zip(*table.columns.values(), strict=True)
        for at, (key, line, values) in enumerate(zip(table.keys, table.lines, rows, strict=True)):
            held = found.get(key)
            if held is None:
                found[key] = _Held(first + line, values)
                merged.changed.add(line)
                stubs.pop(key, None)
            else:
                self._contest(table, at, held, merged)

    def _contest(self, table: Table, at: int, held: _Held, merged: Merged) -> None:
        """Settle what one record of a table and what is held say of the same key."""
        shape, key, entry = table.shape, table.keys[at], table.entry(at)
        place = (len(self._runs) - 1 << LINES) + entry.line
        both = Settler({shape.spec.row: {key: _entry(shape, held)}})
        if both.settle(shape, key, Entry(place, entry.seen_at, entry.record)):
            merged.changed.add(entry.line)
        [kept] = both.tables(self._source)
        [values] = zip(*kept.columns.values(), strict=True)
        self._found[shape.spec.row][key] = _Held(kept.lines[0], values)
        for lost in both.lost:
            won = lost.other == place
            other = lost.line if won else lost.other
            run = self._runs[other >> LINES][0]
            merged.ties.append(Tie(entry.line, self._source(other), run, won))

    def _stub(self, cls: type, keys: Sequence[str]) -> int:
        held, stubs = self._found.get(cls, {}), self._stubs.setdefault(cls, {})
        fresh = {key for key in keys if key not in held and key not in stubs}
        stubs.update(dict.fromkeys(sorted(fresh), self._runs[-1][0]))
        return len(fresh)

    def _source(self, place: int) -> str:
        return self._runs[place >> LINES][1].source(place & ((1 << LINES) - 1))


def _entry(shape: Shape, held: _Held) -> Entry:
    """Return what is held as the entry that it came from."""
    values = dict(zip(shape.columns, held.values, strict=True))
    record = shape.record(values)
    return Entry(held.place, values.get("seen_at") or "", record)


def _stubs(spec: NodeSpec, runs: Mapping[str, str], now: str) -> Iterator[tuple[Any, ...]]:
    """Yield the nodes that rows name and none describes; as `create_text` makes it."""
    names = sheet_columns(spec)
    for key, run in runs.items():
        said = {
            spec.key: key,
            "platform": key.partition(":")[0],
            "run": run,
            "recorded_from": now,
            "stub": True,
        }
        yield tuple(map(said.get, names))
