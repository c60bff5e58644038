"""The k cheapest simple paths of bounded length in a weighted graph; pure, and it can be stopped.

Yen's algorithm (Yen 1971) over a search that never looks behind what the whole graph rules out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from heapq import heappop, heappush
from itertools import pairwise
from math import inf
from typing import TypeVar

N = TypeVar("N", bound=Hashable)
Graph = Mapping[N, Mapping[N, float]]  # both ways, each weight greater than 0
Left = Mapping[N, tuple[float, int]]  # of a node: the least cost and the fewest edges to the end


def k_best(
    graph: Graph[N], start: N, end: N, *, k: int, edges: int, check: Callable[[], None]
) -> list[tuple[float, list[N]]]:
    """Return up to k simple paths of at most `edges` edges with their costs, the cheapest first.

    Of equal cost the one that was met first. `check` is called often; what it raises ends it.
    """
    left = _left(graph, end, check)
    first = _cheapest(graph, [start], end, edges, left, (), check)
    waiting = [(first[0], 0, first[1])] if first else []
    known = {tuple(first[1])} if first else set()
    found: list[tuple[float, list[N]]] = []
    while waiting and len(found) < k:
        cost, _, path = heappop(waiting)
        found.append((cost, path))
        for place in range(len(path) - 1):
            root = path[: place + 1]
            taken = {other[place + 1] for _, other in found if other[: place + 1] == root}
            spur = _cheapest(graph, root, end, edges, left, taken, check)
            if spur and tuple(spur[1]) not in known:
                known.add(tuple(spur[1]))
                heappush(waiting, (spur[0], len(known), spur[1]))
    return found


def _cheapest(
    graph: Graph[N],
    root: list[N],
    end: N,
    edges: int,
    left: Left[N],
    taken: Collection[N],
    check: Callable[[], None],
) -> tuple[float, list[N]] | None:
    """Return the cheapest path that begins with `root` and does not go on to what is `taken`.

    A* over (node, edges used); a longer way to a node is worth a look only where it is cheaper.
    """
    used, behind = len(root) - 1, set(root)
    cost = sum(graph[a][b] for a, b in pairwise(root))
    if root[-1] not in left:
        return None
    waiting: list[tuple[float, int, float, int, tuple[N, ...]]] = []
    heappush(waiting, (cost + left[root[-1]][0], 0, cost, used, (root[-1],)))
    fewest: dict[N, int] = {}
    pushed = 0
    while waiting:
        check()
        _, _, cost, used, way = heappop(waiting)
        here = way[-1]
        if here == end:
            return cost, [*root[:-1], *way]
        if fewest.get(here, edges + 1) <= used:
            continue  # it was reached before, cheaper and with no more edges
        fewest[here] = used
        for there, weight in graph[here].items():
            least, steps = left.get(there, (inf, edges))
            first = len(way) == 1 and there in taken
            if first or there in behind or used + 1 + steps > edges:
                continue
            pushed += 1
            ahead = cost + weight
            heappush(waiting, (ahead + least, pushed, ahead, used + 1, (*way, there)))
    return None


def _left(graph: Graph[N], end: N, check: Callable[[], None]) -> dict[N, tuple[float, int]]:
    """Return what is left at least from each node to the end: by Dijkstra, and counted in edges."""
    cost: dict[N, float] = {}
    waiting: list[tuple[float, int, N]] = [(0.0, 0, end)]
    pushed = 0
    while waiting:
        check()
        so_far, _, here = heappop(waiting)
        if here in cost:
            continue
        cost[here] = so_far
        for there, weight in graph[here].items():
            if there not in cost:
                pushed += 1
                heappush(waiting, (so_far + weight, pushed, there))
    steps, ahead = {end: 0}, [end]
    while ahead:
        check()
        fresh = dict.fromkeys(
            there for here in ahead for there in graph[here] if there not in steps
        )
        steps |= dict.fromkeys(fresh, steps[ahead[0]] + 1)
        ahead = list(fresh)
    return {node: (cost[node], steps[node]) for node in cost}
