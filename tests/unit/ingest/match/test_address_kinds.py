"""What kind of place an address is: its words first, then the crowd of its building."""

from __future__ import annotations

import numpy as np
import pytest

from ingest.match.address_kinds import MANY, Proposal, Use, propose
from ingest.match.blocking import LARGEST_BLOCK
from queries.schema.identifiers import AddressKind


def use(*rows: tuple[str, str, int, int, int, int]) -> list[Proposal]:
    """Propose for rows of (text, building, sellers, names, shipping, returns)."""
    texts, buildings, *numbers = zip(*rows, strict=True)
    sellers, names, shipping, returns = (np.array(column, dtype=np.int64) for column in numbers)
    ones = np.ones(len(rows), dtype=np.int64)
    return propose(Use(texts, buildings, sellers, names, ones, ones, shipping, returns))


def one(text: str, sellers: int = 1, names: int = 1, shipping: int = 0, returns: int = 0) -> str:
    [found] = use((text, "b", sellers, names, shipping, returns))
    return found.kind.value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("P.O. Box 44, Kestleford", "mail_drop"),
        ("PO BOX 44, Kestleford", "mail_drop"),
        ("Postfach 12, Kassel", "mail_drop"),
        ("5 Marwick Street, PMB 12", "mail_drop"),
        ("Tolva Registered Agents Inc, 5 Marwick Street", "registered_agent"),
        ("Virtual Office 3, 5 Marwick Street", "virtual_office"),
        ("c/o Tolva Freight Forwarding, Unit 4", "forwarder"),
        ("Tolva Logistics Park, Unit 4", "unknown"),
        ("Freight Gate 3, Tolva Zone", "unknown"),
        ("Flat 4, 12 Marwick Street", "residential"),
        ("12 Marwick Street", "unknown"),
        ("12 Boxwood Lane", "unknown"),
        ("12 Cargoes Hill", "unknown"),
    ],
)
def test_words_speak_first(text: str, kind: str) -> None:
    assert one(text) == kind


def test_a_crowd_is_told_by_what_it_does_there() -> None:
    street = "12 Marwick Street"
    assert one(street, MANY, MANY, shipping=MANY) == "forwarder"
    assert one(street, MANY, MANY, returns=MANY) == "mail_drop"
    assert one(street, MANY, MANY) == "unknown"
    assert one(street, LARGEST_BLOCK + 1, LARGEST_BLOCK + 1) == "mail_drop"
    assert one(street, MANY - 1, MANY - 1, shipping=MANY - 1) == "unknown"


def test_a_crowd_under_few_names_is_perhaps_one_firm() -> None:
    [found] = use(("12 Marwick Street", "b", 20, 3, 20, 0))
    assert found.kind is AddressKind.UNKNOWN
    assert "one firm" in found.reason


def test_the_units_of_one_building_are_one_crowd_and_the_reason_says_so() -> None:
    rows = [(f"Flat {n}, 12 Marwick Street", "b", 1, 1, 1, 0) for n in range(MANY)]
    found = use(*rows, ("Flat 1, 9 Marwick Street", "c", 1, 1, 1, 0))
    assert {each.kind for each in found[:-1]} == {AddressKind.FORWARDER}
    assert "8 sellers under 8 names" in found[0].reason
    assert "8 addresses of one building; 8 send goods from there" in found[0].reason
    assert found[-1].kind is AddressKind.RESIDENTIAL


def test_nobody_is_no_place() -> None:
    none = np.empty(0, dtype=np.int64)
    assert propose(Use([], [], none, none, none, none, none, none)) == []
