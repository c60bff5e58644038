"""Take in an arrived file: load it once, whatever happens between loading and moving it.

Whether a file is loaded already, its run in the graph tells; what was cut off is gone on with.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphsvc.errors import (
    DiskFull,
    Fenced,
    GraphsvcError,
    InputRefused,
    KeyMissing,
    KeyRefused,
    NotWritable,
    UsageError,
)
from graphsvc.loading import shelf
from graphsvc.loading.inbox import DONE, FAILED, Arrival
from graphsvc.loading.prepare import Load, Wish, prepare, rejects_of
from graphsvc.loading.report import Counts, LoadReport, report_of
from graphsvc.loading.run import load_file
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.errors import SourceError
from ingest.fold.token import Tokeniser
from queries.runs import RUNS_OF_IDENTITY, SAVE_INGEST_RUN
from queries.schema.findings import IngestRun, RunState

OURS = (DiskFull, KeyMissing, KeyRefused, NotWritable)  # no fault of the file
ITS_OWN = (SourceError, InputRefused, UsageError, Fenced)
Tell = Callable[[Load], Callable[[Counts], None]]  # what is told the counts of a load


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an arrived file: where it is now, the report of its run, why it failed.

    `report` is None where no run began; `again` marks a file whose rows were loaded before.
    """

    arrival: Arrival
    moved: Path
    report: LoadReport | None
    error: Exception | None
    again: bool

    @property
    def state(self) -> str:
        """Return done or failed, as the folder is called that the file is in."""
        return FAILED if self.error else DONE

    def as_json(self) -> dict[str, Any]:
        """Return the object that `watch --json` prints and that is kept beside the file."""
        told: dict[str, Any] = {"kind": self.arrival.kind, "file": text_of(self.arrival.path)}
        told |= {"state": self.state, "moved": text_of(self.moved), "again": self.again}
        if self.report:
            told |= {**self.report.as_json(), "file": told["file"]}
        return told | ({"error": _told(self.error)} if self.error else {})


def _told(error: Exception) -> dict[str, str]:
    if isinstance(error, GraphsvcError):
        return {"code": error.code, "message": str(error), "advice": error.advice}
    remedy = error.remedy if isinstance(error, SourceError) else ""
    return {"code": InputRefused.code, "message": str(error), "advice": remedy}


def text_of(path: Path) -> str:
    """Return a path as text, also where its bytes are no UTF-8."""
    return str(path).encode("utf-8", "replace").decode()


def _place(run: IngestRun) -> Path:
    """Return where the file of a run is, as far as the graph knows."""
    return Path(json.loads(run.place or '""'))


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes files of one folder into one graph."""

    settings: Settings
    reader: Reader
    writer: Writer
    tokens: Tokeniser
    folder: Path

    async def take(self, arrival: Arrival, wish: Wish, tell: Tell) -> Taken | None:
        """Load a file and move it; None where it changed, or went, while it was loaded.

        Raises DatabaseAway, Conflict, NotWritable, KeyRefused: then the file stays where it is.
        """
        made, report = None, None
        try:
            made = self._prepared(arrival, wish, tell)
            run = await self._run(made)
            if run is None or run.state != RunState.FINISHED:
                report = await load_file(self.writer, made)
        except OURS:
            raise
        except ITS_OWN as error:
            return await self._moved(arrival, made, error) if arrival.stands else None
        return await self._moved(arrival, made, report) if arrival.stands else None

    def _prepared(self, arrival: Arrival, wish: Wish, tell: Tell) -> Load:
        made = prepare(
            self.settings, wish, str(arrival.path), tokens=self.tokens, tell=lambda counts: None
        )
        return replace(made, tell=tell(made))

    async def _run(self, made: Load) -> IngestRun | None:
        """Return the run of the same bytes and wish that is finished, else the newest."""
        runs = await self.reader.rows(RUNS_OF_IDENTITY, identity=made.identity)
        finished = (run for run in runs if run.state == RunState.FINISHED)
        return next(finished, runs[0] if runs else None)

    async def _moved(
        self, arrival: Arrival, made: Load | None, outcome: LoadReport | Exception | None
    ) -> Taken:
        """Move a file, its rejects and its report; `outcome` is None where it was loaded before."""
        error = outcome if isinstance(outcome, Exception) else None
        run = await self._run(made) if made else None
        to = self._target(arrival, FAILED if error else DONE, run)
        if run and (_place(run) == arrival.path.absolute() or not _place(run).exists()):
            run = await self._noted(run, to)
        report = outcome if isinstance(outcome, LoadReport) else report_of(run) if run else None
        if report and run:
            report = replace(report, rejects=run.rejects_file)
        taken = Taken(arrival, to, report, error, again=outcome is None)
        shelf.write_report(to, taken.as_json())
        shelf.move(arrival.path, to)
        return taken

    def _target(self, arrival: Arrival, state: str, run: IngestRun | None) -> Path:
        """Return where a file goes: to a free place, or to the one that is noted for it already."""
        name = arrival.path.name
        folder = (self.folder / state / arrival.path.relative_to(self.folder)).parent
        noted = _place(run) if run and Path(run.file or "").name == name else None
        if noted and noted.parent == folder.absolute() and not noted.exists():
            return folder / noted.name  # it was cut off between the note and the move
        return shelf.free_place(folder, name)

    async def _noted(self, run: IngestRun, to: Path) -> IngestRun:
        """Note in the graph where the file of a run and its rejects go; move the rejects there."""
        held, there = rejects_of(self.settings, run.id), shelf.beside(to, shelf.REJECTS).absolute()
        noted: dict[str, str] = {"place": json.dumps(str(to.absolute()))}
        if held.is_file():
            noted["rejects_file"] = text_of(there)
        await self.writer.command(SAVE_INGEST_RUN, id=run.id, properties=noted)
        if held.is_file():
            shelf.move(held, there)
        return replace(run, rejects_file=noted.get("rejects_file", run.rejects_file))
