"""Payment accounts: IBAN, card, PayPal, wallet or merchant id to one canonical value and a mask."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from schwifty.exceptions import SchwiftyException

from ingest.errors import ValueRefused
from ingest.fold import email, iban, value
from ingest.fold.text import bounded, visible

_CARD = re.compile(r"[0-9]{12,19}")
_WALLET = re.compile(
    r"0x[0-9a-fA-F]{40}|bc1[a-z0-9]{20,80}|BC1[A-Z0-9]{20,80}|[13][1-9A-HJ-NP-Za-km-z]{25,34}"
)
_PAYPAL_ID = re.compile(r"[A-Z0-9]{13}")
_LONGEST, _SHORTEST_MERCHANT = 100, 4


class AccountKind(StrEnum):
    """What sort of account a number is."""

    IBAN = "iban"
    CARD = "card"
    PAYPAL = "paypal"
    WALLET = "wallet"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class FoldedAccount:
    """An account: `canonical` is secret and goes into a token only; the rest may be shown."""

    kind: str
    canonical: str = field(repr=False)
    masked: str
    country: str | None = None
    bank: str | None = None


def kind_of(text: str) -> AccountKind:
    """Return the kind that a word names; what is no kind may be a number out of place: unsaid."""
    try:
        return value.choice(text, AccountKind)
    except ValueRefused as refused:
        raise ValueRefused("no kind of account", refused.remedy) from None


def fold(text: str, kind: AccountKind | None = None) -> FoldedAccount:
    """Return the account of a number; a missing kind is told from its shape.

    Raises ValueRefused for a wrong check digit; no message repeats the number.
    """
    given = visible(bounded(text, 4 * _LONGEST)).strip()
    bare = visible(re.sub(r"[\s\-.]", "", given))
    if not bare or len(bare) > _LONGEST or not bare.isprintable():
        raise ValueRefused("not an account number", f"give 1 to {_LONGEST} printable characters")
    return _FOLDS[kind or _guess(given, bare)](given, bare)


def recognised(text: str) -> bool:
    """Tell whether a text has the shape of an account, a card or a mailbox, also a mistyped one."""
    given = text.strip()
    if len(given) > 4 * _LONGEST:
        return False
    given = visible(given)
    bare = re.sub(r"[\s\-.]", "", given)
    if given.startswith("@"):  # `@id` names a column
        return False
    return _CARD.fullmatch(bare) is not None or _guess(given, bare) is not AccountKind.MERCHANT


def _guess(text: str, bare: str) -> AccountKind:
    if "@" in text:
        return AccountKind.PAYPAL
    if _WALLET.fullmatch(text):
        return AccountKind.WALLET
    if iban.shaped(bare.upper()):
        return AccountKind.IBAN
    return AccountKind.CARD if _CARD.fullmatch(bare) and _luhn(bare) else AccountKind.MERCHANT


def _iban(text: str, bare: str) -> FoldedAccount:
    del text
    number = bare.upper()
    try:
        bank = iban.bank_of(number)
    except SchwiftyException as error:
        reason = f"not an IBAN: {type(error).__name__}"
        raise ValueRefused(reason, "copy it again; its check digits must be right") from None
    return FoldedAccount(
        kind=AccountKind.IBAN.value,
        canonical=number,
        masked=f"{number[:2]}…{number[-4:]}",
        country=number[:2],
        bank=bank,
    )


def _card(text: str, bare: str) -> FoldedAccount:
    del text
    if not _CARD.fullmatch(bare) or not _luhn(bare):
        raise ValueRefused("not a card number", "copy it again; its check digit must be right")
    return FoldedAccount(AccountKind.CARD.value, bare, f"{bare[:6]}…{bare[-4:]}")


def _paypal(text: str, bare: str) -> FoldedAccount:
    if "@" in text:
        folded = email.fold(text)
        return FoldedAccount(AccountKind.PAYPAL.value, folded.canonical, folded.masked)
    if not _PAYPAL_ID.fullmatch(bare.upper()):
        raise ValueRefused("not a PayPal account", "an e-mail address or 13 letters and digits")
    return FoldedAccount(AccountKind.PAYPAL.value, bare.upper(), f"…{bare.upper()[-3:]}")


def _wallet(text: str, bare: str) -> FoldedAccount:
    del bare
    if not re.fullmatch(r"\S{10,}", text):
        raise ValueRefused("not a wallet address", "10 characters or more without blanks")
    # Case carries meaning in base 58; in hexadecimal and bech32 it is a checksum or nothing.
    caseless = text.lower().startswith(("0x", "bc1", "ltc1", "tb1"))
    canonical = text.lower() if caseless else text
    return FoldedAccount(AccountKind.WALLET.value, canonical, f"{canonical[:4]}…{canonical[-4:]}")


def _merchant(text: str, bare: str) -> FoldedAccount:
    del text
    canonical = bare.upper()
    if not value.says_something(canonical, _SHORTEST_MERCHANT):
        raise ValueRefused("not a merchant account", "4 characters or more, not a placeholder")
    return FoldedAccount(AccountKind.MERCHANT.value, canonical, f"…{canonical[-3:]}")


_FOLDS = {
    AccountKind.IBAN: _iban,
    AccountKind.CARD: _card,
    AccountKind.PAYPAL: _paypal,
    AccountKind.WALLET: _wallet,
    AccountKind.MERCHANT: _merchant,
}


def _luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others (ISO/IEC 7812-1, annex B)."""
    odd = sum(map(int, digits[-1::-2]))
    even = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (odd + even) % 10 == 0
