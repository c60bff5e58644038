"""Rings as they stand equal the whole market solved anew, whatever comes and goes, in any order."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Hub, Kind
from graphsvc.rings.identity import assign
from graphsvc.rings.model import Model
from graphsvc.rings.solve import solve
from graphsvc.rings.standing import Standing
from tests.unit.graphsvc.rings.changing import (
    COUPLED,
    NUMBERS,
    PLAIN,
    Arrive,
    Change,
    Decide,
    Known,
    Settle,
    Told,
    Withdraw,
    apply,
    changes,
    towns,
)
from tests.unit.graphsvc.rings.ring_worlds import Use, planted


def found(names: list[str], groups: object) -> dict[str, object]:
    """Return all that was decided of each group, to the last bit, under the id it would get."""
    made = [(frozenset(names[m.seller] for m in g.members), g) for g in groups]  # type: ignore[attr-defined]
    ids = [named.id for named in assign([], [members for members, _ in made])]
    return {
        name: (
            [(names[m.seller], m.tier, m.log_odds, m.ties, m.own) for m in group.members],
            group.tier, group.score, group.score_reports, group.score_risk,
        )
        for name, (_, group) in zip(ids, made, strict=True)
    }  # fmt: skip


def check(told: Told, standing: Standing, model: Model, seed: int) -> None:
    """The groups stand as a batch by the same model finds them."""
    standing.settle()
    market = told.market()
    whole = solve(market, NUMBERS, seed=seed, model=model)
    assert found(standing.sellers, standing.groups) == found(market.sellers, whole.groups)


@settings(max_examples=150, deadline=None)
@given(
    towns(),
    st.lists(changes, min_size=1, max_size=40),
    st.sampled_from([COUPLED, PLAIN]),
    st.integers(0, 3),
)
def test_whatever_comes_and_goes_it_stands_as_solved_anew(
    first: list[Change], then: list[Change], model: Model, seed: int
) -> None:
    told, standing = Told(), Standing(model, NUMBERS, seed=seed)
    for change in first:
        apply(change, told, standing)
    check(told, standing, model, seed)
    for change in then:
        apply(change, told, standing)
        if isinstance(change, Settle):
            check(told, standing, model, seed)
    check(told, standing, model, seed)


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_market_that_arrives_seller_by_seller_stands_as_one_that_came_at_once(luck) -> None:
    world = planted()
    names = sorted({use.seller for use in world.uses})
    luck.shuffle(names)
    standing, told = Standing(PLAIN, NUMBERS), Told()
    for count, name in enumerate(names):
        risk = world.risk[name]
        assert risk is not None
        for change in (
            Known(name, risk, world.reports.get(name, 0)),
            *(Arrive(use) for use in world.uses if use.seller == name),
        ):
            apply(change, told, standing)
        standing.settle()
        if count in (len(names) // 3, len(names) - 1):
            check(told, standing, PLAIN, 0)


def test_a_change_solves_the_components_that_it_touches_and_no_more() -> None:
    world = planted()
    standing, told = Standing(PLAIN, NUMBERS), Told()
    for use in world.uses:
        apply(Arrive(use), told, standing)
    assert standing.settle() == len({use.seller for use in world.uses})
    assert standing.settle() == 0
    apply(Known("twin-3-a", 0.9, 1), told, standing)
    assert standing.settle() == 2, "a twin hangs together with the other, and with nobody else"
    apply(Arrive(Use("stranger", Kind.PHONE, "tel-of-nobody")), told, standing)
    assert standing.settle() == 1
    apply(Arrive(Use("stranger", Kind.EMAIL, "mail-twin-3")), told, standing)
    assert standing.settle() == 3
    sizes = Counter(len(group.members) for group in standing.groups)
    assert sizes[3] >= 1
    check(told, standing, PLAIN, 0)


def test_what_more_use_than_may_be_linked_ties_once_a_person_says_so_or_enough_are_gone() -> None:
    standing, told = Standing(PLAIN, NUMBERS), Told()
    crowd = [f"s{n:02}" for n in range(NUMBERS.cap[Kind.PHONE] + 1)]

    def tied(change: Change) -> bool:
        """Tell whether there is a group after a change, as there is in a batch."""
        apply(change, told, standing)
        check(told, standing, PLAIN, 0)
        return bool(standing.groups)

    ties = [tied(Arrive(Use(name, Kind.PHONE, "desk"))) for name in crowd]
    assert ties == [False, *[True] * (len(crowd) - 2), False]
    assert tied(Decide(Kind.PHONE, "desk", Hub.NONE))
    assert not tied(Decide(Kind.PHONE, "desk", Hub.UNDECIDED))
    assert tied(Withdraw(0))
    assert not tied(Decide(Kind.PHONE, "desk", Hub.HUB))
