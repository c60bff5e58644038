"""How two sellers hang together: the shortest chains of shared identifiers, never over a hub.

Both ends grow level by level until enough chains are known, so that no shorter one is missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.kinds import SELLER, Ref
from graphsvc.investigate.walk import Tie, from_identifiers, from_sellers, handles
from graphsvc.store.reader import Reader

HOPS, MOST_PATHS, MOST_SELLERS = 6, 5, 2_000
# Of chains of one length the one over the less shared identifiers comes first: 12 edges of at
# most 20 sellers add up to less than one edge.
SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Hop:
    """Two sellers use one identifier: the tie of each side, with its facts."""

    left: Tie
    right: Tie


@dataclass(frozen=True, slots=True)
class Chain:
    """A path as its hops, from the first seller to the last."""

    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """The shortest chains, and what was searched: chains of up to `searched` hops.

    `complete` is False where a bound ended the search before; `answer` says it in words.
    """

    start: str
    end: str
    chains: tuple[Chain, ...]
    searched: int
    complete: bool
    answer: str


@dataclass(slots=True)
class _Side:
    frontier: set[str]
    seen: set[str] = field(default_factory=set)


async def paths(
    reader: Reader,
    start: str,
    end: str,
    *,
    kinds: Collection[str] | None = None,
    k: int = 3,
) -> Chains:
    """Return the k (1-5) shortest chains between two sellers, of at most six hops.

    Raises NotFound for an unknown seller, BadRequest for one seller twice or an impossible k.
    """
    if not 1 <= k <= MOST_PATHS:
        raise BadRequest(f"k must be from 1 to {MOST_PATHS}, not {k}")
    if start == end:
        raise BadRequest("a path leads from one seller to another one")
    known = await handles(reader, [start, end])
    for name in (start, end):
        if name not in known:
            raise NotFound(f"there is no seller {name}")
    graph: nx.Graph[Ref] = nx.Graph()
    graph.add_nodes_from([Ref(SELLER, start), Ref(SELLER, end)])
    sides = (_Side({start}, {start}), _Side({end}, {end}))
    searched, complete = 0, True
    found: list[list[Ref]] = []
    while complete and searched < HOPS and len(found) < k:
        side = min(sides, key=lambda each: len(each.frontier))
        if not side.frontier:
            searched = HOPS  # one end is walked to its end: there is nothing further
            found = await _aside(graph, start, end, k=k, hops=HOPS)
            break
        complete = await _grow(reader, graph, side, kinds)
        searched += complete
        hops = searched if complete else HOPS
        found = await _aside(graph, start, end, k=k, hops=hops)
    chains = tuple(_chain(graph, nodes) for nodes in found)
    return Chains(start, end, chains, searched, complete, _answer(chains, searched, complete))


async def _grow(
    reader: Reader, graph: nx.Graph[Ref], side: _Side, kinds: Collection[str] | None
) -> bool:
    """Walk one hop further on a side; tell whether nothing was left out by a bound."""
    used = await from_sellers(reader, side.frontier, kinds)
    linking = {tie.identifier for tie in used.ties if tie.links}
    users = await from_identifiers(reader, (ref for ref in linking if ref not in graph))
    for tie in (*used.ties, *users.ties):
        if tie.links:
            seller = Ref(SELLER, tie.seller)
            graph.add_edge(seller, tie.identifier, tie=tie, weight=1 + SHARE * tie.degree)
    # What the other side found before is walked through from here too.
    reached = {seller.id for ref in linking for seller in graph[ref]}
    side.frontier = reached - side.seen
    side.seen |= side.frontier
    return not (used.cut or users.cut) and len(side.seen) <= MOST_SELLERS


async def _aside(
    graph: nx.Graph[Ref], start: str, end: str, *, k: int, hops: int
) -> list[list[Ref]]:
    """Look for the shortest chains in a thread: in a dense graph it takes a second."""
    return await asyncio.to_thread(_shortest, graph, start, end, k=k, hops=hops)


def _shortest(graph: nx.Graph[Ref], start: str, end: str, *, k: int, hops: int) -> list[list[Ref]]:
    """Return the k shortest chains of at most `hops` hops, as nodes."""
    ends = Ref(SELLER, start), Ref(SELLER, end)
    found: list[list[Ref]] = []
    if not nx.has_path(graph, *ends):
        return found
    for nodes in nx.shortest_simple_paths(graph, *ends, weight="weight"):
        if len(found) == k or len(nodes) > 2 * hops + 1:
            break
        found.append(nodes)
    return found


def _chain(graph: nx.Graph[Ref], nodes: list[Ref]) -> Chain:
    ties: list[Tie] = [graph.edges[pair]["tie"] for pair in pairwise(nodes)]
    return Chain(tuple(Hop(*both) for both in zip(ties[::2], ties[1::2], strict=True)))


def _answer(chains: tuple[Chain, ...], searched: int, complete: bool) -> str:
    if chains:
        least = len(chains[0].hops)
        return f"linked over {least} shared identifier{'s' * (least > 1)}"
    if complete:
        return f"no path of up to {searched} hops without a hub"
    return f"no path found; the search ended at its bound of {MOST_SELLERS} sellers"
