"""What runs said and what they changed: the ground for taking a run back, and for "as of"."""

from __future__ import annotations

from typing import Any

from queries.schema.declare import Keep, Sensitivity, node, prop


@node(domain=False)
class RunBatch:
    """What one batch of an ingest run says, as it was written; id `run:cursor`.

    `records` is packed (graphsvc/loading/observed.py); undoing a run derives the graph from the
    batches of all others.
    """

    id: str
    run: str | None = prop(keep=Keep.BOOKED, indexed=True)
    cursor: int | None = prop(keep=Keep.BOOKED)
    records: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.SECRET)


@node(domain=False)
class Revision:
    """One property of a node or an assertion that a run changed: what it was, what it became.

    `of` is the key of the node or assertion, `owner` its label or relation; of a secret property
    it says only that it changed. `source` names the row (`file digest:line`) that it came from.
    """

    id: str
    of: str | None = prop(keep=Keep.BOOKED, indexed=True)
    owner: str | None = prop(keep=Keep.BOOKED)
    field: str | None = prop(keep=Keep.BOOKED)
    before: Any = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    after: Any = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    recorded_at: str | None = prop(keep=Keep.BOOKED)
    run: str | None = prop(keep=Keep.BOOKED)
    source: str | None = prop(keep=Keep.BOOKED)
