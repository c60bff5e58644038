"""Reading: a mapping bound to a job and a header; turns each of their rows into one of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Mapping as Row
from dataclasses import dataclass

from rapidfuzz import process

from ingest.errors import ColumnsRefused, ValueRefused
from ingest.fold.column import listed
from ingest.jobs.job import FieldRefused, Job
from ingest.mapping import Constant, Joined, Mapping, Template, Theirs
from ingest.sources import Source

Getter = Callable[[Row[str, str]], str]
DELIMITERS = ";\t|,"  # what files that are read as one column are often written with


@dataclass(frozen=True, slots=True)
class Reading:
    """How a row is read, the mapping's conditions apart; `platform` fills in where it names none.

    `known` holds every column that may stand in a row, None where any may.
    """

    read: Callable[[Row[str, str]], dict[str, str]]
    platform: str | None
    names_platform: bool
    skip: tuple[tuple[str, frozenset[str]], ...]
    where: tuple[tuple[str, frozenset[str]], ...]
    known: frozenset[str] | None

    def apply(self, theirs: Row[str, str]) -> dict[str, str] | None:
        """Return the row in our columns, None where the mapping passes over it.

        Raises FieldRefused for a column that nobody knows, in sources without a header.
        """
        for column, values in self.skip:
            if theirs.get(column, "").strip() in values:
                return None
        for column, values in self.where:
            if theirs.get(column, "").strip() not in values:
                return None
        if self.known is not None and not self.known.issuperset(theirs):
            raise _unknown_field(min(set(theirs) - self.known))
        row = self.read(theirs)
        if self.platform and not row.get("platform"):
            row["platform"] = self.platform
        return row


def _unknown_field(column: str) -> FieldRefused:
    refused = ValueRefused("an unknown column", "name it in the mapping's `columns` or `ignore`")
    return FieldRefused(column, refused)


def reading_of(
    job: Job, source: Source, mapping: Mapping, *, platform: str | None = None
) -> Reading:
    """Bind a mapping to a job and a source; raises ColumnsRefused before the first row."""
    columns = _bound(job, source, mapping)
    if source.complete:
        _check_required(job, source, frozenset(columns))
    consumed = {name for theirs in columns.values() for name in _read_by(theirs)}
    consumed.update(mapping.skip, mapping.where)
    _check_present(source, consumed)
    unknown = _unknown(source.header, consumed, mapping)
    if unknown:
        raise _unknown_columns(job, source.name, unknown)
    empty = frozenset(text.strip() for text in mapping.empty) | {""}
    return Reading(
        read=_reader(columns, empty),
        platform=mapping.platform or platform,
        names_platform="platform" in columns,
        skip=_wanted(mapping.skip),
        where=_wanted(mapping.where),
        known=_known(source, consumed, mapping),
    )


def _bound(job: Job, source: Source, mapping: Mapping) -> dict[str, Theirs]:
    """Return what each of our columns is read from: as mapped, else a column of the same name."""
    strange = sorted(set(mapping.columns) - set(job.columns))
    if strange:
        reason = f"columns.{strange[0]}: {job.kind} have no such column"
        raise ColumnsRefused(source.name, reason, _nearest(strange[0], job))
    used = {name for theirs in mapping.columns.values() for name in _read_by(theirs)}
    ignored = set() if mapping.ignore == "rest" else set(mapping.ignore)
    offered = source.header if source.complete else job.columns
    same = [c for c in offered if c in job.columns and c not in used and c not in ignored]
    return {**{name: name for name in same}, **mapping.columns}


def _known(source: Source, consumed: set[str], mapping: Mapping) -> frozenset[str] | None:
    if source.complete or mapping.ignore == "rest":
        return None
    return frozenset(consumed) | frozenset(mapping.ignore)


def _unknown(header: Iterable[str], consumed: set[str], mapping: Mapping) -> list[str]:
    if mapping.ignore == "rest":
        return []
    return [c for c in header if c not in consumed and c not in mapping.ignore]


def _unknown_columns(job: Job, name: str, unknown: list[str]) -> ColumnsRefused:
    return ColumnsRefused(name, f"unknown columns: {listed(unknown)}", _nearest(unknown[0], job))


def _nearest(column: str, job: Job) -> str:
    best = process.extractOne(column, job.columns, score_cutoff=60)
    if best is not None:
        return f"is {best[0]} meant? else name it in the mapping's `columns` or `ignore`"
    return f"name it in the mapping's `columns` or `ignore`; {job.kind}: {', '.join(job.columns)}"


def _check_required(job: Job, source: Source, bound: frozenset[str]) -> None:
    missing = [column for column in job.required if column not in bound]
    if missing:
        remedy = f"add them, or map them from other columns with --mapping; {_offered(source)}"
        raise ColumnsRefused(source.name, f"missing columns: {', '.join(missing)}", remedy)
    if job.either and not any(bound.issuperset(group) for group in job.either):
        groups = " or ".join("+".join(group) for group in job.either)
        remedy = f"add one, or map it with --mapping; {_offered(source)}"
        raise ColumnsRefused(source.name, f"{groups} is wanted", remedy)


def _check_present(source: Source, consumed: set[str]) -> None:
    absent = sorted(consumed - set(source.header)) if source.complete else []
    if absent:
        reason = f"the mapping reads {listed(absent)}, which is not there"
        raise ColumnsRefused(source.name, reason, _offered(source))


def _offered(source: Source) -> str:
    """Say which columns a file has, and what may be wrong where it is but one."""
    only = source.header[0] if len(source.header) == 1 else ""
    mark = next((mark for mark in DELIMITERS if mark in only), None)
    hint = f"; if fields end with {mark!r}, set `delimiter` in a mapping" if mark else ""
    return f"the file has: {listed(source.header)}{hint}"


def _read_by(theirs: Theirs) -> list[str]:
    if isinstance(theirs, str):
        return [theirs]
    return [] if isinstance(theirs, Constant) else theirs.columns


def _reader(
    columns: dict[str, Theirs], empty: frozenset[str]
) -> Callable[[Row[str, str]], dict[str, str]]:
    """Return the function that makes one of our rows of one of theirs."""
    names = [(ours, theirs) for ours, theirs in columns.items() if isinstance(theirs, str)]
    if len(names) < len(columns):
        getters = [(ours, _getter(theirs, empty)) for ours, theirs in columns.items()]
        return lambda row: {ours: get(row) for ours, get in getters}
    # Columns by their names alone, as most feeds have them: the same in one step for each.
    return lambda row: {
        ours: "" if (value := row.get(theirs, "").strip()) in empty else value
        for ours, theirs in names
    }


def _getter(theirs: Theirs, empty: frozenset[str]) -> Getter:
    """Return the function that reads one of our columns from one of their rows."""

    def one(row: Row[str, str], column: str) -> str:
        value = row.get(column, "").strip()
        return "" if value in empty else value

    if isinstance(theirs, str):
        return lambda row: one(row, theirs)
    if isinstance(theirs, Constant):
        text = str(theirs.const)
        return lambda row: text
    if isinstance(theirs, Joined):
        joined = theirs
        return lambda row: joined.join.join(filter(None, (one(row, c) for c in joined.columns)))
    return lambda row: _filled(theirs, {column: one(row, column) for column in theirs.columns})


def _filled(template: Template, parts: dict[str, str]) -> str:
    return template.template.format_map(parts) if all(parts.values()) else ""


def _wanted(columns: dict[str, str | list[str]]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (column, frozenset([values] if isinstance(values, str) else values))
        for column, values in columns.items()
    )
