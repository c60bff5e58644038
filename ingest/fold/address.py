"""Addresses: one place, one key, however it is spelt; the exact tier of linking, never a guess.

The key is (fold version, country, postcode or city, sorted numbers, sorted words, unit). Likeness
that needs a score is another module's part.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.errors import ValueRefused
from ingest.fold.address_parts import (
    Parts,
    cut,
    drop_states,
    is_state,
    join_numbers,
    joined,
    on_one_line,
    settle_country,
    take_postcode,
)
from ingest.fold.address_tokens import (
    Tokens,
    is_number,
    names_street,
    parted,
    specific,
    tokens,
)
from ingest.fold.address_units import bare_unit, take_units
from ingest.fold.address_words import FINE_POSTCODES, KINDS
from ingest.fold.text import bounded, plain

FOLD_VERSION = "a3"
LONGEST = 4_000  # characters as written
LONGEST_KEY = 1000  # characters; spelt out in ASCII a letter can be forty of them


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


def fold(text: str, *, country: str | None = None) -> FoldedAddress:
    """Return the place that a free text names; raises ValueRefused where it names none."""
    parts = Parts(country, cut(bounded(text, LONGEST)))
    settle_country(parts)
    return _folded(parts, on_one_line(text))


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
    bounded(shown, LONGEST)
    parts = Parts(country, cut(street))
    parts.units = bare_unit(plain(unit), country)
    parts.postcode = joined(plain(postcode), country) or None
    town = Parts(country, ["", *cut(city)], postcode=parts.postcode)
    take_postcode(town)
    parts.postcode = parts.postcode or town.postcode
    names = [part for part in town.segments[1:] if part]
    parts.city = _town(names)
    return _folded(parts, on_one_line(shown))


def _folded(parts: Parts, shown: str) -> FoldedAddress:
    parts.segments, units = take_units(parts.segments, parts.country)
    unit = "+".join(sorted({*parts.units, *units})) or None
    if parts.postcode is None:
        take_postcode(parts)
    join_numbers(parts)
    drop_states(parts)
    found, city, named = _street_and_city(parts)
    numbers = tuple(sorted(token for token in found if is_number(token)))
    words = tuple(sorted({token for token in found if not is_number(token)}))
    locality = parts.postcode or city
    fine = bool(parts.postcode) and parts.country in FINE_POSTCODES
    # A unit stands for the house number only where the postcode says which street it is.
    exact = (bool(numbers) and (named or fine)) or (bool(unit) and fine and specific(words))
    level = _level(exact, bool(words), locality, unit)
    if level == "none":
        remedy = "give a street with its number, or at least a town"
        raise ValueRefused("nothing in it names a place", remedy)
    # "12 The Green" is a building and "12 Green" is none: the level is a part of the key.
    name = (parts.country, locality, " ".join(numbers), " ".join(words), unit, level)
    key = "|".join((FOLD_VERSION, *(part or "" for part in name)))
    if len(key) > LONGEST_KEY:
        raise ValueRefused("too long to be an address", "give the address and nothing else")
    code = parts.postcode.upper() if parts.postcode else None
    return FoldedAddress(key, parts.country, code, numbers, words, unit, level, city, shown)


def _street_and_city(parts: Parts) -> tuple[Tokens, str | None, bool]:
    """Return the street's tokens, the town, and whether the street is named, not only numbered."""
    segments = parts.segments
    if not segments:
        return (), parts.city, False
    place = next((at for at, segment in enumerate(segments) if names_street(segment)), 0)
    found, tail = parted(segments[place], parts.country)
    others = segments[:place] + segments[place + 1 :]
    city = parts.city or _town(others[-1:]) or _words(tail, parts.country)
    numbers = sum(map(is_number, found))
    fine = bool(parts.postcode) and parts.country in FINE_POSTCODES
    if city is None and not numbers and not fine and not KINDS.intersection(found):
        return (), _words(found, parts.country), False
    named = names_street(segments[place]) or 1 < numbers < len(found)
    return found, city, named


def _town(segments: list[str]) -> str | None:
    return _words(tuple(token for part in segments[:1] for token in tokens(part)), None)


def _words(found: Tokens, country: str | None) -> str | None:
    """Return words without numbers, and without a state's name at their end."""
    words = [token for token in found if not is_number(token)]
    if len(words) > 1 and country and is_state(words[-1], country):
        words.pop()
    return " ".join(words) or None


def _level(exact: bool, words: bool, locality: str | None, unit: str | None) -> str:
    if exact and locality:
        return "unit" if unit else "building"
    if words:
        return "street"
    return "city" if locality else "none"
