"""Groups of sellers on the link graph, by one of three engines, always the same for one seed.

It must never read reports or risk, and never let a component's split depend on another component.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise

import community
import networkx as nx
import numpy as np
from graspologic_native import leiden_csr
from scipy.sparse import coo_matrix

from graphsvc.rings import judgements
from graphsvc.rings.columns import Floats, Ints, Judged, Longs, Market
from graphsvc.rings.distinct import changes
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.project import Links, components, least_member


def groups(
    market: Market, links: Links, parameters: Parameters, *, engine: Engine, seed: int
) -> Ints:
    """Return for each seller the least member of its group; a seller alone is its own group.

    Whatever the engine, two sellers who were judged different are never in one group.
    """
    if engine is Engine.COMPONENTS:
        label = _few_seller_components(market, parameters)
    elif engine is Engine.LOUVAIN:
        label = _louvain(links, seed)
    else:
        label = _evidence(market, links, parameters, seed)
    return judgements.parted(market, links, label)


def _few_seller_components(market: Market, parameters: Parameters) -> Ints:
    """Join all over linkable identifiers of very few sellers, or a judgement: the others' bar."""
    few = market.linkable(parameters.cap) & (market.degree() <= parameters.component_degree)
    rows = np.flatnonzero(few[market.row_identifier])
    together = np.flatnonzero(np.diff(market.row_identifier[rows]) == 0)
    seller, same = market.row_seller[rows], market.judged == Judged.SAME
    a = np.concatenate([seller[together], market.judged_a[same]])
    b = np.concatenate([seller[together + 1], market.judged_b[same]])
    return components(len(market.sellers), a, b)


def _louvain(links: Links, seed: int) -> Ints:
    """Modularity on the whole link graph; nodes and edges go in sorted, or seeds mean nothing."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(np.union1d(links.a, links.b).tolist())
    edges = zip(links.a.tolist(), links.b.tolist(), links.weight.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    label = np.arange(links.sellers, dtype=np.int64)
    if links.a.size:
        found = community.best_partition(graph, weight="weight", random_state=seed % 2**32)
        nodes = np.fromiter(found.keys(), np.int64, len(found))
        label[nodes] = np.fromiter(found.values(), np.int64, len(found)) + links.sellers
    return least_member(label.astype(np.int32))


def _evidence(market: Market, links: Links, parameters: Parameters, seed: int) -> Ints:
    """Split each component of `split_size` sellers or more, then glue what belongs together."""
    label = components(links.sellers, links.a, links.b)
    for component in _components_to_split(label, links, parameters.split_size):
        name = market.sellers[component.members[0]]
        piece = _leiden(component, parameters.resolution, _seed_of(seed, name))
        joined = _glue(component, piece, parameters)
        label[component.members] = component.members[joined]
    return label


@dataclass(frozen=True, slots=True, eq=False)
class _Component:
    """Sellers of one component, ascending, and its links both ways in places (CSR)."""

    members: Ints
    indptr: Longs
    indices: Ints
    weight: Floats


def _components_to_split(label: Ints, links: Links, size: int) -> Iterator[_Component]:
    sizes = np.bincount(label, minlength=label.size)
    members = np.flatnonzero(sizes[label] >= size)
    members = members[np.argsort(label[members], kind="stable")]
    if not members.size:
        return
    place = np.full(label.size, -1, dtype=np.int32)
    place[members] = np.arange(members.size, dtype=np.int32)
    kept = place[links.a] >= 0
    a, b = place[links.a[kept]], place[links.b[kept]]
    weight = links.weight[kept]
    both = (np.concatenate([weight, weight]), (np.concatenate([a, b]), np.concatenate([b, a])))
    graph = coo_matrix(both, shape=(members.size, members.size)).tocsr()
    graph.sort_indices()
    starts = np.flatnonzero(changes(label[members]))
    for start, end in zip(starts, np.append(starts[1:], members.size), strict=True):
        first, last = graph.indptr[start], graph.indptr[end]
        yield _Component(
            members=members[start:end].astype(np.int32),
            indptr=(graph.indptr[start : end + 1] - first).astype(np.int64),
            indices=(graph.indices[first:last] - start).astype(np.int32),
            weight=graph.data[first:last].astype(np.float64),
        )


def _seed_of(seed: int, least: str) -> int:
    """Return the component's own seed: it must survive other components coming and going."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{least}".encode()).digest()[:7], "big")


def _leiden(component: _Component, resolution: float, seed: int) -> list[int]:
    """Leiden under the constant Potts model; returns each place's piece, as its least place."""
    count = component.members.size
    _, found = leiden_csr(
        component.indptr,
        component.indices,
        component.weight,
        count,
        resolution=resolution,
        use_modularity=False,
        seed=seed,
    )
    least: dict[int, int] = {}
    return [least.setdefault(found[place], place) for place in range(count)]


def _glue(component: _Component, piece: list[int], parameters: Parameters) -> list[int]:
    """Return each place's piece after merging, as the least place of the merged piece."""
    size = Counter(piece)
    if len(size) == 1:
        return piece
    pieces = _Pieces(size, _between(component, piece))
    pieces.merge_gated(parameters.merge_gate, parameters.merge_gate_per_pair)
    pieces.merge_small(parameters.small_piece)
    return [pieces.root(each) for each in piece]


def _between(component: _Component, piece: list[int]) -> dict[int, dict[int, float]]:
    """Return the weight between each two pieces that have any, the same in both directions."""
    between: dict[int, dict[int, float]] = {each: {} for each in piece}
    bounds = pairwise(component.indptr.tolist())
    near, weight = component.indices.tolist(), component.weight.tolist()
    for one, (start, end) in zip(piece, bounds, strict=True):
        for place in range(start, end):
            other = piece[near[place]]
            if one < other:  # one sum for both directions: two would round apart
                between[one][other] = between[one].get(other, 0.0) + weight[place]
    for one, others in list(between.items()):
        for other, total in others.items():
            between[other][one] = total
    return between


class _Pieces:
    """Pieces of one component, named by their least place, with the weight between them."""

    def __init__(self, size: dict[int, int], between: dict[int, dict[int, float]]) -> None:
        self._size = size
        self._between = between
        self._into: dict[int, int] = {}

    def root(self, piece: int) -> int:
        """Return the piece that this one has become part of."""
        while piece in self._into:
            piece = self._into[piece]
        return piece

    def merge_gated(self, gate: float, per_pair: float) -> None:
        """Merge, best gain first, while W(A,B) >= gate + per_pair * |A| * |B|."""

        def offer(a: int, b: int) -> tuple[float, int, int]:
            # The sizes first: their product is exact, so (a, b) and (b, a) are one offer.
            need = gate + per_pair * (self._size[a] * self._size[b])
            return need - self._between[a][b], min(a, b), max(a, b)

        heap = [offer(a, b) for a, near in self._between.items() for b in near if a < b]
        heap = [entry for entry in heap if entry[0] <= 0]
        heapify(heap)
        while heap:
            entry = heappop(heap)
            _, a, b = entry
            if b not in self._between.get(a, {}) or offer(a, b) != entry:
                continue  # one of the two has merged since
            self._absorb(a, b)
            for near in self._between[a]:
                better = offer(a, near)
                if better[0] <= 0:
                    heappush(heap, better)

    def merge_small(self, least_size: int) -> None:
        """Let every piece below `least_size` join the neighbour it is tied to most."""
        small = sorted(p for p, size in self._size.items() if size < least_size)
        while small:
            piece = small.pop(0)
            near = self._between.get(piece)
            if not near or self._size[piece] >= least_size:
                continue
            strongest = min(near, key=lambda other: (-near[other], other))
            kept, gone = min(piece, strongest), max(piece, strongest)
            self._absorb(kept, gone)
            if self._size[kept] < least_size:
                small.insert(0, kept)

    def _absorb(self, kept: int, gone: int) -> None:
        for other, weight in self._between.pop(gone).items():
            del self._between[other][gone]
            if other != kept:
                total = self._between[kept].get(other, 0.0) + weight
                self._between[kept][other] = self._between[other][kept] = total
        self._size[kept] += self._size.pop(gone)
        self._into[gone] = kept
