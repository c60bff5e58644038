"""Settle batches among themselves as the graph would: what a first load comes to; pure.

It takes a batch as `store.merge.merge` does and answers the same, so both count alike. A value
that another row replaces leaves no Revision: the graph never held it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphsvc.store.merge import Merged, Tie, in_order, keys_of
from ingest.batch import Batch, Entry, Settler, Table, table_of
from ingest.records import SHAPES, Stamp
from queries.bulk import sheet_columns
from queries.merge import Spec
from queries.schema import NODES, EdgeSpec, NodeSpec

LINES = 40  # bits of a place that hold the line; those above hold the number of the run


@dataclass(slots=True)
class Gathered:
    """All batches so far as one graph: settled records, and the stubs that they need."""

    _settler: Settler = field(default_factory=Settler)
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
                merged.stubs += self._stub(cls, sorted(set(keys)))
            self._settle(table, merged)
        return merged

    def rows(self, now: str) -> Iterator[tuple[Spec, Iterator[tuple[Any, ...]]]]:
        """Yield, class by class, the rows of its sheet; what is recorded is recorded at `now`."""
        for cls in list(self._settler.found):
            table = table_of(SHAPES[cls], self._settler.found.pop(cls), self._source)
            runs = (self._runs[entry.line >> LINES][0] for entry in table.entries)
            marks: list[Iterator[Any]] = [runs, _always(now)]
            if isinstance(table.shape.spec, NodeSpec):
                marks.append(_always(None))
            yield table.shape.spec, zip(*table.columns.values(), *marks, strict=False)
        for cls, stubs in self._stubs.items():
            yield NODES[cls], (_stub(NODES[cls], key, run, now) for key, run in stubs.items())

    def _settle(self, table: Table, merged: Merged) -> None:
        spec, settler = table.shape.spec, self._settler
        number = len(self._runs) - 1
        stubs = {} if isinstance(spec, EdgeSpec) else self._stubs.get(spec.row, {})
        for key, entry in zip(table.keys, table.entries, strict=True):
            place = (number << LINES) + entry.line
            if settler.settle(table.shape, key, Entry(place, entry.seen_at, entry.record)):
                merged.changed.add(entry.line)
            stubs.pop(key, None)
            while settler.lost:
                lost = settler.lost.pop()
                won = lost.other == place
                held = lost.line if won else lost.other
                run = self._runs[held >> LINES][0]
                merged.ties.append(Tie(entry.line, self._source(held), run, won))

    def _stub(self, cls: type, keys: list[str]) -> int:
        held, stubs = self._settler.found.get(cls, {}), self._stubs.setdefault(cls, {})
        fresh = [key for key in keys if key not in held and key not in stubs]
        stubs.update(dict.fromkeys(fresh, self._runs[-1][0]))
        return len(fresh)

    def _source(self, place: int) -> str:
        return self._runs[place >> LINES][1].source(place & ((1 << LINES) - 1))


def _always(value: Any) -> Iterator[Any]:
    while True:
        yield value


def _stub(spec: NodeSpec, key: str, run: str, now: str) -> tuple[Any, ...]:
    """Return the row of a node that rows name and none describes; as `create_text` makes it."""
    said = {
        spec.key: key,
        "platform": key.partition(":")[0],
        "run": run,
        "recorded_from": now,
        "stub": True,
    }
    return tuple(said.get(name) for name in sheet_columns(spec))
