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


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run that was begun and not ended: its state, and which loader has or had it."""

    id: str
    state: str
    loader: str | None


@dataclass(frozen=True, slots=True)
class RunSource:
    """What a run read and how: `place` and `wish` are JSON, None in runs that cannot go on."""

    id: str
    state: str
    kind: str
    identity: str | None
    file: str
    file_digest: str
    place: str | None
    wish: str | None


@dataclass(frozen=True, slots=True)
class TakenRun:
    """A run as its last loader left it."""

    fence: int
    cursor: int | None
    started_at: str | None
    rejects_file: str | None
    rejects_size: int | None
    rows_in: int | None
    loaded: int | None
    unchanged: int | None
    rejected: int | None
    skipped: int | None
    stubs: int | None
    closed: int | None


@dataclass(frozen=True, slots=True)
class CursorRow:
    """How many rows of a run were read and written."""

    cursor: int | None


@dataclass(frozen=True, slots=True)
class UndoneRun:
    """A run that is being taken back, under its new fence."""

    fence: int


@dataclass(frozen=True, slots=True)
class StandingRun:
    """How a run stands, of what it was the whole (JSON, or None), how many rows it kept."""

    id: str
    state: str | None
    scope: str | None
    kept: int


@dataclass(frozen=True, slots=True)
class Epoch:
    """Numbers that change whenever what the runs say together does."""

    batches: int
    closed: int
    scopes: int
    taken_back: int


LEASE = load(__package__, "lease", Nothing)
SAVE_INGEST_RUN = load(__package__, "save_ingest_run", Nothing)
INGEST_RUNS = load(__package__, "ingest_runs", IngestRun)
INGEST_RUNS_BY_ID = load(__package__, "ingest_runs_by_id", IngestRun)
RUNS_OF_FILES = load(__package__, "runs_of_files", IngestRun)
RUNS_OF_IDENTITY = load(__package__, "runs_of_identity", IngestRun)
UNFINISHED_RUNS = load(__package__, "unfinished_runs", UnfinishedRun)
RUNS_OF_KINDS = load(__package__, "runs_of_kinds", RunSource)
TAKE_OVER_RUN = load(__package__, "take_over_run", TakenRun)
SAVE_FENCED_RUN = load(__package__, "save_fenced_run", CursorRow)
STANDING_RUNS = load(__package__, "standing_runs", StandingRun)
EPOCH = load(__package__, "epoch", Epoch)
UNDO_RUN = load(__package__, "undo_run", UndoneRun)
ABORT_RUN = load(__package__, "abort_run", CursorRow)
TOKEN_KEYS = load(__package__, "token_keys", TokenKeyRow)
SAVE_TOKEN_KEY = load(__package__, "save_token_key", Nothing)
