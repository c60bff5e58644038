"""Questions to the graph: a typed Query in, its typed rows out; changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, TypeVar

from neo4j import READ_ACCESS, AsyncDriver, AsyncSession, Record
from neo4j import Query as Statement

from graphsvc.store.driver import translated
from queries.catalogue import SCOPE, Query

Row = TypeVar("Row")


class Reader:
    """Asks the questions of the catalogue, each in a read session with a time limit (seconds)."""

    def __init__(self, driver: AsyncDriver, *, seconds: float = 15.0) -> None:
        self._driver = driver
        self._seconds = seconds

    async def rows(self, query: Query[Row], **parameters: Any) -> list[Row]:
        """Return every row of the answer; raises DatabaseAway, DatabaseSlow."""
        return [row async for row in self.stream(query, **parameters)]

    async def one(self, query: Query[Row], **parameters: Any) -> Row | None:
        """Return the first row, or None where there is none."""
        found = await self.rows(query, **parameters)
        return found[0] if found else None

    async def stream(self, query: Query[Row], **parameters: Any) -> AsyncIterator[Row]:
        """Yield the rows as they arrive: in constant memory, unless they come packed in one."""
        # Whoever has this reader sees all; those from outside have access/scoped.
        everything = {SCOPE: None} if query.scoped else {}
        async for record in self._records(query.text, {**everything, **parameters}):
            if query.packed:
                for row in record[0]:
                    yield query.row(**dict(zip(query.packed, row, strict=True)))
            else:
                # `record.data()` would look at each value of a long list again.
                yield query.row(**dict(record))

    async def values(self, text: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield the rows of a text that was derived from the declarations, as mappings."""
        async for record in self._records(text, parameters):
            yield dict(record)

    async def _records(self, text: str, parameters: dict[str, Any]) -> AsyncIterator[Record]:
        with translated():
            async with self._session() as session:
                answer = await session.run(Statement(text, timeout=self._seconds), parameters)
                async for record in answer:
                    yield record

    def _session(self) -> AsyncSession:
        return self._driver.session(default_access_mode=READ_ACCESS)
