"""Pictures that look like one by its hash, also one that the graph does not hold.

All perceptual hashes are held in memory, 64 bytes a picture, and read anew once the graph has
loaded since; the search looks at every one of them.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graphsvc.errors import BadRequest
from graphsvc.investigate.page import Page, checked, page
from graphsvc.investigate.things import images
from graphsvc.store.reader import Reader
from ingest.match.pdq import CANDIDATE_RADIUS, TURNS, Hashes, Words, as_array, turned
from queries.images import IMAGE_HASHES
from queries.rings.detection import WRITES_SO_FAR

HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
CHUNK = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Similar:
    """A picture and in how many bits it differs (0-256) once the other is turned so."""

    distance: int
    sha256: str
    transform: str


@dataclass(frozen=True, slots=True)
class _Held:
    """All pictures after so many loads and rows: ids n x 32 bytes, hashes n x 4 words."""

    stood: tuple[int, int]
    ids: Hashes
    hashes: Words


class PictureIndex:
    """The hashes of all pictures, one index a process; it never answers from an older graph."""

    def __init__(self) -> None:
        self._held: _Held | None = None
        self._reading = asyncio.Lock()

    async def near(
        self, reader: Reader, text: str, *, radius: int, first: int, after: str = ""
    ) -> Page[Similar]:
        """Return a page of the pictures within `radius` bits, the nearest first.

        `text` is the SHA-256 of a picture that the graph holds, or a PDQ hash: 64 hexadecimal
        digits either way. Raises BadRequest for anything else and for a radius above 60 bits.
        """
        wanted = text.lower()
        if not HEX.fullmatch(wanted) or not 0 <= radius <= CANDIDATE_RADIUS:
            raise BadRequest(
                f"a hash has 64 hexadecimal digits, a radius is 0 to {CANDIDATE_RADIUS} bits"
            )
        known = (await images(reader, [wanted])).get(wanted)
        pdq = (known.pdq or "") if known else wanted
        if not pdq:
            return Page()
        held = await self._current(reader)
        found = await asyncio.to_thread(_near, held, as_array([pdq]), radius)
        behind = [each for each in found if not after or _place(each) > after]
        return page(behind[: checked(first) + 1], first, _place)

    async def _current(self, reader: Reader) -> _Held:
        async with self._reading:
            (written,) = await reader.rows(WRITES_SO_FAR)
            # A judgement or a hub decision brings no picture, and reading all takes seconds.
            stands = (written.loads, written.rows)
            if self._held is None or self._held.stood != stands:
                self._held = await _read(reader, stands)
            return self._held


async def _read(reader: Reader, stands: tuple[int, int]) -> _Held:
    ids, hashes = [np.empty((0, 32), np.uint8)], [np.empty((0, 32), np.uint8)]
    async for part in reader.stream(IMAGE_HASHES, chunk=CHUNK):
        ids.append(as_array(part.images))
        hashes.append(as_array(part.hashes))
    words = np.ascontiguousarray(np.concatenate(hashes)).view(np.uint64)
    return _Held(stands, np.concatenate(ids), words)


def _near(held: _Held, wanted: Hashes, radius: int) -> list[Similar]:
    apart = np.full(len(held.ids), 257, dtype=np.int64)
    turn: npt.NDArray[np.int64] = np.zeros(len(held.ids), dtype=np.int64)
    for place, (_, hashes) in enumerate(turned(wanted)):
        bits = np.bitwise_count(held.hashes ^ hashes.view(np.uint64)).sum(axis=1, dtype=np.int64)
        turn[bits < apart] = place
        apart = np.minimum(apart, bits)
    close = np.flatnonzero(apart <= radius)
    return sorted(
        Similar(int(apart[at]), held.ids[at].tobytes().hex(), TURNS[turn[at]])
        for at in close.tolist()
    )


def _place(each: Similar) -> str:
    return f"{each.distance:03} {each.sha256}"
