"""The root fields that look things up by what a person typed; closed to those from outside.

The nearness of a hit is made with all sellers, and who may test a guessed number against a masked
one learns the number: neither can be held within a scope.
"""

from __future__ import annotations

import strawberry

from graphsvc.access.scoped import CLOSED
from graphsvc.api.context import Info
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    checked_first,
    connection,
)
from graphsvc.api.types.search import Searched, SearchHit, hit
from graphsvc.errors import NotOpen
from graphsvc.investigate import search

NEAREST = 10


@strawberry.type
class Searches:
    """What can be searched for."""

    @strawberry.field
    async def search(
        self,
        info: Info,
        text: str,
        kinds: list[Searched] | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[SearchHit]:
        """Sellers and listings by an id, a name or words of a title; others by a typed term.

        A term is a word, a colon and a value as in a file that is loaded: phone, email, device,
        address, account, iban, card, paypal, wallet, merchant, tax, url; or seller and listing.
        """
        _inside(info)
        page = await search.search(
            info.context.reader,
            text,
            tokens=info.context.tokens,
            kinds=None if kinds is None else {kind.value for kind in kinds},
            first=checked_first(first),
            after=info.context.seal.place("search", after),
        )
        return connection(info, "search", page, after=after, make=lambda each: hit(info, each))

    @strawberry.field
    async def suggestions(self, info: Info, text: str, first: First = NEAREST) -> list[SearchHit]:
        """Sellers and listings with a name or title near to what is typed so far, nearest first."""
        _inside(info)
        found = await search.suggestions(info.context.reader, text, first=checked_first(first))
        return [hit(info, each) for each in found]


def _inside(info: Info) -> None:
    if info.context.principal.outside:
        raise NotOpen(CLOSED)
