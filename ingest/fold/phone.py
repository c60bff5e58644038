"""Telephone numbers: E.164, after the repair of letters that stand for digits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import phonenumbers

from ingest.errors import ValueRefused
from ingest.fold.text import bounded, visible

_DIGITS_ONLY = re.compile(r"[0-9OolI|+()\s./-]+(?:\s*(?:x|ext\.?)\s*\d+)?")
LONGEST = 250  # characters as written; a number has 15 digits (E.164)
_REPAIR = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})


@dataclass(frozen=True, slots=True)
class FoldedPhone:
    """A number: `canonical` (E.164) is secret; the mask keeps the country code and two digits."""

    canonical: str = field(repr=False)
    masked: str
    country: str | None


def fold(text: str, region: str | None = None) -> FoldedPhone:
    """Return the number in E.164; without `region` (ISO country) it must begin with + or 00.

    Raises ValueRefused, whose message does not repeat the number.
    """
    return _folded(visible(bounded(text, LONGEST)).strip(), region)


@lru_cache(maxsize=16_384)
def _folded(text: str, region: str | None) -> FoldedPhone:
    given = text.translate(_REPAIR) if _DIGITS_ONLY.fullmatch(text) else text
    given = "+" + given[2:] if re.match(r"00[1-9]", given) else given
    try:
        found = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        raise ValueRefused(
            "not a telephone number", "write it with its country code: +44 20 7946 0018"
        ) from None
    # As `is_valid_number` does, but the region, which takes long to find, is wanted below too.
    country = phonenumbers.region_code_for_number(found)
    if country is None or not phonenumbers.is_valid_number_for_region(found, country):
        raise ValueRefused("a telephone number that no one can have", "copy it again")
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    code = f"+{found.country_code}"
    return FoldedPhone(number, f"{code}…{number[-2:]}", country)
