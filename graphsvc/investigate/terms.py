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
from ingest.jobs import contacts, devices, payment_accounts
from queries.runs import TOKEN_KEYS

LONGEST = 1_000
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
    under = tokens()
    # Under another key every value would be "not there".
    is_under(under.key_id, [row.id for row in await reader.rows(TOKEN_KEYS)])
    if len(value) > LONGEST:
        raise TermRefused(f"{word}: longer than {LONGEST} characters")
    try:
        name = sort.fold(value, under)
    except ValueRefused as refused:
        raise TermRefused(f"{word}: {refused.reason}; {refused.remedy}") from None
    row = (await sort.look(reader, [name])).get(name)
    if row is None:
        return None
    shown = row.display if sort.kind is IdentifierKind.ADDRESS else row.masked
    return Found(sort.kind.value, name, shown)
