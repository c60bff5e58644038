"""Judging by the tables of another run: the same where nothing changed, and local where it did."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.errors import Conflict
from graphsvc.rings import project, weigh
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.model import Model, model_of
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.solve import solve
from queries.schema.findings import DetectionRun
from tests.unit.graphsvc.rings.ring_worlds import Use, market, planted
from tests.unit.graphsvc.rings.test_coupling import honest_homes_and_guilty_accounts


def as_kept(model):
    return Model.from_json(json.loads(json.dumps(model.as_json())))


def told(made, solution):
    """Who is in what group, with what tier and belief, by name."""
    return {
        frozenset(
            (made.sellers[m.seller], m.tier, round(m.log_odds, 9), m.ties) for m in group.members
        )
        for group in solution.groups
    }


@pytest.mark.parametrize(
    "made", [planted().market(), honest_homes_and_guilty_accounts()], ids=["plain", "coupled"]
)
def test_by_its_own_model_a_market_is_what_it_was(made):
    first = solve(made, seed=4)
    again = solve(made, seed=4, model=as_kept(first.model))
    assert told(made, again) == told(made, first)
    assert again.model.as_json() == first.model.as_json()


def test_a_model_is_kept_whatever_the_market_would_teach():
    model = solve(honest_homes_and_guilty_accounts()).model
    other = planted().market()
    assert solve(other).coupling is None
    assert solve(other, model=model).model is model
    assert told(other, solve(other, model=model)) != told(other, solve(other))


sellers = [f"s{n}" for n in range(12)]
uses = st.lists(
    st.builds(
        Use,
        st.sampled_from(sellers),
        st.sampled_from([Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.IMAGE, Kind.ADDRESS]),
        st.sampled_from("pqrst"),
        day=st.integers(-1, 60),
        declared=st.booleans(),
        level=st.just(Level.BUILDING),
    ),
    min_size=10,
    max_size=40,
)
own = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=12, max_size=12)
COUPLED = solve(honest_homes_and_guilty_accounts()).model


def connected(made, model, parameters):
    """Return for each seller the least of those whom any link reaches: of both kinds of links."""
    ties = weigh.shared_ties(made, parameters)
    one = project.links(weigh.weigh(ties, model.calibration, parameters), parameters)
    loose = parameters.coupled()
    two = project.links(weigh.weigh(ties, model.coupling, loose), loose)
    ends = [np.concatenate([getattr(one, side), getattr(two, side)]) for side in "ab"]
    return project.components(len(made.sellers), *ends)


@settings(max_examples=150)
@given(uses, own, st.randoms())
def test_what_a_seller_is_judged_hangs_on_its_component_alone(base, known, luck):
    """Identifiers keep their degree: that of a hub is counted over everybody."""
    risk = {name: told[0] for name, told in zip(sellers, known, strict=True)}
    reports = {name: told[1] for name, told in zip(sellers, known, strict=True)}
    made = market(base, reports, risk)
    whole = solve(made, model=COUPLED)
    label = connected(made, COUPLED, DEFAULT)
    least = luck.choice(sorted(set(label.tolist())))
    inside = {made.sellers[code] for code in np.flatnonzero(label == least)}
    degree = dict(zip(zip(made.identifier_kind.tolist(), made.identifiers, strict=True),
                      made.degree().tolist(), strict=True))  # fmt: skip
    part = market(
        [use for use in base if use.seller in inside],
        {name: reports[name] for name in inside},
        {name: risk[name] for name in inside},
    )
    part.identifier_reach[:] = [
        degree[kind, name]
        for kind, name in zip(part.identifier_kind.tolist(), part.identifiers, strict=True)
    ]
    assert told(part, solve(part, model=COUPLED)) == {
        group for group in told(made, whole) if {name for name, *_ in group} <= inside
    }


def test_a_model_of_other_numbers_is_refused():
    run = DetectionRun(id="detect-1", calibration=json.dumps(COUPLED.as_json()),
                       parameters=json.dumps(DEFAULT.as_json()))  # fmt: skip
    assert model_of(run, DEFAULT).as_json() == COUPLED.as_json()
    with pytest.raises(Conflict, match="other numbers"):
        model_of(run, Parameters(theta=0.4))
