"""What people ask of found rings: the runs, the rings of a run, their members, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from queries.catalogue import load
from queries.schema.findings import DetectionRun


@dataclass(frozen=True, slots=True)
class RingRow:
    """A version of a ring as the run `run` found it; scores are log-likelihood ratios.

    Outsiders are not told what became of the ring in other versions: None.
    """

    id: str
    version: int
    engine: str
    run: str
    tier: str
    status: str | None
    size: int
    score: float
    score_reports: float
    score_risk: float
    event: str | None
    came_from: list[str] = field(hash=False)
    found_at: str
    first_found_at: str | None


@dataclass(frozen=True, slots=True)
class CitedRow(RingRow):
    """A version of a ring that was asked for as `asked`, or as its latest (None)."""

    asked: int | None


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A seller in a version of a ring; `posterior` in log-odds, `ties` identifiers shared.

    `own` is what its own reports and risk say, in nats; `confidence` the share of further runs
    that left it in the ring; `uses` what the run weighed, packed. Unknown: None.
    """

    ring: str
    version: int
    seller: str
    platform: str | None
    handle: str | None
    country: str | None
    status: str | None
    tier: str
    posterior: float
    ties: int
    own: float | None = None
    confidence: float | None = None
    uses: str | None = None


@dataclass(frozen=True, slots=True)
class SharedRow:
    """An identifier that sellers of the group `of` share, or shared; `degree` sellers use it.

    `claims` are maps with the seller's id as `seller`; one with `valid_to` stands no more.
    `confidence` is 1, and of addresses that are merely alike their likeness.
    """

    of: str
    label: str
    id: str
    shown: str | None
    level: str | None
    confidence: float
    degree: int
    claims: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class KindsRow:
    """How many identifiers of a label the members of a version of a ring share."""

    ring: str
    version: int
    label: str
    identifiers: int


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A ring in which the seller `seller` is, by one run."""

    seller: str
    ring: str
    version: int
    run: str
    ring_tier: str
    status: str
    size: int
    score: float
    tier: str
    posterior: float
    ties: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class RunIdRow:
    """A detection run."""

    id: str


@dataclass(frozen=True, slots=True)
class LostRow:
    """A ring in the version of the run before, and the rings to which its members went."""

    id: str
    version: int
    event: str
    went_to: list[str]


_HERE = "queries.rings"
DETECTION_RUNS = load(_HERE, "detection_runs", DetectionRun)
DETECTION_RUNS_BY_ID = load(_HERE, "detection_runs_by_id", DetectionRun, in_one=True)
LAST_DETECTION_RUN = load(_HERE, "last_detection_run", DetectionRun)
RINGS_BY_SCORE = load(_HERE, "rings_by_score", RingRow, in_one=True)
RINGS_BY_SIZE = load(_HERE, "rings_by_size", RingRow, in_one=True)
RINGS_BY_ID = load(_HERE, "rings_by_id", RingRow, in_one=True)
RING_VERSIONS = load(_HERE, "ring_versions", CitedRow, scoped=True)
RINGS_OF_SELLERS = load(_HERE, "rings_of_sellers", FoundRow, in_one=True)
MEMBERS_OF_RINGS = load(_HERE, "members_of_rings", MemberRow, scoped=True)
SHARED_BY_SELLERS = load(_HERE, "shared_by_sellers", SharedRow, scoped=True)
PLACES_OF_SELLERS = load(_HERE, "places_of_sellers", SharedRow, in_one=True)
PICTURES_OF_SELLERS = load(_HERE, "pictures_of_sellers", SharedRow, in_one=True)
KINDS_OF_RINGS = load(_HERE, "kinds_of_rings", KindsRow, in_one=True)
RUNS_OF_ENGINE = load(_HERE, "runs_of_engine", RunIdRow)
LOST_RINGS = load(_HERE, "lost_rings", LostRow)
