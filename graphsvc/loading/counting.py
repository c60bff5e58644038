"""What became of the rows of a batch, by what it did to the graph; pure, no I/O."""

from __future__ import annotations

from graphsvc.loading.report import Counts
from graphsvc.store.merge import Merged, Tie
from ingest.batch import Batch, Lost, contradiction
from ingest.errors import RowIssue


def count(
    counts: Counts, batch: Batch, merged: Merged, *, run: str, secret: frozenset[str]
) -> list[RowIssue]:
    """Add a batch of a run to the counts; return the rejects that only the graph could tell."""
    against = [_tied(batch, tie, secret) for tie in merged.ties]
    lost = {tie.line for tie in merged.ties if not tie.won} & batch.accepted.keys()
    # A row of this very run that was written, counted, and now lost to a greater one.
    unseated = sum(tie.won and tie.held_run == run for tie in merged.ties)
    kept = batch.accepted.keys() - lost
    loaded = len(kept & merged.changed)
    counts.rows_in += batch.rows
    counts.skipped += batch.skipped
    counts.stubs += merged.stubs
    counts.loaded += loaded - unseated
    counts.unchanged += len(kept) - loaded
    counts.rejected += batch.rows - len(kept) + unseated
    return against


def _tied(batch: Batch, tie: Tie, secret: frozenset[str]) -> RowIssue:
    """Return the reject of whichever row lost a tie between a batch and the graph."""
    digest, _, number = tie.held_source.partition(":")
    here = digest == batch.stamp.digest[:16]
    held = int(number)
    lost = Lost(held, tie.line) if tie.won else Lost(tie.line, held)
    row = batch.accepted.get(lost.line, {}) if here or not tie.won else {}
    file = batch.stamp.file if here or not tie.won else f"sha256:{digest}"
    return contradiction(file, lost, row, secret=secret)
