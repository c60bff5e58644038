"""What a detection run reads from the graph, by columns, and what it writes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from queries.catalogue import Nothing, load


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """How many loads there were, of how many rows; known copies, like addresses, cuts of these.

    And how many judgements, and decisions about hubs with those that ended.
    """

    loads: int
    rows: int
    copies: int
    joints: int
    cuts: int
    judgements: int
    hubs: int


@dataclass(frozen=True, slots=True)
class IdentifierColumns:
    """A chunk of shared identifiers, and the assertions about them.

    The first three lists run over identifiers, the others over assertions; `places` says of each
    assertion which identifier of this chunk it is about.
    """

    labels: list[str]
    identifiers: list[str]
    levels: list[str]
    places: list[int]
    sellers: list[str]
    self_declared: list[bool]


@dataclass(frozen=True, slots=True)
class PictureColumns:
    """A chunk of shared pictures, and the showings of them, in columns as of identifiers."""

    identifiers: list[str]
    places: list[int]
    sellers: list[str]
    first_seen: list[str]
    self_declared: list[bool]


@dataclass(frozen=True, slots=True)
class CopyColumns:
    """A chunk of pairs of pictures."""

    lefts: list[str]
    rights: list[str]


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """A chunk of pairs of addresses: their likeness, 0–1, and whether they are one unit."""

    lefts: list[str]
    rights: list[str]
    scores: list[float]
    units: list[bool]


@dataclass(frozen=True, slots=True)
class RiskColumns:
    """A chunk of sellers; an unknown risk is -1."""

    sellers: list[str]
    risks: list[float]


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A seller and by how many it is accused."""

    seller: str
    reporters: int


@dataclass(frozen=True, slots=True)
class FinishedRow:
    """How many detections have finished."""

    finished: int


@dataclass(frozen=True, slots=True)
class KnownRing:
    """A ring as a run found it; the members by id, and beside each its scores as they are written.

    Those are tier, posterior, ties, own, confidence and uses.
    """

    id: str
    version: int
    tier: str
    score: float
    score_reports: float
    score_risk: float
    members: list[str]
    scores: list[list[Any]]

    @property
    def tiers(self) -> list[str]:
        """The tier of each member."""
        return [scores[0] for scores in self.scores]

    @property
    def posteriors(self) -> list[float]:
        """The posterior log-odds of each member."""
        return [scores[1] for scores in self.scores]


@dataclass(frozen=True, slots=True)
class DigestsRow:
    """Digests of components, packed."""

    digests: str


@dataclass(frozen=True, slots=True)
class RingVersion:
    """A ring and its latest version."""

    id: str
    version: int


_HERE = "queries.rings"
WRITES_SO_FAR = load(_HERE, "writes_so_far", WrittenRow)
SHARED_IDENTIFIERS = load(_HERE, "shared_identifiers", IdentifierColumns)
SHARED_PICTURES = load(_HERE, "shared_pictures", PictureColumns)
NEAR_COPIES = load(_HERE, "near_copies", CopyColumns)
SAME_PLACES = load(_HERE, "same_places", PlaceColumns)
SELLER_RISKS = load(_HERE, "seller_risks", RiskColumns)
REPORTED_SELLERS = load(_HERE, "reported_sellers", ReportedRow)
FINISHED_DETECTIONS = load(_HERE, "finished_detections", FinishedRow)
RINGS_OF_RUN = load(_HERE, "rings_of_run", KnownRing)
LATEST_VERSIONS = load(_HERE, "latest_versions", RingVersion)
COMPONENTS_OF_RUN = load(_HERE, "components_of_run", DigestsRow)
SAVE_COMPONENTS = load(_HERE, "save_components", Nothing)
SAVE_DETECTION_RUN = load(_HERE, "save_detection_run", Nothing)
SAVE_RINGS = load(_HERE, "save_rings", Nothing)
SAVE_LOST_RINGS = load(_HERE, "save_lost_rings", Nothing)
SAVE_MEMBERS = load(_HERE, "save_members", Nothing)
