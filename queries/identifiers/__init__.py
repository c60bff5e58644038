"""What is asked of identifiers: what they are, how widely they are used, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address by its folded key; `degree` distinct sellers use it.

    `elsewhere` tells a platform that sellers of another one use it too; else it is false.
    """

    id: str
    country: str | None
    postcode: str | None
    unit: str | None
    level: str | None
    city: str | None
    display: str | None
    kind: str | None
    kind_reason: str | None
    kind_model: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    degree: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A payment account by its keyed token; `degree` and `elsewhere` as of an address."""

    id: str
    kind: str | None
    masked: str | None
    country: str | None
    bank: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    degree: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A phone, e-mail or device by its keyed token; what does not apply to it is None."""

    id: str
    masked: str | None
    country: str | None
    domain: str | None
    source: str | None
    run: str | None
    recorded_from: str | None
    degree: int
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class UserRow:
    """The seller `id` uses the identifier `key` of `label`; `claims` one map an assertion."""

    label: str
    key: str
    id: str
    claims: list[dict[str, Any]]


ADDRESSES_BY_ID = load(__package__, "addresses_by_id", AddressRow, scoped=True)
ACCOUNTS_BY_ID = load(__package__, "accounts_by_id", AccountRow, scoped=True)
PHONES_BY_ID = load(__package__, "phones_by_id", ContactRow, scoped=True)
EMAILS_BY_ID = load(__package__, "emails_by_id", ContactRow, scoped=True)
DEVICES_BY_ID = load(__package__, "devices_by_id", ContactRow, scoped=True)
USERS_OF_IDENTIFIERS = load(__package__, "users_of_identifiers", UserRow, scoped=True)
