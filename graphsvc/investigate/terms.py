"""Typed terms of a search: `phone:+44 20 7946 0018` names one thing, and by its own kind.

The value is folded and tokenised as a load does it, by the same code. It goes no further than
here: it is never part of a question to the graph, of an error or of a log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import BadRequest
from graphsvc.investigate import things
from graphsvc.investigate.kinds import IdentifierKind
from graphsvc.loading.claim import is_under
from graphsvc.store.reader import Reader
from ingest.errors import ValueRefused
from ingest.fold import address, device, email, payment, phone
from ingest.fold.payment import AccountKind
from ingest.fold.token import Tokeniser
from ingest.jobs import contacts, devices, listings, payment_accounts, sellers
from queries.catalogue import Query
from queries.runs import TOKEN_KEYS
from queries.search import LISTINGS_BY_URL, SELLERS_BY_TAX, HitRow

LONGEST = 2_000
Look = Callable[[Reader, Sequence[str]], Awaitable[Mapping[str, Any]]]


class TermRefused(BadRequest):
    """A typed term whose value is none of its kind; the message does not repeat it."""

    code = "BAD_TERM"
    advice = "Write the value as it stands in a file that is loaded; docs/api.md has the terms."


@dataclass(frozen=True, slots=True)
class Sort:
    """What a word stands for: a kind of identifier, how its value becomes an id, who finds it."""

    kind: IdentifierKind
    fold: Callable[[str, Tokeniser], str]
    look: Look


@dataclass(frozen=True, slots=True)
class Found:
    """What a term names: its kind, its id, and an address or a masked form."""

    kind: str
    id: str
    text: str | None


def _account(kind: AccountKind | None) -> Sort:
    return Sort(
        IdentifierKind.PAYMENT_ACCOUNT,
        lambda text, tokens: payment_accounts.account(payment.fold(text, kind), tokens).id,
        things.payment_accounts,
    )


SORTS: Mapping[str, Sort] = {
    "phone": Sort(
        IdentifierKind.PHONE,
        lambda text, tokens: contacts.number(phone.fold(text), tokens).id,
        things.phones,
    ),
    "email": Sort(
        IdentifierKind.EMAIL,
        lambda text, tokens: contacts.mailbox(email.fold(text), tokens).id,
        things.emails,
    ),
    "device": Sort(
        IdentifierKind.DEVICE,
        lambda text, tokens: devices.device_of(device.fold(text), tokens).id,
        things.devices,
    ),
    "address": Sort(
        IdentifierKind.ADDRESS,
        lambda text, _: address.fold(text).key,
        things.addresses,
    ),
    "account": _account(None),
    **{kind.value: _account(kind) for kind in AccountKind},
}


@dataclass(frozen=True, slots=True)
class Several:
    """What a word stands for that several sellers or listings may have, and who asks for them."""

    fold: Callable[[str], str]
    secret: bool
    ask: Query[HitRow]


SEVERAL: Mapping[str, Several] = {
    "tax": Several(sellers.tax_number, secret=True, ask=SELLERS_BY_TAX),
    "url": Several(listings.url, secret=False, ask=LISTINGS_BY_URL),
}


def split(text: str) -> tuple[str, str]:
    """Return a text's word before the first colon, in small letters, and what is behind it."""
    word, colon, value = text.partition(":")
    return (word.strip().lower(), value.strip()) if colon else ("", text)


async def look_up(
    reader: Reader, word: str, value: str, tokens: Callable[[], Tokeniser]
) -> Found | None:
    """Return the identifier that a term of SORTS names, or None where there is none such.

    Raises TermRefused for a value that is none, KeyMissing, KeyRefused.
    """
    sort = SORTS[word]
    under = await _under(reader, tokens)
    name = _folded(word, value, lambda text: sort.fold(text, under))
    row = (await sort.look(reader, [name])).get(name)
    if row is None:
        return None
    shown = row.display if sort.kind is IdentifierKind.ADDRESS else row.masked
    return Found(sort.kind.value, name, shown)


async def have(
    reader: Reader, word: str, value: str, tokens: Callable[[], Tokeniser], **place: Any
) -> list[HitRow]:
    """Return who has what a term of SEVERAL names, from a place (`after`, `limit`) on, by id.

    Raises TermRefused for a value that is none; KeyMissing, KeyRefused for a secret one.
    """
    sort = SEVERAL[word]
    name = _folded(word, value, sort.fold)
    if sort.secret:
        name = sellers.tax_token(name, await _under(reader, tokens))
    return await reader.rows(sort.ask, value=name, **place)


async def _under(reader: Reader, tokens: Callable[[], Tokeniser]) -> Tokeniser:
    """Return the tokeniser; raises KeyRefused under another key: all would be "not there"."""
    under = tokens()
    is_under(under.key_id, [row.id for row in await reader.rows(TOKEN_KEYS)])
    return under


def _folded(word: str, value: str, fold: Callable[[str], str]) -> str:
    if len(value) > LONGEST:
        raise TermRefused(f"{word}: longer than {LONGEST} characters")
    try:
        return fold(value)
    except ValueRefused as refused:
        raise TermRefused(f"{word}: {refused.reason}; {refused.remedy}") from None
