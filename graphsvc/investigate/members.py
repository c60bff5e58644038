"""What is told of a ring's members beside their reasons: like names, and what people judged."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.store.reader import Reader
from ingest.match.names import like_names
from queries.judgements import JUDGEMENTS_AMONG, JudgementRow
from queries.rings.views import MemberRow


def names_like(members: Sequence[MemberRow]) -> dict[str, tuple[str, ...]]:
    """Return for each member the others whose name is nearly the same, by seller id."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in like_names([member.handle for member in members]):
        left, right = members[pair.left].seller, members[pair.right].seller
        found[left] = tuple(sorted((*found.get(left, ()), right)))
        found[right] = tuple(sorted((*found.get(right, ()), left)))
    return found


async def judgements_of(
    reader: Reader, members: Sequence[MemberRow]
) -> dict[str, tuple[JudgementRow, ...]]:
    """Return for each member the judgements that stand between it and others, by seller id."""
    found: dict[str, tuple[JudgementRow, ...]] = {}
    for row in await reader.rows(JUDGEMENTS_AMONG, sellers=[each.seller for each in members]):
        for seller in (row.a, row.b):
            found[seller] = (*found.get(seller, ()), row)
    return found
