"""Who is guilty together: the table against a slow reference; homes and rings told apart."""

import math
import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings import coupling
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.solve import solve
from graphsvc.rings.weigh import PRIOR, Calibration, degree_bin, shared_ties
from tests.unit.graphsvc.rings.ring_worlds import Use, market

uses = st.lists(
    st.builds(
        Use,
        st.sampled_from("abcdefg"),
        st.sampled_from(Kind),
        st.sampled_from("xyz"),
        level=st.sampled_from([Level.UNIT, Level.BUILDING]),
    ),
    max_size=30,
)
own = st.lists(st.floats(-3, 6), min_size=7, max_size=7)


def reference(made, nats, parameters):
    """The same by plain loops over pairs of sellers and what they share."""
    users = {}
    for seller, code in zip(made.row_seller.tolist(), made.row_identifier.tolist(), strict=True):
        users.setdefault(code, []).append(seller)
    active = made.linkable(parameters.cap)
    facts, homes = {}, set()
    for code, sellers in users.items():
        if not active[code]:
            continue
        kind = int(made.identifier_kind[code])
        few = len(sellers) <= parameters.corroboration_degree
        unit = made.identifier_level[code] == Level.UNIT
        if kind == Kind.ADDRESS and few and unit:
            homes.update(combinations(sorted(sellers), 2))
    for code, sellers in users.items():
        if not active[code]:
            continue
        kind = int(made.identifier_kind[code])
        building = int(made.identifier_level[code] == Level.BUILDING)
        for pair in combinations(sorted(sellers), 2):
            second = building if kind == Kind.ADDRESS else int(pair in homes)
            place = (int(degree_bin(len(sellers))), second)
            best, least = facts.setdefault(pair, {}).get(kind, (place, len(sellers)))
            facts[pair][kind] = (min(best, place), min(least, len(sellers)))
    table = {
        (k, b, s): PRIOR.pi[k, b, s if k == Kind.ADDRESS else 0]
        for k in range(6)
        for b in range(8)
        for s in range(2)
    }
    start = dict(table)
    prior = parameters.coupling_prior
    for _ in range(parameters.coupling_rounds):
        told, counts = dict.fromkeys(table, 0.0), dict.fromkeys(table, 0.0)
        for (a, b), kinds in facts.items():
            cells = {(kind, *place): 2 / least for kind, (place, least) in kinds.items()}
            p = 1 - math.prod(1 - table[cell] for cell in cells)
            alone = math.prod(1 - prior + prior * math.exp(nats[s]) for s in (a, b))
            ratio = math.exp(nats[a] + nats[b]) / alone
            guilty = p * ratio / (p * ratio + 1 - p)
            for cell, share in cells.items():
                told[cell] += share * guilty * table[cell] / p
                counts[cell] += share
        shrink = parameters.coupling_shrink
        table = {
            cell: min(
                parameters.max_weight,
                (told[cell] + shrink * start[cell] / 2) / (counts[cell] + shrink),
            )
            for cell in table
        }
    return table


@settings(max_examples=60)
@given(uses, own)
def test_the_table_is_that_of_plain_loops(told, nats):
    parameters = Parameters(cap=(5,) * 6, coupling_rounds=3)
    made = market(told, dict.fromkeys("abcdefg", 0))
    ties = coupling.beside_home(shared_ties(made, parameters), parameters)
    found = coupling.learn(ties, np.array(nats), PRIOR, parameters)
    for cell, value in reference(made, nats, parameters).items():
        assert found.pi[cell] == pytest.approx(value, rel=1e-9)


def test_what_is_beside_a_home_starts_as_it_is_between_strangers():
    """The table of one operator knows no homes: what it has in that column says nothing."""
    ties = coupling.beside_home(shared_ties(honest_homes_and_guilty_accounts(), DEFAULT), DEFAULT)
    odd, own = PRIOR.pi.copy(), np.zeros(ties.sellers)
    odd[[kind for kind in Kind if kind is not Kind.ADDRESS], :, 1] = 0.123
    found = coupling.learn(ties, own, Calibration("self", odd), DEFAULT)
    assert np.array_equal(found.pi, coupling.learn(ties, own, PRIOR, DEFAULT).pi)


def honest_homes_and_guilty_accounts():
    """300 homes of two honest sellers, 60 accounts of four guilty ones: risk tells them apart."""
    luck = random.Random(5)
    told, risk, reports = [], {}, {}
    for home in range(300):
        for name in (f"h{home}a", f"h{home}b"):
            told.append(Use(name, Kind.ADDRESS, f"home{home}", level=Level.UNIT))
            risk[name] = luck.betavariate(2, 5)
    for ring in range(60):
        for place in range(4):
            name = f"r{ring}-{place}"
            told.append(Use(name, Kind.PAYMENT_ACCOUNT, f"account{ring}"))
            risk[name] = luck.betavariate(5, 3)
            reports[name] = int(place < 2 and ring % 2 == 0)
    return market(told, reports, risk)


def test_a_home_carries_less_guilt_than_an_account_whatever_speaks_for_one_operator():
    found = solve(honest_homes_and_guilty_accounts())
    assert found.calibration.weight(Kind.ADDRESS, 2, Level.UNIT) == 0.6
    assert found.coupling is not None
    assert found.coupling.weight(Kind.ADDRESS, 2, Level.UNIT) < 0.1
    assert found.coupling.weight(Kind.PAYMENT_ACCOUNT, 4, Level.NONE) > 0.8


def test_what_is_shared_beside_a_home_says_less_than_between_strangers():
    made = honest_homes_and_guilty_accounts()
    told, risk, reports = uses_of(made)
    for home in range(300):  # households have a computer in common, as rings have
        told += [Use(f"h{home}{side}", Kind.DEVICE, f"computer{home}") for side in "ab"]
    for ring in range(60):
        told += [Use(f"r{ring}-{place}", Kind.DEVICE, f"till{ring}") for place in (0, 1)]
    found = solve(market(told, reports, risk)).coupling
    assert found is not None
    at_home, apart = (found.pi[Kind.DEVICE, 0, side] for side in (1, 0))
    assert at_home < 0.1 < 0.5 < apart


def test_a_home_that_a_side_only_declares_is_none():
    told = [Use("a", Kind.ADDRESS, "x", declared=True, level=Level.UNIT)]
    told += [Use("b", Kind.ADDRESS, "x", level=Level.UNIT)]
    told += [Use(seller, Kind.PHONE, "p") for seller in "ab"]
    for declared, marked in ((True, [False, False]), (False, [False, True])):
        told[0] = Use("a", Kind.ADDRESS, "x", declared=declared, level=Level.UNIT)
        ties = coupling.beside_home(shared_ties(market(told), DEFAULT), DEFAULT)
        kinds = dict(zip(ties.kind.tolist(), ties.second.tolist(), strict=True))
        assert [kinds[Kind.ADDRESS], kinds[Kind.PHONE]] == marked


@pytest.mark.parametrize(("sellers", "marked"), [(10, True), (11, False)])
def test_an_address_of_many_is_no_home(sellers, marked):
    names = [f"s{place}" for place in range(sellers)]
    told = [Use(name, Kind.ADDRESS, "x", level=Level.UNIT) for name in names]
    told += [Use(name, Kind.PHONE, "p") for name in names[:2]]
    ties = coupling.beside_home(shared_ties(market(told), DEFAULT), DEFAULT)
    assert ties.second[ties.kind == Kind.PHONE].tolist() == [marked]


def uses_of(made):
    """What a market was told, once more."""
    told = [
        Use(
            made.sellers[seller],
            Kind(int(made.identifier_kind[code])),
            made.identifiers[code],
            level=Level(int(made.identifier_level[code])),
        )
        for seller, code in zip(made.row_seller.tolist(), made.row_identifier.tolist(), strict=True)
    ]
    reports = dict(zip(made.sellers, made.report_count.tolist(), strict=True))
    return told, dict(zip(made.sellers, made.risk.tolist(), strict=True)), reports


def test_nothing_is_learned_where_risk_tells_nothing():
    made = honest_homes_and_guilty_accounts()
    made.risk[:] = np.random.default_rng(1).beta(2, 5, made.risk.size)
    assert solve(made).coupling is None
    made.risk[:] = np.nan
    assert solve(made).coupling is None


def test_where_it_was_learned_less_is_asked_for():
    loose = DEFAULT.coupled()
    assert loose.flag_score < DEFAULT.flag_score
    assert loose.ban_log_odds < DEFAULT.ban_log_odds
    assert loose.two_type_floor == 0
