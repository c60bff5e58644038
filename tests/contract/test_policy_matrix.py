"""What each role sees of each field: every one is decided, and a new one without a word fails."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type

from graphsvc.access.principal import OUTSIDE, Role
from graphsvc.access.redact import COLUMNS, GONE, KEPT, Masked, Redactor
from graphsvc.api.schema import EXECUTABLE
from queries.catalogue import QUERIES
from queries.schema import NODES, Sensitivity
from queries.schema.casework import Opened
from queries.sellers import SellerRow
from tests.contract.test_catalogue import everything

INSIDE = {Role.ANALYST, Role.ENFORCER, Role.APPROVER, Role.AUDITOR, Role.ADMIN}
# Fields and types behind which no question is open to outsiders: they are answered NOT_OPEN.
CLOSED = {
    *("Query.search", "Query.suggestions", "Query.image", "Query.similarPictures"),
    *("Query.detectionRuns", "Query.ingestRuns", "Query.judgements", "Query.hubs"),
    *("Query.journal", "Query.journalProof"),
    *("Seller.rings", "Listing.images", "Address.samePlaces", "SamePlace.address"),
}
CLOSED_TYPES = {"Image", "IngestRun", "DetectionRun", "Judgement", "HubMark"}
# What outsiders see, within their scope; all else of the schema is for those inside alone.
SEEN = {
    "Address": (
        "addressKind city country display elsewhere hub id kind kindModel kindReason "
        "level postcode sellers trace unit users"
    ),
    "Chain": "evidence hops",
    "Claim": "assertedBy firstSeen lastSeen role source sourceSystem written",
    "Device": "elsewhere hub id kind masked sellers trace users",
    "Email": "domain elsewhere hub id kind masked sellers trace users",
    "Explanation": "exact fallOut outOfBan text",
    "Hop": "left right weight",
    "Link": "a b facts p",
    "LinkFact": (
        "counts cut identifier kind left level oneSided right sellers shown weight whyNot"
    ),
    "LinkSide": "assertedBy firstSeen lastSeen ownWord seller sources",
    "Listing": (
        "brand category currency firstSoldAt id listedAt listingId platform price "
        "removedAt seenAt seller status stub title trace url"
    ),
    "ListingConnection": "edges pageInfo",
    "ListingEdge": "cursor node",
    "Moment": "at event node nodeId text",
    "MomentConnection": "edges pageInfo",
    "MomentEdge": "cursor node",
    "NeighbourNode": "degree distance hub id kind level node text",
    "Neighbourhood": "advice nodes start ties truncated",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "Paths": "answer chains complete hubs searched",
    "PaymentAccount": "accountKind bank country elsewhere hub id kind masked sellers trace users",
    "Phone": "country elsewhere hub id kind masked sellers trace users",
    "Query": (
        "address listing neighbourhood node paths paymentAccount ring rings seller timeline "
        "whyLinked"
    ),
    "Reason": (
        "assertedBy banWeight claims counts cut id identifier kind lastSeen level ownWord shared "
        "sellers shown since sources standing weight"
    ),
    "Report": "at basis id platform reportId reporter seenAt stub target trace verdict",
    "ReportConnection": "edges pageInfo",
    "ReportEdge": "cursor node",
    "Ring": (
        "cameFrom engine event firstFoundAt foundAt id kinds members ringId run score scoreReports "
        "scoreRisk size status tier version"
    ),
    "RingConnection": "edges pageInfo",
    "RingEdge": "cursor node",
    "RingMember": "confidence explanation own posterior reasons seller sellerId ties tier",
    "RingMemberConnection": "edges pageInfo",
    "RingMemberEdge": "cursor node",
    "Seller": (
        "country handle id identifiers legalName listings platform registeredAt reports "
        "risk seenAt sellerId status stub taxNumber trace verificationState verifiedAt"
    ),
    "SharedKind": "identifiers kind",
    "Tie": ("assertedBy degree firstSeen hub identifier kind lastSeen level seller shown sources"),
    "Trace": "recordedFrom run source",
    "UsedIdentifier": "elsewhere hub id identifier kind level sellers shown users",
    "UsedIdentifierConnection": "edges pageInfo",
    "UsedIdentifierEdge": "claims cursor node",
    "UserConnection": "edges pageInfo",
    "UserEdge": "claims cursor node",
    "WhyLinked": "chain complete cut exact judged linked ring run text theta tie",
}


def test_every_column_that_an_outsider_can_reach_is_decided() -> None:
    everything()
    for query in QUERIES.values():
        if query.scoped:
            named = {field.name for field in fields(query.row)}
            assert COLUMNS[query.row].keys() == named, query.name
            assert not query.writes


def test_a_planted_column_is_not_answered() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Planted:
        """A row without a rule."""

        shoe_size: int

    with pytest.raises(KeyError):
        Redactor(b"k" * 32, ()).row(Planted(9))


def test_no_personal_property_is_told_unless_the_grant_names_it() -> None:
    personal = {
        mark.name
        for spec in NODES.values()
        for mark in spec.properties
        if mark.sensitivity is not Sensitivity.OPEN and spec.domain
    }
    for row, rules in COLUMNS.items():
        for name, rule in rules.items():
            if name in personal:
                assert isinstance(rule, Masked) or rule is GONE, (row, name)


SELLER = SellerRow(
    id="p:a", platform="p", handle="Amber Lane", legal_name="Tolva Ltd", country="GB",
    status=None, registered_at=None, risk=0.5, tax_number="••89", verification_state=None,
    verified_at=None, seen_at=None, source="x:1", run="r", recorded_from="t", stub=False,
)  # fmt: skip


def test_a_mask_is_one_pseudonym_a_grant_and_tells_nothing() -> None:
    told = Redactor(b"k" * 32, ()).row(SELLER)
    assert told == Redactor(b"k" * 32, ()).row(SELLER)
    assert told.handle == told.legal_name != SELLER.handle
    assert told.tax_number not in (told.handle, SELLER.tax_number)
    assert Redactor(b"l" * 32, ()).row(SELLER).handle != told.handle
    assert Redactor(b"k" * 32, ()).row(replace(SELLER, id="p:b")).handle != told.handle
    assert Redactor(b"k" * 32, [Opened.IDENTITY]).row(SELLER) == SELLER
    assert Redactor(b"k" * 32, [Opened.REPORTS]).row(SELLER) == told
    assert Redactor(b"k" * 32, ()).row(replace(SELLER, handle=None)).handle is None


def test_a_column_is_kept_masked_or_gone() -> None:
    rules = {id(rule) for table in COLUMNS.values() for rule in table.values()}
    assert {id(KEPT), id(GONE)} < rules


def reachable() -> dict[str, set[str]]:
    """Return the fields that an outsider can have answered, by type."""
    found: dict[str, set[str]] = {}
    waiting = [EXECUTABLE.query_type]
    while waiting:
        kind = get_named_type(waiting.pop())
        if isinstance(kind, GraphQLInterfaceType):
            waiting += EXECUTABLE.get_possible_types(kind)
            continue
        if not isinstance(kind, GraphQLObjectType) or kind.name in {*found, *CLOSED_TYPES}:
            continue
        found[kind.name] = {n for n in kind.fields if f"{kind.name}.{n}" not in CLOSED}
        waiting += [kind.fields[name].type for name in found[kind.name]]
    return found


def test_every_field_is_decided_for_every_role() -> None:
    assert set(Role) == INSIDE | OUTSIDE
    assert reachable() == {kind: set(names.split()) for kind, names in SEEN.items()}


def test_every_closed_field_is_there() -> None:
    for name in CLOSED:
        kind, _, field = name.partition(".")
        found = EXECUTABLE.get_type(kind)
        assert isinstance(found, GraphQLObjectType)
        assert field in found.fields, name
