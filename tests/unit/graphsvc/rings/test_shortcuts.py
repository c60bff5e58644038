"""What the engine leaves out changes nothing: against plain loops, and judging everybody."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings import belief, coupling, membership, project, score, weigh
from graphsvc.rings.columns import Judged, Kind, Level
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.solve import Grouped, judge
from graphsvc.rings.weigh import PRIOR, Calibration, degree_bin
from tests.unit.graphsvc.rings.ring_worlds import Use, market

SELLERS = "abcdefgh"
FEW = Parameters(cap=(4,) * 6, corroboration_degree=2, head_start_days=2, min_size=3)


def uses(sellers, most):
    return st.lists(
        st.builds(
            Use,
            seller=st.sampled_from(sellers),
            kind=st.sampled_from([Kind.ADDRESS, Kind.IMAGE, Kind.PHONE, Kind.DEVICE]),
            identifier=st.sampled_from("uvw"),
            day=st.integers(-1, 6),
            declared=st.sampled_from([False, False, True]),
            confidence=st.sampled_from([0.5, 1.0]),
            level=st.sampled_from([Level.UNIT, Level.UNIT, Level.BUILDING]),
        ),
        max_size=most,
    )


verdicts = st.dictionaries(
    st.sampled_from(list(itertools.combinations(SELLERS, 2))),
    st.sampled_from(list(Judged)),
    max_size=3,
)
tables = st.integers(0, 2**32 - 1).map(
    lambda seed: Calibration(
        "coupling", np.random.default_rng(seed).choice([0.01, 0.1, 0.2, 0.4, 0.9], PRIOR.pi.shape)
    )
)


def shared(made, parameters):
    """Of each pair what it shares: kind, level, degree and both assertions, by plain loops."""
    found = defaultdict(list)
    for code, active in enumerate(made.linkable(parameters.cap).tolist()):
        rows = np.flatnonzero(made.row_identifier == code) if active else []
        kind, level = Kind(made.identifier_kind[code]), Level(made.identifier_level[code])
        for left, right in itertools.combinations(rows, 2):
            a, b = int(made.row_seller[left]), int(made.row_seller[right])
            assertions = [(left, right), (right, left)][a > b]
            sides = [
                (
                    int(made.row_first_seen[row]),
                    bool(made.row_self_declared[row]),
                    float(made.row_confidence[row]),
                )
                for row in assertions
            ]
            found[min(a, b), max(a, b)].append((kind, level, len(rows), *sides))
    return found


def probability(facts, home, table, parameters):
    best, small = defaultdict(float), defaultdict(float)
    for kind, level, degree, one, other in facts:
        second = level == Level.BUILDING if kind is Kind.ADDRESS else home
        sure = one[2] * other[2]
        best[kind] = max(best[kind], sure * table.pi[kind, degree_bin(degree), int(second)])
        if degree <= parameters.corroboration_degree:
            small[kind] = max(small[kind], sure)
    p = 1 - math.prod(1 - weight for weight in best.values())
    if len(small) < 2:
        return p
    return max(p, parameters.two_type_floor * sorted(small.values())[-2])


def speaks(facts, home, said, table, parameters, *, firm):
    """P of a pair, without its pictures, and towards either side, as its definition has them."""
    kept = [fact for fact in facts if not (firm and (fact[3][1] or fact[4][1]))]
    known = [fact for fact in kept if fact[0] is Kind.IMAGE and min(fact[3][0], fact[4][0]) >= 0]
    days = parameters.head_start_days
    gone = (
        [],
        [fact for fact in kept if fact[0] is Kind.IMAGE],
        [fact for fact in known if fact[4][0] - fact[3][0] >= days],
        [fact for fact in known if fact[3][0] - fact[4][0] >= days],
    )
    left = ([fact for fact in kept if fact not in some] for some in gone)
    p = [probability(some, home, table, parameters) for some in left]
    overruled = {Judged.SAME: parameters.max_link, Judged.DIFFERENT: 0.0}
    return [overruled.get(said, each) for each in p]


@settings(max_examples=300, deadline=None)
@given(
    uses("abcde", 30),
    verdicts,
    tables,
    st.sampled_from([0.02, 0.15, 0.35]),
    st.sampled_from([0.02, 0.35, 0.5]),
    st.sampled_from([0.0, 0.9]),
    st.booleans(),
)
def test_links_are_those_of_plain_loops_also_beside_a_home(
    told, judged, table, theta, picture_theta, floor, firm
):
    parameters = replace(FEW, theta=theta, picture_theta=picture_theta, two_type_floor=floor)
    made = market(told, dict.fromkeys(SELLERS, 0), judged=judged)
    ties = coupling.beside_home(weigh.shared_ties(made, parameters), parameters)
    found = project.links(weigh.weigh(ties, table, parameters), parameters, firm=firm)
    said = {(SELLERS.index(a), SELLERS.index(b)): word for (a, b), word in judged.items()}
    facts, expected = shared(made, parameters), {}
    for pair in sorted({*facts, *said}):
        home = any(
            kind is Kind.ADDRESS
            and level is Level.UNIT
            and degree <= parameters.corroboration_degree
            and not (one[1] or other[1])
            for kind, level, degree, one, other in facts.get(pair, [])
        )
        p, bare, *towards = speaks(
            facts.get(pair, []), home, said.get(pair), table, parameters, firm=firm
        )
        edge = min(abs(p - theta), abs(bare - theta), abs(p - picture_theta))
        if edge < 1e-9:  # the last bit of a product may decide here
            return
        if p >= theta and (bare >= theta or p >= picture_theta):
            expected[pair] = [p, *towards]
    assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == list(expected)
    columns = zip(found.p.tolist(), found.to_a.tolist(), found.to_b.tolist(), strict=True)
    for numbers, wanted in zip(columns, expected.values(), strict=True):
        assert numbers == pytest.approx(wanted)


def test_pictures_carry_no_firm_link_where_what_else_is_shared_is_only_declared():
    told = [Use("a", Kind.PHONE, "p", declared=True), Use("b", Kind.PHONE, "p")]
    told += [Use(seller, Kind.IMAGE, "i") for seller in "ab"]
    table = Calibration("self", np.full(PRIOR.pi.shape, 0.3))
    for picture_theta, linked in ((0.35, 0), (0.3, 1)):
        parameters = replace(FEW, theta=0.2, picture_theta=picture_theta, two_type_floor=0.0)
        pairs = weigh.pairs(market(told), table, parameters)
        assert project.links(pairs, parameters).p == pytest.approx([0.51])
        assert project.links(pairs, parameters, firm=True).p.size == linked


def judged_whole(found, own, model, parameters):
    """Return log-odds and tiers where everybody is believed, in a group or not."""

    def believed(links, label):
        log_odds = belief.posterior(own, links, parameters)
        if model.membership is not None:
            member, told = membership.posterior(own, label, links, model.membership, parameters)
            log_odds[member] = told
        return log_odds

    pairs, links, none = found.pairs, found.links, np.zeros(own.size)
    if model.coupling is not None:
        parameters = parameters.coupled()
        ties = coupling.beside_home(pairs.ties, parameters)
        pairs = weigh.weigh(ties, model.coupling, parameters)
        links = project.links(pairs, parameters)
    groups = score.score(found.label, found.links, own, none, parameters)
    firm = project.links(pairs, parameters, firm=True)
    part = belief.firm_parts(pairs, firm, found.label)
    held = belief.held_firmly(part, own, groups, parameters)
    ties = belief.ban_ties(pairs, firm, found.label)
    sure = belief.Members(own, believed(firm, part), ties)
    return believed(links, found.label), belief.tiers(groups, held, sure, parameters)


@settings(max_examples=300, deadline=None)
@given(
    uses(SELLERS, 24),
    st.lists(st.sampled_from([-3.0, -1.0, 0.5, 2.0, 6.0]), min_size=8, max_size=8),
    st.lists(st.integers(0, 3), min_size=8, max_size=8),
    tables,
    st.sampled_from(["nothing", "coupling", "membership"]),
)
def test_whoever_is_in_a_group_is_judged_as_if_everybody_were_believed(
    told, own, drawn, table, learned
):
    parameters = replace(FEW, theta=0.15, flag_score=1.0)
    made = market(told, dict.fromkeys(SELLERS, 0))
    pairs = weigh.pairs(made, PRIOR, parameters)
    label = np.array([drawn.index(group) for group in drawn], dtype=np.int32)
    found = Grouped(PRIOR, pairs, project.links(pairs, parameters), label)
    model = Model(
        PRIOR,
        None if learned == "nothing" else table,
        None,
        True,
        (-3.0, 1.5, 2.0, 0.5) if learned == "membership" else None,
    )
    nats = np.array(own)
    log_odds, tier = judged_whole(found, nats, model, parameters)
    judged = judge(found, nats, np.zeros(8), model, parameters)
    together = np.bincount(label, minlength=8)[label] > 1
    assert judged.members.log_odds[together].tolist() == log_odds[together].tolist()
    assert judged.tier.tolist() == tier.tolist()


@pytest.mark.parametrize(("declared", "tier"), [(True, "review"), (False, "ban")])
def test_guilt_of_those_who_are_tied_by_a_mere_declaration_bans_nobody(declared, tier):
    told = [Use(seller, Kind.PHONE, "left") for seller in "abc"]
    told += [Use(seller, Kind.PHONE, "right") for seller in "def"]
    told += [Use("a", Kind.DEVICE, "both", declared=declared), Use("d", Kind.DEVICE, "both")]
    made = market(told)
    table = Calibration("coupling", np.full(PRIOR.pi.shape, 0.5))
    pairs = weigh.pairs(made, PRIOR, FEW)
    together = np.zeros(6, dtype=np.int32)
    found = Grouped(PRIOR, pairs, project.links(pairs, FEW), together)
    own = np.array([0.5, 0.5, 0.5, 6.0, 6.0, 6.0])
    model = Model(PRIOR, table, None, True, (-3.0, 1.5, 0.0, 0.0))
    judged = judge(found, own, np.zeros(6), model, FEW)
    assert [belief.Tier(each).word for each in judged.tier] == [tier] * 3 + ["ban"] * 3
