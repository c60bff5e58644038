"""Brand names made ready to be looked for: forms, skeletons, and words one edit away; pure.

A skeleton is a name in which letters and the digits and signs drawn for them are one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ingest.match.glyphs import WIDE, Word, words_of, written

SHORTEST = 4  # letters of a name that is looked for in disguise
SHORTEST_TYPO = 5
MANY = 1_000  # forms from which on short words are near some name by mere chance
_CLASSES = ("o0", "il1!|£", "e3€", "a4@", "s5$§", "t7+", "b8", "g69", "z2", "c¢", "y¥")
SKELETON = str.maketrans({c: each[0] for each in _CLASSES for c in each})
_BENIGN = frozenset("'’`´.&-")  # between the parts of a name these come and go


@dataclass(frozen=True, slots=True)
class Form:
    """One way a brand is written: its letters without gaps, and where its words begin in them.

    `exact_only` holds for names of under four letters; `ordinary` for a word of the language.
    """

    brands: tuple[str, ...]
    text: str
    letters: str
    words: tuple[str, ...]
    edges: frozenset[int]
    blanks: frozenset[int]
    exact_only: bool
    ordinary: bool


@dataclass(slots=True)
class Index:
    """Forms by skeleton, every beginning of a skeleton, and words of names by what they lack.

    `strict` holds for long lists of names: the more names, the more words are near one by chance.
    """

    by_skeleton: dict[str, list[Form]] = field(default_factory=dict)
    prefixes: set[str] = field(default_factory=set)
    by_word: dict[str, list[tuple[Form, int]]] = field(default_factory=dict)
    lacking: dict[str, set[str]] = field(default_factory=dict)
    by_start: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    strict: bool = False

    def near(self, word: str) -> set[str]:
        """Return words of names that may be one edit from a word; each must be confirmed."""
        found: set[str] = set()
        for less in (word, *_lacking(word)):
            found |= self.lacking.get(less, set())
        return found


def skeleton(text: str) -> str:
    """Return the text with the members of each class of look-alikes made one letter."""
    return text.translate(SKELETON)


@cache
def common() -> frozenset[str]:
    """Return the words of the language, in small letters."""
    held = json.loads(files("ingest.match").joinpath("english.json").read_text("utf-8"))
    other = json.loads(files("ingest.match").joinpath("title_words.json").read_text("utf-8"))
    return frozenset(held["words"].split()) | frozenset(other["words"].split())


def indexed(brands: Iterable[tuple[str, Sequence[str]]]) -> Index:
    """Return the index of brands with their aliases; names without a letter or digit are passed."""
    names: dict[tuple[str, str], list[str]] = {}
    for brand, aliases in brands:
        for name in (brand, *aliases):
            held = names.setdefault((plain(name), written(name)), [])
            if brand not in held:
                held.append(brand)
    index = Index(strict=len(names) > MANY)
    for (text, _), owners in names.items():
        form = _form(text, tuple(owners))
        if form is not None:
            _add(index, form)
    return index


def plain(text: str) -> str:
    """Return a text in lower case with single blanks: what an exact name is compared by."""
    return " ".join(text.casefold().split())


def _form(text: str, owners: tuple[str, ...]) -> Form | None:
    words = words_of(text)
    letters = "".join(word.text for word in words)
    if not letters:
        return None
    edges, blanks = _edges(text, words)
    alphabetic = sum(c.isalpha() for c in letters)
    return Form(
        brands=owners,
        text=text,
        letters=letters,
        words=tuple(word.text for word in words),
        edges=edges,
        blanks=blanks,
        exact_only=alphabetic < SHORTEST and not WIDE.search(letters),
        ordinary=len(words) == 1 and letters in common(),
    )


def _edges(text: str, words: list[Word]) -> tuple[frozenset[int], frozenset[int]]:
    """Return where in the letters a word begins, and which of these follow a blank."""
    edges, blanks, place = set(), set(), 0
    for left, right in pairwise(words):
        place += len(left.text)
        edges.add(place)
        if not set(text[left.end : right.start]) <= _BENIGN:
            blanks.add(place)
    return frozenset(edges), frozenset(blanks)


def _add(index: Index, form: Form) -> None:
    key = skeleton(form.letters)
    index.by_skeleton.setdefault(key, []).append(form)
    index.prefixes.update(key[:end] for end in range(1, len(key) + 1))
    if form.exact_only:
        return
    least = SHORTEST_TYPO if len(form.words) == 1 else SHORTEST
    for place, word in enumerate(form.words):
        if len(word) >= SHORTEST:
            index.by_start.setdefault((word[0], len(word)), set()).add(word)
            index.by_word.setdefault(word, []).append((form, place))
        if len(word) >= least and word.isalpha():
            for less in (word, *_lacking(word)):
                index.lacking.setdefault(less, set()).add(word)


def _lacking(word: str) -> Iterator[str]:
    """Yield the word without each of its letters in turn."""
    return (word[:place] + word[place + 1 :] for place in range(len(word)))
