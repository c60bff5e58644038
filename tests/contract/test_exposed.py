"""Every declared property is shown by the API, or withheld for a reason that stands here."""

from __future__ import annotations

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType

from graphsvc.api.schema import EXECUTABLE
from queries.schema import EDGES, NODES, NodeSpec, Sensitivity

# Labels that are no type of the API.
HIDDEN = {
    "Case": "for the command line: cases list; the API asks nothing of it yet",
    "Grant": "for the command line: grants list; a partner sees what it opens, never itself",
    "ApiKey": "keys are for the command line; a digest is never shown",
    "TokenKey": "names the key of the tokens; of no use outside",
    "WriteLease": "how loaders take turns",
    "AddressCut": "shown on what it cuts: SamePlace",
    "Brand": "the API asks nothing of brands yet",
    "JudgedComponents": "digests that tell an update what it need not solve again",
    "RunBatch": "what a run said, for taking it back; holds tokens",
    "Revision": "no question asks what a thing was before",
    "EvidenceModel": "for the command line: rings models; no question of the API weighs",
    "Platform": "shown as the platform of what is on it; its name is its id",
}
# Properties that no field shows, of one label or (without a label) of all.
WITHHELD = {
    "digest": "of the winning row, for the loader",
    "recorded_to": "nothing is closed by a record yet",
    "Seller.tax_token": "a keyed token; the masked number is shown",
    "Listing.description_digest": "tells only whether two descriptions are equal",
    "Image.pixels_sha256": "what `link images` compares",
    "Image.pdq_trimmed": "what `link images` compares",
    "Address.linked": "what `link addresses` has compared",
    "IngestRun.rejects_file": "a path of the server's machine",
    "IngestRun.rejects_size": "for the loader that goes on",
    "IngestRun.identity": "for the loader that goes on",
    "IngestRun.cursor": "for the loader that goes on; rowsIn and skipped say as much",
    "IngestRun.fence": "for the loader that goes on",
    "IngestRun.loader": "names a host and a process",
    "IngestRun.place": "a path of the machine that loaded it",
    "IngestRun.scope": "for taking a run back",
    "IngestRun.wish": "holds paths of the machine that loaded it",
    "Address.seen_at": "an address is seen where a claim says so: Claim.lastSeen",
    "PaymentAccount.seen_at": "an account is seen where a claim says so: Claim.lastSeen",
    "Phone.seen_at": "a number is seen where a claim says so: Claim.lastSeen",
    "Email.seen_at": "an address is seen where a claim says so: Claim.lastSeen",
    "Device.seen_at": "a device is seen where a claim says so: Claim.lastSeen",
    "Address.stub": "no row is about an address itself",
    "PaymentAccount.stub": "no row is about an account itself",
    "Phone.stub": "no row is about a number itself",
    "Email.stub": "no row is about an e-mail address itself",
    "Device.stub": "no row is about a device itself",
}
# Properties that stand under another name.
SHOWN_AS = {
    "id": "id",
    "PaymentAccount.kind": "accountKind",
    "Address.kind": "addressKind",
    "Listing.seller": "seller",
    "source": "trace",
    "run": "trace",
    "recorded_from": "trace",
    "IngestRun.source": "source",
    "Ring.first_found_at": "firstFoundAt",
}
# The types that show relations, and what of a relation no field shows.
EDGE_TYPES = {
    "Claim": {
        "role",
        "source_system",
        "source",
        "asserted_by",
        "first_seen",
        "last_seen",
        "written",
    },
    "ShownImageEdge": {"position", "first_seen", "last_seen"},
    "NearCopy": {"distance", "transform", "tier", "model"},
    "SamePlace": {
        *("score", "rule", "features", "band", "model"),
        *("cut_at", "cut_by", "cut_because"),
    },
    "RingMember": {"tier", "posterior", "ties", "own", "confidence"},
    "Ring": {
        *("version", "tier", "size", "score", "score_reports", "score_risk", "event"),
        "came_from",
    },
    "LostRing": {"version", "event", "went_to"},
}
EDGE_WITHHELD = {
    "key": "a digest of the others",
    "digest": "of the winning row, for the loader",
    "valid_from": "nothing is dated so yet",
    "valid_to": "a closed assertion is not shown at all",
    "closed_by": "a closed assertion is not shown at all",
    "recorded_from": "the loader's",
    "recorded_to": "the loader's",
    "run": "the loader's; `source` names the row",
    "seen_at": "shown as the last of firstSeen and lastSeen",
    "uses": "holds tokens; shown as the reasons of a member",
    "exact": "a keyed token of an e-mail address as it was written; no question needs it yet",
    "holder": "a name that only one source gives; no question needs it yet",
    "span": "of a brand's name in a title, of which the API asks nothing yet",
    "disguise": "as `span`",
    "context": "as `span`",
    "added_at": "of a case, of which the API asks nothing yet",
    "added_by": "as `added_at`",
    "processor": "shared by thousands; it links nobody",
}


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def fields_of(label: str) -> set[str]:
    kind = EXECUTABLE.get_type(label)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType), f"{label} is no type"
    return set(kind.fields)


def missing(spec: NodeSpec) -> list[str]:
    """Return the properties of a label that are neither shown nor withheld."""
    shown = fields_of(spec.label)
    found = []
    for name in (spec.key, *(mark.name for mark in spec.properties)):
        own = f"{spec.label}.{name}"
        field = SHOWN_AS.get(own) or camel(name)
        trace = SHOWN_AS.get(name, "")
        if not {own, name} & WITHHELD.keys() and not {field, trace} & shown:
            found.append(own)
    return found


@pytest.mark.parametrize("label", sorted(spec.label for spec in NODES.values()))
def test_every_property_of_a_label_is_exposed_or_withheld(label: str) -> None:
    spec = next(spec for spec in NODES.values() if spec.label == label)
    if label in HIDDEN:
        assert EXECUTABLE.get_type(label) is None
        return
    assert missing(spec) == []


def test_nothing_withheld_is_shown_and_nothing_is_withheld_in_vain() -> None:
    labels = {spec.label: spec for spec in NODES.values()}
    for name in WITHHELD:
        label, _, own = name.rpartition(".")
        for spec in [labels[label]] if label else labels.values():
            if spec.label in HIDDEN:
                continue
            assert label == "" or own in {mark.name for mark in spec.properties}, name
            assert camel(own) not in fields_of(spec.label), name
    assert HIDDEN.keys() <= labels.keys()
    assert all((*HIDDEN.values(), *WITHHELD.values(), *EDGE_WITHHELD.values()))


def test_no_secret_is_exposed() -> None:
    secret = {
        f"{spec.label}.{mark.name}"
        for spec in NODES.values()
        for mark in spec.properties
        if mark.sensitivity is Sensitivity.SECRET
    }
    assert secret == {"ApiKey.digest", "RunBatch.records", "Seller.tax_token"}
    names = {camel(name.rpartition(".")[2]) for name in secret}
    shown = {
        field
        for kind in EXECUTABLE.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for field in kind.fields
    }
    assert not names & shown


def test_every_property_of_a_relation_is_exposed_or_withheld() -> None:
    shown: set[str] = set()
    for kind, names in EDGE_TYPES.items():
        assert {camel(name) for name in names} <= fields_of(kind)
        shown |= names
    declared = {mark.name for spec in EDGES.values() for mark in spec.properties}
    assert declared == shown | EDGE_WITHHELD.keys()
    assert not shown & EDGE_WITHHELD.keys()


def test_a_planted_property_is_noticed() -> None:
    from dataclasses import replace

    from queries.schema import Keep, Property, actors

    spec = NODES[actors.Seller]
    planted = Property("shoe_size", Sensitivity.PERSONAL, Keep.WINNER, indexed=False)
    assert missing(replace(spec, properties=(*spec.properties, planted))) == ["Seller.shoe_size"]
