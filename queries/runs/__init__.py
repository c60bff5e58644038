"""Runs of ingest jobs: what was loaded, by whom the graph is being written, under which key."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import Nothing, load
from queries.schema.findings import IngestRun


@dataclass(frozen=True, slots=True)
class TokenKeyRow:
    """A token key's public id and when it first wrote here."""

    id: str
    created_at: str


LEASE = load(__package__, "lease", Nothing)
SAVE_INGEST_RUN = load(__package__, "save_ingest_run", Nothing)
INGEST_RUNS = load(__package__, "ingest_runs", IngestRun)
INGEST_RUNS_BY_ID = load(__package__, "ingest_runs_by_id", IngestRun)
TOKEN_KEYS = load(__package__, "token_keys", TokenKeyRow)
SAVE_TOKEN_KEY = load(__package__, "save_token_key", Nothing)
