"""What of a row an outsider sees: each column of each row is kept, masked or left out.

A mask is a pseudonym: the same for the same thing under one grant, another under another, so that
a link can be followed without the identity. A column that is not named here is never answered.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from queries.identifiers import AccountRow, AddressRow, ContactRow, UserRow
from queries.listings import KeyedListing, ListingRow
from queries.neighbourhood import NamedRow, StepRow
from queries.reports import KeyedReport, ReportRow
from queries.rings.views import CitedRow, MemberRow, SharedRow
from queries.schema.casework import Opened
from queries.sellers import EventRow, SellerRow, UsedRow

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Masked:
    """Shown in clear where the grant opens `group`, else as a pseudonym of the column `of`."""

    group: Opened
    of: str


@dataclass(frozen=True, slots=True)
class Told:
    """Shown as it is."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Never shown: it tells of others whom nobody opened."""


@dataclass(frozen=True, slots=True)
class Varied:
    """Shown as the row's column `by` says; a value of that without a rule is never answered."""

    by: str
    rules: Mapping[str, Masked | Told]


KEPT, GONE = Told(), Dropped()
Rule = Masked | Told | Dropped | Varied
CLAIMS = "claims"
_THING = Masked(Opened.IDENTIFIERS, "id")
_NAME = Masked(Opened.IDENTITY, "id")


def _kept(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, KEPT)


_TRACE = ("source", "run", "recorded_from")
_SELLER: dict[str, Rule] = {
    **_kept("id", "platform", "country", "status", "registered_at", "risk", "stub", "seen_at"),
    **_kept("verification_state", "verified_at", *_TRACE),
    "handle": _NAME,
    "legal_name": _NAME,
    "tax_number": Masked(Opened.IDENTITY, "tax_number"),
}
# Whoever wrote an identifier last, and what so many users make of a place, are not its users'.
_SHARED: dict[str, Rule] = {
    **_kept("id", "degree", "elsewhere", "country"),
    **dict.fromkeys(_TRACE, GONE),
}
_EVENT: dict[str, Masked | Told] = {
    **dict.fromkeys(("registered", "verified"), _NAME),
    **dict.fromkeys(("listed", "first_sold", "removed", "reported", "in_ring"), KEPT),
    "used": _THING,
}
_LISTING = _kept(*(field.name for field in fields(ListingRow)))
_REPORT: dict[str, Rule] = {
    **_kept("id", "platform", "at", "verdict", "basis", "target", "seen_at", "stub", *_TRACE),
    "reporter": Masked(Opened.REPORTS, "reporter"),
}
COLUMNS: Mapping[type, Mapping[str, Rule]] = {
    SellerRow: _SELLER,
    UserRow: _kept("label", "key", "id", CLAIMS),
    NamedRow: {"id": KEPT, "handle": _NAME},
    EventRow: {
        **_kept("seller", "at", "event", "label", "id", "place"),
        "text": Varied("event", _EVENT),
    },
    UsedRow: {
        **_kept("key", "label", "id", "level", "degree", "elsewhere", CLAIMS),
        "shown": _THING,
    },
    StepRow: {
        **_kept("seller", "label", "id", "level", "degree", "first_seen", "last_seen"),
        **_kept("sources", "asserted_by"),
        "shown": _THING,
    },
    SharedRow: {
        **_kept("of", "label", "id", "level", "confidence", "degree", CLAIMS),
        "shown": _THING,
    },
    CitedRow: {
        **_kept("asked", "id", "version", "engine", "run", "tier", "size", "came_from", "found_at"),
        **_kept("score", "score_reports", "score_risk"),
        **dict.fromkeys(("status", "event", "first_found_at"), GONE),
    },
    MemberRow: {
        **_kept("ring", "version", "seller", "platform", "country", "status", "tier"),
        **_kept("posterior", "ties", "own", "confidence"),
        "handle": Masked(Opened.IDENTITY, "seller"),
        "uses": GONE,
    },
    AddressRow: {
        **_SHARED,
        **_kept("level", "postcode", "city"),
        "display": _THING,
        "unit": _THING,
        **dict.fromkeys(("kind", "kind_reason", "kind_model"), GONE),
    },
    AccountRow: {**_SHARED, **_kept("kind", "bank"), "masked": _THING},
    ContactRow: {**_SHARED, "domain": _THING, "masked": _THING},
    ListingRow: _LISTING,
    KeyedListing: {**_LISTING, **_kept("key")},
    ReportRow: _REPORT,
    KeyedReport: {**_REPORT, **_kept("key", "listing")},
}


@cache
def _touched(cls: type) -> tuple[tuple[str, Rule], ...]:
    """Return the columns of a row class that are not always kept, each with its rule."""
    rules = [(field.name, COLUMNS[cls][field.name]) for field in fields(cls)]
    return tuple((name, rule) for name, rule in rules if rule is not KEPT)


class Redactor:
    """Redacts rows under one grant; `key` is that grant's own, `opened` what it shows in clear."""

    def __init__(self, key: bytes, opened: Collection[str]) -> None:
        self._key = key
        self._opened = frozenset(map(Opened, opened))

    def row(self, row: Row) -> Row:
        """Return the row as it may leave; raises KeyError for a row or column without a rule."""
        changed: dict[str, Any] = {}
        for name, rule in _touched(type(row)):  # type: ignore[arg-type]
            held = getattr(row, name)
            if isinstance(rule, Varied):
                rule = rule.rules[getattr(row, rule.by)]
            if held is None or rule is KEPT:
                continue
            of = str(getattr(row, rule.of)) if isinstance(rule, Masked) else ""
            shown = self._value(rule, held, of)
            if shown is not held:
                changed[name] = shown
        if getattr(row, CLAIMS, None):
            changed[CLAIMS] = self._claims(row)
        return replace(row, **changed) if changed else row  # type: ignore[type-var]

    def _value(self, rule: Rule, held: Any, of: str) -> Any:
        if not isinstance(rule, Masked):
            return None
        return held if rule.group in self._opened else self._pseudonym(rule.group, of)

    def _claims(self, row: Any) -> list[dict[str, Any]]:
        """Return a row's claims; how a source wrote an address is as open as the address."""
        of = row.key if isinstance(row, UserRow) else row.id
        return [
            {**each, "written": self._value(_THING, each["written"], of)}
            if each.get("written") is not None
            else each
            for each in row.claims
        ]

    def _pseudonym(self, group: Opened, of: str) -> str:
        digest = hmac.new(self._key, f"{group.value}\n{of}".encode(), sha256)
        return f"{group.value}-{digest.hexdigest()[:16]}"
