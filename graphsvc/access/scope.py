"""What somebody from outside may see: the reach of a grant, or the sellers of a platform.

It is worked out anew for each request, so that a grant, a hub or a case that changes counts at
once. It never goes through a hub: one forwarder would open the whole graph.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from queries.grants import OpenedRow
from queries.identifiers import UserRow

MOST_SELLERS = 1_000
Further = Callable[[list[str]], Awaitable[OpenedRow]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be walked through: identifiers of up to `cap` sellers, addresses of these levels."""

    cap: int
    levels: Collection[str]


@dataclass(frozen=True, slots=True)
class Open:
    """An identifier that may be seen, and those of its users who may; of a hub nobody."""

    label: str
    hub: bool
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen, by ids in the graph; `platform` opens its own sellers, None none.

    `rings` are versions of rings, `id@version`. A hub among the `identifiers` is shown and leads
    nowhere; `whole` is False where a bound left sellers out.
    """

    cap: int
    sellers: frozenset[str] = frozenset()
    identifiers: Mapping[str, Open] = field(default_factory=dict)
    listings: frozenset[str] = frozenset()
    rings: frozenset[str] = frozenset()
    platform: str | None = None
    whole: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the scope as queries take it: of each identifier, how many of its users it has."""
        return {
            "cap": self.cap,
            "sellers": sorted(self.sellers),
            "degrees": {
                name: self.cap + 1 if each.hub else len(each.users)
                for name, each in self.identifiers.items()
            },
            "listings": sorted(self.listings),
            "rings": sorted(self.rings),
            "platform": self.platform,
        }

    def users(self, keys: Iterable[Mapping[str, str]], after: str, limit: int) -> list[UserRow]:
        """Return who uses identifiers, as USERS_OF_IDENTIFIERS does without claims."""
        named = sorted((key["label"], key["id"]) for key in keys)
        return [
            UserRow(label, name, user, [])
            for label, name in named
            if (held := self.identifiers.get(name)) and held.label == label
            for user in held.users[bisect_right(held.users, after) :][:limit]
        ]


@dataclass(frozen=True, slots=True)
class Reached:
    """An identifier and who uses it; whether too many do, and whether it `leads` to them."""

    label: str
    id: str
    hub: bool
    users: list[str]
    leads: bool


async def reach_of(grant: OpenedRow, further: Further, cap: int) -> Scope:
    """Return what a grant opens: its case, and what lies within its hops.

    A hop leads from sellers over what they use to those who use it too; `further` reads the next.
    The identifiers of the members, and of all who are reached with a hop to spare, are open; 1,000
    sellers at most.
    """
    ahead = sorted(grant.sellers)
    sellers = set(ahead[:MOST_SELLERS])
    whole = len(ahead) <= MOST_SELLERS
    met, rows = list[Reached](), grant.reached
    for hop in range(1, max(grant.hops, 1) + 1):
        reached = [Reached(*row) for row in rows]
        met += reached
        found = {user for each in reached if each.leads for user in each.users}
        ahead = sorted(found - sellers) if grant.hops else []
        room = MOST_SELLERS - len(sellers)
        whole &= len(ahead) <= room
        ahead = ahead[:room]
        sellers |= set(ahead)
        rows = (await further(ahead)).reached if hop < grant.hops else []
    return Scope(
        cap=cap,
        sellers=frozenset(sellers),
        identifiers={each.id: _open(each, sellers) for each in met},
        listings=frozenset(grant.listings),
        rings=frozenset(grant.rings),
        whole=whole,
    )


def _open(each: Reached, sellers: Collection[str]) -> Open:
    return Open(each.label, each.hub, tuple(sorted(user for user in each.users if user in sellers)))
