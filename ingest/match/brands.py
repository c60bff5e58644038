"""Brand names in titles, undisguised or not: what is named, where, how it was hidden; pure.

Three passes over the words of a title: as written, by skeleton, one edit away. A name of under
four letters counts only as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import OSA

from ingest.match.brand_forms import (
    SHORTEST,
    SHORTEST_TYPO,
    Form,
    common,
    indexed,
    skeleton,
)
from ingest.match.context import contexts
from ingest.match.disguise import EXACT, Piece, Sighting, judged
from ingest.match.glyphs import MASK, SIGNS, WIDE, Word, glyph, words_of

MODEL = "brands/1"  # changes when the same titles would give other hits
LONGEST_TITLE = 4_000  # characters; what stands behind them is not read
WIDEST_GAP = 3  # characters between two parts of one name
TYPO, MASKED = "typo", "masked"
_SCORES = {"accents": 0.97, "zero_width": 0.98, "homoglyph": 0.96, "joined": 0.95, MASKED: 0.75}
_DISGUISED, _ORDINARY = 0.9, 0.5
_ENDS = re.compile(r"[,;:()\[\]{}\"?]")
_MASKED = re.compile(r"[^\W_]+(?:[*#?]{1,4}[^\W_]*)+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A brand named in a title: title[start:end] names it.

    `score` is 0–1 (0.5 and less for ordinary words that are also brands); `disguise` is exact or
    the disguises joined by +; `context` is use, or reference where it is what the thing fits.
    """

    brand: str
    score: float
    start: int
    end: int
    disguise: str
    context: str


@dataclass(frozen=True, slots=True)
class _Find:
    form: Form
    score: float
    start: int
    end: int
    disguise: str


class Brands:
    """The brands to look for, made ready once; `find` may be called any number of times."""

    def __init__(self, brands: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take in (brand, its aliases); hits bear the brand's name, whatever was written."""
        self._index = indexed(brands)

    def find(self, title: str) -> list[Hit]:
        """Return what a title names, in the order of the places; no two hits of names overlap.

        Of names that overlap the longest is kept. Never raises.
        """
        text = title[:LONGEST_TITLE]
        words = words_of(text)
        finds = _apart([*self._sightings(text, words), *self._near(text, words)])
        told = contexts(text, words, [(find.start, find.end) for find in finds])
        return [
            Hit(brand, find.score, find.start, find.end, find.disguise, context)
            for find, context in zip(finds, told, strict=True)
            for brand in find.form.brands
        ]

    def _sightings(self, title: str, words: list[Word]) -> Iterator[_Find]:
        prefixes = self._index.prefixes
        readings = [_readings(word) for word in words]
        for place, options in enumerate(readings):
            for piece in options:
                key = skeleton(piece.text)
                if key in prefixes:
                    yield from self._walk(title, readings, place, (piece,), key)

    def _walk(
        self,
        title: str,
        readings: list[tuple[Piece, ...]],
        place: int,
        pieces: tuple[Piece, ...],
        key: str,
    ) -> Iterator[_Find]:
        """Yield the names that begin with these pieces, and those that go on from there."""
        forms = self._index.by_skeleton.get(key)
        if forms is not None:
            yield from _best(Sighting(title, form, pieces) for form in forms)
        if place + 1 == len(readings):
            return
        end = pieces[-1].end
        for piece in readings[place + 1]:
            longer = key + skeleton(piece.text)
            if longer in self._index.prefixes and _joinable(title[end : piece.start]):
                yield from self._walk(title, readings, place + 1, (*pieces, piece), longer)

    def _near(self, title: str, words: list[Word]) -> Iterator[_Find]:
        """Yield names of which one word is one edit away, or has letters masked by signs."""
        for place, word in enumerate(words):
            if len(word.text) >= SHORTEST and word.text.isalpha():
                for meant in self._index.near(word.text):
                    if word.text != meant and OSA.distance(word.text, meant) <= 1:
                        yield from self._completed(title, words, (place, place), meant)
        if MASK in title or "#" in title or "?" in title or not title.isascii():
            yield from self._masked(title, words)

    def _masked(self, title: str, words: list[Word]) -> Iterator[_Find]:
        seen = "".join(glyph(char)[:1] or " " for char in title)  # as long as the title
        for match in _MASKED.finditer(seen):
            covered = [
                place
                for place, word in enumerate(words)
                if match.start() <= word.start and word.end <= match.end()
            ]
            meant = self._unmasked(match[0].rstrip("?#"))
            if meant and covered:
                yield from self._completed(title, words, (covered[0], covered[-1]), meant)

    def _unmasked(self, text: str) -> str:
        """Return the one word of a name that fits what is left of it, "" for none or several."""
        shown = sum(c.isalnum() for c in text)
        if shown == len(text) or shown < 2 or shown * 2 < len(text):
            return ""
        words = self._index.by_start.get((text[0], len(text)), ())
        fitting = [
            word
            for word in words
            if all(a == b or not a.isalnum() for a, b in zip(text, word, strict=True))
        ]
        return fitting[0] if len(fitting) == 1 else ""

    def _completed(
        self, title: str, words: list[Word], span: tuple[int, int], meant: str
    ) -> Iterator[_Find]:
        """Yield the names that hold the word that is meant, their other words as they are."""
        first, last = span
        read = words[first].text if first == last else ""
        for form, at in self._index.by_word.get(meant, ()):
            before = words[first - at : first] if first >= at else []
            after = words[last + 1 : last + len(form.words) - at]
            rest = [word.text for word in (*before, *after)]
            if rest != [*form.words[:at], *form.words[at + 1 :]]:
                continue
            chosen = [*before, words[first], words[last], *after]
            if read and not _misspelt(read, meant, form, strict=self._index.strict):
                continue
            yield _one_off(form, chosen[0].start, chosen[-1].end, read, meant)


def _misspelt(read: str, meant: str, form: Form, *, strict: bool) -> bool:
    """Return whether a word is more likely a misspelt name than another word."""
    if len(form.words) > 1:
        others = (word for word in form.words if word != meant and len(word) >= SHORTEST)
        return read not in common() or any(word not in common() for word in others)
    if read in common() or len(meant) < SHORTEST_TYPO or (form.ordinary and len(meant) < 6):
        return False
    if strict and min(len(read), len(meant)) < 6 and not _slip(read, meant):
        return False
    return len(meant) > 6 or read[0] == meant[0]


def _slip(read: str, meant: str) -> bool:
    """Return whether the same letters were written: two swapped, or one doubled or not."""
    return sorted(read) == sorted(meant) or _undoubled(read) == _undoubled(meant)


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _one_off(form: Form, start: int, end: int, read: str, meant: str) -> _Find:
    if not read:
        score, disguise = _SCORES[MASKED], MASKED
    else:
        score, disguise = OSA.normalized_similarity(read, meant) * _DISGUISED, TYPO
    return _Find(form, round(score * (_ORDINARY if form.ordinary else 1), 2), start, end, disguise)


def _best(seen: Iterable[Sighting]) -> Iterator[_Find]:
    """Yield the forms of one skeleton that are closest to what is written."""
    finds = [find for each in seen if (find := _judged(each)) is not None]
    if finds:
        most = max(find.score for find in finds)
        yield from (find for find in finds if find.score == most)


def _judged(seen: Sighting) -> _Find | None:
    disguises = judged(seen)
    if disguises is None:
        return None
    score = min(_SCORES.get(each, _DISGUISED) for each in disguises)
    if disguises == (EXACT,):
        score = _ORDINARY if seen.form.ordinary else 1.0
        if WIDE.search(seen.slice) and len(seen.form.letters) < 3 and not _stands_alone(seen):
            return None
    elif len(disguises) > 1:
        score = round(score - 0.05 * (len(disguises) - 1), 2)
    start, end = seen.pieces[0].start, seen.pieces[-1].end
    return _Find(seen.form, score, start, end, "+".join(disguises))


def _stands_alone(seen: Sighting) -> bool:
    """Return whether no letter touches the name: scripts without blanks have no word edges."""
    start, end = seen.pieces[0].start, seen.pieces[-1].end
    around = (seen.title[start - 1 : start], seen.title[end : end + 1])
    return not any(char.isalnum() for char in around)


def _joinable(gap: str) -> bool:
    """Return whether what stands between two words may stand within a name."""
    if len(gap) <= 1:
        return True
    seen = "".join(" " if c.isspace() else c for c in gap if glyph(c))
    return len(seen) <= WIDEST_GAP and not (" " in seen and _ENDS.search(seen))


def _readings(word: Word) -> tuple[Piece, ...]:
    """Return how a word may be read: its signs as letters, as marks around it, or as nothing."""
    text = word.text
    found = [Piece(text, word.start, word.end)]
    if not text.isalnum():
        bare = text.strip(SIGNS)
        lead = len(text) - len(text.lstrip(SIGNS))
        trail = len(text) - lead - len(bare)
        trimmed = Piece(bare, word.start + lead, word.end - trail)
        found.append(trimmed)
        inner = "".join(c for c in bare if c not in SIGNS)
        if inner != bare:
            found.append(replace(trimmed, text=inner, undone="symbol"))
    for pair, letter in (("rn", "m"), ("vv", "w")):
        if pair in text:
            read = text.replace(pair, letter)
            found.append(Piece(read, word.start, word.end, "homoglyph"))
    return tuple(found)


def _apart(finds: list[_Find]) -> list[_Find]:
    """Return the finds of which none overlaps another: longer before shorter, better before worse.

    Forms that share one span stay together.
    """
    ordered = sorted(finds, key=lambda find: (find.start - find.end, -find.score, find.form.text))
    kept: list[_Find] = []
    for find in ordered:
        rivals = [other for other in kept if other.start < find.end and find.start < other.end]
        if not rivals or all(_same_place(other, find) for other in rivals):
            kept.append(find)
    return sorted(kept, key=lambda find: (find.start, find.form.text))


def _same_place(other: _Find, find: _Find) -> bool:
    return (other.start, other.end, other.score) == (find.start, find.end, find.score) and (
        other.form is not find.form
    )
