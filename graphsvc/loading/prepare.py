"""From what a caller wants done with a file to a load that can begin, or go on another day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphsvc import clock
from graphsvc.errors import UsageError
from graphsvc.loading.observed import Packed, pack
from graphsvc.loading.report import Counts, Rejects
from graphsvc.settings import Settings
from ingest.batch import Batch
from ingest.corrections import Basis
from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser
from ingest.fold.value import platform as fold_platform
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context, Job
from ingest.jobs.pictures import default_root
from ingest.mapping import Mapping
from ingest.pipeline import Stretch, batches, stretches
from ingest.reading import Reading, reading_of
from ingest.sources import Source, open_source


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants done with each file; `rejects` is None for a file beside each run.

    A `snapshot` is the whole of what its source says; `accept_shrink` lets it end much of it.
    `retries` is the run whose rejects the file holds, `about` the names of files in them.
    """

    kind: str
    mapping: Mapping | None = None
    platform: str | None = None
    source: str | None = None
    rejects: Path | None = None
    pictures: Path | None = None
    snapshot: bool = False
    accept_shrink: bool = False
    retries: str | None = None
    about: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return the wish as canonical JSON, paths absolute."""
        mapping = self.mapping.model_dump(mode="json", by_alias=True) if self.mapping else None
        found: dict[str, Any] = {
            "kind": self.kind,
            "mapping": mapping,
            "platform": self.platform,
            "source": self.source,
            "rejects": _absolute(self.rejects),
            "pictures": _absolute(self.pictures),
            "snapshot": self.snapshot,
            "accept_shrink": self.accept_shrink,
        }
        if self.retries:  # a load that is no retry keeps the identity that it always had
            found |= {"retries": self.retries, "about": self.about}
        return json.dumps(found, sort_keys=True, separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str) -> Wish:
        """Return the wish that `as_text` wrote."""
        found: dict[str, Any] = json.loads(text)
        mapping = found["mapping"]
        return cls(
            kind=found["kind"],
            mapping=Mapping.model_validate(mapping) if mapping else None,
            platform=found["platform"],
            source=found["source"],
            rejects=Path(found["rejects"]) if found["rejects"] else None,
            pictures=Path(found["pictures"]) if found["pictures"] else None,
            snapshot=found.get("snapshot", False),
            accept_shrink=found.get("accept_shrink", False),
            retries=found.get("retries"),
            about=tuple(found.get("about", ())),
        )


@dataclass(frozen=True, slots=True)
class Load:
    """One file to load: its source, its job, how its rows are read, and what was wished for.

    `run` is the id that a new run gets; `platform` is "" where each row names its own; `tell` gets
    the counts after each batch.
    """

    run: str
    wish: Wish
    source: Source
    job: Job
    reading: Reading
    context: Context
    platform: str
    rejects: Rejects
    batch_rows: int
    tell: Callable[[Counts], None]

    def batches(self, after: int = 0) -> Iterator[Batch]:
        """Yield the batches of the source behind its first `after` rows; raises SourceError."""
        return batches(
            self.source,
            self.job,
            reading=self.reading,
            context=self.context,
            size=self.batch_rows,
            after=after,
        )

    def packed(self, after: int = 0) -> Iterator[Packed]:
        """Yield the same batches, each with what it says; raises SourceError."""
        return ((batch, pack(batch, self.job)) for batch in self.batches(after))

    def stretches(self) -> Iterator[Stretch]:
        """Yield the rows of the source that each of its batches is made of; raises SourceError."""
        return stretches(self.source, reading=self.reading, size=self.batch_rows, after=0)

    @property
    def identity(self) -> str:
        """Return 32 hex digits: the same for the same bytes loaded in the same way and key."""
        job, key = self.job, self.context.tokens.key_id
        parts = (self.source.digest, job.kind, job.version, self.wish.as_text(), key)
        return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def prepare(
    settings: Settings,
    wish: Wish,
    file: str,
    *,
    tokens: Tokeniser,
    tell: Callable[[Counts], None],
    rejects: Rejects | None = None,
) -> Load:
    """Open one file and bind it to its job and mapping; raises SourceError, UsageError.

    `rejects` is given where several files share one rejects file.
    """
    basis = opened(settings, wish, file)
    return bound(settings, wish, basis, tokens=tokens, tell=tell, rejects=rejects)


def opened(settings: Settings, wish: Wish, file: str) -> Basis:
    """Return what a file gives to read, by its mapping; raises SourceError, UsageError."""
    job, mapping = JOBS[wish.kind], wish.mapping or Mapping(kind=wish.kind)
    if mapping.kind not in (None, wish.kind):
        raise UsageError(f"the mapping is for {mapping.kind}, not for {wish.kind}")
    source = open_source(
        file,
        delimiter=mapping.delimiter,
        encoding=mapping.encoding,
        spool=_spool(settings),
    )
    reading = reading_of(job, source, mapping, platform=platform_of(wish))
    if not reading.platform and not reading.names_platform:
        raise UsageError(f"{file}: no platform column; give --platform or a mapping with one")
    return Basis(source, reading, wish.pictures or default_root(file))


def bound(
    settings: Settings,
    wish: Wish,
    basis: Basis,
    *,
    tokens: Tokeniser,
    tell: Callable[[Counts], None],
    rejects: Rejects | None = None,
) -> Load:
    """Bind what there is to read to its job, under the id of a new run."""
    mapping = wish.mapping or Mapping(kind=wish.kind)
    run_id = clock.new_id("run")
    context = Context(
        source=wish.source or mapping.source or "",
        tokens=tokens,
        dates=mapping.dates,
        decimal=mapping.decimal,
        region=mapping.region,
        pictures=basis.pictures,
    )
    return Load(
        run=run_id,
        wish=wish,
        source=basis.source,
        job=JOBS[wish.kind],
        reading=basis.reading,
        context=context,
        platform=basis.reading.platform or "",
        rejects=rejects or Rejects(wish.rejects or rejects_of(settings, run_id)),
        batch_rows=settings.batch_rows,
        tell=tell,
    )


def drop_spooled(settings: Settings, place: Path | None) -> None:
    """Delete a file that was read if it is our copy of standard input: it may hold secrets."""
    if place and place.absolute().parent == _spool(settings).absolute():
        place.unlink(missing_ok=True)


def _spool(settings: Settings) -> Path:
    return settings.home / "spool"


def rejects_of(settings: Settings, run: str) -> Path:
    """Return where the refused rows of a run go, unless its caller names a file."""
    return settings.home / "rejects" / f"{run}.ndjson"


def platform_of(wish: Wish) -> str | None:
    """Return the platform that the caller names for every row; raises UsageError."""
    try:
        return fold_platform(wish.platform) if wish.platform else None
    except ValueRefused as refused:
        raise UsageError(f"--platform {wish.platform}: {refused.reason}") from None


def _absolute(path: Path | None) -> str | None:
    return str(path.absolute()) if path else None
