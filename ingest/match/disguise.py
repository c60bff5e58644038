"""How a name was disguised: what stands in a title against how its brand is written; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.match.brand_forms import Form, common, plain
from ingest.match.glyphs import SIGNS, glyph, written

EXACT = "exact"
_DASHES = frozenset("-‐‑‒–—−")
_DOTS = frozenset(".·。")
_APOSTROPHES = frozenset("'’`´")
_UNUSUAL = frozenset("*~^_=#")  # never between two words, but to break one
_ENDINGS = frozenset({"s", "es"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a title as it was read for a match: its letters, its place, what the reading undid.

    `undone` is "symbol" where signs were passed over, "homoglyph" where rn was read as m.
    """

    text: str
    start: int
    end: int
    undone: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A form of a name found in a title, in pieces: what is to be judged."""

    title: str
    form: Form
    pieces: Sequence[Piece]

    @property
    def letters(self) -> str:
        """Return the letters of the pieces, joined."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def slice(self) -> str:
        """Return what stands in the title from the first piece to the last."""
        return self.title[self.pieces[0].start : self.pieces[-1].end]

    @property
    def gaps(self) -> Iterator[tuple[int, str]]:
        """Yield how many letters stand before each gap, and what the gap is written with."""
        place = 0
        for left, right in pairwise(self.pieces):
            place += len(left.text)
            yield place, self.title[left.end : right.start]


def judged(seen: Sighting) -> tuple[str, ...] | None:
    """Return the disguises of a sighting, `exact` for none; None where it is chance.

    Chance is what ordinary words, numbers and sizes make when they meet.
    """
    if seen.form.exact_only:
        return (EXACT,) if plain(seen.slice) == seen.form.text else None
    spread = frozenset(_spread(seen))
    swapped = frozenset(_swapped(seen))
    joined = _joined(seen)
    if spread and not _split_on_purpose(seen, spread, swapped):
        return None
    if swapped and not _swapped_on_purpose(seen):
        return None
    if joined and (len(seen.form.letters) < 6 or seen.letters in common()):
        return None
    found = {*spread, *swapped, *_marks(seen), *({"joined"} if joined else ())}
    return tuple(sorted(found)) or (EXACT,)


def _spread(seen: Sighting) -> Iterator[str]:
    """Yield the ways in which the letters of one word are kept apart."""
    last = seen.pieces[-1].text
    for place, gap in seen.gaps:
        if place in seen.form.edges or not gap:
            continue
        kinds = set(gap.strip() or gap)
        if kinds <= _APOSTROPHES and last in _ENDINGS:
            continue
        bare = frozenset(c for c in kinds if glyph(c))
        if not bare:
            continue
        named = {"spaced": _is_blank, "dotted": _DOTS.issuperset, "hyphen": _DASHES.issuperset}
        yield next((name for name, holds in named.items() if holds(bare)), "symbol")


def _is_blank(chars: frozenset[str]) -> bool:
    return all(c.isspace() for c in chars)


def _swapped(seen: Sighting) -> Iterator[str]:
    """Yield `leet` for digits and signs in the place of letters, `homoglyph` for letters."""
    for theirs, ours in zip(seen.letters, seen.form.letters, strict=True):
        if theirs != ours:
            yield "leet" if theirs.isdigit() or theirs in SIGNS else "homoglyph"


def _joined(seen: Sighting) -> bool:
    """Return whether words of the name that blanks part are written as one."""
    return bool(seen.form.blanks - {place for place, _ in seen.gaps})


def _split_on_purpose(seen: Sighting, spread: frozenset[str], swapped: frozenset[str]) -> bool:
    """Return whether the letters were kept apart on purpose, and no words merely met."""
    texts = [piece.text for piece in seen.pieces]
    if all(len(text) == 1 for text in texts):
        return not swapped or not all(text.isdigit() for text in texts)
    if any(gap and set(gap) <= _UNUSUAL for _, gap in seen.gaps):
        return True
    words = sum(text in common() or text.isdigit() for text in texts)
    if words == len(texts):
        return False
    if "spaced" in spread:
        return not swapped and (words == 0 or len(seen.form.letters) > 4)
    return True


def _swapped_on_purpose(seen: Sighting) -> bool:
    """Return whether letters were swapped in a word, and no number or other word is meant."""
    letters = seen.letters
    kept = sum(c.isalpha() for c in letters)
    if kept and any(c in SIGNS for c in letters[1:-1]):
        return True  # no code or size has a sign in its midst
    if kept < 2 or kept * 3 < len(letters):
        return False
    if not letters.isalpha():
        return not _is_measure(letters)
    return letters not in common()


def _is_measure(letters: str) -> bool:
    """Return whether digits come first and letters after, as in sizes: 100ml, 1080p, 925er."""
    bare = letters.lstrip("0123456789")
    return bare != letters and bare.isalpha() and len(letters) - len(bare) >= 2 and len(bare) <= 3


def _marks(seen: Sighting) -> Iterator[str]:
    """Yield what was done to single characters: unseen ones, accents, letters of elsewhere."""
    if any(piece.undone for piece in seen.pieces):
        yield from (piece.undone for piece in seen.pieces if piece.undone)
    text = seen.slice
    if text.isascii() or written(text) == written(seen.form.text):
        yield from _unseen(text, seen.form.text)
        return
    own = set(unicodedata.normalize("NFD", seen.form.text.casefold()))
    for char in unicodedata.normalize("NFC", text):
        if not char.isascii():
            yield from _mark(char, own)


def _unseen(text: str, form: str) -> Iterator[str]:
    """Yield what was put between or upon letters that are otherwise those of the form."""
    marks = {c for c in unicodedata.normalize("NFC", text) if not c.isascii() and not glyph(c)}
    for char in marks - set(unicodedata.normalize("NFC", form)):
        yield "accents" if unicodedata.combining(char) else "zero_width"


def _mark(char: str, own: set[str]) -> Iterator[str]:
    if unicodedata.combining(char):
        if char not in own:
            yield "accents"
    elif not glyph(char):
        yield "zero_width"
    elif char.isalnum() or unicodedata.category(char) == "So":
        bare = unicodedata.normalize("NFD", char.casefold())
        if set(bare) <= own:
            return
        if bare[0].isascii() and len(bare) > 1:
            yield "accents"
        elif glyph(char).strip():
            yield "homoglyph"
