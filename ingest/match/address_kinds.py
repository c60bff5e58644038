"""What kind of place an address probably is: by its words, how many sellers use it, who they are.

A proposal with its reason, never a decision. It must never see a report, a risk or a ring.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ingest.fold.text import plain
from ingest.match.address_columns import Ids
from ingest.match.blocking import LARGEST_BLOCK
from queries.schema.identifiers import AddressKind

MODEL = "kinds-1"  # changes when the same columns would give another proposal
MANY = 8  # sellers in one building: more than a family or a shared home
FEW = 3
DIVERSE = 0.8  # different names a seller: a firm's own shops bear few
MOSTLY = 0.5

# What the words of one address say by themselves, the most telling first.
_WORDS = (
    (AddressKind.REGISTERED_AGENT, r"registered agents?|corporate agents?|statutory agent"),
    (AddressKind.VIRTUAL_OFFICE, r"virtual offices?|serviced offices?|co ?working"),
    (
        AddressKind.FORWARDER,
        r"(?:freight|parcel|package|mail|cargo) forward\w*|forwarders?|forwarding|reship\w*|"
        r"fulfil?lment",
    ),
    (
        AddressKind.MAIL_DROP,
        r"p ?o ?box|post (?:office )?box|pmb|private mail ?box|mail ?box(?:es)?|mail drop|"
        r"postfach|postbus|apartado|boite postale|casella postale",
    ),
)
_SAYS = [(kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _WORDS]
_HOME = re.compile(r"\b(?:flat|apartment|apt|apartamento|appartement|apto|wohnung|whg)\b")
_GAP = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Use:
    """Addresses by columns: a text, the building that it is in, and who uses the address.

    `sellers`, `names`, `countries` and `platforms` are numbers of distinct ones; `shipping` and
    `returns` are how many of its sellers send goods from there and want them back there.
    """

    texts: Sequence[str]
    buildings: Sequence[str]
    sellers: Ids
    names: Ids
    countries: Ids
    platforms: Ids
    shipping: Ids
    returns: Ids


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind and the reason for it, in words for a person; unknown has a reason where one is."""

    kind: AddressKind
    reason: str


def propose(use: Use) -> list[Proposal]:
    """Return a proposal for each address: its own words first, then the crowd of its building.

    What so many use that likeness does not even compare it is a mail drop, where no role says
    that goods are sent from there.
    """
    _, first, place = np.unique(
        np.asarray(use.buildings, dtype=object).astype(str), return_index=True, return_inverse=True
    )
    columns = (use.sellers, use.names, use.countries, use.platforms, use.shipping, use.returns)
    whole = np.column_stack(
        [np.bincount(place, weights=column, minlength=first.size) for column in columns]
    ).astype(np.int64)
    units = np.bincount(place, minlength=first.size)
    crowds = [
        _of_crowd(row, count) for row, count in zip(whole.tolist(), units.tolist(), strict=True)
    ]
    return [
        _of_words(text) or crowds[at] or _of_home(text, int(whole[at, 0]))
        for text, at in zip(use.texts, place.tolist(), strict=True)
    ]


def _of_words(text: str) -> Proposal | None:
    said = _GAP.sub(" ", plain(text))
    for kind, words in _SAYS:
        if found := words.search(said):
            return Proposal(kind, f"its text says “{found[0]}”")
    return None


def _of_crowd(row: list[int], units: int) -> Proposal | None:
    """Return what the sellers of a whole building say, None where they are no crowd."""
    sellers, names, countries, platforms, shipping, returns = row
    if sellers < MANY:
        return None
    who = (
        f"{sellers} sellers under {names} names, of {countries} countries and {platforms} "
        f"platforms, at {units} addresses of one building"
    )
    if names < DIVERSE * sellers:
        return Proposal(AddressKind.UNKNOWN, f"{who}: one firm's shops, perhaps")
    if shipping >= MOSTLY * sellers:
        return Proposal(AddressKind.FORWARDER, f"{who}; {shipping} send goods from there")
    if returns >= MOSTLY * sellers:
        return Proposal(AddressKind.MAIL_DROP, f"{who}; {returns} have goods returned there")
    if sellers > LARGEST_BLOCK:
        return Proposal(AddressKind.MAIL_DROP, f"{who}: too many to compare")
    return Proposal(AddressKind.UNKNOWN, f"{who}, and nothing says what for")


def _of_home(text: str, sellers: int) -> Proposal:
    if sellers <= FEW and (found := _HOME.search(plain(text))):
        return Proposal(
            AddressKind.RESIDENTIAL,
            f"its text says “{found[0]}”; {sellers} sellers in the building",
        )
    return Proposal(AddressKind.UNKNOWN, "")
