"""Batches: what the fields of one level ask for goes out as one question; one request's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from graphsvc.store.reader import Reader

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loaders:
    """A loader for each question with its arguments; a question takes keys and gives a mapping."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._made: dict[tuple[Hashable, ...], DataLoader[Any, Any]] = {}

    async def load(
        self,
        question: Callable[..., Awaitable[Mapping[K, V]]],
        key: K,
        **arguments: Hashable,
    ) -> V | None:
        """Return a batched question's answer for one key, or None where it has none."""
        name = (question, *sorted(arguments.items()))
        loader = self._made.get(name)
        if loader is None:

            async def ask(keys: Sequence[K]) -> list[V | None]:
                found = await question(self._reader, keys, **arguments)
                return [found.get(each) for each in keys]

            loader = self._made[name] = DataLoader(load_fn=ask)
        answer: V | None = await loader.load(key)
        return answer
