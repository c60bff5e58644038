"""What attackers claim bans nobody who is innocent; and the attacks are real ones."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import attacks
from benchmarks.markets import market
from graphsvc.rings.belief import Tier
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.solve import solve


def bans(made, parameters=None):
    members = solve(made.columns(), parameters or Parameters()).members
    return set(members.seller[members.tier == Tier.BAN].tolist())


@pytest.fixture(scope="module")
def made():
    return market(6000, 21)


@pytest.mark.parametrize("attack", attacks.HARMING)
def test_no_claim_of_attackers_bans_an_innocent_and_they_are_banned_themselves(made, attack):
    attacked = attack(made, np.random.default_rng(1))
    before, after = bans(made), bans(attacked.market)
    assert not (after - before) & set(attacked.about.tolist())
    shops = set(range(len(made.truth.ring), len(attacked.market.truth.ring)))
    assert len(shops & after) >= 0.8 * len(shops)


def test_those_who_hide_among_hubs_stay_banned(made):
    attacked = attacks.hide_among_hubs(made, np.random.default_rng(1))
    about = set(attacked.about.tolist())
    assert len(bans(attacked.market) & about) >= 0.95 * len(bans(made) & about)


def test_contacts_would_ban_were_they_no_mere_claims(made):
    attacked = attacks.plant_contacts(made, np.random.default_rng(1)).market
    rows = attacked.rows.drop_columns("asserted_by")
    believed = replace(attacked, rows=rows)
    about = set(attacks.plant_contacts(made, np.random.default_rng(1)).about.tolist())
    assert len(bans(believed) & about) > len(about) / 2
