"""International bank account numbers (ISO 13616): the form of the country, then ISO 7064 mod 97-10.

The forms are schwifty's. A right number is told in a few steps, in about a seventh of schwifty's
time; a wrong one is left to schwifty, which says what is wrong with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_uppercase

from schwifty import IBAN
from schwifty.domain import Component, Range
from schwifty.exceptions import SchwiftyException

_NUMBER = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_FIGURES = {ord(letter): str(place) for place, letter in enumerate(ascii_uppercase, 10)}


@dataclass(frozen=True, slots=True)
class _Form:
    """What the numbers of a country look like: their length, what stands behind the check digits,
    and where the bank's code is."""

    length: int
    account: re.Pattern[str]
    bank: slice


def shaped(number: str) -> bool:
    """Tell whether a number has the country and length of an IBAN, right or mistyped."""
    return _form_of(number) is not None


def bank_of(number: str) -> str | None:
    """Return the code of the bank in an IBAN without blanks; raises SchwiftyException."""
    form = _form_of(number)
    if form and form.account.match(number[4:]) and _checks(number):
        return number[form.bank] or None
    return IBAN(number).bank_code or None


def _form_of(number: str) -> _Form | None:
    """Return the form of the country that a number names, if it has its length."""
    form = _form(number[:2]) if _NUMBER.fullmatch(number) else None
    return form if form and form.length == len(number) else None


def _checks(number: str) -> bool:
    """Tell whether the check digits are right: 00, 01 and 99 never are."""
    figures = (number[4:] + number[:4]).translate(_FIGURES)
    return "02" <= number[2:4] <= "98" and int(figures) % 97 == 1


@lru_cache(maxsize=1024)
def _form(country: str) -> _Form | None:
    """Return the form of a country's numbers, or None where it has none."""
    try:
        spec = IBAN(f"{country}00", allow_invalid=True).spec
    except SchwiftyException:
        return None
    bank = spec.positions.get(Component.BANK_CODE) or Range(0, 0)
    return _Form(spec.iban_length, spec.regex, slice(bank.start + 4, bank.end + 4))
