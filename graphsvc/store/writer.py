"""Changes to the graph, each in a transaction: commands of the catalogue, and derived texts.

A transaction that Neo4j gives up on is run again by the driver; every text here may be repeated.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from neo4j import AsyncDriver, AsyncManagedTransaction, unit_of_work
from neo4j.exceptions import ClientError, TransientError

from graphsvc.store.driver import already_there, gave_way, translated
from queries.catalogue import Query

T = TypeVar("T")
PAUSE_SECONDS = 0.1


@dataclass(slots=True)
class Attempts:
    """How many transactions were done, and how many of them had to be run more than once."""

    transactions: int = 0
    retried: int = 0


class _Column(list[Any]):
    """A column of parameters. The driver spells each one out for its log, which nobody asked for:
    it costs as much as sending them, and what is loaded is for no log."""

    def __repr__(self) -> str:
        """Return how many values there are, and none of them."""
        return f"<{len(self)} values>"


class Transaction:
    """An open transaction; steps run one after another."""

    def __init__(self, inner: AsyncManagedTransaction) -> None:
        self._inner = inner

    async def run(self, query: Query[Any], **parameters: Any) -> list[dict[str, Any]]:
        """Run one command of the catalogue and return its rows."""
        return await self.text(query.text, parameters)

    async def text(self, text: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Run a text that was derived from the declarations."""
        answer = await self._inner.run(text, _columns(parameters))
        return [record.data() async for record in answer]

    async def made(self, text: str, parameters: Mapping[str, Any]) -> tuple[int, int]:
        """Run a derived text and return how many nodes and how many relations it made."""
        answer = await self._inner.run(text, _columns(parameters))
        counters = (await answer.consume()).counters
        return counters.nodes_created, counters.relationships_created


def _columns(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _Column(value) if isinstance(value, list) else value
        for name, value in parameters.items()
    }


class Writer:
    """Runs work in write transactions with a time limit (seconds); `attempts` counts them."""

    def __init__(self, driver: AsyncDriver, *, seconds: float = 120.0) -> None:
        self._driver = driver
        self._seconds = seconds
        self.attempts = Attempts()

    async def within(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction: all of it or nothing; raises DatabaseAway, Conflict."""
        begun = 0

        @unit_of_work(timeout=self._seconds)
        async def whole(inner: AsyncManagedTransaction) -> T:
            nonlocal begun
            begun += 1
            return await work(Transaction(inner))

        async def attempt() -> T:
            async with self._driver.session() as session:
                return await session.execute_write(whole)

        done = await self._patiently(attempt)
        self.attempts.transactions += 1
        self.attempts.retried += begun > 1
        return done

    async def command(self, query: Query[Any], **parameters: Any) -> list[dict[str, Any]]:
        """Run one command in a transaction of its own and return its rows."""
        return await self.within(lambda transaction: transaction.run(query, **parameters))

    async def schema(self, texts: Sequence[str]) -> None:
        """Run schema texts in one transaction; each must bear repeating and standing alone.

        Where another migration comes between, each is run by itself.
        """
        if not await self._made(texts):
            for text in texts:
                await self._made([text])

    async def _made(self, texts: Sequence[str]) -> bool:
        """Run schema texts and tell whether nothing of them was made by another meanwhile."""

        async def whole(transaction: Transaction) -> None:
            for text in texts:
                await transaction.text(text, {})

        try:
            await self.within(whole)
        except ClientError as error:
            if not already_there(error):
                raise
            return False
        return True

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Attempt it again for as long as another writer is in the way, within the time limit.

        The driver gives up after seconds, and a lock is waited for even less: a turn takes longer.
        """
        deadline = time.monotonic() + self._seconds
        with translated():
            while True:
                try:
                    return await attempt()
                except TransientError as error:
                    if not gave_way(error) or time.monotonic() > deadline:
                        raise
                await asyncio.sleep(PAUSE_SECONDS)
