"""The verb `watch`: files that arrive in a folder are loaded, each once, and moved away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.markup import escape

from graphsvc.access.tokens import load_tokeniser
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import shown
from graphsvc.cli.progress import progress
from graphsvc.cli.recorded import Deed
from graphsvc.cli.report import tell_run
from graphsvc.errors import (
    Conflict,
    DatabaseAway,
    DatabaseRefused,
    DiskFull,
    InputRefused,
    JournalAway,
    NotWritable,
    UsageError,
)
from graphsvc.loading.inbox import Arrival, Inbox
from graphsvc.loading.prepare import Load, Wish
from graphsvc.loading.report import Counts
from graphsvc.loading.run import claim_key
from graphsvc.loading.watch import Taken, Taker
from graphsvc.settings import Settings
from graphsvc.store.place import held
from ingest.errors import MappingRefused
from ingest.mapping import Mapping as Columns
from ingest.mapping import load_mapping

LOCK = ".watch.lock"
LONGEST_WAIT = 30.0  # seconds between two looks at whether what stands in the way is gone

IN_THE_WAY = (DatabaseAway, Conflict, DiskFull, JournalAway, NotWritable, MappingRefused)


def register(app: typer.Typer) -> None:
    """Hang the verb on the root."""
    app.command("watch", epilog=example("graphsvc watch inbox --once --platform shopnest"))(watch)


def watch(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the files arrive.")],
    *,
    mapping: Annotated[
        list[Path] | None, typer.Option(help="A mapping file that names its kind; repeatable.")
    ] = None,
    platform: Annotated[str | None, typer.Option(help="The platform of every row.")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Load what is there and whole, then end.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load the files that arrive in a folder and move each to done/ or failed/ below it.

    The kind is that of the file's subfolder (DIR/sellers/x.csv), else the one that its name begins
    with (DIR/sellers-2024.csv.gz); DIR/KIND.yml is that kind's mapping. A file is whole when it
    stood still for GRAPHSVC_WATCH_SECONDS; hidden, .part and .tmp names are not looked at. The
    report and the rejects of a file are kept beside it. Killed or without a database it goes on
    later, and nothing is loaded twice. --once ends with exit code 3 if a file failed.
    """
    settings = settings_of(context)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder")
    watching = Watching(settings, folder, _by_kind(mapping or []), platform, as_json)
    with held(folder / LOCK, lambda: _watched(folder)):
        failed = run(lambda: watching.until_done() if once else watching.for_ever())
    if failed:
        raise InputRefused(f"{failed} files failed; they and the reasons are in {folder}/failed")


def _watched(folder: Path) -> NoReturn:
    raise Conflict(f"{folder} is being watched by another process")


def _by_kind(files: list[Path]) -> dict[str, Columns]:
    """Return the mappings by the kind that each names; raises MappingRefused, UsageError."""
    found: dict[str, Columns] = {}
    for file in files:
        mapping = load_mapping(file)
        if mapping.kind is None or mapping.kind in found:
            raise UsageError(f"--mapping {file}: name one `kind` in it, and each kind once")
        found[mapping.kind] = mapping
    return found


@dataclass(slots=True)
class Watching:
    """A folder being watched: how its files are read, and what was already told of it."""

    settings: Settings
    folder: Path
    mappings: Mapping[str, Columns]
    platform: str | None
    as_json: bool
    failed: int = 0
    _told: set[str] = field(default_factory=set)
    _waits: bool = False

    async def until_done(self) -> int:
        """Load what is there and stands still; return how many files failed."""
        inbox = Inbox(self.folder, self.settings.watch_seconds)
        inbox.look(time.monotonic())
        await asyncio.sleep(self.settings.watch_seconds)
        await self._take_in(inbox)
        for path in inbox.waiting:
            self._note(f"{path} is still being written and was left alone")
        return self.failed

    async def for_ever(self) -> int:
        """Load what arrives until somebody interrupts; what stands in the way is waited for."""
        inbox = Inbox(self.folder, self.settings.watch_seconds)
        pause = self.settings.watch_seconds
        while True:
            try:
                await self._take_in(inbox)
                self._go_on()
                pause = self.settings.watch_seconds
            except DatabaseRefused:
                raise
            except IN_THE_WAY as error:
                self._waits = True
                self._note(f"waiting: {error}")
                pause = max(self.settings.watch_seconds, min(2 * pause, LONGEST_WAIT))
            await asyncio.sleep(pause)

    async def _take_in(self, inbox: Inbox) -> None:
        """Load, one after another, what stands still, also what comes to do so meanwhile."""
        for path in inbox.strangers():
            self._note(f"{path} is left alone: its name begins with no kind")
        if not inbox.look(time.monotonic()):
            return
        tokens = load_tokeniser(self.settings)
        async with writing(self.settings, Deed("watch")) as graph:
            await claim_key(graph.reader, graph.writer, tokens)
            taker = Taker(self.settings, graph.reader, graph.writer, tokens, self.folder)
            while still := inbox.look(time.monotonic()):
                wish = self._wish(still[0])
                with self._progress(still[0]) as tell:
                    taken = await taker.take(still[0], wish, tell)
                if taken:
                    if taken.report:
                        graph.deed.also(taken.report.run)
                    self._tell(taken)

    def _wish(self, arrival: Arrival) -> Wish:
        """Return what is to be done with a file; raises MappingRefused."""
        beside = self.folder / f"{arrival.kind}.yml"
        mapping = self.mappings.get(arrival.kind)
        if mapping is None and beside.is_file():
            mapping = load_mapping(beside)
        # Named, so that a retry finds the pictures when the file has been moved.
        pictures = arrival.path.parent if arrival.kind == "images" else None
        return Wish(arrival.kind, mapping, self.platform, pictures=pictures)

    @contextmanager
    def _progress(self, arrival: Arrival) -> Iterator[Callable[[Load], Callable[[Counts], None]]]:
        with progress(str(arrival.path), quiet=self.as_json) as bar:

            def tell(load: Load) -> Callable[[Counts], None]:
                bar.follow(load)
                return told

            def told(counts: Counts) -> None:
                self._go_on()
                bar(counts)

            yield tell

    def _tell(self, taken: Taken) -> None:
        told = taken.as_json()
        self.failed += taken.error is not None
        tell_run(told, as_json=self.as_json, title=told["file"])

    def _go_on(self) -> None:
        """Tell that whatever was waited for is over."""
        if self._waits:
            self._waits = False
            self._told.clear()
            notes.print("[dim]·[/] going on")

    def _note(self, text: str) -> None:
        """Tell a person what goes on, once until it is over."""
        if text not in self._told:
            notes.print(f"[dim]·[/] {escape(shown(text))}", soft_wrap=True)
            self._told.add(text)
