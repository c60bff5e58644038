"""Look sellers and listings up by what a person typed; any text is safe and means only itself."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import BadRequest
from graphsvc.investigate.kinds import SELLER
from graphsvc.investigate.page import Page, checked, page
from graphsvc.store.reader import Reader
from queries.ddl import rules
from queries.schema.actors import Seller
from queries.schema.goods import Listing
from queries.search import EXACT, HITS, HitRow

LISTING = "listing"
WINDOW = 1_000  # the nearest of each kind that a walk through the pages can reach
LETTERS, WORDS = 200, 8
_KINDS = {Seller.__name__: SELLER, Listing.__name__: LISTING}
_LABELS = {kind: label for label, kind in _KINDS.items()}
_INDEXES = {rule.owner: rule.name for rule in rules() if rule.kind == "fulltext"}
_OPERATOR = re.compile(r"([^\w])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hit:
    """A seller or listing: its id, its handle or title, and how near it is (0: the exact id)."""

    kind: str
    id: str
    text: str | None
    score: float


async def search(
    reader: Reader,
    text: str,
    *,
    kinds: Collection[str] | None = None,
    first: int = 20,
    after: str = "",
) -> Page[Hit]:
    """Return a page of what answers to a text: the exact id first, then by nearness.

    Every word must be there, as a word or as the beginning of one; letters past LETTERS and
    words past WORDS are not read. Raises BadRequest for an unknown kind, bound or cursor.
    """
    limit = checked(first) + 1
    labels = _wanted(kinds)
    place = _place(after)
    exact = [row for row in await reader.rows(EXACT, id=_readable(text)) if row.label in labels]
    ahead = place["score"] is None
    found = [_hit(row) for row in exact if ahead and row.label > place["label"]]
    words = lucene(text)
    if words:
        rows = await reader.rows(
            HITS,
            indexes=[_INDEXES[label] for label in labels],
            words=words,
            window=WINDOW,
            limit=limit + len(exact),
            **place,
        )
        named = {(row.label, row.id) for row in exact}
        found += [_hit(row) for row in rows if (row.label, row.id) not in named]
    return page(found[:limit], first, _cursor)


def lucene(text: str) -> str:
    """Return the index's query for a text: no letter of the text is an operator; '' for no word.

    Letters outside ASCII are never operators. A word in small letters is no operator either.
    """
    words = [word for word in _readable(text).lower().split() if any(map(str.isalnum, word))]
    told = (_OPERATOR.sub(r"\\\1", word) for word in words[:WORDS])
    return " ".join(f"+({word}^4 {word}*)" for word in told)


def _readable(text: str) -> str:
    """Return the beginning of a text with nothing in it that cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in text[:LETTERS]).strip()


def _wanted(kinds: Collection[str] | None) -> list[str]:
    unknown = set(kinds or ()) - set(_LABELS)
    if unknown:
        raise BadRequest(f"search knows {', '.join(_LABELS)}, not {', '.join(sorted(unknown))}")
    return sorted(_LABELS[kind] for kind in (_LABELS if kinds is None else set(kinds)))


def _hit(row: HitRow) -> Hit:
    return Hit(_KINDS[row.label], row.id, row.text, row.score)


def _cursor(hit: Hit) -> str:
    return f"{hit.score!r} {hit.kind} {hit.id}"


def _place(after: str) -> dict[str, Any]:
    """Return where a page begins; behind an exact id (score 0) the hits begin anew."""
    if not after:
        return {"score": None, "label": "", "id": ""}
    score, _, rest = after.partition(" ")
    kind, _, identifier = rest.partition(" ")
    try:
        value = float(score)
        label = _LABELS[kind]
    except (ValueError, KeyError):
        raise BadRequest("this cursor is not of this list") from None
    return {"score": value or None, "label": label, "id": identifier}
