"""The verb `load`: files of one kind into the graph, counted; what is refused says why."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli.database import writing
from graphsvc.cli.main import run, settings_of
from graphsvc.cli.options import AsJson, check_apart, example
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed
from graphsvc.cli.report import tell
from graphsvc.errors import InputRefused, UsageError
from graphsvc.loading.prepare import Wish, drop_spooled, prepare
from graphsvc.loading.report import LoadReport, Rejects
from graphsvc.loading.run import check_file, claim_key, load_file
from graphsvc.settings import Settings
from graphsvc.store.place import check_room
from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser
from ingest.fold.value import text as fold_text
from ingest.jobs.catalogue import JOBS
from ingest.mapping import LONGEST_SOURCE, load_mapping

Kind = StrEnum("Kind", {kind.upper(): kind for kind in JOBS})  # type: ignore[misc]


def register(app: typer.Typer) -> None:
    """Hang the verb on the root."""
    shown = "graphsvc load sellers market/sellers.csv --platform shopnest"
    app.command("load", epilog=example(shown))(load)


def load(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="What the rows are.")],
    files: Annotated[list[str], typer.Argument(help="CSV, JSON Lines, Parquet, .gz, .zst, -.")],
    *,
    mapping: Annotated[Path | None, typer.Option(help="A mapping file (YAML).")] = None,
    platform: Annotated[str | None, typer.Option(help="The platform of every row.")] = None,
    source: Annotated[str | None, typer.Option(help="Who says it (default: platform).")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Root of the paths of pictures.")] = None,
    rejects: Annotated[Path | None, typer.Option(help="Where refused rows go (NDJSON).")] = None,
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="Each file is the whole: end what it lists no more.")
    ] = False,
    accept_shrink: Annotated[
        bool, typer.Option("--accept-shrink", help="Let a snapshot end more than 5 %.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only, no database.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 if a row is refused.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load files of one kind: sellers, listings, addresses, payment accounts, images and more.

    in = loaded + unchanged + rejected, always; a refused row goes to the rejects file with its
    line, column, reason and remedy. Loading the same again changes nothing; a load that was cut
    off goes on where it was. With --snapshot an assertion of the same source that a file lists no
    more gets its end date; nothing is deleted. Columns and mapping files: docs/guide.md.
    """
    settings = settings_of(context)
    check_folders(rejects, pictures, [*files, *([str(mapping)] if mapping else [])])
    wish = Wish(
        kind=kind.value,
        mapping=load_mapping(mapping) if mapping else None,
        platform=platform,
        source=_source(source),
        rejects=rejects,
        pictures=pictures,
        snapshot=snapshot,
        accept_shrink=accept_shrink,
    )
    if dry_run and snapshot:
        raise UsageError("--dry-run has no database, in which --snapshot would end anything")
    work = _check if dry_run else _load
    done = partial(tell, as_json=as_json)
    refused = run(lambda: work(settings, wish, files, done, quiet=as_json))
    if strict and refused:
        raise InputRefused("rows were refused, and --strict was given")


def check_folders(rejects: Path | None, pictures: Path | None, files: list[str]) -> None:
    """Refuse a rejects file that would replace one that is read, and pictures of nowhere."""
    if rejects:
        check_apart("--rejects ", rejects, files)
    if pictures and not pictures.is_dir():
        raise UsageError(f"--pictures {pictures}: no such folder")


def _source(name: str | None) -> str | None:
    try:
        return fold_text(name, LONGEST_SOURCE) if name else None
    except ValueRefused as refused:
        raise UsageError(f"--source: {refused.reason}") from None


async def _load(
    settings: Settings,
    wish: Wish,
    files: list[str],
    done: Callable[[LoadReport], None],
    *,
    quiet: bool,
) -> int:
    """Load the files, tell of each as it is done, and return how many rows were refused."""
    tokens = load_tokeniser(settings)
    refused, shared = 0, _shared(wish)
    if wish.rejects:
        check_room(wish.rejects.parent, settings.disk_floor)
    async with writing(settings, Deed("load", detail=wish.kind)) as graph:
        await claim_key(graph.reader, graph.writer, tokens)
        for file in files:
            with progress(file, quiet=quiet) as told:
                made = prepare(settings, wish, file, tokens=tokens, tell=told, rejects=shared)
                report = await load_file(graph.writer, told.follow(made))
            graph.deed.also(report.run)
            drop_spooled(settings, made.source.place)
            done(report)
            refused += report.counts.rejected
    return refused


async def _check(
    settings: Settings,
    wish: Wish,
    files: list[str],
    done: Callable[[LoadReport], None],
    *,
    quiet: bool,
) -> int:
    tokens = Tokeniser(secrets.token_bytes(32))  # nothing is kept, so any key will do
    refused, shared = 0, _shared(wish)
    for file in files:
        with progress(file, quiet=quiet) as told:
            made = prepare(settings, wish, file, tokens=tokens, tell=told, rejects=shared)
            report = check_file(told.follow(made))
        drop_spooled(settings, made.source.place)
        done(report)
        refused += report.counts.rejected
    return refused


def _shared(wish: Wish) -> Rejects | None:
    """Return the one rejects file of all the files, where the caller named one."""
    return Rejects(wish.rejects) if wish.rejects else None
