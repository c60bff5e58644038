"""Connections as Relay describes them: edges, opaque cursors, and whether there is more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Annotated, Generic, TypeVar

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.errors import PageLimit
from graphsvc.api.guard import PAGE
from graphsvc.investigate.page import Page

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
U = TypeVar("U")
Place = tuple[str, str]  # a field, and where in its answers
First = Annotated[int, strawberry.argument(description=f"How many items, 1 to {PAGE}.")]
After = Annotated[
    str | None, strawberry.argument(description="Go on behind this cursor of the same field.")
]
DEFAULT_FIRST = 20


@strawberry.type
class PageInfo:
    """Where a page ends. Pages are walked forwards only."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Placed:
    """A place in the answers of a field."""

    place: strawberry.Private[Place]

    @strawberry.field
    def cursor(self, info: Info) -> str:
        """The place of this item: send it as `after` to the same field."""
        return info.context.seal.cursor(*self.place)


@strawberry.type
class Edge(Placed, Generic[T]):
    """An item of a page and the cursor of its place."""

    node: T


@strawberry.type
class Connection(Generic[T]):
    """A page of items."""

    edges: list[Edge[T]]
    page_info: PageInfo


def checked_first(first: int) -> int:
    """Return `first`; raises PageLimit unless 1 <= first <= 100."""
    if not 1 <= first <= PAGE:
        raise PageLimit(f"first must be from 1 to {PAGE}, not {first}")
    return first


async def load_page(
    info: Info,
    field: str,
    question: Callable[..., Awaitable[Mapping[K, Page[T]]]],
    key: K,
    *,
    first: int,
    after: str | None,
    **arguments: Hashable,
) -> Page[T] | None:
    """Return one thing's page of a field, asked in the batch of this level.

    Raises PageLimit, and CursorRefused where `after` is no cursor of `field`.
    """
    size, place = checked_first(first), info.context.seal.place(field, after)
    return await info.context.loaders.load(question, key, first=size, after=place, **arguments)


def placed(field: str, page: Page[T] | None) -> list[tuple[Place, T]]:
    """Return the items of a page, each with its place, which is sealed only if asked for."""
    if page is None:
        return []
    return [((field, at), item) for at, item in zip(page.cursors, page.items, strict=True)]


def page_info(info: Info, field: str, page: Page[T] | None, after: str | None) -> PageInfo:
    """Return where a page of a field begins and ends."""
    seal, cursors = info.context.seal, page.cursors if page else ()
    return PageInfo(
        has_next_page=page is not None and page.more,
        has_previous_page=after is not None,
        start_cursor=seal.cursor(field, cursors[0]) if cursors else None,
        end_cursor=seal.cursor(field, cursors[-1]) if cursors else None,
    )


def connection(
    info: Info, field: str, page: Page[T] | None, *, after: str | None, make: Callable[[T], U]
) -> Connection[U]:
    """Return a service's page as a connection of what `make` makes of its items."""
    edges = [Edge(place=place, node=make(item)) for place, item in placed(field, page)]
    return Connection(edges=edges, page_info=page_info(info, field, page, after))
