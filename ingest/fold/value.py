"""Plain fields: ids, dates, money, shares, choices; each is folded or refused with a remedy."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from ingest.errors import ValueRefused
from ingest.fold.currencies import EXPONENTS

E = TypeVar("E", bound=StrEnum)
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
YEARS = range(1900, 2201)
LONGEST_ID = 200
SHRINKS = 4  # characters that NFC makes one of, at most
# Groups of three are undone where they cannot be decimals: by what the decimal sign is not.
_GROUPED = {
    ".": re.compile(r"[1-9][0-9]{0,2}(?:([, '’])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]+)?"),
    ",": re.compile(r"[1-9][0-9]{0,2}(?:([. '’])[0-9]{3})(?:\1[0-9]{3})*(?:,[0-9]+)?"),
}
_AMOUNT = re.compile(r"-?(?:[0-9]{1,20}(?:\.[0-9]{0,6}0*)?|\.[0-9]{1,6})")
_SHARE = re.compile(r"[+-]?[0-9]*+(?:\.[0-9]*+)?(?:[eE]-?[0-9]{1,3})?")
_CONTROL = {"Cc", "Cs"}
_NOTHING = frozenset({"na", "none", "null", "nil", "nan", "unknown", "test", "xxx", "undefined"})


def text(value: str, limit: int) -> str:
    """Return a text in NFC without control characters at its ends; refuses them inside.

    Line breaks and tabs become spaces: feeds carry them by accident, never as content.
    """
    flat = " ".join(value.split())
    if len(flat) > SHRINKS * limit:
        raise _too_long(flat, limit)
    if not (flat.isascii() and flat.isprintable()):
        flat = unicodedata.normalize("NFC", flat)
        if any(unicodedata.category(letter) in _CONTROL for letter in flat):
            raise ValueRefused("holds a control character", "remove it")
    if len(flat) > limit:
        raise _too_long(flat, limit)
    return flat


def _too_long(flat: str, limit: int) -> ValueRefused:
    return ValueRefused(f"{len(flat)} characters, at most {limit} are kept", "shorten it")


def local_id(value: str) -> str:
    """Return a platform's own id: no colon, nothing invisible, 1 to 200 characters."""
    found = text(value, LONGEST_ID)
    if not found:
        raise ValueRefused("an empty id", "fill it in")
    if not found.isascii() and any(unicodedata.category(letter) == "Cf" for letter in found):
        raise ValueRefused("an id holds an invisible character", "remove it")
    if ":" in found:
        raise ValueRefused("an id holds a colon", "leave the platform out, and escape the colon")
    return found


@lru_cache(maxsize=1024)
def platform(value: str) -> str:
    """Return a platform's id: no colon, no blank, at most 200 characters."""
    found = local_id(value)
    if " " in found:
        raise ValueRefused("a platform's id holds a blank", "use a short id such as shopnest")
    return found


def date(value: str, pattern: str | None = None) -> str:
    """Return a moment as `YYYY-MM-DDTHH:MM:SSZ`, from ISO 8601 or `pattern` (strptime).

    Without a zone it is UTC; raises ValueRefused.
    """
    return _date(value.strip(), pattern)


@lru_cache(maxsize=65_536)
def _date(value: str, pattern: str | None) -> str:
    try:
        found = _parsed(value, pattern)
    except ValueError as error:
        wanted = f"a date written {pattern}" if pattern else "an ISO 8601 date such as 2024-03-09"
        reason = (
            f"{value[:40]!r} is not a date: {str(error)[:100]}"  # Python repeats the whole value
        )
        raise ValueRefused(reason, f"write {wanted}") from None
    aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    if aware.year not in YEARS:
        raise ValueRefused(f"the year {aware.year} cannot be", "correct the year")
    if pattern is None and _WRITTEN.fullmatch(value):
        return value  # it is written so already
    return aware.astimezone(UTC).strftime(FORMAT)


def _parsed(value: str, pattern: str | None) -> datetime:
    if pattern:
        return datetime.strptime(value, pattern)  # noqa: DTZ007 - the caller settles the zone
    return datetime.fromisoformat(value)


def currency(value: str) -> str:
    """Return an ISO 4217 code in capitals."""
    code = value.strip().upper()
    if code not in EXPONENTS:
        raise ValueRefused(f"unknown currency {value[:20]!r}", "use an ISO 4217 code such as EUR")
    return code


def minor_units(value: str, code: str, decimal: str = ".") -> int:
    """Return a price in minor units of currency `code` (ISO 4217); raises ValueRefused."""
    places = EXPONENTS[currency(code)]
    amount = _amount(value.strip(), decimal)
    if amount < 0:
        raise ValueRefused("a negative price", "give what a buyer pays")
    scaled = amount.scaleb(places)
    if scaled != scaled.to_integral_value():
        raise ValueRefused(
            f"more decimals than {code} has ({places})",
            "round the price, or check decimal",
        )
    if scaled > 2**53:
        raise ValueRefused("a price beyond all bounds", "correct the price")
    return int(scaled)


def _amount(value: str, decimal: str) -> Decimal:
    flat = value.replace("\u00a0", " ").replace("\u202f", " ")
    grouped = _GROUPED[decimal].fullmatch(flat.removeprefix("-"))
    if grouped:
        flat = flat.replace(grouped[1], "")
    stray = decimal == "," and "." in flat
    plain = flat.replace(decimal, ".")
    if stray or not _AMOUNT.fullmatch(plain):
        remedy = f"digits with {decimal!r} before the decimals; the mapping's `decimal` sets it"
        raise ValueRefused(f"{value[:40]!r} is not an amount", remedy)
    return Decimal(plain)


def fraction(value: str) -> float:
    """Return a share from 0 to 1."""
    try:
        found = float(value if _SHARE.fullmatch(value.strip()) else "")
    except ValueError:
        raise ValueRefused(f"{value[:40]!r} is not a number", "a number from 0 to 1") from None
    if not 0.0 <= found <= 1.0:
        raise ValueRefused(f"{found} is not from 0 to 1", "a number from 0 to 1")
    return found


def whole(value: str) -> int:
    """Return a whole number from 0 to 2^31 − 1."""
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or int(digits) >= 2**31:
        raise ValueRefused(f"{value[:40]!r} is not a whole number", "digits only, 0 or more")
    return int(digits)


def choice(value: str, among: type[E]) -> E:
    """Return the member of `among` that the text names, whatever its case."""
    return among(_choice(value, among))


@lru_cache(maxsize=4096)
def _choice(value: str, among: type[StrEnum]) -> str:
    try:
        return among(value.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        names = ", ".join(member.value for member in among)
        raise ValueRefused(f"{value[:40]!r} is none of {names}", f"use one of {names}") from None


def hexadecimal(value: str, digits: int) -> str:
    """Return exactly `digits` hexadecimal digits in lower case."""
    found = value.strip().lower()
    if len(found) != digits or not re.fullmatch("[0-9a-f]+", found):
        raise ValueRefused(f"not {digits} hexadecimal digits", f"give {digits} of 0-9 and a-f")
    return found


def says_something(value: str, shortest: int) -> bool:
    """Tell whether an identifier is more than a placeholder such as `n/a` or `00000000`.

    Placeholders are shared by thousands who have nothing to do with each other.
    """
    bare = "".join(letter for letter in value.casefold() if letter.isalnum())
    return len(bare) >= shortest and len(set(bare)) > 1 and bare not in _NOTHING
