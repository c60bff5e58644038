"""A ring judged again from what was kept of it: as its run judged it, and without some facts."""

from __future__ import annotations

import itertools

import pytest

from graphsvc.rings.columns import Kind, Market
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.recorded import uses_of
from graphsvc.rings.solve import Solution, solve
from graphsvc.rings.withdraw import Recorded, Weights, out_of_ban, tiers_without
from tests.unit.graphsvc.rings.ring_worlds import World, planted


def recorded(made: Market, found: Solution, parameters: Parameters) -> list[dict[str, Recorded]]:
    """Return of each ring what its run keeps."""
    uses = uses_of(made, [[m.seller for m in ring.members] for ring in found.rings], parameters)
    return [
        {
            made.sellers[m.seller]: Recorded(uses.get(m.seller, ()), m.own, m.tier)
            for m in ring.members
        }
        for ring in found.rings
    ]


def weights(found: Solution, parameters: Parameters = DEFAULT) -> Weights:
    return Weights(found.model, parameters.weighed_by(found.calibration.source))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("risk", [True, False])
def test_a_ring_by_itself_is_judged_as_its_run_judged_it(seed: int, risk: bool) -> None:
    world = planted(seed)
    world.risk = world.risk if risk else {}
    made = world.market()
    found = solve(made, seed=seed)
    rings = recorded(made, found, DEFAULT)
    assert rings
    told = [tiers_without(ring, (), weights(found)) for ring in rings]
    agree = [
        tiers[name] == held.tier
        for ring, tiers in zip(rings, told, strict=True)
        for name, held in ring.items()
    ]
    assert sum(agree) / len(agree) > 0.9, "only links to sellers outside of a ring are not in it"
    assert "ban" in {tier for tiers in told for tier in tiers.values()}


def team() -> World:
    """Four sellers on two accounts and a phone; two of them are reported."""
    world = World()
    world.share(Kind.PAYMENT_ACCOUNT, "one", "abcd")
    world.share(Kind.PHONE, "tel", "abc")
    world.share(Kind.EMAIL, "mail", "cd")
    world.reports.update({"a": 1, "b": 1})
    return world


def test_without_one_of_two_ties_a_member_is_believed_and_not_banned() -> None:
    made = team().market()
    found = solve(made)
    (ring,) = recorded(made, found, DEFAULT)
    assert {name: held.tier for name, held in ring.items()} == dict.fromkeys("abcd", "ban")
    assert tiers_without(ring, (), weights(found)) == dict.fromkeys("abcd", "ban")
    less = tiers_without(ring, [("email", "mail")], weights(found))
    assert less == {"a": "ban", "b": "ban", "c": "ban", "d": "review"}, "one tie is too few"
    every = [("payment_account", "one"), ("phone", "tel"), ("email", "mail")]
    assert set(tiers_without(ring, every, weights(found)).values()) == {"none"}


def test_the_way_out_of_the_ban_is_the_shortest_of_all() -> None:
    made = team().market()
    found = solve(made)
    (ring,) = recorded(made, found, DEFAULT)
    for name, held in ring.items():
        things = [(use.kind, use.identifier) for use in held.uses]
        out = out_of_ban(ring, name, things, weights(found))
        assert out is not None
        assert tiers_without(ring, out, weights(found))[name] != "ban"
        for few in itertools.combinations(things, len(out) - 1):
            assert tiers_without(ring, few, weights(found))[name] == "ban"
    assert len(out_of_ban(ring, "d", things, weights(found)) or ()) == 1


def test_nothing_is_said_of_who_is_not_banned_or_not_explained() -> None:
    made = team().market()
    found = solve(made)
    (ring,) = recorded(made, found, DEFAULT)
    spared = ring | {"d": Recorded(ring["d"].uses, ring["d"].own, "review")}
    assert out_of_ban(spared, "d", [("email", "mail")], weights(found)) is None
    quiet = {name: Recorded(held.uses, -1.0, held.tier) for name, held in ring.items()}
    assert out_of_ban(quiet, "a", [("phone", "tel")], weights(found)) is None
