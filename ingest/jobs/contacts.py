"""Contacts: telephone numbers and e-mail addresses as keyed tokens and masked forms."""

from __future__ import annotations

from typing import Any

from ingest.errors import ValueRefused
from ingest.fold import email, phone
from ingest.fold.email import FoldedEmail
from ingest.fold.phone import FoldedPhone
from ingest.fold.token import Tokeniser
from ingest.jobs.job import Context, FieldRefused, Job, Row, claim, facts, key_of, maybe
from ingest.records import Facts
from queries.schema.identifiers import Email, Phone
from queries.schema.links import UsesEmail, UsesPhone


def transform(row: Row, context: Context) -> Facts:
    """Return the phone, the e-mail address or both, and that the seller is reached there."""
    seller, marks = key_of(row, "seller_id"), claim(row, context)
    records = (*_phone(row, context, seller, marks), *_email(row, context, seller, marks))
    if not records:
        raise FieldRefused("phone", ValueRefused("neither phone nor email", "fill in one"))
    return facts(row, context, *records)


def number(folded: FoldedPhone, tokens: Tokeniser) -> Phone:
    """Return a telephone number as it is stored: its token and its masked form."""
    token = tokens.token("phone", folded.canonical)
    return Phone(id=token, masked=folded.masked, country=folded.country)


def mailbox(folded: FoldedEmail, tokens: Tokeniser) -> Email:
    """Return an e-mail address as it is stored: the token of its mailbox and its masked form."""
    token = tokens.token("email", folded.canonical)
    return Email(id=token, masked=folded.masked, domain=folded.domain)


def _phone(row: Row, context: Context, seller: str, marks: dict[str, Any]) -> tuple[Any, ...]:
    folded = maybe(row, "phone", phone.fold, context.region)
    if folded is None:
        return ()
    found = number(folded, context.tokens)
    return found, UsesPhone(start=seller, end=found.id, **marks)


def _email(row: Row, context: Context, seller: str, marks: dict[str, Any]) -> tuple[Any, ...]:
    folded = maybe(row, "email", email.fold)
    if folded is None:
        return ()
    found = mailbox(folded, context.tokens)
    # The mailbox is one however it is decorated; who writes it alike too has more in common.
    exact = context.tokens.token("email/exact", folded.exact)
    return found, UsesEmail(start=seller, end=found.id, exact=exact, **marks)


JOB = Job(
    kind="contacts",
    version="2",
    required=("seller_id",),
    optional=("phone", "email", "asserted_by"),
    transform=transform,
    either=(("phone",), ("email",)),
    secret=frozenset({"phone", "email"}),
    asserts=(UsesPhone, UsesEmail),
)
