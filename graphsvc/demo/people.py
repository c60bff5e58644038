"""Invented people: names, shops, telephones, mailboxes, devices; nobody who exists is meant."""

from __future__ import annotations

from graphsvc.demo.dice import Dice
from graphsvc.demo.words import words

_STARTS = words("given_starts")
_ENDS = words("given_ends")
_FAMILY_STARTS = words("family_starts")
_FAMILY_ENDS = words("family_ends")
_SHOP_STARTS = words("shop_starts")
_SHOP_ENDS = words("shop_ends")
_MAIL_HOSTS = (
    ("mailkite.example.net", 5.0),
    ("posthorn.example.com", 4.0),
    ("letterbird.example.org", 3.0),
    ("inboxly.example.com", 2.0),
    ("quickquill.example.net", 1.0),
)
_LEGAL_FORMS = {"GB": "Ltd", "DE": "GmbH", "US": "LLC", "NL": "B.V.", "ES": "S.L."}
# Country code, the ways a mobile number begins there, and how many digits follow.
_PHONES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "GB": ("44", ("7400", "7515", "7788", "7808", "7955"), 6),
    "DE": ("49", ("1511", "1520", "1601", "1704", "1761"), 7),
    "US": ("1", ("212", "312", "415", "512", "617"), 7),
    "NL": ("31", ("61", "62", "64", "65"), 7),
    "ES": ("34", ("61", "62", "65", "67"), 7),
}


def person(dice: Dice) -> str:
    """Return an invented person's name."""
    given = dice.pick(_STARTS) + dice.pick(_ENDS)
    family = dice.pick(_FAMILY_STARTS) + dice.pick(_FAMILY_ENDS)
    return f"{given} {family}"


def shop(dice: Dice) -> str:
    """Return the handle of an invented shop."""
    name = dice.pick(_SHOP_STARTS) + dice.pick(_SHOP_ENDS)
    joined = dice.pick((name, name.lower(), f"{name}_", f"The{name}", f"{name}-"))
    return joined + str(dice.between(1, 9999))


def legal_name(dice: Dice, name: str, country: str) -> str:
    """Return the name a seller trades under: the person's own, or a company's."""
    if dice.chance(0.6):
        return name
    return f"{name.split()[-1]} {dice.pick(_SHOP_ENDS)} {_LEGAL_FORMS[country]}"


def phone(dice: Dice, country: str) -> str:
    """Return a mobile number in E.164 form, such as `+447400234567`."""
    code, starts, digits = _PHONES[country]
    # The digit after an American area code is never 0 or 1; elsewhere it does no harm.
    return f"+{code}{dice.pick(starts)}{dice.between(2, 9)}{dice.digits(digits - 1)}"


def write_phone(dice: Dice, number: str) -> str:
    """Return the same number as somebody may write it, always with its country code."""
    code = next(c for c, _, _ in _PHONES.values() if number.startswith(f"+{c}"))
    rest = number[len(code) + 1 :]
    spaced = f"{rest[:3]} {rest[3:6]} {rest[6:]}"
    forms = (number, f"+{code} {spaced}", f"+{code} {spaced.replace(' ', '-')}", f"+{code} {rest}")
    return dice.pick(forms)


def email(dice: Dice, name: str) -> str:
    """Return a mailbox that looks like the person's."""
    given, family = name.lower().split()
    local = dice.pick((f"{given}.{family}", f"{given}{family}", f"{given[0]}.{family}", family))
    return f"{local}{dice.between(1, 99_999)}@{dice.weighted(_MAIL_HOSTS)}"


def write_email(dice: Dice, mailbox: str) -> str:
    """Return the same mailbox as somebody may type it."""
    return mailbox.title() if dice.chance(0.08) else mailbox


def device(dice: Dice) -> str:
    """Return a device fingerprint."""
    return f"d{dice.hexadecimal(16)}"
