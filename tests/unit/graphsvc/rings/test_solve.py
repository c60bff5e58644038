import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.score import learn_risk
from graphsvc.rings.solve import solve
from tests.unit.graphsvc.rings.ring_worlds import RING_SHAPES, Use, World, market, planted

PICTURES_LINK = Parameters(theta=0.2, picture_theta=0.2)  # they alone, that is


def by_name(made, rings):
    """Rings as sets of seller names, and each seller's tier."""
    sets = [{made.sellers[m.seller] for m in ring.members} for ring in rings]
    tier = {made.sellers[m.seller]: m.tier for ring in rings for m in ring.members}
    return sets, tier


def essence(solution):
    """All that must be equal between equal runs; seconds are not."""
    columns = solution.members
    return (
        solution.rings,
        solution.model.risk,
        solution.calibration.source,
        solution.calibration.pi.tolist(),
        [c.tolist() for c in (columns.group, columns.seller, columns.tier, columns.log_odds)],
    )


def test_the_planted_rings_are_found_whole_and_nobody_else():
    world = planted()
    made = world.market()
    found = solve(made, seed=1)
    flagged = [ring for ring in found.rings if ring.score > Parameters().flag_score]
    sets, _ = by_name(made, flagged)
    assert sorted(map(sorted, sets)) == sorted(map(sorted, world.rings))
    assert len(sets) == len(RING_SHAPES)


def test_members_are_put_up_for_a_ban_and_the_innocent_are_not():
    world = planted()
    made = world.market()
    _, tier = by_name(made, solve(made, seed=1).rings)
    banned = {seller for seller, word in tier.items() if word == "ban"}
    guilty = set(itertools.chain.from_iterable(world.rings))
    assert banned <= guilty
    assert len(banned) >= 0.9 * len(guilty)
    for trap, sellers in world.innocents.items():
        assert sellers, trap
        assert not banned & set(sellers), trap


def test_the_traps_would_catch_someone_without_the_protections():
    """The world is not easy by itself: each protection taken away lets guilt out."""
    world = planted()
    made = world.market()
    guilty = set(itertools.chain.from_iterable(world.rings))
    naive = Parameters(cap=(1000,) * 6, theta=0.001, two_type_floor=0.002, component_degree=1000)
    sets, _ = by_name(made, solve(made, naive, engine=Engine.COMPONENTS).groups)
    largest = max(sets, key=len)
    assert len(largest & guilty) > 8
    assert len(largest - guilty) > 50


def test_the_victim_of_stolen_pictures_is_spared_only_by_having_been_first():
    def world(head_start):
        made = World()
        thief = ["t1", "t2", "t3"]
        made.share(Kind.PAYMENT_ACCOUNT, "pay", thief)
        made.share(Kind.DEVICE, "dev", thief)
        for i in range(5):
            made.share(Kind.IMAGE, f"i{i}", ["victim"], day=18_000)
            made.share(Kind.IMAGE, f"i{i}", ["t1"], day=18_000 + head_start)
        made.reports.update(t1=2, t2=2, t3=1)
        return made.market()

    loose = replace(PICTURES_LINK, prior=0.1)
    odds = {}
    for days in (13, 14):
        made = world(days)
        found = solve(made, loose)
        victim = [m for g in found.groups for m in g.members if made.sellers[m.seller] == "victim"]
        odds[days] = victim[0].log_odds
    unsuspected = np.log(0.1 / 0.9)
    assert odds[13] > unsuspected + 1
    assert odds[14] < unsuspected


def framed(**world_of):
    """Solve a ring of three thieves and `victim`; return the victim as a member."""
    world = World()
    thieves = ["t1", "t2", "t3"]
    world.share(Kind.PAYMENT_ACCOUNT, "pay", thieves)
    world.share(Kind.DEVICE, "dev", thieves)
    world.reports.update(dict.fromkeys(thieves, 2))
    for copied_at, thief in world_of["copies"]:
        for i in range(3):
            world.share(Kind.IMAGE, f"photo-{i}", [thief], day=copied_at)
    for i in range(3):
        world.share(Kind.IMAGE, f"photo-{i}", ["victim"], day=18_000)
    for thief in world_of.get("phones", ()):
        world.share(Kind.PHONE, f"recycled-{thief}", [thief, "victim"])
    made = world.market()
    (ring,) = solve(made, PICTURES_LINK).rings
    tiers = {made.sellers[member.seller]: member for member in ring.members}
    assert {tiers[thief].tier for thief in thieves} == {"ban"}
    return tiers["victim"]


def test_two_thieves_who_copy_at_once_do_not_get_their_victim_banned():
    victim = framed(copies=[(18_005, "t1"), (18_010, "t2")])
    assert victim.log_odds > Parameters().ban_log_odds
    assert victim.tier == "review"


def test_a_recycled_phone_and_a_stolen_photo_do_not_get_their_victim_banned():
    assert framed(copies=[(18_200, "t1")], phones=["t1"]).tier == "review"


def test_two_phones_beside_the_photos_do_ban():
    assert framed(copies=[(18_200, "t1")], phones=["t1", "t2"]).tier == "ban"


def ring_of(claims):
    world = World()
    world.share(Kind.PAYMENT_ACCOUNT, "pay", ["a", "b", "c"])
    world.share(Kind.DEVICE, "dev", ["a", "b", "c"])
    for kind in (Kind.PHONE, Kind.EMAIL):
        world.share(kind, "rival", ["a"], declared=claims)
        world.share(kind, "rival", ["honest"])
    world.reports.update(a=1, b=1)
    return world.market()


def test_a_rivals_number_on_a_fake_shop_does_not_ban_the_rival():
    for claims, expected in ((True, "review"), (False, "ban")):
        made = ring_of(claims)
        sets, tier = by_name(made, solve(made).rings)
        assert sets == [{"a", "b", "c", "honest"}]
        assert tier == {"a": "ban", "b": "ban", "c": "ban", "honest": expected}


@pytest.mark.parametrize("engine", Engine)
def test_a_market_without_reports_gets_nothing_beyond_review(engine):
    world = planted()
    world.reports.clear()
    made = world.market()
    found = solve(made, engine=engine)
    assert {ring.tier for ring in found.rings} <= {"review"}
    assert {ring.tier for ring in found.groups} <= {"review", "none"}
    assert found.model.risk is None
    sets, _ = by_name(made, found.rings)
    assert set(world.rings[1]) in sets  # every link of the chain is sure


def test_risk_is_learned_where_enough_members_are_flagged():
    world = planted()
    for i in range(8):
        ring = [f"more-{i}-{j}" for j in range(5)]
        world.share(Kind.PAYMENT_ACCOUNT, f"more-pay-{i}", ring)
        world.share(Kind.DEVICE, f"more-dev-{i}", ring)
        world.reports.update(dict.fromkeys(ring[:3], 1))
        world.risk.update(dict.fromkeys(ring, 0.8))
    quiet = [f"quiet-{j}" for j in range(5)]  # no report at all: only risk can tell
    world.share(Kind.PAYMENT_ACCOUNT, "quiet-pay", quiet)
    world.share(Kind.DEVICE, "quiet-dev", quiet)
    tiers = {}
    for risk in (0.8, 0.2, None):
        world.risk.update(dict.fromkeys(quiet, risk))
        made = world.market()
        found = solve(made)
        assert found.model.risk is not None
        assert found.model.risk[16] > 0 > found.model.risk[4]
        _, tier = by_name(made, found.rings)
        tiers[risk] = {tier[s] for s in quiet}
    assert tiers == {0.8: {"ban"}, 0.2: {"review"}, None: {"review"}}


def test_risk_is_learned_from_the_members_that_reports_alone_flag():
    world = planted()
    parameters = Parameters(min_risk_members=20)
    known = world.market()
    risk, world.risk = known.risk, dict.fromkeys(world.risk, None)
    blind = solve(world.market(), parameters, seed=1)
    flagged = [ring for ring in blind.groups if ring.score > 4]
    suspects, belief = np.zeros(risk.size, dtype=bool), np.zeros(risk.size)
    for member in itertools.chain.from_iterable(ring.members for ring in flagged):
        suspects[member.seller], belief[member.seller] = True, member.log_odds
    expected = learn_risk(known, suspects, belief, parameters)
    assert solve(known, parameters, seed=1).model.risk == pytest.approx(expected)


def test_unknown_risk_everywhere_solves_on_reports_alone():
    world = planted()
    world.risk = dict.fromkeys(world.risk, None)
    made = world.market()
    found = solve(made)
    assert found.model.risk is None
    assert all(ring.score_risk == 0 for ring in found.groups)
    sets, _ = by_name(made, [r for r in found.rings if r.score > 4])
    assert set(world.rings[0]) in sets


@pytest.mark.parametrize("kind", Kind)
def test_one_kind_of_identifier_is_enough_to_run(kind):
    uses = [Use(s, kind, f"x{i}", level=Level.UNIT) for i in range(40) for s in (f"a{i}", f"b{i}")]
    found = solve(market(uses, {"a0": 3, "b0": 1}))
    assert found.calibration.source == "prior"
    assert found.pairs == 40
    assert found.links == (0 if kind is Kind.IMAGE else 40)
    assert {ring.tier for ring in found.groups} <= {"none"}  # nobody bans a pair


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize("uses", [[], [Use("a", Kind.PHONE, "x")]])
def test_nobody_and_one_seller_are_no_rings(engine, uses):
    found = solve(market(uses, {"a": 9} if uses else {}), engine=engine)
    assert (found.rings, found.groups, found.pairs, found.links) == ((), (), 0, 0)
    assert found.members.seller.size == 0


@pytest.mark.parametrize("engine", Engine)
def test_shuffled_input_gives_the_identical_solution(engine):
    world = planted()
    runs = [essence(solve(world.market(s), engine=engine, seed=11)) for s in (None, 1, 2)]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][0]


uses = st.lists(
    st.builds(
        Use,
        seller=st.integers(0, 11).map(lambda i: f"s{i:02d}"),
        kind=st.sampled_from(Kind),
        identifier=st.sampled_from("uvwxyz"),
        day=st.integers(-1, 40),
        declared=st.booleans(),
        level=st.sampled_from(Level),
    ),
    max_size=50,
)


@settings(max_examples=60, deadline=None)
@given(uses, st.sampled_from(Engine), st.integers(0, 99), st.sets(st.integers(0, 11), max_size=4))
def test_any_market_keeps_the_rules(told, engine, shuffle, reported):
    reports = {f"s{i:02d}": 1 for i in reported}
    parameters = Parameters(min_risk_members=1.0)
    risk = {f"s{i:02d}": (i % 5) / 4 for i in range(9)}
    made = market(told, reports, risk)
    found = solve(made, parameters, engine=engine, seed=3)
    again = solve(market(told, reports, risk, shuffle=shuffle), parameters, engine=engine, seed=3)
    assert essence(found) == essence(again)
    seen = [m.seller for ring in found.groups for m in ring.members]
    assert len(seen) == len(set(seen))
    assert set(found.rings) == {r for r in found.groups if r.tier != "none"}
    for ring in found.groups:
        codes = [m.seller for m in ring.members]
        assert codes == sorted(codes)
        assert len(codes) >= 2
        assert ring.score == ring.score_reports + ring.score_risk
        assert all(np.isfinite(m.log_odds) for m in ring.members)
        words = {m.tier for m in ring.members}
        assert ring.tier in words
        if "ban" in words:
            assert ring.tier == "ban"
            assert ring.score > 4
            assert len(codes) >= 3
            assert reported


def test_every_stage_is_timed():
    seconds = solve(planted().market()).seconds
    assert list(seconds) == ["pairs", "calibrate", "project", "detect", "score", "assemble"]
    assert min(seconds.values()) > 0


def test_groups_of_others_are_judged_as_an_engines_are():
    made = planted().market()
    own = solve(made)
    label = np.arange(len(made.sellers), dtype=np.int32)
    label[own.members.seller] = own.members.group
    assert solve(made, label=label).groups == own.groups
    assert solve(made, label=np.arange(len(made.sellers), dtype=np.int32)).groups == ()


def test_confidence_lowers_a_tie():
    sure = [Use(s, Kind.PHONE, "x") for s in "abc"]
    unsure = [Use(s, Kind.PHONE, "x", confidence=0.5) for s in "abc"]
    assert len(solve(market(sure)).groups) == 1
    assert solve(market(unsure)).groups == ()
