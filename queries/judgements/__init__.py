"""Judgements of pairs of sellers: made, listed, and what the two share when they are made."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class SavedJudgement:
    """A judgement that was written, and those that it superseded."""

    id: str
    superseded: list[str]


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """A judgement of the sellers a < b."""

    id: str
    a: str
    b: str
    verdict: str
    because: str
    by: str
    at: str
    superseded_by: str | None


@dataclass(frozen=True, slots=True)
class JudgedColumns:
    """The judgements that stand: pairs of sellers and verdicts side by side."""

    lefts: list[str]
    rights: list[str]
    verdicts: list[str]


@dataclass(frozen=True, slots=True)
class KnownSeller:
    """A seller that there is."""

    id: str


@dataclass(frozen=True, slots=True)
class SharedByPair:
    """What two sellers share: all the identifiers that are one here, and how many use it."""

    label: str
    identifiers: list[str]
    level: str | None
    confidence: float
    sellers: int


SAVE_JUDGEMENT = load(__package__, "save_judgement", SavedJudgement)
JUDGEMENTS = load(__package__, "judgements", JudgementRow)
JUDGEMENTS_AMONG = load(__package__, "judgements_among", JudgementRow)
STANDING_JUDGEMENTS = load(__package__, "standing_judgements", JudgedColumns)
KNOWN_SELLERS = load(__package__, "known_sellers", KnownSeller)
SHARED_BY_PAIR = load(__package__, "shared_by_pair", SharedByPair)
