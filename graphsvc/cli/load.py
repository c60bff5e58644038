"""The verb `load`: files of one kind into the graph, counted; what is refused says why."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from graphsvc import clock
from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.errors import InputRefused, UsageError
from graphsvc.loading.report import Counts, LoadReport, Rejects
from graphsvc.loading.run import Load, check_file, claim_key, load_file
from graphsvc.settings import Settings
from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser
from ingest.fold.value import platform as fold_platform
from ingest.fold.value import text as fold_text
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context
from ingest.mapping import LONGEST_SOURCE, Mapping, load_mapping
from ingest.reading import reading_of
from ingest.sources import open_source

Kind = StrEnum("Kind", {kind.upper(): kind for kind in JOBS})  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants done with each file."""

    kind: str
    mapping: Mapping | None
    platform: str | None
    source: str | None
    rejects: Rejects | None
    pictures: Path | None


def register(app: typer.Typer) -> None:
    """Hang the verb on the root."""
    shown = "graphsvc load sellers market/sellers.csv --platform shopnest"
    app.command("load", epilog=example(shown))(load)


def load(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What the rows are.")],
    files: Annotated[list[str], typer.Argument(help="CSV, JSON Lines, Parquet, .gz, .zst, -.")],
    mapping: Annotated[Path | None, typer.Option(help="A mapping file (YAML).")] = None,
    platform: Annotated[str | None, typer.Option(help="The platform of every row.")] = None,
    source: Annotated[str | None, typer.Option(help="Who says it (default: platform).")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Root of the paths of pictures.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where refused rows go (NDJSON).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only, no database.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 if a row is refused.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load files of one kind: sellers, listings, addresses, payment accounts, images and more.

    in = loaded + unchanged + rejected, always; a refused row goes to the rejects file with its
    line, column, reason and remedy. Loading the same again changes nothing. Columns and mapping
    files: docs/guide.md.
    """
    settings = settings_of(context)
    _check_folders(rejects, pictures, [*files, *([str(mapping)] if mapping else [])])
    wish = Wish(
        kind=kind.value,
        mapping=load_mapping(mapping) if mapping else None,
        platform=platform,
        source=_source(source),
        rejects=Rejects(rejects) if rejects else None,
        pictures=pictures,
    )
    work = _check if dry_run else _load
    refused = run(lambda: work(settings, wish, files, partial(_tell, as_json=as_json)))
    if strict and refused:
        raise InputRefused("rows were refused, and --strict was given")


def _check_folders(rejects: Path | None, pictures: Path | None, files: list[str]) -> None:
    """Refuse a rejects file that would replace one that is read, and pictures of nowhere."""
    for file in files if rejects else ():
        # Unlike Path.resolve, this bears links that go in a circle.
        if rejects and os.path.realpath(rejects) == os.path.realpath(file):
            raise UsageError(f"--rejects {rejects} is one of the files to read")
    if pictures and not pictures.is_dir():
        raise UsageError(f"--pictures {pictures}: no such folder")


def _source(name: str | None) -> str | None:
    try:
        return fold_text(name, LONGEST_SOURCE) if name else None
    except ValueRefused as refused:
        raise UsageError(f"--source: {refused.reason}") from None


async def _load(
    settings: Settings, wish: Wish, files: list[str], done: Callable[[LoadReport], None]
) -> int:
    """Load the files, tell of each as it is done, and return how many rows were refused."""
    tokens = load_tokeniser(settings)
    refused = 0
    async with writing(settings) as graph:
        await claim_key(graph.reader, graph.writer, tokens)
        for file in files:
            with progress(file) as tell:
                made = prepare(settings, wish, file, tokens=tokens, tell=tell)
                report = await load_file(graph.writer, made)
            done(report)
            refused += report.counts.rejected
    return refused


async def _check(
    settings: Settings, wish: Wish, files: list[str], done: Callable[[LoadReport], None]
) -> int:
    tokens = Tokeniser(secrets.token_bytes(32))  # nothing is kept, so any key will do
    refused = 0
    for file in files:
        with progress(file) as tell:
            made = prepare(settings, wish, file, tokens=tokens, tell=tell)
            report = check_file(made)
        done(report)
        refused += report.counts.rejected
    return refused


def prepare(
    settings: Settings,
    wish: Wish,
    file: str,
    *,
    tokens: Tokeniser,
    tell: Callable[[Counts], None],
) -> Load:
    """Open one file and bind it to its job and mapping; raises SourceError, UsageError."""
    job, mapping = JOBS[wish.kind], wish.mapping or Mapping(kind=wish.kind)
    if mapping.kind not in (None, wish.kind):
        raise UsageError(f"the mapping is for {mapping.kind}, not for {wish.kind}")
    source = open_source(
        file,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        spool=settings.home / "spool",
    )
    reading = reading_of(job, source, mapping, platform=_platform(wish.platform))
    if not reading.platform and not reading.names_platform:
        raise UsageError(f"{file}: no platform column; give --platform or a mapping with one")
    run_id = clock.new_id("run")
    rejects = wish.rejects or Rejects(settings.home / "rejects" / f"{run_id}.ndjson")
    context = Context(
        source=wish.source or mapping.source or "",
        tokens=tokens,
        dates=mapping.dates,
        decimal=mapping.decimal,
        pictures=wish.pictures or _folder(file),
    )
    return Load(
        run=run_id,
        source=source,
        job=job,
        reading=reading,
        context=context,
        platform=reading.platform or "",
        rejects=rejects,
        batch_rows=settings.batch_rows,
        tell=tell,
    )


def _platform(name: str | None) -> str | None:
    try:
        return fold_platform(name) if name else None
    except ValueRefused as refused:
        raise UsageError(f"--platform {name}: {refused.reason}") from None


def _folder(file: str) -> Path | None:
    if file == "-":
        return None
    path = Path(file)
    return path if path.is_dir() else path.parent


@contextmanager
def progress(file: str) -> Iterator[Callable[[Counts], None]]:
    """Show a line on a terminal's standard error that counts rows while a file loads."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} rows, {task.fields[rate]:,.0f} rows/s"),
        TimeElapsedColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
    )
    task = bar.add_task(Path(file).name, total=None, rate=0)

    def tell(counts: Counts) -> None:
        bar.update(task, completed=counts.rows_in, rate=bar.tasks[0].speed or 0.0)

    with bar:
        yield tell


def _tell(report: LoadReport, *, as_json: bool) -> None:
    show(report.as_json(), as_json=as_json, title=report.file)
