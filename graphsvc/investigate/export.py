"""Rings to take along: GraphML or node-link JSON, the same bytes for the same finding.

Identifiers leave as they are shown and under a short stable label; a token never leaves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum

import networkx as nx

from graphsvc.errors import NotFound
from graphsvc.investigate.kinds import SELLER
from graphsvc.investigate.lines import writable
from graphsvc.investigate.rings import RingView, list_rings, view
from graphsvc.investigate.runs import shown_run
from graphsvc.investigate.why import Shared
from graphsvc.rings.groups import label
from graphsvc.store.reader import Reader

PAGE = 200
Value = str | int | float | bool | None


class Format(StrEnum):
    """How a graph is written."""

    GRAPHML = "graphml"
    JSON = "json"


async def rings_of_run(reader: Reader, run: str | None = None) -> list[RingView]:
    """Return every ring of a run with its reasons, by ring id; raises NotFound."""
    shown = await shown_run(reader, run)
    if shown is None:
        raise NotFound("no ring has been found yet; run `graphsvc rings detect`")
    found, after, more = [], "", True
    while more:
        part = await list_rings(reader, run=shown.id, first=PAGE, after=after)
        found += [await view(reader, ring) for ring in part.items]
        more = part.more
        after = part.cursors[-1] if part.cursors else ""
    return sorted(found, key=lambda each: each.ring.id)


def written(views: Sequence[RingView], form: Format) -> str:
    """Return rings as text that ends with a line feed."""
    graph = graph_of(views)
    if form is Format.JSON:
        told = nx.node_link_data(graph, edges="links")
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    return "\n".join(nx.generate_graphml(graph, prettyprint=True)) + "\n"


def graph_of(views: Sequence[RingView]) -> nx.MultiGraph[str]:
    """Return rings as a graph: sellers to their ring (`member`) and to what they share (`uses`).

    Node ids are `ring:ID@VERSION`, `seller:ID` and the label of an identifier.
    """
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for each in views:
        ring = each.ring
        cited = writable(f"ring:{ring.id}@{ring.version}")
        _add(graph, cited, type="ring", tier=ring.tier, status=ring.status, score=ring.score,
             size=ring.size, engine=ring.engine, run=ring.run)  # fmt: skip
        for seen in each.members:
            member = seen.member
            name = writable(f"{SELLER}:{member.seller}")
            _add(graph, name, type=SELLER, handle=member.handle, country=member.country,
                 platform=member.platform, status=member.status)  # fmt: skip
            graph.add_edge(name, cited, key=f"member {cited}", **_held(
                type="member", tier=member.tier, posterior=member.posterior, ties=member.ties,
            ))  # fmt: skip
            for reason in seen.reasons:
                _add_reason(graph, name, cited, reason)
    return _sorted(graph)


def _add_reason(graph: nx.MultiGraph[str], name: str, cited: str, reason: Shared) -> None:
    shared = label(reason.kind, reason.id)
    _add(
        graph,
        shared,
        type=reason.kind,
        shown=reason.shown,
        level=reason.level,
        sellers=reason.sellers,
    )
    graph.add_edge(name, shared, key=f"uses {cited}", **_held(
        type="uses", ring=cited, members=reason.members, weight=reason.weight,
        ban_weight=reason.ban_weight, counts=reason.counts, cut=reason.cut,
        first_seen=reason.first_seen, last_seen=reason.last_seen,
        sources=", ".join(reason.sources), asserted_by=", ".join(reason.asserted_by),
    ))  # fmt: skip


def _add(graph: nx.MultiGraph[str], name: str, **values: Value) -> None:
    graph.add_node(name, **_held(**values))


def _held(**values: Value) -> dict[str, Value]:
    """Return what is known; neither format has a word for unknown."""
    return {
        name: writable(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }


def _sorted(graph: nx.MultiGraph[str]) -> nx.MultiGraph[str]:
    """Return the graph with nodes and edges in order, so that its text is always the same."""
    ordered: nx.MultiGraph[str] = nx.MultiGraph()
    ordered.add_nodes_from(sorted(graph.nodes(data=True), key=lambda each: each[0]))
    edges = [(*sorted((a, b)), key, data) for a, b, key, data in graph.edges(keys=True, data=True)]
    ordered.add_edges_from(sorted(edges, key=lambda each: each[:3]))
    return ordered
