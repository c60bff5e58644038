"""The one door for those from outside: every question is asked within their scope, or not at all.

Each row is redacted before anything else sees it, and what was seen is noted for the journal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from graphsvc.access.redact import Redactor
from graphsvc.access.scope import Scope
from graphsvc.errors import NotOpen
from graphsvc.store.reader import Reader
from queries.catalogue import SCOPE, Query
from queries.identifiers import UserRow
from queries.listings import KeyedListing, ListingRow
from queries.neighbourhood import NamedRow, StepRow
from queries.rings.views import MemberRow
from queries.sellers import EventRow, SellerRow

Row = TypeVar("Row")
CLOSED = "this is not open to partners and platforms"
# Which column of a row names a seller.
_SELLER: dict[type, str] = {
    **dict.fromkeys((SellerRow, UserRow, NamedRow), "id"),
    **dict.fromkeys((StepRow, ListingRow, KeyedListing, EventRow, MemberRow), "seller"),
}


class ScopedReader(Reader):
    """A reader that answers within a scope; `sellers` are those it told of in `given` rows."""

    def __init__(self, reader: Reader, scope: Scope, redactor: Redactor) -> None:
        self._reader = reader
        self._scope = scope.parameters
        self._redactor = redactor
        self.sellers: set[str] = set()
        self.given = 0

    async def stream(self, query: Query[Row], **parameters: Any) -> AsyncIterator[Row]:
        """Yield the rows that may be seen; raises NotOpen for a question without a scope."""
        if not query.scoped or query.writes or SCOPE in parameters:
            raise NotOpen(CLOSED)
        async for row in self._reader.stream(query, **parameters, scope=self._scope):
            self.given += 1
            if named := getattr(row, _SELLER.get(type(row), ""), None):
                self.sellers.add(named)
            yield self._redactor.row(row)

    async def values(self, text: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        """Refuse: a text that is no question of the catalogue has no scope."""
        del text, parameters
        raise NotOpen(CLOSED)
        yield {}
