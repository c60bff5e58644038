"""What somebody from outside may see: the reach of a grant, or the sellers of a platform.

It is worked out anew for each request, so that a grant, a hub or a case that changes counts at
once. It never goes through a hub: one forwarder would open the whole graph.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from graphsvc import clock
from graphsvc.store.reader import Reader
from queries.grants import REACH, OpenedRow

MOST_SELLERS = 1_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be walked through: identifiers of up to `cap` sellers, addresses of these levels."""

    cap: int
    levels: Collection[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen, by ids in the graph; `platform` opens its own sellers, None none.

    `rings` are versions of rings, `id@version`.
    `hubs` are those of the identifiers that are shown and lead nowhere; `whole` is False where a
    bound left sellers out.
    """

    cap: int
    sellers: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    listings: frozenset[str] = frozenset()
    rings: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    platform: str | None = None
    whole: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the scope as queries take it."""
        return {
            "cap": self.cap,
            "sellers": sorted(self.sellers),
            "identifiers": sorted(self.identifiers),
            "listings": sorted(self.listings),
            "rings": sorted(self.rings),
            "hubs": sorted(self.hubs),
            "platform": self.platform,
        }


async def reach_of(reader: Reader, grant: OpenedRow, bounds: Bounds) -> Scope:
    """Return what a grant opens: its case, and what lies within its hops.

    A hop leads from sellers over what they use to those who use it too. The identifiers of the
    members, and of all who are reached with a hop to spare, are open; 1,000 sellers at most.
    """
    ahead = sorted(grant.sellers)
    sellers = set(ahead[:MOST_SELLERS])
    identifiers: set[str] = set()
    hubs: set[str] = set()
    whole = len(ahead) <= MOST_SELLERS
    for _ in range(max(grant.hops, 1)):
        rows = await reader.rows(
            REACH,
            sellers=ahead[:MOST_SELLERS],
            cap=bounds.cap,
            levels=sorted(bounds.levels),
            now=clock.stamp(),
        )
        identifiers |= {row.id for row in rows}
        hubs |= {row.id for row in rows if row.hub}
        found = {user for row in rows for user in row.users} if grant.hops else set()
        ahead = sorted(found - sellers)
        room = MOST_SELLERS - len(sellers)
        whole &= len(ahead) <= room
        ahead = ahead[:room]
        sellers |= set(ahead)
    return Scope(
        cap=bounds.cap,
        sellers=frozenset(sellers),
        identifiers=frozenset(identifiers),
        listings=frozenset(grant.listings),
        rings=frozenset(grant.rings),
        hubs=frozenset(hubs),
        whole=whole,
    )
