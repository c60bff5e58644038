"""Drive a first load: every file through the pipeline, settled in memory, into sheets to import."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graphsvc import clock
from graphsvc.errors import InputRefused, KeyRefused, NotEmpty
from graphsvc.loading.apart import Says
from graphsvc.loading.claim import beginning, standing
from graphsvc.loading.counting import count
from graphsvc.loading.gather import Gathered
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts, LoadReport
from graphsvc.store.reader import Reader
from graphsvc.store.sheets import Sheets
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.mapping import Mapping, load_mapping
from ingest.pipeline import unswept
from ingest.records import Stamp
from queries.bulk import sheet_columns
from queries.graph import COUNT_NODES
from queries.runs import TOKEN_KEYS
from queries.schema import NODES
from queries.schema.casework import TokenKey
from queries.schema.findings import IngestRun, RunState, WriteLease
from queries.schema.history import RunBatch

_NAMED = re.compile(
    rf"({'|'.join(JOBS)})\.(csv|tsv|txt|jsonl|ndjson|parquet)(\.gz|\.zst)?", re.IGNORECASE
)
# What a load leaves that could not even begin: an empty graph may hold it.
EMPTY = {NODES[cls].label for cls in (TokenKey, WriteLease)}


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a folder: (kind, file, mapping) in the order of loading, and the rest."""

    files: tuple[tuple[str, Path, Mapping | None], ...]
    ignored: tuple[str, ...]

    @property
    def size(self) -> int:
        """Return how many bytes the files have in all."""
        return sum(path.stat().st_size for _, path, _ in self.files)


def find_files(folder: Path) -> Found:
    """Return what of a folder is loaded: `KIND.csv` and the like, `KIND.yml` beside it its mapping.

    Raises InputRefused where there is nothing, SourceError for a mapping that cannot be used.
    """
    if not folder.is_dir():
        raise InputRefused(f"{folder}: no such folder")
    entries = sorted(folder.iterdir())
    named = {path: match[1].lower() for path in entries if (match := _kind_of(path))}
    mappings = {path.stem: path for path in entries if path.name in {f"{k}.yml" for k in JOBS}}
    if not named:
        raise InputRefused(f"{folder}: no file is called after a kind ({', '.join(JOBS)})")
    read = {kind: load_mapping(path) for kind, path in mappings.items() if kind in named.values()}
    used = {*named, *(mappings[kind] for kind in read)}
    files = [(k, path, read.get(k)) for k in JOBS for path, kind in named.items() if kind == k]
    return Found(tuple(files), tuple(path.name for path in entries if path not in used))


def _kind_of(path: Path) -> re.Match[str] | None:
    return _NAMED.fullmatch(path.name) if path.is_file() else None


async def check_empty(reader: Reader, tokens: Tokeniser) -> None:
    """Refuse a graph that holds anything; raises NotEmpty, KeyRefused."""
    held = [row for row in await reader.rows(COUNT_NODES) if row.name not in EMPTY]
    if found := ", ".join(f"{row.number:,} {row.name}" for row in held if row.number):
        raise NotEmpty(f"a first load wants an empty graph, and this one holds {found}")
    keys = [row.id for row in await reader.rows(TOKEN_KEYS)]
    if keys and tokens.key_id not in keys:
        raise KeyRefused(f"this graph was loaded under token key {', '.join(keys)}")


def gather(
    loads: Iterable[Load], sheets: Sheets, tokens: Tokeniser, says: Says
) -> list[LoadReport]:
    """Read every load to its end, write the sheets, and return what became of the rows.

    Raises SourceError, NotWritable.
    """
    gathered = Gathered()
    with unswept():
        reports = [_gathered(load, gathered, sheets, says) for load in loads]
        now = clock.stamp()
        for spec, rows in gathered.rows(now):
            sheets.add(spec, rows)
    sheets.add(NODES[TokenKey], [(tokens.key_id, now)])
    return reports


def _gathered(load: Load, gathered: Gathered, sheets: Sheets, says: Says) -> LoadReport:
    began, started = time.perf_counter(), clock.stamp()
    counts, cursor = Counts(), 0
    gathered.begin(load.run, Stamp(load.source.name, load.source.digest, ""))
    load.tell(counts)
    for batch, records in says(load):
        merged = gathered.add(batch)
        against = count(counts, batch, merged, run=load.run, secret=load.job.secret)
        load.rejects.add((*batch.issues, *against))
        cursor = batch.cursor
        if batch.rows:
            said = (f"{load.run}:{cursor:012d}", load.run, cursor, records)
            sheets.add(NODES[RunBatch], [said])
        load.tell(counts)
    row = {
        "id": load.run,
        **beginning(load, started),
        **standing(load, RunState.FINISHED, counts, cursor),
    }
    spec = NODES[IngestRun]
    sheets.add(spec, [[row.get(name) for name in sheet_columns(spec)]])
    seconds = time.perf_counter() - began
    return LoadReport(
        run=load.run,
        kind=load.job.kind,
        file=load.source.name,
        counts=counts,
        seconds=seconds,
        rejects=load.rejects.name,
        refused=load.rejects.refusals(load.source.name),
    )
