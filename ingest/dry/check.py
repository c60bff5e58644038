"""`check`: read a file as a load would and tell what would go in and what would be refused."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.checking import Check, check
from ingest.dry.telling import UsageRefused, keep_inputs, note, say, unwritable
from ingest.errors import RowIssue, ValueRefused
from ingest.fold import value
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context
from ingest.jobs.pictures import default_root
from ingest.mapping import LONGEST_SOURCE, Mapping, load_mapping
from ingest.pipeline import batches
from ingest.reading import reading_of
from ingest.report import Counts, Rejects
from ingest.sources import Source, open_source, stream_source

ROWS = 5_000  # of a batch
STAND_IN = "unnamed"  # the platform where nothing names one: nothing is kept of it


class _Rejects(Rejects):
    def add(self, issues: Sequence[RowIssue], *, after: int | None = None) -> None:
        try:
            super().add(issues, after=after)
        except OSError as error:
            raise unwritable(self.path, error) from None


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    made = commands.add_parser(
        "check",
        help="what a load would accept and refuse; flat memory, also on endless streams",
        epilog="example: python -m ingest check sellers sellers.csv --rejects refused.ndjson",
    )
    made.add_argument("kind", choices=sorted(JOBS), metavar="KIND", help=", ".join(JOBS))
    made.add_argument(
        "files", nargs="+", metavar="FILE", help="CSV, JSON Lines, Parquet; - = stdin"
    )
    made.add_argument("--mapping", type=Path, help="a mapping file (YAML)")
    made.add_argument("--platform", help="the platform of rows that name none")
    made.add_argument("--source", help="who says it")
    made.add_argument("--pictures", type=Path, help="root of the paths of pictures")
    made.add_argument("--rejects", type=Path, help="NDJSON of refused rows (FILE.rejects.ndjson)")
    made.add_argument("--strict", action="store_true", help="exit 3 if a row is refused")
    made.set_defaults(work=run)


def run(asked: argparse.Namespace) -> int:
    """Check each file, print a JSON line for each, and return the exit code."""
    mapping = load_mapping(asked.mapping) if asked.mapping else Mapping(kind=asked.kind)
    if mapping.kind not in (None, asked.kind):
        raise UsageRefused(f"the mapping is for {mapping.kind}, not for {asked.kind}")
    context = _context(asked, mapping)
    rejects = _Rejects(asked.rejects) if asked.rejects else None
    if asked.rejects:
        keep_inputs("--rejects", asked.rejects, asked.files)
    refused = 0
    for file in asked.files:
        into = rejects or _Rejects(
            Path(f"{'stdin' if file == '-' else Path(file).name}.rejects.ndjson")
        )
        report = check(_prepared(asked, mapping, context, file, into))
        say(report.as_json())
        refused += report.counts.rejected
    return 3 if asked.strict and refused else 0


def _prepared(
    asked: argparse.Namespace, mapping: Mapping, context: Context, file: str, rejects: Rejects
) -> Check:
    job = JOBS[asked.kind]
    source = _opened(file, mapping)
    platform = _folded("--platform", asked.platform, value.platform) or STAND_IN
    reading = reading_of(job, source, mapping, platform=platform)
    whole = replace(context, pictures=asked.pictures or default_root(file))
    found = batches(source, job, reading=reading, context=whole, size=ROWS)
    return Check(source.name, job, found, rejects, _progress(source))


def _context(asked: argparse.Namespace, mapping: Mapping) -> Context:
    named = _folded("--source", asked.source, lambda text: value.text(text, LONGEST_SOURCE))
    return Context(
        source=named or mapping.source or "",
        tokens=Tokeniser(secrets.token_bytes(32)),  # nothing is kept, so any key will do
        dates=mapping.dates,
        decimal=mapping.decimal,
        region=mapping.region,
    )


def _folded(option: str, given: str | None, fold: Callable[[str], str]) -> str | None:
    try:
        return fold(given) if given else None
    except ValueRefused as refused:
        raise UsageRefused(f"{option} {given}: {refused.reason}") from None


def _opened(file: str, mapping: Mapping) -> Source:
    if file == "-":
        return stream_source(
            file, sys.stdin.buffer, delimiter=mapping.delimiter, encoding=mapping.encoding
        )
    return open_source(file, delimiter=mapping.delimiter, encoding=mapping.encoding)


def _progress(source: Source) -> Callable[[Counts], None]:
    """Return a function that shows how far it is, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda counts: None
    began = time.perf_counter()

    def tell(counts: Counts) -> None:
        rate, share = counts.rows_in / (time.perf_counter() - began), source.share()
        read = "" if share is None else f", {share:.0%} read"
        rows = f"{counts.rows_in:,} rows, {rate:,.0f} rows/s, {counts.rejected:,} refused"
        note(f"\r{rows}{read} ", end="")

    return tell
