"""Whether an answer of the API is what the raw rows say, recomputed with networkx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx

from benchmarks.officers import Question
from benchmarks.raw_market import Known, country, handle, title


def is_right(known: Known, asked: Question, answer: Any) -> bool:
    """Tell whether an answer's JSON says what the rows say, all of it and nothing else."""
    return "errors" not in answer and _CHECKS[asked.kind](known, asked, answer["data"])


def _lookup(known: Known, asked: Question, data: Any) -> bool:
    seller, told = asked.about, data["seller"]
    assert isinstance(seller, int)
    if seller not in asked.who.seen:
        return told is None
    uses = [edge["node"] for edge in told["identifiers"]["edges"]]
    return (
        (told["handle"], told["country"]) == (handle(seller), country(seller))
        and told["risk"] == round(float(known.raw.risk[seller]), 3)
        and [edge["node"]["title"] for edge in told["listings"]["edges"]] == [title(seller)]
        and len(told["reports"]["edges"]) == int(seller in known.raw.reported)
        and sorted((each["kind"], each["sellers"], each["hub"]) for each in uses)
        == known.shared(seller, asked.who.seen, asked.who.things)
    )


def _two_hop(known: Known, asked: Question, data: Any) -> bool:
    seller, who = asked.about, asked.who
    assert isinstance(seller, int)
    nodes = data["neighbourhood"]["nodes"]
    at: dict[int, list[Any]] = {0: [], 1: [], 2: []}
    for node in nodes:
        at[node["distance"]].append(node)
    return (
        [node["text"] for node in at[0]] == [handle(seller)]
        and sorted((node["kind"], node["degree"], node["hub"]) for node in at[1])
        == known.shared(seller, who.seen, who.things)
        and sorted(node["text"] for node in at[2])
        == sorted(map(handle, known.co_users(seller, who.seen, who.things)))
    )


def _ring(known: Known, asked: Question, data: Any) -> bool:
    """A ring is a finding; the rows say what ties its members, and that nothing parts them."""
    ring = data["ring"]
    told = {_number(edge["node"]): edge["node"] for edge in ring["members"]["edges"]}
    members = set(told)
    linking = nx.Graph(
        (seller, each)
        for seller in members
        for each in known.graph[seller]
        if not known.is_hub(each)
    )
    return (
        len(members) == ring["size"]
        and nx.is_connected(linking)
        and all(
            sorted((each["kind"], each["shared"], each["sellers"]) for each in node["reasons"])
            == _ties(known, seller, members)
            for seller, node in told.items()
        )
    )


def _ties(known: Known, seller: int, members: set[int]) -> list[tuple[str, int, int]]:
    """Return (kind, other members, sellers) of what a member shares with other members."""
    found = []
    for identifier in known.graph[seller]:
        users = set(known.graph[identifier])
        if others := len(users & members) - 1:
            found.append((identifier[0], others, len(users)))
    return sorted(found)


def _number(member: Any) -> int:
    return int(member["seller"]["handle"].removeprefix("Shop "))


_CHECKS: dict[str, Callable[[Known, Question, Any], bool]] = {
    "lookup": _lookup,
    "2-hop": _two_hop,
    "ring": _ring,
}
