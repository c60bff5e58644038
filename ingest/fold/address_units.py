"""Flats, rooms and floors: taken out of an address first, for a unit is a part of its own."""

from __future__ import annotations

import re

from ingest.fold.address_tokens import tokens
from ingest.fold.address_words import (
    COUNTS,
    FLAT_BEFORE,
    FLAT_BEHIND,
    FLOOR_WORDS,
    HASH_NUMBERS,
    STOREYS,
    STREETS,
    UNIT_WORDS,
    WEAK_UNITS,
)

_ID = r"\d+\s?-?[a-z](?![a-z])|\d+|[a-z]-?\d+[a-z]?|[ivx]{2,6}|[a-z]"
_COUNTED = "|".join(COUNTS)
_UNITS = re.compile(
    rf"\b(?:{UNIT_WORDS})s\b\.?\s*((?:\d+[a-z]?)(?:\s*(?:[-&+/]|and|to)\s*\d+[a-z]?)*)(?![\w-])"
)
_UNIT = re.compile(
    rf"\b({UNIT_WORDS})\b\.?\s*(?:no\.?|nr\.?|number)?\s*[#-]?\s*({_ID}|\d+-\d+|{_COUNTED})(?![\w-]|/\d)"
)
_HASH = re.compile(rf"#\s*(\d+-\d+|{_ID})(?![\w-])")
# "1et" is no floor without its blank or ordinal: it ends British postcodes.
_NTH = r"(?:\s?(?:st|nd|rd|th|\.|o|a|er|e|eme)[\s-]*|[\s-]+)"
_FLOOR = re.compile(
    rf"\b(\d{{1,3}}){_NTH}(?:(?:&|and|-)\s*(\d{{1,3}}){_NTH})?(?:{FLOOR_WORDS})s?\b\.?"
    rf"|\b(?:{FLOOR_WORDS})\b\.?\s*(?:no\.?\s*)?(\d{{1,3}})(?:-[a-z])?(?![\w-])"
)
_STOREY = re.compile(
    r"\b(lower ground|ground|basement|mezzanine|top|upper|lower|planta(?= baja)|"
    rf"{'|'.join(word for word in STOREYS if ' ' not in word and word != 'planta')})"
    r"\s+(?:floor|flr|fl|piso|andar|baja)s?\b"
)
_SPANISH = re.compile(r"(\d{1,2})[.oa]+\s*-?\s*([a-h]|izq\w*|dcha?|der\w*)?\.?")
_SLASHED = re.compile(r"(?<![\w/-])(\d+[a-z]?)/(\d+[a-z]?)(?![\w/-])")
_WEAK = re.compile(WEAK_UNITS)
_ONLY_WORDS = re.compile(rf"(?:(?:{UNIT_WORDS}|{FLOOR_WORDS})s?[\s.#&-]*)+")


def take_units(segments: list[str], country: str | None) -> tuple[list[str], list[str]]:
    """Return the segments without their units, and the names of the units: `4`, `b`, `f2`."""
    found: list[str] = []
    rest = [_taken(segment, found, country, first=not at) for at, segment in enumerate(segments)]
    return [part for part in rest if part and not _ONLY_WORDS.fullmatch(part)], found


def _taken(segment: str, found: list[str], country: str | None, *, first: bool) -> str:
    door = None if first else _SPANISH.fullmatch(segment)
    if door:
        found.append(f"f{int(door[1])}")
        found.extend(door[2][:1] for _ in "x" if door[2])
        return ""
    given = segment.replace("#", " no ") if country in HASH_NUMBERS else segment
    rest = _STOREY.sub(lambda m: _note(found, "f" + STOREYS.get(m[1], m[1])), given)
    rest = _FLOOR.sub(lambda m: _floors(found, m), rest)
    rest = _UNITS.sub(lambda m: _note(found, _tidy(m[1])), rest)
    rest = _UNIT.sub(lambda m: _one(found, m), rest)
    rest = _HASH.sub(lambda m: _hash(found, m, first=first), rest)
    if country in FLAT_BEFORE or country in FLAT_BEHIND:
        rest = _SLASHED.sub(lambda m: _slashed(found, m, country), rest, count=1)
    return " ".join(rest.split()).strip("-/& ") if rest != segment else rest


def _note(found: list[str], unit: str) -> str:
    found.append(unit)
    return " "


def _floors(found: list[str], match: re.Match[str]) -> str:
    found.extend(f"f{int(group)}" for group in match.groups() if group)
    return " "


def _tidy(unit: str) -> str:
    """Return a unit's name without blanks, hyphens before letters and leading zeros."""
    parts = re.findall(r"\d+[a-z]?|[a-z]+\d*[a-z]?", re.sub(r"(?<=\d)[\s-]+(?=[a-z]\b)", "", unit))
    names = (part for part in parts if part not in ("and", "to"))
    return "-".join(name.lstrip("0") or "0" for name in names)


def _one(found: list[str], match: re.Match[str]) -> str:
    """Note one unit; `shop 12 high street` is a house number, and stays."""
    around = match.string[: match.start()] + match.string[match.end() :]
    numbered = any(map(str.isdigit, around))
    nearest = tokens(match.string[match.end() :])[:3]
    if not numbered and _WEAK.fullmatch(match[1]) and STREETS.intersection(nearest):
        return f" {match[2]} "
    return _note(found, COUNTS.get(match[2]) or _tidy(match[2]))


def _hash(found: list[str], match: re.Match[str], *, first: bool) -> str:
    """Note `#4`, unless it begins the address and is the only number beside a street's words."""
    around = match.string[: match.start()] + match.string[match.end() :]
    if first and any(map(str.isalpha, around)) and not any(map(str.isdigit, around)):
        return f" {match[1]} "
    return _note(found, _tidy(match[1]))


def _slashed(found: list[str], match: re.Match[str], country: str | None) -> str:
    unit, number = (1, 2) if country in FLAT_BEFORE else (2, 1)
    found.append(_tidy(match[unit]))
    return match[number]


def bare_unit(text: str, country: str | None) -> list[str]:
    """Return the unit of a plain field that holds nothing else: `apt 4`, `4b`, `3rd floor`."""
    segments = [part.strip() for part in text.split(",") if part.strip()]
    rest, found = take_units(segments, country)
    left = _tidy(" ".join(rest)) if rest else ""
    return [*found, left] if left else found
