"""Look things up by what a person typed; any text is safe and means only itself.

A text is an id, names or words of a title; or a typed term such as `phone:…` or `seller:…`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import BadRequest
from graphsvc.investigate import terms
from graphsvc.investigate.kinds import SELLER
from graphsvc.investigate.page import Page, checked, page
from graphsvc.store.reader import Reader
from ingest.fold.token import Tokeniser
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
_FUZZY = 4  # letters from which a word may be mistyped; shorter ones are near to too much
_OPERATOR = re.compile(r"([^\w])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Hit:
    """What answers: its id, a handle, title or masked form, and how near it is (0: exact)."""

    kind: str
    id: str
    text: str | None
    score: float


async def search(
    reader: Reader,
    text: str,
    *,
    tokens: Callable[[], Tokeniser],
    kinds: Collection[str] | None = None,
    first: int = 20,
    after: str = "",
) -> Page[Hit]:
    """Return a page of what answers to a text: the exact id first, then by nearness.

    A term of terms.SORTS has one answer or none, one of terms.SEVERAL all who have it;
    `seller:` and `listing:` ask for that kind alone.
    Every word must be there, as a word or as the beginning of one; letters past LETTERS and
    words past WORDS are not read. Raises BadRequest for an unknown kind, bound or cursor,
    TermRefused, KeyMissing, KeyRefused.
    """
    limit = checked(first) + 1
    labels = _wanted(kinds)
    term, text, labels = _understood(text, labels)
    place = _place(after)
    if term in terms.SORTS:
        found = None if after else await terms.look_up(reader, term, text, tokens)
        if found is None or (kinds is not None and found.kind not in kinds):
            return Page()
        return page([Hit(found.kind, found.id, found.text, 0.0)], first, _cursor)
    if term:
        rows = await terms.have(reader, term, text, tokens, after=place["id"], limit=limit)
        return page([_hit(row) for row in rows if row.label in labels], first, _cursor)
    exact = [row for row in await reader.rows(EXACT, id=_readable(text)) if row.label in labels]
    ahead = place["score"] is None
    hits = [_hit(row) for row in exact if ahead and row.label > place["label"]]
    words = lucene(text)
    if words and labels:
        rows = await reader.rows(
            HITS,
            indexes=[_INDEXES[label] for label in labels],
            words=words,
            window=WINDOW,
            limit=limit + len(exact),
            **place,
        )
        named = {(row.label, row.id) for row in exact}
        hits += [_hit(row) for row in rows if (row.label, row.id) not in named]
    return page(hits[:limit], first, _cursor)


async def suggestions(reader: Reader, text: str, *, first: int = 10) -> tuple[Hit, ...]:
    """Return the sellers and listings whose name or title is nearest to what is typed so far.

    A word may be mistyped by up to two letters. Nothing is suggested for a typed term of a secret
    value. Raises BadRequest for a bound.
    """
    term, text, labels = _understood(text, sorted(_LABELS.values()))
    words = "" if term else lucene(text, mistyped=True)
    if not words:
        return ()
    rows = await reader.rows(
        HITS,
        indexes=[_INDEXES[label] for label in labels],
        words=words,
        window=WINDOW,
        limit=checked(first),
        **_place(""),
    )
    return tuple(map(_hit, rows))


def _understood(text: str, labels: list[str]) -> tuple[str, str, list[str]]:
    """Return the word of a term that names a thing ('' for none), what is sought, and in what."""
    word, value = terms.split(text)
    if word in terms.SORTS or word in terms.SEVERAL:
        return word, value, labels
    if word in _LABELS:
        return "", value, [label for label in labels if label == _LABELS[word]]
    return "", text, labels


def lucene(text: str, *, mistyped: bool = False) -> str:
    """Return the index's query for a text: no letter of the text is an operator; '' for no word.

    Letters outside ASCII are never operators. A word in small letters is no operator either. Words
    that may be `mistyped` are found by others of nearly the same letters too.
    """
    words = [word for word in _readable(text).lower().split() if any(map(str.isalnum, word))]
    told = ((_OPERATOR.sub(r"\\\1", word), len(word)) for word in words[:WORDS])
    return " ".join(
        f"+({word}^4 {word}*{f' {word}~' if mistyped and size >= _FUZZY else ''})"
        for word, size in told
    )


def _readable(text: str) -> str:
    """Return the beginning of a text with nothing in it that cannot be printed."""
    return "".join(c if c.isprintable() else " " for c in text[:LETTERS]).strip()


def _wanted(kinds: Collection[str] | None) -> list[str]:
    known = {*_LABELS, *(sort.kind.value for sort in terms.SORTS.values())}
    unknown = set(kinds or ()) - known
    if unknown:
        raise BadRequest(
            f"search knows {', '.join(sorted(known))}, not {', '.join(sorted(unknown))}"
        )
    return sorted(_LABELS[kind] for kind in _LABELS if kinds is None or kind in kinds)


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
