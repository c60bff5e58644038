"""Read → transform → check → batches: every row of a source ends in a batch or in its rejects.

Rows are read into stretches; what a stretch says depends on no other, so that it can be found out
in another process.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from ingest.ahead import ahead
from ingest.batch import Batch, Settler, contradiction, masked
from ingest.errors import MASK, RowIssue, ValueRefused
from ingest.jobs.job import Context, FieldRefused, Job
from ingest.jobs.pictures import names_picture, resolve_picture
from ingest.reading import Reading
from ingest.records import Facts, Stamp
from ingest.sources import Item, Source

Row = Mapping[str, str]
Read = tuple[int, Row] | RowIssue  # a line and what stands there, in our columns


@dataclass(slots=True)
class Stretch:
    """Rows as they were read, as many as a batch takes; `cursor` counts those up to its end."""

    cursor: int
    rows: list[Read] = field(default_factory=list)
    skipped: int = 0


def batches(
    source: Source, job: Job, *, reading: Reading, context: Context, size: int, after: int = 0
) -> Iterator[Batch]:
    """Yield the batches of a source, each of `size` rows but the last; a source of none gives one.

    The first `after` rows are passed over: they are done. Raises SourceError where the source as a
    whole cannot be read on.
    """
    stamp = stamp_of(source, job)
    for stretch in stretches(source, reading=reading, size=size, after=after):
        yield batch_of(stretch, stamp, job, context)


def stamp_of(source: Source, job: Job) -> Stamp:
    """Return what marks the rows of a source that a job has read."""
    return Stamp(source.name, source.digest, f"{job.kind}/{job.version}")


def stretches(source: Source, *, reading: Reading, size: int, after: int) -> Iterator[Stretch]:
    """Yield the rows of a source, those that the mapping skips only counted; as `batches`."""
    held = Stretch(after)
    for item in islice(source.rows(), after, None):
        held.cursor += 1
        read = _read(item, source.name, reading)
        if read is None:
            held.skipped += 1
            continue
        held.rows.append(read)
        if len(held.rows) >= size:
            yield held
            held = Stretch(held.cursor)
    yield held


def _read(item: Item, file: str, reading: Reading) -> Read | None:
    """Return a row in our columns, or what is wrong; None where the mapping passes over it."""
    if isinstance(item, RowIssue):
        return item
    line, theirs = item
    try:
        ours = reading.apply(theirs)
    except FieldRefused as refused:
        # Until it is read a row has their columns, of which nobody knows yet which are secret.
        return _issue(file, line, refused, dict.fromkeys(theirs, MASK))
    return None if ours is None else (line, ours)


@contextmanager
def unswept() -> Iterator[None]:
    """Look for no garbage: what rows become stays for a while, and nothing of it is in a circle."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@unswept()
def batch_of(stretch: Stretch, stamp: Stamp, job: Job, context: Context) -> Batch:
    """Return what the rows of a stretch say, settled among themselves."""
    settler = Settler()
    issues: list[RowIssue] = []
    accepted: dict[int, Row] = {}
    said = partial(_said, job=job, context=context)
    # Decoding pictures leaves Python, so that all cores work at it; anything else would not gain.
    answers = (
        ahead(said, stretch.rows, pays=_pays) if job.reads_pictures else map(said, stretch.rows)
    )
    for read, facts in zip(stretch.rows, answers, strict=True):
        if isinstance(read, RowIssue):
            issues.append(read)
        elif isinstance(facts, Facts):
            accepted[read[0]] = read[1]
            settler.add(read[0], facts)
        elif facts:
            issues.append(_issue(stamp.file, read[0], facts, masked(read[1], job.secret)))
    lost = {entry.line: entry for entry in settler.lost}
    against = [
        contradiction(stamp.file, entry, accepted[line], secret=job.secret)
        for line, entry in lost.items()
    ]
    return Batch(
        stamp=stamp,
        rows=len(stretch.rows),
        skipped=stretch.skipped,
        cursor=stretch.cursor,
        tables=settler.tables(stamp.source),
        issues=(*issues, *against),
        accepted=_without(accepted, lost),
    )


def _pays(read: Read) -> bool:
    return not isinstance(read, RowIssue) and names_picture(read[1])


def _said(read: Read, *, job: Job, context: Context) -> Facts | FieldRefused | None:
    return None if isinstance(read, RowIssue) else transformed(read[1], job, context)


def transformed(row: Row, job: Job, context: Context) -> Facts | FieldRefused:
    """Return what a row says, or why it cannot be used."""
    try:
        whole = resolve_picture(row, context.pictures) if job.reads_pictures else row
        return job.transform(whole, context)
    except FieldRefused as refused:
        return refused
    except ValueRefused as refused:
        return FieldRefused("", refused)


def _issue(file: str, line: int, refused: FieldRefused, row: Row) -> RowIssue:
    return RowIssue(file, line, refused.column, refused.reason, refused.remedy, row)


def _without(rows: dict[int, Row], lost: Collection[int]) -> dict[int, Row]:
    return {line: row for line, row in rows.items() if line not in lost} if lost else rows
