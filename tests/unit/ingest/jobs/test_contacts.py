"""Contacts: a telephone number, an e-mail address or both, as tokens and masks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.records import Facts
from queries.schema.identifiers import Email, Phone
from queries.schema.links import UsesEmail, UsesPhone
from tests.unit.ingest.jobs.told import CONTEXT, SEEN, TOKENS, marks, refused, told

PHONE = TOKENS.token("phone", "+442079460018")
EMAIL = TOKENS.token("email", "desk@tolva.example.com")
EXACT = TOKENS.token("email/exact", "desk+spring@tolva.example.com")
WHOLE = {
    "seller_id": "s-1",
    "phone": "0044 (20) 7946-OO18",
    "email": "Desk+spring@TOLVA.example.com",
    "asserted_by": "self_declared",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    claim = marks(seen=SEEN, by="self_declared")
    assert told("contacts", WHOLE) == Facts(
        SEEN,
        (
            Phone(id=PHONE, masked="+44…18", country="GB"),
            UsesPhone(start="p:s-1", end=PHONE, **claim),
            Email(id=EMAIL, masked="d…@tolva.example.com", domain="tolva.example.com"),
            UsesEmail(start="p:s-1", end=EMAIL, exact=EXACT, **claim),
        ),
    )


def test_a_number_without_its_country_is_of_the_marketplaces() -> None:
    row = {"seller_id": "s-1", "phone": "O2O 7946 OOl8"}
    assert told("contacts", row, replace(CONTEXT, region="GB")).records[0].id == PHONE


@pytest.mark.parametrize(
    ("only", "kinds"), [("phone", [Phone, UsesPhone]), ("email", [Email, UsesEmail])]
)
def test_one_of_the_two_is_enough(only: str, kinds: list[type]) -> None:
    found = told("contacts", {"seller_id": "s-1", only: WHOLE[only]})
    assert [type(record) for record in found.records] == kinds


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({**WHOLE, "seller_id": ""}, "seller_id", "empty"),
        ({**WHOLE, "phone": "", "email": ""}, "phone", "neither phone nor email"),
        ({**WHOLE, "phone": "020 7946 0018"}, "phone", "not a telephone number"),
        ({**WHOLE, "phone": "+44 20 7946 00"}, "phone", "no one can have"),
        ({**WHOLE, "email": "desk"}, "email", "not an e-mail address"),
        ({**WHOLE, "email": "desk@"}, "email", "not an e-mail address"),
        ({**WHOLE, "asserted_by": "rumour"}, "asserted_by", "is none of"),
    ],
)
def test_each_refusal(row: dict[str, str], column: str, reason: str) -> None:
    named, why = refused("contacts", row)
    assert named == column
    assert reason in why
