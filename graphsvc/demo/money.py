"""Invented payment accounts: IBANs with right check digits, wallets, merchant ids."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.demo.dice import Dice

_SPANISH_WEIGHTS = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)
_BANK_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels: no bank's own code
_IBAN_COUNTRIES = ("DE", "GB", "NL", "ES")


@dataclass(frozen=True, slots=True)
class Account:
    """What money goes to: `kind` is iban, paypal or merchant; `processor` may be empty."""

    kind: str
    number: str
    processor: str = ""


def account(dice: Dice, country: str) -> Account:
    """Return a fresh account such as a seller of the country would have."""
    if country not in _IBAN_COUNTRIES:
        if dice.chance(0.7):
            return Account("paypal", paypal_id(dice))
        country = dice.pick(_IBAN_COUNTRIES)
    if dice.chance(0.2):
        return Account("paypal", paypal_id(dice))
    return Account("iban", iban(dice, country))


def merchant(dice: Dice, processor: str) -> Account:
    """Return a merchant account at a processor."""
    return Account("merchant", f"MID{dice.digits(10)}", processor)


def paypal_id(dice: Dice) -> str:
    """Return a payer id: 13 letters and digits."""
    return dice.letters(13, "23456789ABCDEFGHJKLMNPQRSTUVWXYZ")


def iban(dice: Dice, country: str) -> str:
    """Return an IBAN of GB, DE, NL or ES without spaces (ISO 13616, check digits by ISO 7064)."""
    return with_check_digits(country, _BASIC[country](dice))


def with_check_digits(country: str, basic: str) -> str:
    """Return country + two check digits + the basic account number (mod 97-10, ISO 7064)."""
    number = "".join(str(int(sign, 36)) for sign in f"{basic}{country}00")
    return f"{country}{98 - int(number) % 97:02d}{basic}"


def spoil(number: str) -> str:
    """Return the IBAN with its check digits made wrong."""
    wrong = (int(number[2:4]) + 1) % 97
    return f"{number[:2]}{wrong:02d}{number[4:]}"


def write(dice: Dice, paid: Account) -> str:
    """Return the number as somebody may write it: in fours, in small letters, plain."""
    if paid.kind != "iban" or dice.chance(0.5):
        return paid.number
    if dice.chance(0.2):
        return paid.number.lower()
    return " ".join(paid.number[at : at + 4] for at in range(0, len(paid.number), 4))


def _british(dice: Dice) -> str:
    return dice.letters(4, _BANK_LETTERS) + dice.digits(14)


def _german(dice: Dice) -> str:
    return str(dice.between(1, 8)) + dice.digits(17)


def _dutch(dice: Dice) -> str:
    """Return four letters and a number that passes the Dutch eleven test."""
    number = [int(digit) for digit in "0" + dice.digits(8)]
    left = sum((10 - at) * digit for at, digit in enumerate(number)) % 11
    check = (11 - left) % 11
    if check == 10:
        return _dutch(dice)
    return dice.letters(4, _BANK_LETTERS) + "".join(map(str, number)) + str(check)


def _spanish(dice: Dice) -> str:
    bank, number = dice.digits(8), dice.digits(10)
    return f"{bank}{_spanish_digit('00' + bank)}{_spanish_digit(number)}{number}"


def _spanish_digit(ten: str) -> int:
    total = sum(weight * int(digit) for weight, digit in zip(_SPANISH_WEIGHTS, ten, strict=True))
    left = total % 11
    return left if left < 2 else 11 - left


_BASIC = {"GB": _british, "DE": _german, "NL": _dutch, "ES": _spanish}
