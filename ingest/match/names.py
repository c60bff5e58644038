"""Which sellers bear nearly one name: weak evidence, which never links anybody by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.fuzz import WRatio

from ingest.fold.name import fold

LEAST = 90.0  # of 100; below it, names that share a word are mostly strangers
LARGEST_BLOCK = 30  # names that share a word; a word of more tells nobody apart
SHORTEST = 4  # letters; shorter names resemble half of all others


@dataclass(frozen=True, slots=True)
class LikeNames:
    """Two places among the names, left < right, and their likeness, 0–100."""

    left: int
    right: int
    score: float


def like_names(names: Sequence[str | None]) -> list[LikeNames]:
    """Return the pairs of names that are nearly one, legal forms and shop words undone.

    Two names are compared where they share a word that at most LARGEST_BLOCK names have; an empty
    or very short name is like no other.
    """
    folded = [fold(name or "") for name in names]
    used = [text if len(text) >= SHORTEST else "" for text in folded]
    counts = Counter(word for text in used for word in set(text.split()))
    blocks: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(used):
        for word in set(text.split()):
            if counts[word] <= LARGEST_BLOCK:
                blocks[word].append(place)
    pairs = {pair for block in blocks.values() for pair in combinations(block, 2)}
    scored = ((a, b, WRatio(used[a], used[b])) for a, b in sorted(pairs))
    return [LikeNames(a, b, round(score, 1)) for a, b, score in scored if score >= LEAST]
