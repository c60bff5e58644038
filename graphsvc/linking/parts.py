"""Pictures that show a part of one another: whose are searched, where their files are, what meets.

The graph keeps no corners of a picture: they are read from its file, which is known by the SHA-256
of its bytes wherever it lies. A picture that very many sellers show proves copying and no common
control: it is not searched for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

import numpy as np

from graphsvc.store.reader import Reader
from ingest.ahead import ahead
from ingest.errors import ValueRefused
from ingest.match.images import LARGEST_FILE, decode
from ingest.match.keypoints import Keypoints, keypoints
from ingest.match.pairs import parts
from ingest.match.votes import voted
from queries.images import FLAGGED_PICTURES, SELLERS_OF_PICTURES
from queries.schema.findings import ACCUSING, Tier

TEMPLATE_SELLERS = 50  # more than these show a size chart, a placeholder, a brand's own picture
CHUNK = 1_000
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Pictures of sellers under suspicion, and those of them that are templates, by SHA-256."""

    flagged: Set[str]
    templates: Set[str]


async def suspects(reader: Reader, same: Iterable[Key], held: Set[str]) -> Suspects:
    """Return the held pictures of reported sellers and of members of rings.

    `same` holds the pairs that are one picture: the sellers of all copies count together.
    """
    tiers = [Tier.BAN.value, Tier.REVIEW.value]
    rows = await reader.rows(FLAGGED_PICTURES, verdicts=list(ACCUSING), tiers=tiers)
    flagged = frozenset(row.sha256 for row in rows) & held
    first = _first(same)
    wanted = {first.get(name, name) for name in flagged}
    members = sorted({name for name in first if first[name] in wanted} | flagged)
    sellers: dict[str, set[str]] = {}
    for start in range(0, len(members), CHUNK):
        for row in await reader.rows(SELLERS_OF_PICTURES, keys=members[start : start + CHUNK]):
            sellers.setdefault(first.get(row.key, row.key), set()).update(row.sellers)
    many = {name for name, who in sellers.items() if len(who) > TEMPLATE_SELLERS}
    return Suspects(flagged, {name for name in flagged if first.get(name, name) in many})


def _first(same: Iterable[Key]) -> dict[str, str]:
    """Return for each picture of a pair one picture that stands for all it is the same as."""
    above: dict[str, str] = {}

    def top(name: str) -> str:
        while above[name] != name:
            above[name] = name = above[above[name]]
        return name

    for left, right in same:
        above.setdefault(left, left)
        above.setdefault(right, right)
        above[top(right)] = top(left)
    return {name: top(name) for name in above}


def find_files(folders: Iterable[Path], wanted: Set[str]) -> dict[str, Path]:
    """Return where the wanted pictures lie, by the SHA-256 of their bytes; links are not followed.

    A file that cannot be read is passed over.
    """
    places = {place: None for folder in folders for place in sorted(folder.rglob("*"))}
    files = (place for place in places if place.is_file() and not place.is_symlink())
    found = ahead(_digest, files)
    return {digest: place for digest, place in found if digest in wanted}


def _digest(place: Path) -> tuple[str, Path]:
    try:
        if place.stat().st_size > LARGEST_FILE:
            return "", place
        with place.open("rb") as file:
            return file_digest(file, "sha256").hexdigest(), place
    except OSError:
        return "", place


@dataclass(frozen=True, slots=True)
class Pixels:
    """The corners of pictures by column; `wanted` are looked for in all, candidates in each other.

    `unseen` pictures should have been read and could not be.
    """

    ids: Sequence[str]
    corners: Sequence[Keypoints]
    wanted: Set[str]
    candidates: Sequence[Key]
    unseen: int

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        files: Mapping[str, Path],
        *,
        wanted: Set[str],
        candidates: Sequence[Key],
    ) -> Pixels:
        """Read the pictures that a search needs: all where there is something to look for."""
        needed = ids if wanted else sorted({name for key in candidates for name in key})
        there = [name for name in needed if name in files]
        # Without one of the wanted, nothing is looked for in the rest.
        if wanted.isdisjoint(there):
            there = sorted({n for key in candidates if files.keys() >= set(key) for n in key})
        read = zip(there, ahead(_corners, (files[name] for name in there)), strict=True)
        seen = [(name, corners) for name, corners in read if corners is not None]
        names = [name for name, _ in seen]
        return cls(names, [each for _, each in seen], wanted, candidates, len(needed) - len(seen))

    def parts(self, *, known: Collection[Key]) -> Iterator[tuple[Key, str]]:
        """Yield the pairs that share a part and are not `known`, with the turn of the second."""
        place = {name: at for at, name in enumerate(self.ids)}
        flags = np.array([name in self.wanted for name in self.ids], dtype=np.bool_)
        asked = voted(self.corners, flags) if flags.any() else []
        asked += [(place[a], place[b]) for a, b in self.candidates if a in place and b in place]
        fresh = [key for key in dict.fromkeys(asked) if self._ids(key) not in known]
        for key, turn in parts(self.corners, fresh):
            yield self._ids(key), turn

    def _ids(self, key: tuple[int, int]) -> Key:
        return self.ids[key[0]], self.ids[key[1]]


def _corners(place: Path) -> Keypoints | None:
    try:
        return keypoints(decode(place.read_bytes()).picture)
    except (ValueRefused, OSError):
        return None
