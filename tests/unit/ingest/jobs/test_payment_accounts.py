"""Payment accounts: a number becomes a token and a mask, and stands nowhere else."""

from __future__ import annotations

import pytest

from ingest.jobs.catalogue import JOBS
from ingest.records import Facts
from queries.schema.identifiers import PaymentAccount
from queries.schema.links import UsesAccount
from tests.unit.ingest.jobs.told import SEEN, TOKENS, marks, refused, told

IBAN = "GB82WEST12345698765432"
WHOLE = {
    "seller_id": "s-1",
    "account": "GB82 WEST 1234 5698 7654 32",
    "account_kind": "IBAN",
    "holder": "T. Olva",
    "processor": "Paywell",
    "asserted_by": "platform_verified",
    "seen_at": "2024-02-01",
}


def test_a_whole_row() -> None:
    token = TOKENS.token("payment/iban", IBAN)
    assert told("payment_accounts", WHOLE) == Facts(
        SEEN,
        (
            PaymentAccount(id=token, kind="iban", masked="GB…5432", country="GB", bank="WEST"),
            UsesAccount(
                start="p:s-1",
                end=token,
                holder="T. Olva",
                processor="Paywell",
                **marks(seen=SEEN, by="platform_verified"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("gb82west12345698765432", "iban"),
        ("\u202eGB82WEST12345698765432\u202c", "iban"),
        ("ＧＢ８２WEST12345698765432", "iban"),
        ("DE89 3704 0044 0532 0130 00", "iban"),
        ("NO9386011117947", "iban"),
        ("MT84MALT011000012345MTLCAST001S", "iban"),
        ("4111-1111-1111-1111", "card"),
        ("desk@tolva.example.com", "paypal"),
        ("0x" + "ab" * 20, "wallet"),
        ("MER-00123", "merchant"),
    ],
)
def test_the_kind_is_told_from_the_number(written: str, kind: str) -> None:
    row = {"seller_id": "s-1", "account": written}
    account, used = told("payment_accounts", row).records
    assert account.kind == kind
    assert account.id == used.end
    same = told("payment_accounts", {**row, "account_kind": kind}).records[0]
    assert same == account


def test_nothing_of_a_row_shows_the_number() -> None:
    assert IBAN not in repr(told("payment_accounts", WHOLE))
    assert JOBS["payment_accounts"].secret == {"account", "account_kind"}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("seller_id", "", "empty"),
        ("account", "", "empty"),
        ("account", IBAN[:-1] + "3", "not an IBAN"),
        ("account", "1" * 101, "not an account number"),
        ("account_kind", IBAN, "no kind of account"),
        ("account_kind", "card", "not a card number"),
        ("account_kind", "paypal", "not a PayPal account"),
        ("holder", "x" * 301, "301 characters"),
        ("processor", "x" * 201, "201 characters"),
        ("asserted_by", "rumour", "is none of self_declared"),
    ],
)
def test_each_refusal(column: str, value: str, reason: str) -> None:
    named, why = refused("payment_accounts", {**WHOLE, column: value})
    assert named == ("account" if reason.startswith("not a") else column)
    assert reason in why
    assert "76543" not in why
