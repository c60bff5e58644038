"""Controls on data that nobody here wrote: an ordinary marketplace, graphs of known components."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.planted import RINGS, planted
from benchmarks.quality import quality
from graphsvc.rings.belief import Tier
from graphsvc.rings.project import components
from graphsvc.rings.solve import solve

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
OLIST = DATA / "olist" / "olist_sellers_dataset.csv"
GRAPHS = DATA / "graphalytics"


@pytest.mark.skipif(not OLIST.exists(), reason="no sample data beside the repository")
@pytest.mark.parametrize("seed", [7, 8, 9, 10])
def test_rings_planted_in_an_ordinary_marketplace_are_found_and_nobody_else_is_banned(seed):
    made = planted(OLIST, seed)
    members = solve(made.columns()).members
    assert quality(made.truth, members).recovered >= 0.8
    assert made.truth.ring.max() + 1 == RINGS
    banned = members.seller[members.tier == Tier.BAN]
    assert not (made.truth.ring[banned] < 0).any()


def edges(path, *, adjacent):
    """Return pairs of vertices of a file of neighbours a vertex, or of edges."""
    pairs = []
    for line in path.read_text().splitlines():
        first, *rest = line.split()
        pairs += [(first, other) for other in (rest if adjacent else rest[:1])]
    return pairs


@pytest.mark.skipif(not GRAPHS.exists(), reason="no sample data beside the repository")
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("wcc/dir-input", "wcc/dir-output"),
        ("wcc/undir-input", "wcc/undir-output"),
        ("example/example-directed.e", "example/example-directed-WCC"),
        ("example/example-undirected.e", "example/example-undirected-WCC"),
    ],
)
def test_components_are_those_of_graphalytics(source, expected):
    told = [line.split() for line in (GRAPHS / expected).read_text().splitlines()]
    place = {vertex: at for at, (vertex, _) in enumerate(told)}
    pairs = edges(GRAPHS / source, adjacent=source.startswith("wcc"))
    a, b = np.array([(place[x], place[y]) for x, y in pairs], dtype=np.int32).T
    label = components(len(place), a, b)
    groups = {}
    for (vertex, component), found in zip(told, label.tolist(), strict=True):
        groups.setdefault(component, set()).add(found)
        assert vertex in place
    assert all(len(found) == 1 for found in groups.values())
    assert len(set(label.tolist())) == len(groups)
