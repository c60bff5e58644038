"""Join pictures among what is loaded: equal pixels, close PDQ hashes, and parts of one another."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from graphsvc.linking.parts import Pixels, find_files, suspects
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.match.images import LOWEST_QUALITY
from ingest.match.pairs import COPY, EXACT, PARTIAL, apart, closest, likely, looks
from ingest.match.pdq import RADIUS, as_array
from ingest.records import relation_key
from queries.images import IMAGE_HASHES, SAVE_NEAR_COPIES

MODEL = "pdq-31+orb/2"  # changes when the same pictures would be joined otherwise
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run did: pictures looked at, left out as too plain, pairs by tier, new pairs.

    `flagged` pictures are those of sellers under suspicion, `templates` those of them that too
    many sellers show; `unseen` ones could not be searched for parts, having no file at hand.
    """

    pictures: int
    too_plain: int
    flagged: int
    templates: int
    unseen: int
    exact: int
    copies: int
    partial: int
    made: int

    def as_json(self) -> dict[str, Any]:
        """Return the object that `link images --json` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures as columns, sorted by id; the id is the SHA-256 of the file's bytes."""

    ids: Sequence[str]
    hashes: Sequence[str]
    trimmed: Sequence[str]
    pixels: Sequence[str]
    qualities: Sequence[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures that look alike; `left` sorts before `right`, the distance is in bits."""

    left: str
    right: str
    distance: int
    transform: str
    tier: str


async def link_images(reader: Reader, writer: Writer, folders: Sequence[Path]) -> Linked:
    """Join the pictures of the graph; the same pictures and files give the same joints.

    Files are looked for in `folders` by their SHA-256, for parts only. Raises DatabaseAway,
    Conflict.
    """
    held = await _read(reader)
    found, candidates = await asyncio.to_thread(joined, held)
    asked = await suspects(reader, found, frozenset(held.ids))
    searched = folders if asked.flagged or candidates else ()
    files = await asyncio.to_thread(find_files, searched, frozenset(held.ids))
    pixels = await asyncio.to_thread(
        Pixels.of, held.ids, files, wanted=asked.flagged - asked.templates, candidates=candidates
    )
    shown = await asyncio.to_thread(_parts, held, pixels, found)
    pairs = sorted([*found.values(), *shown], key=lambda pair: (pair.left, pair.right))
    made = await _save(writer, pairs)
    return Linked(
        pictures=len(held.ids),
        too_plain=sum(quality < LOWEST_QUALITY for quality in held.qualities),
        flagged=len(asked.flagged),
        templates=len(asked.templates),
        unseen=pixels.unseen,
        exact=sum(pair.tier == EXACT for pair in pairs),
        copies=sum(pair.tier == COPY for pair in pairs),
        partial=len(shown),
        made=made,
    )


async def _read(reader: Reader) -> Pictures:
    columns: tuple[list[str], list[str], list[str], list[str], list[int]] = ([], [], [], [], [])
    async for part in reader.stream(IMAGE_HASHES, chunk=CHUNK):
        columns[0].extend(part.images)
        columns[1].extend(part.hashes)
        columns[2].extend(part.trimmed)
        columns[3].extend(part.pixels)
        columns[4].extend(part.qualities)
    return Pictures(*columns)


async def _save(writer: Writer, pairs: Sequence[Pair]) -> int:
    made = 0
    for start in range(0, len(pairs), CHUNK):
        rows = [_row(pair) for pair in pairs[start : start + CHUNK]]
        made += (await writer.command(SAVE_NEAR_COPIES, pairs=rows))[0]["made"]
    return made


def joined(held: Pictures) -> tuple[dict[tuple[str, str], Pair], list[tuple[str, str]]]:
    """Return the pairs that look alike by their two ids, and those that a person would look at.

    Equal pixels come before close hashes; the second are further apart than copies are.
    """
    close = {(held.ids[i], held.ids[j]): told for (i, j), told in _close(held).items()}
    found = {
        key: Pair(*key, bits, name, COPY) for key, (bits, name) in close.items() if bits <= RADIUS
    }
    found.update({(pair.left, pair.right): pair for pair in _equal(held)})
    return found, [key for key in close if key not in found]


def _close(held: Pictures) -> Mapping[tuple[int, int], tuple[int, str]]:
    return closest(looks(held.hashes, held.trimmed, held.qualities), likely)


def _equal(held: Pictures) -> Iterator[Pair]:
    """Yield a chain through each group of equal pixels; a chain is enough to make it one."""
    groups: dict[str, list[str]] = {}
    for name, pixels in zip(held.ids, held.pixels, strict=True):
        if pixels:
            groups.setdefault(pixels, []).append(name)
    for group in groups.values():
        for left, right in pairwise(sorted(group)):
            yield Pair(left, right, 0, "none", EXACT)


def _parts(held: Pictures, pixels: Pixels, known: Iterable[tuple[str, str]]) -> list[Pair]:
    """Return the pairs that share a part and are not joined already."""
    raw = as_array(list(held.hashes))
    place = {name: at for at, name in enumerate(held.ids)}
    return [
        Pair(left, right, apart(raw, (place[left], place[right])), turn, PARTIAL)
        for (left, right), turn in pixels.parts(known=set(known))
    ]


def _row(pair: Pair) -> dict[str, Any]:
    key = relation_key(pair.left, pair.right)
    return asdict(pair) | {"key": key, "model": MODEL}
