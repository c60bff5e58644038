"""Telephones and mailboxes: valid, and the same however they are written."""

from __future__ import annotations

import phonenumbers
import pytest
from email_validator import validate_email

from graphsvc.demo import people
from graphsvc.demo.dice import Dice


@pytest.mark.parametrize("country", ["GB", "DE", "US", "NL", "ES"])
def test_phones_are_valid_and_survive_being_written(country: str) -> None:
    dice = Dice(1, country)
    for _ in range(300):
        number = people.phone(dice, country)
        parsed = phonenumbers.parse(people.write_phone(dice, number), None)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == number


def test_mailboxes_are_valid_and_survive_being_written() -> None:
    dice = Dice(1, "mail")
    for _ in range(300):
        mailbox = people.email(dice, people.person(dice))
        written = people.write_email(dice, mailbox)
        assert validate_email(written, check_deliverability=False).normalized.lower() == mailbox
