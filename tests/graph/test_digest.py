"""The graph's digest: whatever the order, the batches and the files, the same rows, one graph."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from graphsvc.settings import Settings
from tests.graph.driving import KEY, Rows, cypher, digest_of, kept, load_all, wipe, write_csv

OLD, MID, NEW = "2024-01-01", "2024-03-03", "2024-06-06"
# Two ways to write A, one beyond the basic plane: UTF-16 and code points order them otherwise.
FAR, NEAR = "\U0001d400", "\uff21"

WORLD: dict[str, Rows] = {
    "sellers": [
        *({"seller_id": f"s-{n}", "handle": f"shop {n}", "risk": "0.5", "seen_at": MID}
          for n in range(6)),
        {"seller_id": "s-1", "handle": "older", "seen_at": OLD},
        {"seller_id": "s-1", "handle": "undated"},
        {"seller_id": "s-2", "handle": "shop 2", "risk": "0.5", "seen_at": MID},
        {"seller_id": "s-3", "handle": "tied with shop 3", "risk": "1", "seen_at": MID},
        {"seller_id": "s-3", "handle": "tied as well", "risk": "1.0", "seen_at": MID},
        {"seller_id": "s-4", "handle": f"{FAR} far", "seen_at": NEW},
        {"seller_id": "s-4", "handle": f"{NEAR} near", "seen_at": NEW},
        {"seller_id": "s-5", "tax_number": "AB 1234", "seen_at": NEW},
        {"seller_id": "s-5", "tax_number": "ab-1234", "seen_at": NEW},
    ],
    "listings": [
        *({"listing_id": f"l-{n}", "seller_id": f"s-{n}", "title": f"Vase {n}", "price": "9.5",
           "currency": "EUR", "seen_at": MID} for n in range(5)),
        {"listing_id": "l-1", "seller_id": "s-2", "title": "Vase 1", "seen_at": NEW},
        {"listing_id": "l-2", "seller_id": "s-2", "title": "Another title", "seen_at": MID},
        {"listing_id": "l-3", "seller_id": "s-unknown", "title": "Vase 3", "seen_at": OLD},
    ],
    "addresses": [
        {"seller_id": "s-1", "address": "Flat 4, 12 MAIN STREET, Leeds LS1 4AP", "country": "GB"},
        {"seller_id": "s-1", "address": "12 Main St., Apt 4, LEEDS LS1 4AP", "country": "GB"},
        {"seller_id": "s-2", "address": "flat 4, 12 main street, Leeds LS1 4AP", "country": "GB",
         "seen_at": OLD},
        {"seller_id": "s-2", "address": "Flat 4, 12 Main Street, leeds LS1 4AP", "country": "GB",
         "seen_at": NEW},
        {"seller_id": "s-3", "address": f"12 {FAR}bbey Street, Leeds LS1 4AP", "country": "GB"},
        {"seller_id": "s-3", "address": f"12 {NEAR}bbey Street, Leeds LS1 4AP", "country": "GB"},
        {"seller_id": "s-7", "address": "7 Quay Road, Hull HU1 1AA", "country": "GB",
         "role": "return"},
    ],
    "payment_accounts": [
        {"seller_id": "s-1", "account": "DE89370400440532013000", "holder": "A", "seen_at": OLD},
        {"seller_id": "s-1", "account": "DE89 3704 0044 0532 0130 00", "holder": "B",
         "seen_at": OLD},
        {"seller_id": "s-1", "account": "de89370400440532013000", "holder": "A", "seen_at": NEW},
        {"seller_id": "s-8", "account": "DE89370400440532013000", "asserted_by": "self_declared"},
        {"seller_id": "s-8", "account": "DE89370400440532013000", "asserted_by": "observed"},
    ],
    "contacts": [
        {"seller_id": "s-1", "phone": "+44 20 7946 0018", "email": "", "seen_at": NEW},
        {"seller_id": "s-1", "phone": "+442079460018", "email": "a@tolva.example.com"},
        {"seller_id": "s-3", "phone": "", "email": "A@Tolva.example.com", "seen_at": OLD},
    ],
    "devices": [
        {"seller_id": "s-1", "device": "device-000017", "seen_at": NEW},
        {"seller_id": "s-1", "device": "device-000017", "seen_at": OLD},
        {"seller_id": "s-1", "device": "device-000017"},
    ],
    "images": [
        {"listing_id": "l-1", "sha256": "ab" * 32, "pdq": "cd" * 32, "position": "3"},
        {"listing_id": "l-1", "sha256": "ab" * 32, "pdq": "ce" * 32, "position": "1"},
        {"listing_id": "l-9", "sha256": "ab" * 32, "pdq": "cd" * 32, "position": ""},
    ],
    "reports": [
        {"report_id": "r-1", "seller_id": "s-1", "reporter": "desk", "at": OLD,
         "verdict": "suspected", "seen_at": OLD},
        {"report_id": "r-1", "seller_id": "s-1", "reporter": "desk", "at": OLD,
         "verdict": "confirmed_fake", "seen_at": NEW},
        {"report_id": "r-2", "seller_id": "", "listing_id": "l-1", "reporter": "b", "at": MID,
         "verdict": "genuine"},
        {"report_id": "r-2", "seller_id": "", "listing_id": "l-7", "reporter": "b", "at": MID,
         "verdict": "genuine"},
    ],
}  # fmt: skip


@pytest.fixture
def graph(empty_graph: Settings) -> Settings:
    """An empty graph and a token key."""
    return empty_graph.model_copy(update={"token_key": Settings(GRAPHSVC_TOKEN_KEY=KEY).token_key})


def written(folder: Path, name: str, world: dict[str, Rows]) -> list[tuple[str, Path]]:
    """Write a file a kind and return them in the world's order."""
    folder = folder / name
    folder.mkdir(exist_ok=True)
    return [(kind, write_csv(folder / f"{kind}.csv", rows)) for kind, rows in world.items()]


def fresh(graph: Settings, files: Sequence[tuple[str, Path]], batch_rows: int = 10_000) -> str:
    """Return the digest of a graph that holds these files and nothing else."""
    wipe(graph)
    load_all(graph, files, batch_rows=batch_rows)
    return digest_of(graph)


def test_batches_orders_and_repeats_leave_no_trace(graph: Settings, tmp_path: Path) -> None:
    files = written(tmp_path, "world", WORLD)
    wanted = fresh(graph, files)
    assert fresh(graph, []) != wanted
    assert fresh(graph, files, 1) == wanted
    assert fresh(graph, files, 7) == wanted
    assert fresh(graph, [*reversed(files)], 3) == wanted
    again = load_all(graph, files, batch_rows=2)
    assert digest_of(graph) == wanted
    assert sum(report.counts.loaded for report in again) == 0
    assert sum(report.counts.stubs for report in again) == 0
    for report in again:
        counts = report.counts
        assert counts.rows_in == counts.unchanged + counts.rejected == len(WORLD[report.kind])


@st.composite
def dealt(draw: st.DrawFn) -> tuple[list[tuple[str, Rows]], int]:
    """The world's rows shuffled and dealt to files, the files shuffled, and a batch size."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    files: list[tuple[str, Rows]] = []
    for kind, rows in WORLD.items():
        mixed = dice.sample(list(rows), len(rows))
        cuts = sorted(dice.sample(range(1, len(rows)), draw(st.integers(0, 2))))
        edges = [0, *cuts, len(rows)]
        files.extend((kind, mixed[start:end]) for start, end in pairwise(edges))
    dice.shuffle(files)
    return files, draw(st.sampled_from([1, 2, 5, 10_000]))


@pytest.mark.parametrize("many", [2, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.timeout(600)
def test_rows_dealt_to_files_in_any_way_give_one_graph(
    graph: Settings, tmp_path: Path, many: int
) -> None:
    wanted = fresh(graph, written(tmp_path, "world", WORLD))

    @examples(
        max_examples=many,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(dealt())
    def holds(deal: tuple[list[tuple[str, Rows]], int]) -> None:
        parts, batch_rows = deal
        files = [
            (kind, write_csv(tmp_path / f"part-{place}.csv", rows))
            for place, (kind, rows) in enumerate(parts)
        ]
        assert fresh(graph, files, batch_rows) == wanted

    holds()


@pytest.mark.parametrize("kind", WORLD)
def test_every_row_matters(graph: Settings, tmp_path: Path, kind: str) -> None:
    """A digest that forgot a kind would be equal for everything: one row more must show."""
    first = WORLD[kind][0]
    changed = {kind: [*WORLD[kind], {**first, next(iter(first)): "one-more"}]}
    one = fresh(graph, written(tmp_path, "one", {kind: WORLD[kind]}))
    assert fresh(graph, written(tmp_path, "other", changed)) != one


def test_a_stub_filled_later_is_as_good_as_a_seller_known_from_the_start(
    graph: Settings, tmp_path: Path
) -> None:
    seller = ("sellers", write_csv(tmp_path / "s.csv", [{"seller_id": "s-1", "handle": "x"}]))
    device = ("devices", write_csv(tmp_path / "d.csv", WORLD["devices"]))
    wanted = fresh(graph, [seller, device])
    wipe(graph)
    [stubbed] = load_all(graph, [device])
    assert stubbed.counts.stubs == 1
    assert digest_of(graph) != wanted
    [filled] = load_all(graph, [seller])
    assert (filled.counts.loaded, filled.counts.stubs) == (1, 0)
    assert digest_of(graph) == wanted


def test_two_sources_that_say_the_same_stay_two_assertions(graph: Settings, tmp_path: Path) -> None:
    rows = [{"seller_id": "s-1", "device": "device-000017"}]
    said = {
        name: [("devices", write_csv(tmp_path / f"{name}.csv", [{**rows[0], "asserted_by": name}]))]
        for name in ("", "observed", "platform_verified")
    }
    mine, theirs, verified = said.values()
    one = fresh(graph, mine)
    assert fresh(graph, [*mine, *theirs]) == one, "observed is what silence means"
    two = fresh(graph, [*mine, *verified])
    assert two != one
    assert fresh(graph, [*verified, *mine]) == two
    assert cypher(graph, kept("count_uses"))[0]["number"] == 2
