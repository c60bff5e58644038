"""Payment accounts: shapes, check digits, masks, and that no message repeats a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold import payment
from ingest.fold.payment import AccountKind

CARD = "4242 4242 4242 4242"
WALLET = "0x52908400098527886E0F7030069857D2E4169EE7"
BECH32 = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
BASE58 = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"


@pytest.mark.parametrize(
    ("text", "kind", "canonical", "country"),
    [
        ("BE68 5390 0754 7034", "iban", "BE68539007547034", "BE"),
        ("be68-5390-0754-7034", "iban", "BE68539007547034", "BE"),
        ("DE89 3704 0044 0532 0130 00", "iban", "DE89370400440532013000", "DE"),
        ("\u200bDE89370400440532013000 ", "iban", "DE89370400440532013000", "DE"),
        (CARD, "card", "4242424242424242", None),
        (" Pay.Me+shop@Mail.Example.org ", "paypal", "pay.me@mail.example.org", None),
        (WALLET, "wallet", WALLET.lower(), None),
        (BECH32.upper(), "wallet", BECH32, None),
        (BASE58, "wallet", BASE58, None),
        ("acct_1A2b3C", "merchant", "ACCT_1A2B3C", None),
        ("MR12ABCDEFGHIJ", "merchant", "MR12ABCDEFGHIJ", None),
        ("4242424242424241", "merchant", "4242424242424241", None),
    ],
)
def test_the_kind_is_told_from_the_shape(
    text: str, kind: str, canonical: str, country: str | None
) -> None:
    found = payment.fold(text)
    assert (found.kind, found.canonical, found.country) == (kind, canonical, country)


def test_a_paypal_merchant_id_is_taken_as_told() -> None:
    found = payment.fold("abcd efgh 12345", AccountKind.PAYPAL)
    assert (found.kind, found.canonical) == ("paypal", "ABCDEFGH12345")


def test_an_iban_names_its_bank() -> None:
    assert payment.fold("DE89370400440532013000").bank == "37040044"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BE68 5390 0754 7035", None),
        ("BE68 5390 0754 7035", AccountKind.IBAN),
        ("BE68 5390 0754 703", AccountKind.IBAN),
        ("ZZ68 5390 0754 7034", AccountKind.IBAN),
        ("4242 4242 4242 4241", AccountKind.CARD),
        ("1234", AccountKind.CARD),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", AccountKind.CARD),
        ("someone@", AccountKind.PAYPAL),
        ("ABC", AccountKind.PAYPAL),
        ("0x1234", AccountKind.WALLET),
        ("0000000000", AccountKind.MERCHANT),
        ("none", None),
        ("7" * 101, None),
        ("", None),
    ],
)
def test_what_cannot_be_an_account_is_refused_and_not_repeated(
    text: str, kind: AccountKind | None
) -> None:
    with pytest.raises(ValueRefused) as refused:
        payment.fold(text, kind)
    said = refused.value.reason + refused.value.remedy + str(refused.value)
    assert not text or text == "none" or (text not in said and text.replace(" ", "") not in said)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("text", ["BE68539007547034", CARD.replace(" ", ""), WALLET, "acct_1A2b3C"])
def test_what_is_shown_hides_the_number(text: str) -> None:
    found = payment.fold(text)
    assert found.canonical not in repr(found)
    assert found.canonical not in found.masked
    assert found.masked.endswith(found.canonical[-3:])


def test_kinds_are_named_in_any_case() -> None:
    assert payment.kind_of(" PayPal ") is AccountKind.PAYPAL
    with pytest.raises(ValueRefused, match="no kind of account"):
        payment.kind_of("cheque")


@given(st.text(max_size=120), st.sampled_from([None, *AccountKind]))
def test_any_text_is_an_account_of_the_kind_or_refused(text: str, kind: AccountKind | None) -> None:
    try:
        found = payment.fold(text, kind)
    except ValueRefused:
        return
    assert found.kind == (kind.value if kind else found.kind)
    assert payment.fold(found.canonical, AccountKind(found.kind)).canonical == found.canonical


@given(st.text("0123456789", min_size=11, max_size=18), st.integers(0, 9))
def test_one_wrong_digit_of_a_card_is_always_seen(body: str, shift: int) -> None:
    right = [d for d in "0123456789" if _taken(body + d)]
    assert len(right) == 1
    wrong = str((int(body[0]) + shift) % 10) + body[1:] + right[0]
    assert _taken(wrong) == (wrong[0] == body[0])


def _taken(number: str) -> bool:
    try:
        payment.fold(number, AccountKind.CARD)
    except ValueRefused:
        return False
    return True
