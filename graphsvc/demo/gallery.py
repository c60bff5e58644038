"""The pictures of the invented market: which is a copy of which, which are drawn; no I/O here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
    """Why a picture is there; nothing that is written tells it."""

    RING = "ring"
    STOLEN = "stolen"
    CATALOGUE = "catalogue"
    OWN = "own"


_DRAWN_COPIED = 0.5  # copies want looking at: so much of the drawn files is of pictures with copies
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
    """A listing shows a version of a picture from a day on."""

    listing: str
    picture: int
    version: int
    day: int


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
        self.files: dict[tuple[int, int], int] = {}  # number of the file by picture and version

    def picture(self, origin: Origin) -> Picture:
        """Return a new picture."""
        made = Picture(len(self.pictures), origin)
        self.pictures.append(made)
        return made

    def show(self, listing: str, picture: Picture, *, day: int, copied: bool = False) -> None:
        """Let a listing show a picture, or a copy of it as copiers make them."""
        version = self._version(picture) if copied else 0
        self.shown.append(Shown(listing, picture.number, version, day))

    def by_listing(self) -> dict[str, list[Shown]]:
        """Return what each listing shows, in an order that does not tell what came from whom."""
        found: dict[str, list[Shown]] = defaultdict(list)
        for shown in self._dice.sample(self.shown, len(self.shown)):
            found[shown.listing].append(shown)
        return found

    def choose_drawn(self, files: int) -> None:
        """Choose the pictures to draw: all versions of each, at least `files` files in all.

        Chance alone chooses, listing by listing, and numbers the files: neither tells why a
        picture is there. Fewer only where the gallery itself shows fewer.
        """
        rows = self._dice.sample(self.shown, len(self.shown))
        shown = [self.pictures[row.picture] for row in rows]
        copied = [picture for picture in shown if len(picture.edits) > 1]
        self._draw(copied, round(files * _DRAWN_COPIED))
        self._draw(shown, files)
        drawn = [
            (p.number, version) for p in self.pictures if p.drawn for version in range(len(p.edits))
        ]
        self.files = {
            key: number for number, key in enumerate(self._dice.sample(drawn, len(drawn)))
        }

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

    def _draw(self, pictures: Sequence[Picture], files: int) -> None:
        """Mark pictures from the first on until so many files are to be drawn in all."""
        used = sum(len(picture.edits) for picture in self.pictures if picture.drawn)
        for picture in pictures:
            if used >= files:
                return
            if not picture.drawn:
                picture.drawn = True
                used += len(picture.edits)

    def _hashed(self, picture: Picture) -> list[Hashes]:
        rng = self._dice.numpy
        first = np.frombuffer(rng.bytes(PDQ_BYTES), dtype=np.uint8)
        versions = [Hashes(self._dice.hexadecimal(32), first.tobytes().hex())]
        for _ in picture.edits[1:]:
            bits = np.unpackbits(first)
            bits[rng.permutation(bits.size)[: self._dice.between(1, COPY_BITS)]] ^= 1
            versions.append(Hashes(self._dice.hexadecimal(32), np.packbits(bits).tobytes().hex()))
        return versions
