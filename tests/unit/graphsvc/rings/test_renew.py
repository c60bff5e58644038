"""Solving only what is not as it was gives the findings of a whole solution, to the last bit."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

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
    Change,
    Known,
    Told,
    apply,
    changes,
    towns,
)
from tests.unit.graphsvc.rings.ring_worlds import planted

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
