"""Who uses, offers and shows what: every relation here is one assertion of one source.

One relation per (start, end, role, source system, asserted_by); the two ends and those marks
make its key. `first_seen` and `last_seen` widen; nothing here is ever a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from queries.schema.actors import Seller
from queries.schema.declare import Keep, Sensitivity, edge, node, prop
from queries.schema.findings import DetectionRun, Report, Ring
from queries.schema.goods import Brand, Image, Listing
from queries.schema.identifiers import Address, Device, Email, PaymentAccount, Phone


class AssertedBy(StrEnum):
    """Who stands behind a claim; a seller's own word can be a trap for somebody else."""

    SELF_DECLARED = "self_declared"
    PLATFORM_VERIFIED = "platform_verified"
    OBSERVED = "observed"


class AddressRole(StrEnum):
    """What a seller uses an address for."""

    BUSINESS = "business"
    SHIP_FROM = "ship_from"
    RETURN = "return"
    WAREHOUSE = "warehouse"
    BILLING = "billing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """The marks that every assertion carries; `start` and `end` are the keys of its two ends.

    `valid_to` is set where a whole feed listed it no more, by the run `closed_by`.
    """

    start: str
    end: str
    role: str | None = prop(keep=Keep.DERIVED)
    source_system: str = prop(keep=Keep.DERIVED, default="")
    asserted_by: str = prop(keep=Keep.DERIVED, default=AssertedBy.OBSERVED.value)
    first_seen: str | None = prop(keep=Keep.LEAST)
    last_seen: str | None = prop(keep=Keep.GREATEST)
    valid_from: str | None = prop(keep=Keep.BOOKED)
    valid_to: str | None = prop(keep=Keep.BOOKED)
    closed_by: str | None = prop(keep=Keep.BOOKED)


@edge("OFFERS", start=Seller, end=Listing)
class Offers(Assertion):
    """A seller offers a listing."""


@edge("USES_ADDRESS", start=Seller, end=Address)
class UsesAddress(Assertion):
    """A seller uses an address in a role; `written` is how this source spelt it."""

    written: str | None = prop(keep=Keep.GREATEST, sensitivity=Sensitivity.PERSONAL)


@edge("USES_ACCOUNT", start=Seller, end=PaymentAccount)
class UsesAccount(Assertion):
    """A seller is paid through an account; `holder` is the name the source gives."""

    holder: str | None = prop(sensitivity=Sensitivity.PERSONAL)
    processor: str | None = prop()


@edge("USES_PHONE", start=Seller, end=Phone)
class UsesPhone(Assertion):
    """A seller is reached by a telephone number."""


@edge("USES_EMAIL", start=Seller, end=Email)
class UsesEmail(Assertion):
    """A seller is reached by an e-mail address; `exact` is the token of it as it was written."""

    exact: str | None = prop(keep=Keep.LEAST, sensitivity=Sensitivity.SECRET)


@edge("USES_DEVICE", start=Seller, end=Device)
class UsesDevice(Assertion):
    """A seller's account was used from a device."""


@edge("SHOWS", start=Listing, end=Image)
class Shows(Assertion):
    """A listing shows a picture; `position` 0 is the first."""

    position: int | None = prop(keep=Keep.LEAST)


@edge("ABOUT", start=Report, end=Seller)
class AboutSeller(Assertion):
    """A report is about a seller."""


@edge("ABOUT", start=Report, end=Listing)
class AboutListing(Assertion):
    """A report is about a listing."""


@edge("NEAR_COPY", start=Image, end=Image, domain=False, derived=True)
class NearCopy:
    """Two pictures look alike: `distance` 0–256 bits, the turn that matched, the tier."""

    start: str
    end: str
    distance: int = prop(keep=Keep.BOOKED)
    transform: str = prop(keep=Keep.BOOKED)
    tier: str = prop(keep=Keep.BOOKED)
    model: str = prop(keep=Keep.BOOKED)


@edge("NAMES", start=Listing, end=Brand, domain=False, derived=True)
class Names:
    """A title names a brand: `span` start-end in its characters, how it was hidden, use or not."""

    start: str
    end: str
    score: float = prop(keep=Keep.BOOKED)
    span: str = prop(keep=Keep.BOOKED)
    disguise: str = prop(keep=Keep.BOOKED)
    context: str = prop(keep=Keep.BOOKED)
    model: str = prop(keep=Keep.BOOKED)


class Band(StrEnum):
    """How sure a likeness is: good enough to count as evidence, or for somebody to look at."""

    CONFIRMED = "confirmed"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamePlace:
    """Two addresses are probably one place: `score` 0–1, the band, what they have in common.

    `features` is the evidence as JSON: each name of the model's features that is not 0. Who cut it
    found that they are not: a cut stays, whatever a model says later, and detection obeys it.
    """

    start: str
    end: str
    score: float = prop(keep=Keep.BOOKED)
    rule: str = prop(keep=Keep.BOOKED)
    features: str = prop(keep=Keep.BOOKED)
    band: str = prop(keep=Keep.BOOKED)
    model: str = prop(keep=Keep.BOOKED)
    cut_at: str | None = prop(keep=Keep.BOOKED, default=None)
    cut_by: str | None = prop(keep=Keep.BOOKED, default=None)
    cut_because: str | None = prop(keep=Keep.BOOKED, default=None)


@node(domain=False)
class AddressCut:
    """Somebody found that the addresses `left` and `right` are not one place; id is their pair's.

    It stands apart from them, because an address goes with its last assertion and comes back with
    the next: then what joins them is cut anew.
    """

    id: str
    left: str | None = prop(keep=Keep.BOOKED)
    right: str | None = prop(keep=Keep.BOOKED)
    cut_at: str | None = prop(keep=Keep.BOOKED)
    cut_by: str | None = prop(keep=Keep.BOOKED)
    cut_because: str | None = prop(keep=Keep.BOOKED)


@edge("SAME_UNIT", start=Address, end=Address, domain=False, derived=True)
class SameUnit(SamePlace):
    """Two addresses are probably one flat or house: their units agree, or both name none."""


@edge("SAME_PREMISE", start=Address, end=Address, domain=False, derived=True)
class SamePremise(SamePlace):
    """Two addresses are probably in one building, of which they name different parts."""


@edge("MEMBER_OF", start=Seller, end=Ring, domain=False)
class MemberOf:
    """A seller is in a version of a ring; `posterior` in log-odds, `ties` = identifiers shared.

    `own` is what its own reports and risk say, in nats, `confidence` the share of further runs
    that left it there, `uses` what it shares as the run weighed it (graphsvc/rings/recorded.py).
    """

    start: str
    end: str
    version: int = prop(keep=Keep.BOOKED)
    tier: str = prop(keep=Keep.BOOKED)
    posterior: float = prop(keep=Keep.BOOKED)
    ties: int = prop(keep=Keep.BOOKED)
    own: float | None = prop(keep=Keep.BOOKED)
    confidence: float | None = prop(keep=Keep.BOOKED)
    uses: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.SECRET)


@edge("FOUND", start=DetectionRun, end=Ring, domain=False)
class Found:
    """A detection run found a version of a ring, with the parts of its score (log-likelihoods)."""

    start: str
    end: str
    version: int = prop(keep=Keep.BOOKED)
    tier: str = prop(keep=Keep.BOOKED)
    size: int = prop(keep=Keep.BOOKED)
    score: float = prop(keep=Keep.BOOKED)
    score_reports: float = prop(keep=Keep.BOOKED)
    score_risk: float = prop(keep=Keep.BOOKED)
    event: str = prop(keep=Keep.BOOKED)
    came_from: list[str] | None = prop(keep=Keep.BOOKED)


@edge("LOST", start=DetectionRun, end=Ring, domain=False)
class LostRing:
    """A detection run found no more a ring that the run before had found; where its members are."""

    start: str
    end: str
    version: int = prop(keep=Keep.BOOKED)
    event: str = prop(keep=Keep.BOOKED)
    went_to: list[str] = prop(keep=Keep.BOOKED)
