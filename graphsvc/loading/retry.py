"""Load corrected rejects: find the run that refused them, and its rows where values are masked.

A retry is a run of its own over the rejects file, read, dated and sourced as the first one was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from graphsvc.errors import Conflict, NotFound, SourceChanged
from graphsvc.loading.prepare import Load, Wish, bound, opened, platform_of
from graphsvc.loading.report import Counts, Rejects
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from ingest.corrections import Basis, Sheet, corrected, sheets
from ingest.errors import SourceError
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.pictures import default_root
from ingest.mapping import Mapping
from ingest.reading import reading_of
from queries.runs import INGEST_RUNS_BY_ID, RUNS_OF_FILES
from queries.schema.findings import IngestRun

BY_DIGEST = "sha256:"  # how a reject names a file that another run loaded


async def retries(
    reader: Reader, path: Path, *, run: str | None, rejects: Path | None
) -> list[Wish]:
    """Return what is to be done with a corrected rejects file: a wish a run that refused rows.

    `run` names the run where the file does not tell it. Raises SourceError, NotFound, Conflict.
    """
    names = sorted(sheets(path))
    digests = [name.removeprefix(BY_DIGEST) for name in names if name.startswith(BY_DIGEST)]
    held = await reader.rows(RUNS_OF_FILES, files=names, digests=digests)
    about: dict[str, list[str]] = {}
    runs = {each.id: each for each in held if each.wish and each.place}
    for name in names:
        found = _run_about(name, path, [r for r in runs.values() if run in (None, r.id)])
        about.setdefault(found.id, []).append(name)
    return [_wish(runs[found], names, rejects) for found, names in about.items()]


def _wish(run: IngestRun, names: list[str], rejects: Path | None) -> Wish:
    wish = Wish.of_text(run.wish or "")
    root = default_root("-" if run.file == "-" else json.loads(run.place or ""))
    return replace(
        wish,
        rejects=rejects,
        pictures=wish.pictures or root,
        snapshot=False,  # the rejects are not the whole of anything
        accept_shrink=False,
        retries=run.id,
        about=tuple(names),
    )


def _run_about(name: str, path: Path, runs: Iterable[IngestRun]) -> IngestRun:
    """Return the run that refused rows of the file that the rejects name, `runs` newest first."""
    found = [run for run in runs if name in (run.file, _by_digest(run))]
    for likely in _likelier(found, path):
        if likely:
            return likely[0]
    if not found:
        raise NotFound(f"{path}: no ingest run of {name} is known; --run names it")
    if len({run.identity for run in found}) > 1:
        ids = ", ".join(run.id for run in found)
        raise Conflict(f"{path}: {name} was loaded by {ids}; say which with --run")
    return found[0]


def _likelier(runs: list[IngestRun], path: Path) -> Iterator[list[IngestRun]]:
    yield [run for run in runs if run.id in path.name]
    place = path.absolute()
    yield [run for run in runs if run.rejects_file and Path(run.rejects_file).absolute() == place]


def _by_digest(run: IngestRun) -> str:
    return f"{BY_DIGEST}{(run.file_digest or '')[:16]}"


async def prepare_again(
    reader: Reader,
    settings: Settings,
    asked: tuple[Wish, str],
    *,
    tokens: Tokeniser,
    tell: Callable[[Counts], None],
    rejects: Rejects | None = None,
) -> Load:
    """Return the load of a wish and the place of its file, be it a retry or not.

    Raises SourceError, SourceChanged, UsageError.
    """
    basis = await _basis(reader, settings, *asked)
    return bound(settings, asked[0], basis, tokens=tokens, tell=tell, rejects=rejects)


async def _basis(reader: Reader, settings: Settings, wish: Wish, place: str) -> Basis:
    if not wish.retries:
        return opened(settings, wish, place)
    path, sheet = Path(place), Sheet()
    for name, found in sheets(path).items():
        if name in wish.about:
            sheet.join(found)
    first = await _rows_of(reader, settings, wish.retries, sheet, path)
    job = JOBS[wish.kind]
    source = corrected(path, sheet, first, secret=job.secret)
    named = (wish.mapping and wish.mapping.platform) or platform_of(wish)
    reading = reading_of(job, source, Mapping(kind=wish.kind), platform=named)
    return Basis(source, reading, wish.pictures)


async def _rows_of(
    reader: Reader, settings: Settings, run_id: str, sheet: Sheet, path: Path
) -> Basis | None:
    """Return the rows of a run once more; None where they are not there and nobody needs them."""
    run = await reader.one(INGEST_RUNS_BY_ID, ids=[run_id])
    if run is None:
        raise NotFound(f"there is no ingest run {run_id}")
    place = json.loads(run.place or '""')
    why = f"{place} is not the file that {run_id} loaded"
    try:
        basis = await _basis(reader, settings, Wish.of_text(run.wish or ""), place)
        if basis.source.digest == run.file_digest:
            return basis
    except (SourceError, SourceChanged) as error:
        why = f"what {run_id} loaded cannot be read: {error}"
    if sheet.masked:
        raise SourceChanged(f"{path}:{sheet.masked}: values are masked or left out, and {why}")
    return None
