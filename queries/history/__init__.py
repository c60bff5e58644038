"""What runs said and what they changed."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import Nothing, load


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch and its run."""

    id: str
    run: str


@dataclass(frozen=True, slots=True)
class RecordsRow:
    """What a batch says, packed."""

    records: str


SAVE_REVISIONS = load(__package__, "save_revisions", Nothing)
BATCHES = load(__package__, "batches", BatchRow)
BATCH_RECORDS = load(__package__, "batch_records", RecordsRow)
