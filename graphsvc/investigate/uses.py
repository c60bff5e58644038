"""Who uses what in a group of sellers: as the graph says now, or as a run weighed it; pure.

What a run weighed is kept with the ring; of the graph it takes only how that is shown and who
claims it, and nothing that was claimed later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graphsvc.investigate.kinds import WORDS, Claim, Ref, links
from graphsvc.rings.columns import UNKNOWN_DAY, Kind, Level
from graphsvc.rings.explain import Fact
from graphsvc.rings.read import LEVELS
from graphsvc.rings.recorded import Use
from queries.rings.views import SharedRow
from queries.schema.links import AssertedBy

EPOCH = date(1970, 1, 1).toordinal()
NOTHING: Mapping[Ref, bool] = {}
_NAMES = ("role", "source_system", "source", "asserted_by", "first_seen", "last_seen", "written")


@dataclass(frozen=True, slots=True)
class Used:
    """One seller's use of a shared identifier, as a fact and as it is shown.

    `own_word`: nobody but the seller itself says so; `standing`: somebody says so today.
    """

    ref: Ref
    shown: str | None
    level: str | None
    claims: tuple[Claim, ...]
    fact: Fact
    own_word: bool
    standing: bool

    @property
    def vague(self) -> bool:
        """Whether it is an address that is too vague to link anybody."""
        return self.ref.kind == Kind.ADDRESS.word and self.fact.level > Level.BUILDING


Uses = dict[str, dict[Ref, Used]]


def uses_now(rows: Iterable[SharedRow], decided: Mapping[Ref, bool] = NOTHING) -> Uses:
    """Return by seller what it shares with others by the claims of these rows that stand.

    `decided` tells whether an identifier links where a person said so.
    """
    found: Uses = {}
    for row in map(_standing, rows):
        told = _by_seller(row.claims)
        for seller, claims in told.items():
            ref = Ref(WORDS[row.label], row.id)
            used = _used(row, claims, len(told) - 1)
            fact = replace(used.fact, links=decided.get(ref))
            found.setdefault(seller, {})[ref] = replace(used, fact=fact)
    return found


def uses_then(rows: Sequence[SharedRow], recorded: Mapping[str, Sequence[Use]], at: str) -> Uses:
    """Return by seller what a run that began `at` weighed, and what counts for nothing today.

    The rows tell ended claims too. What was recorded and has no claim left shows none.
    """
    by_ref = {Ref(WORDS[row.label], row.id): row for row in rows}
    members: dict[Ref, int] = {}
    for uses in recorded.values():
        for use in uses:
            ref = Ref(use.kind, use.identifier)
            members[ref] = members.get(ref, 0) + 1
    found: Uses = {}
    for seller, uses in recorded.items():
        for use in uses:
            ref = Ref(use.kind, use.identifier)
            found.setdefault(seller, {})[ref] = _kept(
                use, by_ref.get(ref), seller, others=members[ref] - 1, at=at
            )
    today = (row for ref, row in by_ref.items() if ref not in members and not _links(row))
    for seller, held in uses_now(today).items():
        found[seller] = held | found.get(seller, {})
    return found


def day_of(stamp: str | None) -> int:
    """Return the day number since 1970-01-01 of a date as the graph writes it; -1 if unknown."""
    try:
        return date.fromisoformat((stamp or "")[:10]).toordinal() - EPOCH
    except ValueError:
        return UNKNOWN_DAY


def least(values: Iterable[str | None]) -> str | None:
    """Return the least of the values that are known, or None."""
    return min((value for value in values if value), default=None)


def distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return the values that are known, sorted, each once."""
    return tuple(sorted({value for value in values if value}))


def _by_seller(claims: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for claim in claims:
        found.setdefault(claim["seller"], []).append(claim)
    return dict(sorted(found.items()))


def _claim(told: Mapping[str, Any]) -> Claim:
    return Claim(**{name: told[name] for name in _NAMES})


def _used(row: SharedRow, told: Iterable[Mapping[str, Any]], others: int) -> Used:
    claims = tuple(map(_claim, told))
    kind = WORDS[row.label]
    said = distinct(claim.asserted_by for claim in claims)
    fact = Fact(
        kind=kind,
        identifier=row.id,
        sellers=row.degree,
        shared_with=others,
        level=LEVELS.get(row.level or "", Level.NONE),
        first_seen=day_of(least(claim.first_seen for claim in claims)),
        source=", ".join(distinct(claim.source for claim in claims)),
        asserted_by=", ".join(said),
        confidence=row.confidence,
    )
    own_word = said == (AssertedBy.SELF_DECLARED.value,)
    return Used(Ref(kind, row.id), row.shown, row.level, claims, fact, own_word, standing=True)


def _kept(use: Use, row: SharedRow | None, seller: str, *, others: int, at: str) -> Used:
    """Return a use as it was weighed, with the claims that were there then."""
    told = [each for each in row.claims if each["seller"] == seller] if row else []
    told = [each for each in told if (each.get("recorded_from") or "") <= at]
    standing = [each for each in told if not each.get("valid_to")]
    claims = tuple(_claim(each) for each in standing or told)
    level = LEVELS.get(use.level, Level.NONE)
    day = day_of(least(claim.first_seen for claim in claims))
    fact = Fact(
        kind=use.kind,
        identifier=use.identifier,
        sellers=use.degree,
        shared_with=others,
        level=level,
        first_seen=day if use.first_seen == UNKNOWN_DAY else use.first_seen,
        source=", ".join(distinct(claim.source for claim in claims)),
        asserted_by=", ".join(distinct(claim.asserted_by for claim in claims)),
        confidence=use.confidence**2,  # of a tie: both sides have the same
        links=use.links,
    )
    return Used(
        ref=Ref(use.kind, use.identifier),
        shown=row.shown if row else None,
        level=use.level if level is not Level.NONE else row.level if row else None,
        claims=claims,
        fact=fact,
        own_word=use.self_declared,
        standing=bool(standing),
    )


def _standing(row: SharedRow) -> SharedRow:
    claims = [each for each in row.claims if not each.get("valid_to")]
    shared = len({each["seller"] for each in claims}) > 1
    return SharedRow(
        of=row.of,
        label=row.label,
        id=row.id,
        shown=row.shown,
        level=row.level,
        confidence=row.confidence,
        degree=row.degree,
        claims=claims if shared else [],
    )


def _links(row: SharedRow) -> bool:
    return links(WORDS[row.label], row.level, row.degree)
