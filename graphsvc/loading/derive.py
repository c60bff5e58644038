"""What the graph holds of some keys by the runs that are left: pure, whatever the order of runs.

Rows are settled as a load settles them; whether an assertion stands is told by the runs in the
order in which they began.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphsvc.loading.observed import Observed
from ingest.batch import Settler, Table
from ingest.records import Facts
from queries.schema import EdgeSpec

Wanted = Mapping[str, set[str]]  # by the name of a record class, its keys


@dataclass(frozen=True, slots=True)
class Scope:
    """Of what a whole feed is the whole: its assertions, source ("" = the platform), platforms.

    `until` is when what it does not list ended: the newest date that it gives, else its start.
    """

    classes: frozenset[str]
    source: str
    platforms: frozenset[str]
    until: str

    def covers(self, record: Any) -> bool:
        """Tell whether the feed would list an assertion if it still stood."""
        platform = record.start.partition(":")[0]
        return (
            type(record).__name__ in self.classes
            and platform in self.platforms
            and record.source_system == (self.source or platform)
        )

    def as_text(self) -> str:
        """Return the scope as canonical JSON."""
        found = {
            "classes": sorted(self.classes),
            "source": self.source,
            "platforms": sorted(self.platforms),
            "until": self.until,
        }
        return json.dumps(found, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str) -> Scope:
        """Return the scope that `as_text` wrote."""
        found = json.loads(text)
        classes, platforms = frozenset(found["classes"]), frozenset(found["platforms"])
        return cls(classes, found["source"], platforms, found["until"])


@dataclass(frozen=True, slots=True)
class Restored:
    """Records as they are to be: a settled table and the columns that `restore_text` wants."""

    table: Table
    columns: Mapping[str, list[Any]]

    def part(self, first: int, end: int) -> Restored:
        """Return the records from the place `first` to before `end`."""
        columns = {name: values[first:end] for name, values in self.columns.items()}
        return Restored(self.table, columns)


@dataclass(slots=True)
class Derivation:
    """Collects what the runs that are left say of the wanted keys.

    `scopes` holds the finished whole feeds among them, by run.
    """

    wanted: Wanted
    scopes: Mapping[str, Scope]
    _settler: Settler = field(default_factory=Settler)
    _origins: list[tuple[str, str]] = field(default_factory=list)
    _listed: dict[str, dict[str, str]] = field(default_factory=dict)
    _spared: dict[str, set[str]] = field(default_factory=dict)

    def add(self, run: str, said: Observed) -> None:
        """Take in what a batch of a run said."""
        if run in self.scopes:
            self._spared.setdefault(run, set()).update(said.spared)
        for shape, key, values in said.records(self.wanted):
            record = shape.record(values)
            if isinstance(shape.spec, EdgeSpec):
                listed = self._listed.setdefault(key, {})
                listed[run] = max(listed.get(run, ""), record.last_seen or "")
            facts = Facts(values.get("seen_at") or "", (record,))
            self._settler.add(len(self._origins), facts)
            self._origins.append((values["source"], run))

    def restored(self) -> list[Restored]:
        """Return every wanted record that somebody still speaks of, nodes before relations."""
        tables = self._settler.tables(lambda place: self._origins[place][0])
        found = [Restored(table, self._columns(table)) for table in tables]
        return sorted(found, key=lambda item: isinstance(item.table.shape.spec, EdgeSpec))

    def missing(self) -> dict[str, set[str]]:
        """Return the wanted keys of which nobody speaks any more, by class."""
        held = {cls.__name__: entries.keys() for cls, entries in self._settler.found.items()}
        return {name: keys - held.get(name, set()) for name, keys in self.wanted.items()}

    def _columns(self, table: Table) -> dict[str, list[Any]]:
        made = {**table.columns, "run": [self._origins[line][1] for line in table.lines]}
        if isinstance(table.shape.spec, EdgeSpec):
            pairs = enumerate(table.keys)
            ends = [self._ended(key, table.entry(place).record) for place, key in pairs]
            made["valid_to"] = [until for until, _ in ends]
            made["closed_by"] = [run for _, run in ends]
        return made

    def _ended(self, key: str, record: Any) -> tuple[str | None, str | None]:
        """Return when an assertion ended and by which run; nothing where it stands."""
        listed = self._listed[key]
        until: str | None = None
        closed_by: str | None = None
        seen: str | None = None  # until the first run lists it, there is nothing to end
        for run in sorted({*listed, *self.scopes}):
            scope = self.scopes.get(run)
            if run in listed:
                if until is not None and (scope or listed[run] > until):
                    until = closed_by = None
                seen = max(seen or "", listed[run])
            elif scope and seen is not None and until is None and self._ends(run, record, seen):
                until, closed_by = scope.until, run
        return until, closed_by

    def _ends(self, run: str, record: Any, seen: str) -> bool:
        scope = self.scopes[run]
        spared = record.start in self._spared.get(run, ())
        return scope.covers(record) and seen <= scope.until and not spared


def wanted_of(batches: Sequence[Observed]) -> dict[str, set[str]]:
    """Return every key that these batches speak of, by class."""
    found: dict[str, set[str]] = {}
    for said in batches:
        for shape, keys in said.classes():
            found.setdefault(shape.spec.row.__name__, set()).update(keys)
    return found


def ends_of(batches: Sequence[Observed]) -> dict[str, set[str]]:
    """Return the keys of all that the assertions of these batches join, by class."""
    found: dict[str, set[str]] = {}
    for said in batches:
        for shape, _ in said.classes():
            if isinstance(shape.spec, EdgeSpec):
                columns = said.columns[shape.spec.row.__name__]
                found.setdefault(shape.spec.start.__name__, set()).update(columns["start"])
                found.setdefault(shape.spec.end.__name__, set()).update(columns["end"])
    return found
