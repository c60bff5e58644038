"""The one door for those from outside: every question is asked within their scope, or not at all.

Each row is redacted before anything else sees it, and what was seen is noted for the journal.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

from graphsvc.access.redact import Redactor
from graphsvc.access.scope import Scope
from graphsvc.errors import NotOpen
from graphsvc.store.reader import Reader
from queries.catalogue import SCOPE, Query
from queries.identifiers import USERS_OF_IDENTIFIERS, UserRow
from queries.listings import KeyedListing, ListingRow
from queries.neighbourhood import NamedRow, StepRow
from queries.rings.views import MemberRow
from queries.sellers import SELLERS_BY_ID, EventRow, SellerRow

Row = TypeVar("Row")
FEW = 100  # so many sellers are read as fast as one
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
        self._scope = scope
        self._parameters = scope.parameters
        self._redactor = redactor
        self._known: dict[str, SellerRow] | None = None
        self.sellers: set[str] = set()
        self.given = 0

    async def stream(self, query: Query[Row], **parameters: Any) -> AsyncIterator[Row]:
        """Yield the rows that may be seen; raises NotOpen for a question without a scope."""
        if not query.scoped or query.writes or SCOPE in parameters:
            raise NotOpen(CLOSED)
        async for row in self._asked(query, parameters):
            self.given += 1
            if named := getattr(row, _SELLER.get(type(row), ""), None):
                self.sellers.add(named)
            yield self._redactor.row(row)

    async def _asked(self, query: Query[Any], told: Mapping[str, Any]) -> AsyncIterator[Any]:
        """Yield the rows of a question; of a grant's scope, what is known is not asked again."""
        if self._scope.platform is None:
            if query is USERS_OF_IDENTIFIERS and not told["claims"]:
                for user in self._scope.users(told["keys"], told["after"], told["limit"]):
                    yield user
                return
            if query is SELLERS_BY_ID and len(self._scope.sellers) <= FEW:
                known = await self._few()
                for name in told["ids"]:
                    if name in known:
                        yield known[name]
                return
        async for row in self._reader.stream(query, **told, scope=self._parameters):
            yield row

    async def _few(self) -> Mapping[str, SellerRow]:
        """Return all sellers of a small scope: who asks for one asks for those it leads to next."""
        if self._known is None:
            ids = self._parameters["sellers"]
            rows = await self._reader.rows(SELLERS_BY_ID, ids=ids, scope=self._parameters)
            self._known = {row.id: row for row in rows}
        return self._known

    async def values(self, text: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        """Refuse: a text that is no question of the catalogue has no scope."""
        del text, parameters
        raise NotOpen(CLOSED)
        yield {}
