"""What was reported, loaded and found: reports, ingest runs, detection runs, rings."""

from __future__ import annotations

from enum import StrEnum

from queries.schema.declare import Keep, Sensitivity, node, prop


class Verdict(StrEnum):
    """What a report says; genuine and withdrawn clear nobody and accuse nobody."""

    CONFIRMED_FAKE = "confirmed_fake"
    SUSPECTED = "suspected"
    GENUINE = "genuine"
    WITHDRAWN = "withdrawn"


ACCUSING = (Verdict.CONFIRMED_FAKE.value, Verdict.SUSPECTED.value)


class RunState(StrEnum):
    """Where a run stands; only a finished one is shown as a result."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ABORTED = "aborted"
    UNDOING = "undoing"
    UNDONE = "undone"


class Tier(StrEnum):
    """What a finding is good for: a ban may be planned, a person should look, or neither."""

    BAN = "ban"
    REVIEW = "review"
    NONE = "none"


class RingStatus(StrEnum):
    """What people decided about a ring."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    MERGED = "merged"


@node()
class Report:
    """A statement that goods are fake or genuine; id `platform:report_id`, `basis` its ground."""

    id: str
    platform: str | None = prop(keep=Keep.DERIVED, indexed=True)
    reporter: str | None = prop(sensitivity=Sensitivity.PERSONAL)
    at: str | None = prop()
    verdict: str | None = prop()
    basis: str | None = prop()
    target: str | None = prop()


@node(domain=False)
class IngestRun:
    """One file through one job: what came in and what became of it (in = the other three).

    `identity` is the same for the same file loaded in the same way; `cursor` counts the rows read
    and written so far, skipped ones too; `fence` grows with each loader that takes the run over;
    `place` and `wish` (JSON) are what it takes to go on, `rejects_size` is in bytes. `scope` (JSON)
    says of what a snapshot is the whole, `closed` counts the assertions that it ended, `undone`
    the records that taking the run back has touched.
    """

    id: str
    identity: str | None = prop(keep=Keep.BOOKED, indexed=True)
    cursor: int | None = prop(keep=Keep.BOOKED)
    fence: int | None = prop(keep=Keep.BOOKED)
    loader: str | None = prop(keep=Keep.BOOKED)
    place: str | None = prop(keep=Keep.BOOKED)
    wish: str | None = prop(keep=Keep.BOOKED)
    rejects_size: int | None = prop(keep=Keep.BOOKED)
    kind: str | None = prop(keep=Keep.BOOKED)
    platform: str | None = prop(keep=Keep.BOOKED)
    source: str | None = prop(keep=Keep.BOOKED)
    file: str | None = prop(keep=Keep.BOOKED)
    file_digest: str | None = prop(keep=Keep.BOOKED)
    job_version: str | None = prop(keep=Keep.BOOKED)
    state: str | None = prop(keep=Keep.BOOKED)
    rows_in: int | None = prop(keep=Keep.BOOKED)
    loaded: int | None = prop(keep=Keep.BOOKED)
    unchanged: int | None = prop(keep=Keep.BOOKED)
    rejected: int | None = prop(keep=Keep.BOOKED)
    skipped: int | None = prop(keep=Keep.BOOKED)
    stubs: int | None = prop(keep=Keep.BOOKED)
    scope: str | None = prop(keep=Keep.BOOKED)
    closed: int | None = prop(keep=Keep.BOOKED)
    undone: int | None = prop(keep=Keep.BOOKED)
    rejects_file: str | None = prop(keep=Keep.BOOKED)
    started_at: str | None = prop(keep=Keep.BOOKED, indexed=True)
    finished_at: str | None = prop(keep=Keep.BOOKED)
    undone_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class WriteLease:
    """What one writer locks for a transaction, so that loaders take turns at shared hubs."""

    id: str
    held_by: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class DetectionRun:
    """One detection: engine, parameters, seed, versions and input digest make it repeatable.

    `confidence_runs` is how many further runs measured the confidence of memberships.
    """

    id: str
    engine: str | None = prop(keep=Keep.BOOKED, indexed=True)
    seed: int | None = prop(keep=Keep.BOOKED)
    confidence_runs: int | None = prop(keep=Keep.BOOKED)
    parameters: str | None = prop(keep=Keep.BOOKED)
    versions: str | None = prop(keep=Keep.BOOKED)
    calibration: str | None = prop(keep=Keep.BOOKED)
    input_digest: str | None = prop(keep=Keep.BOOKED)
    state: str | None = prop(keep=Keep.BOOKED)
    counts: str | None = prop(keep=Keep.BOOKED)
    started_at: str | None = prop(keep=Keep.BOOKED, indexed=True)
    finished_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class JudgedComponents:
    """Digests of all that the last run of the evidence engine judged, a component each; its id.

    What has one of them need not be solved again under the same model.
    """

    id: str
    digests: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class Ring:
    """A group of sellers believed to act as one; cited as `id@version`, never without it."""

    id: str
    engine: str | None = prop(keep=Keep.BOOKED, indexed=True)
    version: int | None = prop(keep=Keep.BOOKED)
    status: str | None = prop(keep=Keep.BOOKED)
    first_found_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class EvidenceModel:
    """Tables by which a detection may weigh, under a name; id `name@version`.

    `tables` (JSON) is what a run keeps as its calibration, `parameters` (JSON) the numbers that
    they were learned with; `reliability` (JSON) compares P with what people judged.
    """

    id: str
    name: str | None = prop(keep=Keep.BOOKED, indexed=True)
    version: int | None = prop(keep=Keep.BOOKED)
    source: str | None = prop(keep=Keep.BOOKED)
    created_at: str | None = prop(keep=Keep.BOOKED)
    tables: str | None = prop(keep=Keep.BOOKED)
    parameters: str | None = prop(keep=Keep.BOOKED)
    reliability: str | None = prop(keep=Keep.BOOKED)
    input_digest: str | None = prop(keep=Keep.BOOKED)
