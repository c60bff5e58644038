"""Read → transform → check → batches: every row of a source ends in a batch or in its rejects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from ingest.ahead import ahead
from ingest.batch import Batch, Settler, contradiction, masked
from ingest.errors import MASK, RowIssue, ValueRefused
from ingest.jobs.job import Context, FieldRefused, Job
from ingest.jobs.pictures import resolve_picture
from ingest.reading import Reading
from ingest.records import Facts, Stamp
from ingest.sources import Source


@dataclass(slots=True)
class _Open:
    """A batch being filled."""

    settler: Settler = field(default_factory=Settler)
    issues: list[RowIssue] = field(default_factory=list)
    accepted: dict[int, Mapping[str, str]] = field(default_factory=dict)
    rows: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A row and what it says, or why it cannot be used."""

    line: int
    row: Mapping[str, str]
    facts: Facts | FieldRefused


def batches(
    source: Source, job: Job, *, reading: Reading, context: Context, size: int, after: int = 0
) -> Iterator[Batch]:
    """Yield the batches of a source, each of `size` rows but the last; a source of none gives one.

    The first `after` rows are passed over: they are done. Raises SourceError where the source as a
    whole cannot be read on.
    """
    stamp = Stamp(source.name, source.digest, f"{job.kind}/{job.version}")
    held, cursor = _Open(), after
    read = partial(_outcome, job=job, reading=reading, context=context)
    rows = islice(source.rows(), after, None)
    # Decoding pictures leaves Python, so that all cores work at it; anything else would not gain.
    outcomes = ahead(read, rows) if job.reads_pictures else map(read, rows)
    for cursor, outcome in enumerate(outcomes, start=after + 1):
        _take(held, outcome, stamp, job)
        if held.rows >= size:
            yield _closed(held, cursor, stamp, job)
            held = _Open()
    yield _closed(held, cursor, stamp, job)


def _outcome(
    item: tuple[int, dict[str, str]] | RowIssue, *, job: Job, reading: Reading, context: Context
) -> _Outcome | RowIssue | None:
    """Return what became of a row; None where the mapping passes over it."""
    if isinstance(item, RowIssue):
        return item
    line, theirs = item
    # Until it is read a row has their columns, of which nobody knows yet which are secret.
    row: Mapping[str, str] = dict.fromkeys(theirs, MASK)
    try:
        ours = reading.apply(theirs)
    except FieldRefused as refused:
        return _Outcome(line, row, refused)
    return None if ours is None else _Outcome(line, ours, transformed(ours, job, context))


def _take(held: _Open, outcome: _Outcome | RowIssue | None, stamp: Stamp, job: Job) -> None:
    if outcome is None:
        held.skipped += 1
        return
    held.rows += 1
    if isinstance(outcome, RowIssue):
        held.issues.append(outcome)
        return
    line, row, facts = outcome.line, outcome.row, outcome.facts
    if isinstance(facts, Facts):
        held.settler.add(line, facts)
        held.accepted[line] = row
        return
    held.issues.append(
        RowIssue(
            file=stamp.file,
            line=line,
            column=facts.column,
            reason=facts.reason,
            remedy=facts.remedy,
            row=masked(row, job.secret),
        )
    )


def transformed(row: Mapping[str, str], job: Job, context: Context) -> Facts | FieldRefused:
    """Return what a row says, or why it cannot be used."""
    try:
        whole = resolve_picture(row, context.pictures) if job.reads_pictures else row
        return job.transform(whole, context)
    except FieldRefused as refused:
        return refused
    except ValueRefused as refused:
        return FieldRefused("", refused)


def _closed(held: _Open, cursor: int, stamp: Stamp, job: Job) -> Batch:
    lost = {entry.line: entry for entry in held.settler.lost}
    against = [
        contradiction(stamp.file, entry, held.accepted[line], secret=job.secret)
        for line, entry in lost.items()
    ]
    return Batch(
        stamp=stamp,
        rows=held.rows,
        skipped=held.skipped,
        cursor=cursor,
        tables=held.settler.tables(stamp.source),
        issues=(*held.issues, *against),
        accepted={line: row for line, row in held.accepted.items() if line not in lost},
    )
