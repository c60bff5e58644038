"""Contacts: telephone numbers and e-mail addresses as keyed tokens and masked forms."""

from __future__ import annotations

from typing import Any

from ingest.errors import ValueRefused
from ingest.fold import email, phone
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


def _phone(row: Row, context: Context, seller: str, marks: dict[str, Any]) -> tuple[Any, ...]:
    folded = maybe(row, "phone", lambda text: phone.fold(text, context.region))
    if folded is None:
        return ()
    token = context.tokens.token("phone", folded.canonical)
    number = Phone(id=token, masked=folded.masked, country=folded.country)
    return number, UsesPhone(start=seller, end=token, **marks)


def _email(row: Row, context: Context, seller: str, marks: dict[str, Any]) -> tuple[Any, ...]:
    folded = maybe(row, "email", email.fold)
    if folded is None:
        return ()
    token = context.tokens.token("email", folded.canonical)
    mailbox = Email(id=token, masked=folded.masked, domain=folded.domain)
    # The mailbox is one however it is decorated; who writes it alike too has more in common.
    exact = context.tokens.token("email/exact", folded.exact)
    return mailbox, UsesEmail(start=seller, end=token, exact=exact, **marks)


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
