"""A reader and a writer whose questions are told of in spans, by their names in the catalogue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from neo4j import AsyncDriver

from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from queries.catalogue import Query

if TYPE_CHECKING:
    from graphsvc.tracing import Tracing

Row = TypeVar("Row")
DERIVED, TRANSACTION = "derived", "transaction"


class TracedReader(Reader):
    """A reader with a span for each question."""

    def __init__(self, driver: AsyncDriver, *, seconds: float, tracing: Tracing) -> None:
        super().__init__(driver, seconds=seconds)
        self._tracing = tracing

    async def stream(self, query: Query[Row], **parameters: Any) -> AsyncIterator[Row]:
        """Yield the rows as they arrive."""
        with self._tracing.question(query.name):
            async for row in super().stream(query, **parameters):
                yield row

    async def values(self, text: str, **parameters: Any) -> AsyncIterator[dict[str, Any]]:
        """Yield the rows of a derived text."""
        with self._tracing.question(DERIVED):
            async for row in super().values(text, **parameters):
                yield row


class TracedWriter(Writer):
    """A writer with a span for each transaction."""

    def __init__(self, driver: AsyncDriver, *, seconds: float, tracing: Tracing) -> None:
        super().__init__(driver, seconds=seconds)
        self._tracing = tracing

    async def within(self, work: Callable[[Transaction], Awaitable[Row]]) -> Row:
        """Run `work` in one transaction."""
        with self._tracing.question(TRANSACTION):
            return await super().within(work)
