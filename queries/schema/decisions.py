"""What people decide about evidence: whether two sellers are one, whether an identifier is a hub.

Nothing here is ever erased: a newer judgement supersedes, a decision about a hub ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.schema.actors import Seller
from queries.schema.declare import Keep, Sensitivity, edge, node, prop
from queries.schema.goods import Image
from queries.schema.identifiers import Address, Device, Email, PaymentAccount, Phone


class Verdict(StrEnum):
    """What somebody judged of two sellers: one operator, two, or nobody can tell."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


class HubState(StrEnum):
    """Where a mark stands; a confirmed and a rejected one hold until they expire."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    EXPIRED = "expired"


class HubKind(StrEnum):
    """What an identifier is to those who share it and nothing else."""

    FORWARDER = "forwarder"
    MAIL_DROP = "mail_drop"
    VIRTUAL_OFFICE = "virtual_office"
    PROCESSOR = "processor"
    STOCK_IMAGE = "stock_image"
    OTHER = "other"


@node(domain=False)
class Judgement:
    """What `by` judged of two sellers; `superseded_by` is the newer judgement of the same pair."""

    id: str
    verdict: str | None = prop(keep=Keep.BOOKED)
    because: str | None = prop(keep=Keep.BOOKED)
    by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    at: str | None = prop(keep=Keep.BOOKED)
    superseded_by: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class HubMark:
    """That an identifier is a hub, or is none (rejected), from `since` until `until`.

    `proposal` and `figures` (JSON) are the ground on which it was proposed, `reason` is that of
    who decided. `decision` is what was decided, also after it expired; `scope` is a note of where
    it was meant to hold.
    """

    id: str
    state: str | None = prop(keep=Keep.BOOKED, indexed=True)
    kind: str | None = prop(keep=Keep.BOOKED)
    proposal: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    figures: str | None = prop(keep=Keep.BOOKED)
    proposed_at: str | None = prop(keep=Keep.BOOKED)
    decision: str | None = prop(keep=Keep.BOOKED)
    reason: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    scope: str | None = prop(keep=Keep.BOOKED)
    by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    since: str | None = prop(keep=Keep.BOOKED)
    until: str | None = prop(keep=Keep.BOOKED)
    ended_by: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    ended_because: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)


@edge("ON", start=Judgement, end=Seller, domain=False)
class On:
    """A judgement is about a seller: each is about two."""

    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """A mark is on an identifier."""

    start: str
    end: str


@edge("MARKS", start=HubMark, end=Address, domain=False)
class MarksAddress(Marks):
    """A mark is on an address."""


@edge("MARKS", start=HubMark, end=PaymentAccount, domain=False)
class MarksAccount(Marks):
    """A mark is on a payment account."""


@edge("MARKS", start=HubMark, end=Phone, domain=False)
class MarksPhone(Marks):
    """A mark is on a telephone number."""


@edge("MARKS", start=HubMark, end=Email, domain=False)
class MarksEmail(Marks):
    """A mark is on an e-mail address."""


@edge("MARKS", start=HubMark, end=Device, domain=False)
class MarksDevice(Marks):
    """A mark is on a device."""


@edge("MARKS", start=HubMark, end=Image, domain=False)
class MarksImage(Marks):
    """A mark is on a picture, and so on all copies of it."""
