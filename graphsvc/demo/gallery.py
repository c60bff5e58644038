"""The pictures of the invented market: which is a copy of which, which are drawn; no I/O here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from graphsvc.demo.dice import Dice

PDQ_BYTES = 32
COPY_BITS = 14  # two copies of one picture are then at most 28 of 256 bits apart


class Edit(StrEnum):
    """What a copier did to a picture; SAME is the very file."""

    SAME = "same"
    RECOMPRESSED = "recompressed"
    RESIZED = "resized"
    MIRRORED = "mirrored"
    BORDERED = "bordered"


class Origin(StrEnum):
    """Why a picture is there; decides which ones are drawn first."""

    RING = "ring"
    STOLEN = "stolen"
    CATALOGUE = "catalogue"
    OWN = "own"


# Copies want looking at most, so most of the drawn files are theirs; single pictures fill up.
_DRAWN_SHARES = ((Origin.RING, 0.5), (Origin.STOLEN, 0.2), (Origin.CATALOGUE, 0.1))
_EDITS = (
    (Edit.SAME, 0.35),
    (Edit.RECOMPRESSED, 0.25),
    (Edit.RESIZED, 0.2),
    (Edit.MIRRORED, 0.08),
    (Edit.BORDERED, 0.12),
)


@dataclass(slots=True)
class Picture:
    """One picture taken once; `edits` are the versions of it that are about, SAME first."""

    number: int
    origin: Origin
    edits: list[Edit] = field(default_factory=lambda: [Edit.SAME])
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A listing shows a version of a picture from a day on; `position` counts from 0."""

    listing: str
    picture: int
    version: int
    day: int
    position: int


@dataclass(frozen=True, slots=True)
class Hashes:
    """What is known of a picture that no file is given for: 64 hexadecimal digits each."""

    sha256: str
    pdq: str


class Gallery:
    """All pictures and who shows them."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self.pictures: list[Picture] = []
        self.shown: list[Shown] = []
        self._positions: dict[str, int] = {}

    def picture(self, origin: Origin) -> Picture:
        """Return a new picture."""
        made = Picture(len(self.pictures), origin)
        self.pictures.append(made)
        return made

    def show(self, listing: str, picture: Picture, *, day: int, copied: bool = False) -> None:
        """Let a listing show a picture, or a copy of it as copiers make them."""
        version = self._version(picture) if copied else 0
        place = self._positions.get(listing, 0)
        self._positions[listing] = place + 1
        self.shown.append(Shown(listing, picture.number, version, day, place))

    def choose_drawn(self, files: int) -> None:
        """Mark the pictures to draw: all versions of each, at least `files` files in all.

        Fewer only where the gallery itself holds fewer.
        """
        left = files
        for origin, share in _DRAWN_SHARES:
            quota = min(left, round(files * share))
            left -= self._draw(origin, quota)
        self._draw(Origin.OWN, left)

    def hashes(self) -> Iterator[tuple[Picture, list[Hashes]]]:
        """Yield every picture that is not drawn with the hashes of its versions."""
        for picture in self.pictures:
            if not picture.drawn:
                yield picture, self._hashed(picture)

    def _version(self, picture: Picture) -> int:
        edit = self._dice.weighted(_EDITS)
        if edit in picture.edits:
            return picture.edits.index(edit)
        picture.edits.append(edit)
        return len(picture.edits) - 1

    def _draw(self, origin: Origin, quota: int) -> int:
        used = 0
        for picture in self.pictures:
            if used >= quota:
                break
            if picture.origin is origin and not picture.drawn:
                picture.drawn = True
                used += len(picture.edits)
        return used

    def _hashed(self, picture: Picture) -> list[Hashes]:
        rng = self._dice.numpy
        first = np.frombuffer(rng.bytes(PDQ_BYTES), dtype=np.uint8)
        versions = [Hashes(self._dice.hexadecimal(32), first.tobytes().hex())]
        for _ in picture.edits[1:]:
            bits = np.unpackbits(first)
            bits[rng.permutation(bits.size)[: self._dice.between(1, COPY_BITS)]] ^= 1
            versions.append(Hashes(self._dice.hexadecimal(32), np.packbits(bits).tobytes().hex()))
        return versions
