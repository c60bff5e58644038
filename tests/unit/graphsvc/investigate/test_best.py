"""The k cheapest paths: those of networkx on random graphs, at once where those are many."""

from __future__ import annotations

import random
from itertools import islice, pairwise

import networkx as nx
import pytest

from graphsvc.errors import DatabaseSlow
from graphsvc.investigate.best import k_best


def graph_of(made: nx.Graph) -> dict[int, dict[int, float]]:
    return {a: {b: data["weight"] for b, data in made[a].items()} for a in made}


def told(made: nx.Graph, k: int, edges: int) -> list[tuple[float, list[int]]]:
    end = len(made) - 1
    return k_best(graph_of(made), 0, end, k=k, edges=edges, check=lambda: None)


def expected(made: nx.Graph, k: int, edges: int) -> list[float]:
    if not nx.has_path(made, 0, len(made) - 1):
        return []
    paths = nx.shortest_simple_paths(made, 0, len(made) - 1, weight="weight")
    short = (path for path in paths if len(path) <= edges + 1)
    return [nx.path_weight(made, path, "weight") for path in islice(short, k)]


@pytest.mark.parametrize("seed", range(120))
def test_the_paths_are_those_of_networkx(seed: int) -> None:
    dice = random.Random(seed)
    made = nx.gnp_random_graph(dice.randint(3, 11), dice.choice([0.2, 0.4, 0.7]), seed=seed)
    for a, b in made.edges():
        made[a][b]["weight"] = dice.choice([0.05, 0.3, 0.3, 1.0, dice.random() + 0.01])
    k, edges = dice.randint(1, 5), dice.choice([2, 3, 4, 6, 12])
    found = told(made, k, edges)
    assert [cost for cost, _ in found] == pytest.approx(expected(made, k, edges))
    assert len({tuple(path) for _, path in found}) == len(found)
    for cost, path in found:
        assert (path[0], path[-1]) == (0, len(made) - 1)
        assert len(set(path)) == len(path) <= edges + 1
        assert sum(made[a][b]["weight"] for a, b in pairwise(path)) == pytest.approx(cost)


def test_a_long_cheap_way_is_no_way_past_the_bound() -> None:
    made = nx.path_graph(9)
    nx.set_edge_attributes(made, 0.01, "weight")
    made.add_edge(0, 8, weight=5.0)
    made.add_edge(0, 4, weight=1.0)
    assert [path for _, path in told(made, 3, 5)] == [[0, 4, 5, 6, 7, 8], [0, 8]]
    assert [len(path) for _, path in told(made, 3, 8)] == [9, 6, 2]


def test_it_ends_where_it_is_told_to() -> None:
    made = nx.complete_graph(60)
    nx.set_edge_attributes(made, 1.0, "weight")
    looks = 0

    def check() -> None:
        nonlocal looks
        looks += 1
        if looks > 5:
            raise DatabaseSlow("enough")

    with pytest.raises(DatabaseSlow):
        k_best(graph_of(made), 0, 59, k=5, edges=12, check=check)
    assert looks == 6
