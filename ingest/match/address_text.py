"""One written address as what likeness compares: words, numbers, units, postcode; pure, no scores.

The exact key forgives nothing but spelling; here every part of the text is kept, for a disguised
address often has its parts in the wrong order or under the wrong name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from ingest.fold import country as countries
from ingest.fold.address_parts import Parts, cut, is_state, settle_country, take_postcode
from ingest.fold.address_tokens import is_number, tokens
from ingest.fold.address_units import take_units
from ingest.fold.address_words import COUNTS
from ingest.fold.text import LOOKALIKE, visible

MOST_TOKENS = 40  # of one kind; nobody's address has more, and cost stays bounded

_TENS = {
    word: str(number * 10)
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
_ONES = {word: number for word, number in COUNTS.items() if 0 < int(number) < 10}
_COMPOUND = re.compile(rf"(?i)\b({'|'.join(_TENS)})(?:[\s-]+({'|'.join(_ONES)}))?\b")
_SPREAD = re.compile(r"(?<!\w)(?:\w ){3,}\w(?!\w)")
_DIGIT_GAP = re.compile(r"(?<=\d) (?=\d)")
_CARE_OF = re.compile(r"(?i)\b(?:c\s*/\s*o|care\s+of|attn)\b[\s.:]*")
_DIGITS = str.maketrans("oil", "011")
_BRITISH = re.compile(
    r"(?<![a-z0-9])([a-z]{1,2})([0-9oil]{0,1}[0-9][oil]?)([a-z]?) ?([0-9oil])([a-z]{2})(?![a-z0-9])"
)
_CANADIAN = re.compile(
    r"(?<![a-z0-9])([abceghj-nprstvxy])([0-9oil])([a-z]) ?([0-9oil])([a-z])([0-9oil])(?![a-z0-9])"
)
_COUNT = re.compile(rf"(?i)\b({'|'.join(COUNTS)})\b")
_WITHIN = re.compile(r"(?<=\d)[oil]+(?=\d)|(?<=\d)o(?=[a-z]?\b)|(?<![a-z0-9])[oil](?=\d)")
_EITHER = frozenset({"saint", "street"})  # "St 110" may be one or the other
_WORD = re.compile(r"[^\W_]+")
_MASKED = str.maketrans("013457", "oleast")
_CODE = re.compile(r"[a-z]{1,2}-?\d+[a-z]?")
_SHORT_NUMBER = re.compile(r"\d{1,4}")
_LONG_NUMBER = re.compile(r"\d{5,7}")


@dataclass(frozen=True, slots=True)
class Place:
    """What one text says: words in their order, numbers of the house, units, postcode, country."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]
    units: tuple[str, ...]
    postcode: str
    country: str

    @property
    def empty(self) -> bool:
        """Tell whether it names no place: without number and postcode, a town at most."""
        telling = sum(len(word) > 2 for word in self.words)
        return not self.words or not (self.numbers or self.postcode or telling > 1)


def read_place(text: str, country: str | None = None) -> Place:
    """Return what a text says; any text is read, and what names no place comes back empty."""
    found = _read(text, country)
    if not found.numbers and "#" in text:  # then it is the house that the mark stands before
        return _read(text.replace("#", " no "), country)
    return found


def _read(text: str, country: str | None) -> Place:
    parts = Parts(country, _segments(text))
    named = _settle(parts)
    parts.segments = [_repaired(segment, parts.country) for segment in parts.segments]
    parts.segments, units = take_units(parts.segments, parts.country)
    take_postcode(parts)
    kept = [part for part in parts.segments if not is_state(part.strip(". "), parts.country)]
    kept = kept if len(kept) > 1 else parts.segments  # a state may stand for the town
    found = [token for part in kept for token in tokens(part)]
    words, numbers = _sorted_out(found[: 2 * MOST_TOKENS])
    postcode = parts.postcode or ""
    if not postcode and len(numbers) > 1:
        postcode = next(filter(_LONG_NUMBER.fullmatch, reversed(numbers)), "")
        numbers = [number for number in numbers if number != postcode]
    if not numbers and _SHORT_NUMBER.fullmatch(postcode):
        numbers, postcode = [postcode], ""  # the only number is rather the house's
    return Place(
        words=tuple(words[:MOST_TOKENS]),
        numbers=tuple(numbers[:MOST_TOKENS]),
        units=tuple(sorted(set(units))),
        postcode=postcode,
        country=named,
    )


def _segments(text: str) -> list[str]:
    """Return the plain segments; a name behind `c/o` is dropped unless nothing else is left."""
    shown = _SPREAD.sub(lambda m: _DIGIT_GAP.sub("", m[0]), visible(text.replace("\n", ", ")))
    shown = _COMPOUND.sub(_counted, shown if shown.isascii() else _unmasked(shown))
    shown = _COUNT.sub(lambda m: COUNTS[m[0].lower()], shown)
    found = cut(shown)
    if sum(len(tokens(segment)) for segment in found) > 2 or not _CARE_OF.search(shown):
        return found
    return cut(_CARE_OF.sub(" ", shown))


def _unmasked(text: str) -> str:
    """Return a text without look-alikes where one word shows that they are meant to deceive."""
    words = _WORD.findall(text)
    if not any(_mixed(word) for word in words):
        return text
    return _WORD.sub(lambda m: _by_shape(m[0]), text)


def _mixed(word: str) -> bool:
    return any(c.isascii() and c.isalpha() for c in word) and any(ord(c) in LOOKALIKE for c in word)


def _by_shape(word: str) -> str:
    strange = [c for c in word if not c.isascii()]
    return word.translate(LOOKALIKE) if all(ord(c) in LOOKALIKE for c in strange) else word


def _counted(match: re.Match[str]) -> str:
    tens, ones = _TENS[match[1].lower()], match[2]
    return tens[0] + _ONES[ones.lower()] if ones else tens


def _settle(parts: Parts) -> str:
    """Take the countries out, wherever they stand, and return the one; '' where they differ."""
    given = parts.country
    settle_country(parts)
    named = {given, parts.country} - {None}
    kept = []
    for segment in parts.segments:
        other = countries.find(segment)
        if other is None or len(parts.segments) == 1:
            kept.append(segment)
        named |= {other} - {None}
    parts.segments = kept or parts.segments
    parts.country = parts.country or min((n for n in named if n), default=None)
    return next(filter(None, named)) if len(named) == 1 else ""


def _repaired(segment: str, country: str | None) -> str:
    """Return a plain segment whose digits are digits, in postcodes and in numbers."""
    found = _BRITISH.sub(_mended, segment)
    if country in (None, "CA"):
        found = _CANADIAN.sub(_mended_canadian, found)
    return _WITHIN.sub(lambda m: m[0].translate(_DIGITS), found)


def _mended(match: re.Match[str]) -> str:
    """Return a British postcode whose digits were written as letters."""
    area, district, letter, sector, unit = match.groups()
    return f"{area}{district.translate(_DIGITS)}{letter} {sector.translate(_DIGITS)}{unit}"


def _mended_canadian(match: re.Match[str]) -> str:
    turned = (part.translate(_DIGITS) if at % 2 else part for at, part in enumerate(match.groups()))
    return "".join(turned)


def _sorted_out(found: list[str]) -> tuple[list[str], list[str]]:
    """Return words, each once, and numbers in their order; `12-14` is two numbers.

    A number said again is another one: `4`, `4#2`.
    """
    words: dict[str, None] = {}
    numbers: list[str] = []
    for token in found:
        letters = sum(map(str.isalpha, token))
        if token in _EITHER:
            words["street"] = None
        elif letters == len(token):
            words[token] = None
        elif letters > 2 and "-" not in token:
            words[token.translate(_MASKED)] = None  # `ma1n` is a word in disguise
        elif is_number(token) or _CODE.fullmatch(token):
            numbers.extend(token.split("-") if is_number(token) else [token])
        else:
            words[token] = None
    return list(words), _apart(numbers)


def _apart(numbers: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    found = []
    for number in numbers:
        seen[number] += 1
        found.append(number if seen[number] == 1 else f"{number}#{seen[number]}")
    return found
