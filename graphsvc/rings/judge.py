"""Judge two sellers: the same operator, different ones, or nobody can tell; and warn of odd ones.

A judgement is written whatever the evidence says: people overrule it. It must never erase one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc import clock
from graphsvc.errors import NotFound, UsageError
from graphsvc.rings.columns import Hub, Level
from graphsvc.rings.explain import Fact, tie_probability
from graphsvc.rings.judgements import Pair, contradictions
from graphsvc.rings.parameters import DEFAULT, Engine
from graphsvc.rings.read import HUBS, KINDS, LEVELS, LINKING_TIERS, Marks, marks_in_force
from graphsvc.rings.weigh import PRIOR, Calibration
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.records import relation_key
from queries.judgements import (
    JUDGEMENTS,
    KNOWN_SELLERS,
    SAVE_JUDGEMENT,
    SHARED_BY_PAIR,
    STANDING_JUDGEMENTS,
    JudgedColumns,
    JudgementRow,
    SharedByPair,
)
from queries.rings.views import LAST_DETECTION_RUN
from queries.runs import LEASE
from queries.schema.decisions import Verdict
from queries.schema.links import Band

HOLDER = "judge"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What `by` judges of the sellers a and b, and why."""

    a: str
    b: str
    verdict: Verdict
    because: str
    by: str


@dataclass(frozen=True, slots=True)
class Made:
    """A judgement that was written: `p` is P(one operator) by what the two share, without it."""

    judgement: str
    a: str
    b: str
    verdict: str
    because: str
    by: str
    at: str
    superseded: list[str]
    p: float
    warnings: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `judge --json` prints."""
        return asdict(self)


async def judge(reader: Reader, writer: Writer, wanted: Judgement) -> Made:
    """Write a judgement; the one that stood of the same two sellers is superseded.

    Raises UsageError for one seller twice or no reason, NotFound for an unknown one.
    """
    a, b = sorted((wanted.a, wanted.b))
    if a == b:
        raise UsageError(f"{a} and {b} are one seller: a judgement is about two")
    if not wanted.because.strip() or not wanted.by.strip():
        raise UsageError("a judgement needs --because and who judges (--by)")
    known = {row.id for row in await reader.rows(KNOWN_SELLERS, sellers=[a, b])}
    for seller in (wanted.a, wanted.b):
        if seller not in known:
            raise NotFound(f"there is no seller {seller}")
    p, shared = await _evidence(reader, a, b)
    name, at = clock.new_id("judgement"), clock.stamp()
    superseded = await _write(writer, (name, at), (a, b), wanted)
    (standing,) = await reader.rows(STANDING_JUDGEMENTS)
    warnings = [*against_evidence(wanted.verdict, p, shared), *_against_others((a, b), standing)]
    return Made(
        name, a, b, wanted.verdict.value, wanted.because, wanted.by, at, superseded, p, warnings
    )


async def list_judgements(
    reader: Reader, *, seller: str = "", ids: Sequence[str] = (), before: str = "", first: int
) -> list[JudgementRow]:
    """Return judgements (about a seller, if one is named), newest first, superseded ones too."""
    return await reader.rows(JUDGEMENTS, ids=list(ids), seller=seller, before=before, limit=first)


async def _write(
    writer: Writer, marks: tuple[str, str], pair: Pair, wanted: Judgement
) -> list[str]:
    name, at = marks
    properties = {
        "verdict": wanted.verdict.value,
        "because": wanted.because,
        "by": wanted.by,
        "at": at,
    }

    async def whole(transaction: Transaction) -> list[str]:
        # One at a time: of two judgements of one pair the later must supersede the earlier.
        await transaction.run(LEASE, run=HOLDER)
        rows = await transaction.run(
            SAVE_JUDGEMENT,
            id=name,
            a=pair[0],
            b=pair[1],
            key_a=relation_key(name, pair[0]),
            key_b=relation_key(name, pair[1]),
            properties=properties,
        )
        if not rows:
            raise NotFound(f"{pair[0]} or {pair[1]} is gone")
        return list(rows[0]["superseded"])

    return await writer.within(whole)


async def _evidence(reader: Reader, a: str, b: str) -> tuple[float, int]:
    """Return P(one operator) of two sellers as the last run weighed, and how much they share."""
    rows = await reader.rows(
        SHARED_BY_PAIR, a=a, b=b, tiers=list(LINKING_TIERS), band=Band.CONFIRMED.value
    )
    run = await reader.one(LAST_DETECTION_RUN, engine=Engine.EVIDENCE.value)
    told = run.calibration if run is not None else None
    calibration = Calibration.from_json(json.loads(told)) if told else PRIOR
    marks = await marks_in_force(reader)
    facts = [fact for row in rows if (fact := _fact(row, marks)) is not None]
    return round(tie_probability(facts, calibration, DEFAULT), 6), len(rows)


def _fact(row: SharedByPair, marks: Marks) -> Fact | None:
    """Return a shared identifier as a fact; a hub is none, what was freed is one of few."""
    decided = {
        HUBS[marks[mark]] for name in row.identifiers if (mark := (row.label, name)) in marks
    }
    if Hub.HUB in decided:
        return None
    sellers = min(row.sellers, DEFAULT.corroboration_degree) if decided else row.sellers
    return Fact(
        kind=KINDS[row.label].word,
        identifier=row.identifiers[0],
        sellers=sellers,
        shared_with=1,
        level=LEVELS.get(row.level or "", Level.NONE),
        first_seen=-1,
        source="",
        asserted_by="",
        confidence=row.confidence,
    )


def against_evidence(verdict: Verdict, p: float, shared: int) -> list[str]:
    """Return a warning where a judgement contradicts strong evidence; `shared` counts facts."""
    if verdict is Verdict.DIFFERENT and p >= DEFAULT.sure_link:
        return [f"what they share says one operator with P = {p:.2f}: look again, or it stands"]
    if verdict is Verdict.SAME and not shared:
        return ["they share no identifier: nothing but this judgement ties them"]
    return []


def _against_others(pair: Pair, standing: JudgedColumns) -> list[str]:
    """Return a warning for each contradiction that the judgement of this pair takes part in."""
    told = list(zip(standing.lefts, standing.rights, standing.verdicts, strict=True))
    same, different = (
        {(a, b) for a, b, verdict in told if verdict == wanted.value}
        for wanted in (Verdict.SAME, Verdict.DIFFERENT)
    )
    now = set(contradictions(same, different))
    without = set(contradictions(same - {pair}, different - {pair}))
    return [
        f"{a} and {b} are judged different, and hang together through pairs judged the same"
        for a, b in sorted(now - without)
    ]
