"""Accounts: right check digits, and wrong ones where they are meant to be wrong."""

from __future__ import annotations

import pytest
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from graphsvc.demo import money
from graphsvc.demo.dice import Dice


@pytest.mark.parametrize("country", ["GB", "DE", "NL", "ES"])
def test_every_iban_is_valid_and_a_spoilt_one_is_not(country: str) -> None:
    dice = Dice(3, country)
    numbers = [money.iban(dice, country) for _ in range(300)]
    assert len(set(numbers)) == 300
    for number in numbers:
        assert IBAN(number).country_code == country
        with pytest.raises(SchwiftyException):
            IBAN(money.spoil(number))


@pytest.mark.parametrize("country", ["ES", "NL"])
def test_national_check_digits_hold_too(country: str) -> None:
    dice = Dice(4, country)
    numbers = [money.iban(dice, country) for _ in range(300)]
    assert all(IBAN(number, validate_bban=True).is_valid for number in numbers)


def test_check_digits_of_the_standards_own_example() -> None:
    assert money.with_check_digits("GB", "WEST12345698765432") == "GB82WEST12345698765432"


def test_writing_changes_spaces_and_case_only() -> None:
    dice = Dice(5, "write")
    paid = money.Account("iban", money.iban(dice, "GB"))
    written = {money.write(dice, paid) for _ in range(50)}
    assert len(written) == 3
    assert {text.replace(" ", "").upper() for text in written} == {paid.number}
