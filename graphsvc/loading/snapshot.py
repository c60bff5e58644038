"""Whole feeds: what one lists no more is ended, not deleted; whoever would end much is refused.

The feed is read once before the first write: what it lists is kept as 8 bytes an assertion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphsvc import clock
from graphsvc.errors import FeedShrinks, UsageError
from graphsvc.loading.ahead import ahead
from graphsvc.loading.derive import Scope
from graphsvc.loading.observed import named_by
from graphsvc.loading.prepare import Load
from graphsvc.loading.report import Counts
from graphsvc.store.writer import Transaction, Writer
from ingest.batch import Batch
from ingest.jobs.job import Job
from queries.change import close_text, open_text
from queries.schema import EDGES, EdgeSpec

MOST_CLOSED = 0.05  # of the open assertions that a feed is the whole of
CHUNK = 5_000
Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Feed:
    """What a whole feed lists: by class the sorted keys, its scope, whom its refused rows name.

    `unnamed` counts the refused rows that do not say whose they are.
    """

    listed: Mapping[type, Keys]
    scope: Scope
    spared: frozenset[str]
    unnamed: int


@dataclass(frozen=True, slots=True)
class Closing:
    """What a whole feed is about to end: by class the keys; of how many that were open."""

    scope: Scope
    keys: Mapping[type, list[str]]
    opened: int

    @property
    def size(self) -> int:
        """Return how many assertions are to end."""
        return sum(map(len, self.keys.values()))

    def parts(self) -> Iterator[tuple[EdgeSpec, list[str]]]:
        """Yield the keys in parts of one transaction each."""
        for cls, keys in self.keys.items():
            for first in range(0, len(keys), CHUNK):
                yield EDGES[cls], keys[first : first + CHUNK]


async def closing(writer: Writer, load: Load) -> Closing:
    """Read a whole feed and return what it ends; raises FeedShrinks, SourceError, UsageError."""
    if not load.job.asserts:
        raise UsageError(f"--snapshot: {load.job.kind} assert nothing that could end")
    feed = await survey(load)
    found = await writer.within(lambda transaction: _unlisted(transaction, feed))
    _check(found, feed, load)
    return found


async def survey(load: Load) -> Feed:
    """Read a whole feed to its end and return what it lists; raises SourceError."""
    parts: dict[type, list[Keys]] = {cls: [] for cls in load.job.asserts}
    platforms = {load.platform} - {""}
    spared: set[str] = set()
    unnamed, newest, counts = 0, "", Counts()
    async for batch in ahead(load.batches()):
        for cls, keys, starts in _asserted(batch, load.job):
            parts[cls].append(_numbers(keys))
            platforms.update(start.partition(":")[0] for start in starts)
        named = [named_by(issue, load.job) for issue in batch.issues]
        spared.update(name for name in named if name)
        unnamed += named.count(None)
        newest = max(newest, _newest(batch))
        counts.rows_in += batch.rows
        load.tell(counts)
    scope = Scope(
        classes=frozenset(cls.__name__ for cls in load.job.asserts),
        source=load.context.source,
        platforms=frozenset(platforms),
        until=newest or clock.stamp(),
    )
    empty = np.empty(0, np.uint64)
    listed = {cls: np.unique(np.concatenate([empty, *found])) for cls, found in parts.items()}
    return Feed(listed, scope, frozenset(spared), unnamed)


def _asserted(batch: Batch, job: Job) -> Iterator[tuple[type, list[str], set[str]]]:
    for table in batch.tables:
        if table.shape.spec.row in job.asserts:
            yield table.shape.spec.row, table.keys, set(table.columns["start"])


def _newest(batch: Batch) -> str:
    return max((date for table in batch.tables for date in table.seen), default="")


def _numbers(keys: list[str]) -> Keys:
    """Return the first 64 bits of each key, which is a digest in hexadecimal."""
    whole = np.frombuffer(bytes.fromhex("".join(keys)), dtype=">u8")
    return whole[::2].astype(np.uint64)


async def _unlisted(transaction: Transaction, feed: Feed) -> Closing:
    keys: dict[type, list[str]] = {cls: [] for cls in feed.listed}
    opened = 0
    for cls, listed in feed.listed.items():
        for platform in sorted(feed.scope.platforms):
            marks = {"source": feed.scope.source or platform, "prefix": f"{platform}:"}
            text, until = open_text(EDGES[cls]), feed.scope.until
            for row in await transaction.text(text, {**marks, "until": until}):
                there = np.isin(_numbers(row["keys"]), listed)
                opened += len(there)
                pairs = zip(row["keys"], row["starts"], there.tolist(), strict=True)
                keys[cls] += [
                    key for key, start, held in pairs if not held and start not in feed.spared
                ]
    return Closing(feed.scope, {cls: sorted(found) for cls, found in keys.items()}, opened)


def _check(found: Closing, feed: Feed, load: Load) -> None:
    """Refuse what would end too much, or what may still stand in rows that nobody could read."""
    if load.wish.accept_shrink or not found.size:
        return
    if feed.unnamed:
        raise FeedShrinks(
            f"{load.source.name}: {feed.unnamed:,} refused rows do not say whose they are, and "
            f"{found.size:,} assertions that may stand in them would end"
        )
    if found.size > MOST_CLOSED * found.opened:
        raise FeedShrinks(
            f"{load.source.name}: {found.size:,} of {found.opened:,} assertions are listed no more "
            f"and would end: more than {MOST_CLOSED:.0%}"
        )


async def close(
    transaction: Transaction, part: tuple[EdgeSpec, list[str]], *, run: str, until: str
) -> int:
    """End those of a part's assertions that still stand and return how many they were."""
    spec, keys = part
    rows = await transaction.text(close_text(spec), {"keys": keys, "until": until, "run": run})
    return int(rows[0]["closed"])
