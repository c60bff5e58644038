"""What sellers share: addresses, payment accounts, phones, e-mails, devices.

Payment and contact values are here as keyed tokens and masked forms only.
"""

from __future__ import annotations

from enum import StrEnum

from queries.schema.declare import Keep, Sensitivity, node, prop


class AddressKind(StrEnum):
    """What a place is to those who use it."""

    RESIDENTIAL = "residential"
    FORWARDER = "forwarder"
    MAIL_DROP = "mail_drop"
    VIRTUAL_OFFICE = "virtual_office"
    REGISTERED_AGENT = "registered_agent"
    UNKNOWN = "unknown"


@node()
class Address:
    """A postal address by its folded key; `level` unit, building, street, city or none.

    `kind` (an AddressKind) is what `kind_model` proposes for `kind_reason`; nobody decided it.
    `linked` tells which text was last compared with the others, and by which model.
    """

    id: str
    country: str | None = prop(keep=Keep.DERIVED)
    postcode: str | None = prop(keep=Keep.LEAST, indexed=True)
    unit: str | None = prop(keep=Keep.DERIVED, sensitivity=Sensitivity.PERSONAL)
    level: str | None = prop(keep=Keep.DERIVED)
    city: str | None = prop(keep=Keep.LEAST)
    display: str | None = prop(keep=Keep.LEAST, sensitivity=Sensitivity.PERSONAL)
    linked: str | None = prop(keep=Keep.BOOKED, default=None)
    kind: str | None = prop(keep=Keep.BOOKED, default=None)
    kind_reason: str | None = prop(keep=Keep.BOOKED, default=None, sensitivity=Sensitivity.PERSONAL)
    kind_model: str | None = prop(keep=Keep.BOOKED, default=None)


@node()
class PaymentAccount:
    """A payment account by its keyed token; `masked` is all that is shown of the number."""

    id: str
    kind: str | None = prop(keep=Keep.DERIVED)
    masked: str | None = prop(keep=Keep.DERIVED, sensitivity=Sensitivity.PERSONAL)
    country: str | None = prop(keep=Keep.DERIVED)
    bank: str | None = prop(keep=Keep.DERIVED)


@node()
class Phone:
    """A telephone number by its keyed token."""

    id: str
    masked: str | None = prop(keep=Keep.DERIVED, sensitivity=Sensitivity.PERSONAL)
    country: str | None = prop(keep=Keep.DERIVED)


@node()
class Email:
    """An e-mail address by its keyed token; `domain` is in clear."""

    id: str
    masked: str | None = prop(keep=Keep.DERIVED, sensitivity=Sensitivity.PERSONAL)
    domain: str | None = prop(keep=Keep.DERIVED)


@node()
class Device:
    """A device fingerprint by its keyed token."""

    id: str
    masked: str | None = prop(keep=Keep.DERIVED, sensitivity=Sensitivity.PERSONAL)
