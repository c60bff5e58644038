"""Pages: a bounded part of a sorted answer, and the cursor to go on from; never an offset."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from graphsvc.errors import BadRequest

T = TypeVar("T")
U = TypeVar("U")
Key = TypeVar("Key", bound=Hashable)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items in their order, the cursor of each (`after` goes on behind it), and whether more."""

    items: tuple[T, ...] = ()
    cursors: tuple[str, ...] = ()
    more: bool = False


def checked(first: int, most: int = MOST) -> int:
    """Return `first`; raises BadRequest unless 1 <= first <= most."""
    if not 1 <= first <= most:
        raise BadRequest(f"first must be from 1 to {most}, not {first}")
    return first


def page(items: Iterable[T], first: int, cursor: Callable[[T], str]) -> Page[T]:
    """Return the page of a question that was asked for one item more than `first`."""
    found = tuple(items)
    kept = found[:first]
    return Page(kept, tuple(cursor(item) for item in kept), len(found) > first)


def pages(
    keys: Sequence[Key],
    rows: Iterable[tuple[Key, T]],
    *,
    first: int,
    cursor: Callable[[T], str],
) -> dict[Key, Page[T]]:
    """Return a page for every key, empty where it has no row; the rows come in their order."""
    grouped: dict[Key, list[T]] = {key: [] for key in keys}
    for key, item in rows:
        grouped[key].append(item)
    return {key: page(items, first, cursor) for key, items in grouped.items()}
