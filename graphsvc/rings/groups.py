"""The largest groups of a solution, whatever their tier: what they have in common; pure."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from graphsvc.rings.belief import Tier
from graphsvc.rings.columns import Kind, Market
from graphsvc.rings.solve import Solution


@dataclass(frozen=True, slots=True)
class Group:
    """A group of sellers and the identifier that most of them share, by its label.

    `users` of the group's `size` sellers use it; `sellers` do in all.
    """

    size: int
    tier: str
    kind: str
    identifier: str
    users: int
    sellers: int


def largest_groups(market: Market, solution: Solution, most: int) -> list[Group]:
    """Return at most `most` groups of two or more, largest first, ties by their least member."""
    members = solution.members
    starts = members.starts
    sizes = np.diff(starts, append=members.group.size)
    chosen = np.lexsort((starts, -sizes))[:most]
    degree = market.degree()
    found = []
    for place in chosen.tolist():
        span = slice(int(starts[place]), int(starts[place] + sizes[place]))
        code, users = _commonest(market, members.seller[span])
        kind = Kind(int(market.identifier_kind[code]))
        found.append(
            Group(
                size=int(sizes[place]),
                tier=Tier(int(members.tier[span].max())).word,
                kind=kind.word,
                identifier=_shown(kind, market.identifiers[code]),
                users=users,
                sellers=int(degree[code]),
            )
        )
    return found


def count_groups(solution: Solution) -> int:
    """Return how many groups of two or more there are."""
    return int(solution.members.starts.size)


def label(kind: str, identifier: str) -> str:
    """Return a short stable name for an identifier, from which its token cannot be told."""
    return f"{kind}-{blake2b(identifier.encode(), digest_size=5).hexdigest()}"


def _shown(kind: Kind, identifier: str) -> str:
    """Return an address's folded key as it is; of everything else the id may be a token."""
    return identifier if kind is Kind.ADDRESS else label(kind.word, identifier)


def _commonest(
    market: Market, sellers: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> tuple[int, int]:
    """Return the code of the identifier most used by these sellers, and by how many of them."""
    mine = market.row_identifier[np.isin(market.row_seller, sellers)]
    uses = np.bincount(mine, minlength=len(market.identifiers))
    code = int(uses.argmax())
    return code, int(uses[code])
