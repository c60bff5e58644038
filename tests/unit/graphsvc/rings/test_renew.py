"""Solving only what is not as it was gives the findings of a whole solution, to the last bit."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Hub, Judged, Kind, Level, Market
from graphsvc.rings.component import components_of, digests, joint, part_of, single
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Engine
from graphsvc.rings.renew import renew
from graphsvc.rings.save import Before, Findings, name_rings
from graphsvc.rings.solve import solve
from graphsvc.rings.standing import Standing
from queries.rings.detection import KnownRing
from tests.unit.graphsvc.rings.changing import (
    COUPLED,
    LIKENESS,
    NUMBERS,
    PLAIN,
    Arrive,
    Change,
    Judge,
    Known,
    Told,
    apply,
    changes,
    towns,
)
from tests.unit.graphsvc.rings.ring_worlds import Use, planted

NOTHING = Before(Engine.EVIDENCE, 0, None, [], {})


def known(findings: Findings) -> list[KnownRing]:
    """Return findings as the next run reads them."""
    return [
        KnownRing(
            ring.id, ring.version, ring.tier, ring.score, ring.score_reports, ring.score_risk,
            [member.seller for member in ring.members],
            [list(astuple(member)[1:]) for member in ring.members],
        )
        for ring in findings.rings
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    towns(),
    st.lists(LIKENESS, max_size=3),
    st.lists(st.one_of(changes, LIKENESS), max_size=6),
    st.sampled_from([COUPLED, PLAIN]),
    st.integers(0, 3),
)
def test_an_update_finds_what_a_detection_by_the_same_model_would(
    first: list[Change], alike: list[Change], then: list[Change], model: Model, seed: int
) -> None:
    told, unheard = Told(), Standing(model, NUMBERS)
    for change in first + alike:
        apply(change, told, unheard)
    old = told.market()
    was = solve(old, NUMBERS, seed=seed, model=model)
    held = name_rings(NOTHING, old, was.rings, NUMBERS)
    judged = single(joint(digests(old, was.component).values()))

    for change in then:
        apply(change, told, unheard)
    new = told.market()
    whole = solve(new, NUMBERS, seed=seed, model=model)
    before = Before(Engine.EVIDENCE, 1, None, known(held), {r.id: r.version for r in held.rings})
    made = renew(new, model, NUMBERS, seed, rings=before.rings, judged=judged)
    batch = name_rings(before, new, whole.rings, NUMBERS)
    assert name_rings(before, new, made.rings, NUMBERS) == batch
    assert made.judged == frozenset(digests(new, whole.component).values())
    assert np.array_equal(components_of(new, model, NUMBERS), whole.component)
    event(f"carried {bool(made.carried)}, solved {bool(made.solved)}, rings {len(batch.rings) > 1}")


@pytest.mark.parametrize("seller", ["ring-team-0", "twin-5-a", "shop-2"])
def test_only_the_component_of_who_changed_is_solved(seller: str) -> None:
    world = planted()
    old = world.market()
    was = solve(old, model=PLAIN)
    held = name_rings(NOTHING, old, was.rings, NUMBERS)
    judged = frozenset(digests(old, was.component).values())
    nothing = renew(old, PLAIN, NUMBERS, 0, rings=known(held), judged=frozenset())
    same = renew(old, PLAIN, NUMBERS, 0, rings=known(held), judged=judged)
    assert (same.solved, same.touched, same.carried) == (0, 0, len(held.rings))
    assert (nothing.solved, nothing.carried) == (len(nothing.judged), 0)

    world.reports[seller] = 3
    new = world.market()
    made = renew(new, PLAIN, NUMBERS, 0, rings=known(held), judged=judged)
    label = was.component
    size = int(np.count_nonzero(label == label[new.sellers.index(seller)]))
    assert (made.solved, made.touched) == ((1, size) if size > 1 else (0, 0))


def test_a_part_keeps_how_widely_things_are_used() -> None:
    market = planted().market()
    inside = np.zeros(len(market.sellers), dtype=np.bool_)
    inside[market.sellers.index("twin-3-a")] = True
    part = part_of(market, inside)
    assert set(part.row_seller.tolist()) == {market.sellers.index("twin-3-a")}
    assert part.degree().tolist() == market.degree().tolist()


@pytest.mark.parametrize("names", [[], ["alone"], ["alone", "apart"]])
def test_where_nobody_hangs_together_there_is_nothing_to_solve(names: list[str]) -> None:
    told, unheard = Told(), Standing(PLAIN, NUMBERS)
    for name in names:
        apply(Known(name, 0.9, 1), told, unheard)
    made = renew(told.market(), PLAIN, NUMBERS, 0, rings=[], judged=frozenset())
    assert (made.rings, made.judged, made.solved, made.touched) == ((), frozenset(), 0, 0)
    assert single(joint([])) == frozenset()
    unheard.settle()
    assert unheard.groups == []


def one(market: Market, **changed: object) -> bytes:
    """Return the digest of the one component of a market, some of whose columns are others."""
    made = replace(market, **{name: np.asarray(value) for name, value in changed.items()})  # type: ignore[arg-type]
    (digest,) = digests(made, np.zeros(len(market.sellers), dtype=np.int32)).values()
    return digest


COLUMNS = {
    "identifier_kind": [Kind.EMAIL],
    "identifier_level": [Level.BUILDING],
    "identifier_reach": [7],
    "identifier_hub": [Hub.NONE],
    "row_confidence": np.array([1.0, 0.9], np.float32),
    "row_first_seen": np.array([-1, 5], np.int32),
    "row_self_declared": [False, True],
    "risk": [0.1, np.nan],
    "report_count": [0, 2],
    "judged": np.array([Judged.SAME], np.uint8),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_whatever_a_component_is_judged_by_is_in_its_digest(column: str) -> None:
    told, unheard = Told(), Standing(PLAIN, NUMBERS)
    for name in ("a", "b"):
        apply(Arrive(Use(name, Kind.PHONE, "desk")), told, unheard)
        apply(Known(name, 0.1, 0), told, unheard)
    apply(Judge("a", "b", Judged.UNSURE), told, unheard)
    market = told.market()
    assert one(market, **{column: COLUMNS[column]}) != one(market)
    assert one(market, **{column: getattr(market, column)}) == one(market)


def test_that_two_addresses_became_one_place_is_in_the_digest() -> None:
    told, unheard = Told(), Standing(PLAIN, NUMBERS)
    for name in ("a", "b"):
        for home in ("mill", "yard"):
            apply(Arrive(Use(name, Kind.ADDRESS, home, level=Level.UNIT)), told, unheard)
    assert one(told.market(), identifier_place=[0, 0]) != one(told.market())
