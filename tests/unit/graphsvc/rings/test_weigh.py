import itertools
import json
import random
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.self_calibration import calibrate
from graphsvc.rings.weigh import (
    PRIOR,
    Calibration,
    degree_bin,
    pairs,
    shared_ties,
)
from tests.unit.graphsvc.rings.ring_worlds import Use, World, market, planted, whole

SMALL = Parameters(cap=(4, 5, 5, 3, 5, 4), corroboration_degree=3, head_start_days=2)

uses = st.lists(
    st.builds(
        Use,
        seller=st.sampled_from("abcdef"),
        kind=st.sampled_from([Kind.ADDRESS, Kind.PAYMENT_ACCOUNT, Kind.IMAGE, Kind.EMAIL]),
        identifier=st.sampled_from("uvwx"),
        day=st.integers(-1, 6),
        declared=st.booleans(),
        confidence=st.sampled_from([0.25, 0.5, 1.0]),
        level=st.sampled_from(Level),
    ),
    max_size=40,
)


def users(made, parameters):
    """Every linkable identifier: (kind, level, {seller: (day, declared, confidence)})."""
    found = []
    for code, name in enumerate(made.identifiers):
        rows = np.flatnonzero(made.row_identifier == code)
        kind, level = Kind(made.identifier_kind[code]), Level(made.identifier_level[code])
        if not 2 <= rows.size <= parameters.cap[kind]:
            continue
        if kind is Kind.ADDRESS and level in (Level.STREET, Level.NONE):
            continue
        who = {
            int(made.row_seller[r]): (
                int(made.row_first_seen[r]),
                bool(made.row_self_declared[r]),
                float(made.row_confidence[r]),
            )
            for r in rows
        }
        found.append((name, kind, level, who))
    return found


def one_by_one(made, calibration, parameters, firm):
    """The definition, pair by pair: P, P towards either side, and number of identifiers."""
    shared = defaultdict(list)
    for _, kind, level, who in users(made, parameters):
        for a, b in itertools.combinations(sorted(who), 2):
            if not (firm and (who[a][1] or who[b][1])):
                shared[a, b].append((kind, level, len(who), who[a], who[b]))
    result = {}
    for (a, b), facts in shared.items():
        told = [facts]
        for side in (1, -1):
            first = [fact for fact in facts if was_first(fact, side, parameters)]
            told.append([fact for fact in facts if fact not in first])
        p = [weighed(some, calibration, parameters) for some in told]
        result[a, b] = (*p, len(facts))
    return result


def was_first(fact, side, parameters):
    kind, _, _, one, other = fact
    known = one[0] >= 0 and other[0] >= 0
    lead = (other[0] - one[0]) * side
    return kind is Kind.IMAGE and known and lead >= parameters.head_start_days


def weighed(facts, calibration, parameters):
    best, small = defaultdict(float), defaultdict(float)
    for kind, level, degree, one, other in facts:
        sure = one[2] * other[2]
        best[kind] = max(best[kind], sure * calibration.weight(kind, degree, level))
        if degree <= parameters.corroboration_degree:
            small[kind] = max(small[kind], sure)
    p = 1 - np.prod([1 - value for value in best.values()])
    if len(small) >= 2:
        p = max(p, parameters.two_type_floor * sorted(small.values())[-2])
    return p


@settings(max_examples=200)
@given(uses)
def test_pairs_agree_with_the_definition(told):
    made = market(told)
    found = pairs(made, PRIOR, SMALL)
    expected = one_by_one(made, PRIOR, SMALL, firm=False)
    firmly = one_by_one(made, PRIOR, SMALL, firm=True)
    keys = list(zip(found.a.tolist(), found.b.tolist(), strict=True))
    assert keys == sorted(expected)
    everything, firm = whole(found), whole(found, firm=True)
    assert everything.p.tolist() == found.p.tolist()
    for i, key in enumerate(keys):
        told = (everything.p[i], everything.to_a[i], everything.to_b[i])
        assert told == pytest.approx(expected[key][:3])
        assert np.count_nonzero(found.ties.pair == i) == expected[key][3]
        told = (firm.p[i], firm.to_a[i], firm.to_b[i])
        assert told == pytest.approx(firmly.get(key, (0.0, 0.0, 0.0, 0))[:3])


def reference_calibration(made, parameters):
    """kappa / rho by sets of pairs, cell by cell; None where rho cannot be had."""
    cells, small, anchors = defaultdict(set), defaultdict(set), set()
    kinds = set()
    for _, kind, level, who in users(made, parameters):
        together = set(itertools.combinations(sorted(who), 2))
        kinds.add(kind)
        cells[kind, int(degree_bin(len(who))), level is Level.BUILDING] |= together
        if len(who) <= parameters.corroboration_degree:
            for pair in together:
                small[pair].add(kind)
        if kind is Kind.PAYMENT_ACCOUNT and len(who) <= parameters.anchor_degree:
            anchors |= together

    def share(kind, some):
        return sum(bool(small[pair] - {kind}) for pair in some) / len(some)

    if len(kinds) < 2 or len(anchors) < parameters.min_anchor_pairs:
        return None
    rho = share(Kind.PAYMENT_ACCOUNT, anchors)
    if round(rho * len(anchors)) < parameters.min_confirmed_anchors:
        return None
    table = np.zeros((len(Kind), 8, 2))
    for kind, building in itertools.product(Kind, (False, True)):
        for place in range(8):
            some = cells[kind, place, building]
            before = table[kind, place - 1, int(building)] if place else None
            if len(some) >= parameters.min_cell_pairs:
                value = min(parameters.max_weight, share(kind, some) / rho)
            elif before is None:
                value = PRIOR.pi[kind, 0, int(building)]
            else:
                value = parameters.sparse_factor * before
            if before is not None and kind is not Kind.PAYMENT_ACCOUNT:
                value = min(value, before)
            table[kind, place, int(building)] = value
    return table


@settings(max_examples=200)
@given(uses, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_calibration_agrees_with_the_definition(told, anchor_pairs, cell_pairs, confirmed):
    parameters = Parameters(
        cap=SMALL.cap,
        corroboration_degree=3,
        min_anchor_pairs=anchor_pairs,
        min_cell_pairs=cell_pairs,
        min_confirmed_anchors=confirmed,
    )
    made = market(told)
    found = calibrate(shared_ties(made, parameters), parameters)
    expected = reference_calibration(made, parameters)
    assert found.source == ("prior" if expected is None else "self")
    assert found.pi == pytest.approx(PRIOR.pi if expected is None else expected)


def crowded(seed):
    """A market of 24 sellers where every kind has identifiers of every size up to 14."""
    luck = random.Random(seed)
    sellers = [f"s{i:02d}" for i in range(24)]
    world = World()
    for i in range(90):
        some = luck.sample(sellers, luck.choice([2, 2, 2, 3, 3, 4, 5, 7, 9, 12, 14]))
        level = luck.choice([Level.UNIT, Level.BUILDING])
        world.share(luck.choice(list(Kind)), f"x{i}", some, level=level)
    return world.market()


@pytest.mark.parametrize("cell_pairs", [1, 5, 30])
@pytest.mark.parametrize("seed", range(8))
def test_calibration_of_a_crowded_market_agrees_with_the_definition(seed, cell_pairs):
    parameters = Parameters(
        cap=(13,) * 6, min_anchor_pairs=3, min_confirmed_anchors=1, min_cell_pairs=cell_pairs
    )
    made = crowded(seed)
    found = calibrate(shared_ties(made, parameters), parameters)
    assert found.source == "self"
    assert found.pi == pytest.approx(reference_calibration(made, parameters))


def test_the_planted_world_calibrates_itself_and_trusts_pictures_less_than_accounts():
    made = planted().market()
    found = calibrate(shared_ties(made, Parameters()), Parameters())
    assert found.source == "self"
    assert found.weight(Kind.PAYMENT_ACCOUNT, 2, Level.NONE) == 0.95
    assert found.weight(Kind.IMAGE, 2, Level.NONE) < 0.1


def test_one_kind_alone_takes_the_shipped_table():
    world = World()
    for i in range(100):
        world.share(Kind.PAYMENT_ACCOUNT, f"p{i}", (f"a{i}", f"b{i}"))
    assert calibrate(shared_ties(world.market(), Parameters()), Parameters()) is PRIOR


@pytest.mark.parametrize(("confirmed", "source"), [(1, "prior"), (9, "prior"), (10, "self")])
def test_a_few_confirmed_anchors_do_not_decide_about_every_weight(confirmed, source):
    world = World()
    for i in range(40):
        world.share(Kind.PAYMENT_ACCOUNT, f"pay{i}", (f"a{i}", f"b{i}"))
        world.share(Kind.EMAIL, f"mail{i}", (f"c{i}", f"d{i}"))
    for i in range(confirmed):
        world.share(Kind.PHONE, f"tel{i}", (f"a{i}", f"b{i}"))
    assert calibrate(shared_ties(world.market(), Parameters()), Parameters()).source == source


def test_weights_never_rise_with_degree_but_for_payment():
    world = planted()
    parameters = Parameters(min_cell_pairs=1)
    pi = calibrate(shared_ties(world.market(), parameters), parameters).pi
    for kind in Kind:
        if kind is not Kind.PAYMENT_ACCOUNT:
            assert np.all(np.diff(pi[kind], axis=0) <= 0)
    assert np.all((pi >= 0) & (pi <= parameters.max_weight))


def test_ten_pictures_are_one_piece_of_evidence():
    world = World()
    for i in range(10):
        world.share(Kind.IMAGE, f"i{i}", "ab")
    found = pairs(world.market(), PRIOR, Parameters())
    assert found.p == pytest.approx([PRIOR.weight(Kind.IMAGE, 2, Level.NONE)])
    assert found.ties.pair.tolist() == [0] * 10


@pytest.mark.parametrize(("degree", "floor"), [(10, True), (11, False)])
def test_two_kinds_agree_only_if_both_are_little_shared(degree, floor):
    sellers = [f"s{i:02d}" for i in range(degree)]
    world = World()
    world.share(Kind.ADDRESS, "block", sellers, level=Level.BUILDING)
    world.share(Kind.IMAGE, "photo", sellers)
    p = pairs(world.market(), PRIOR, Parameters()).p
    assert np.all(p >= 0.9) == floor
    assert np.all(p < 0.35) != floor


def test_a_vague_address_neither_links_nor_confirms():
    world = World()
    world.share(Kind.ADDRESS, "road", "ab", level=Level.STREET)
    world.share(Kind.IMAGE, "photo", "ab")
    found = pairs(world.market(), PRIOR, Parameters())
    assert found.p == pytest.approx([PRIOR.weight(Kind.IMAGE, 2, Level.NONE)])


def test_unknown_dates_never_prove_who_copied_whom():
    w = PRIOR.weight(Kind.IMAGE, 2, Level.NONE)
    told = (((0, 100), (0, w)), ((100, 0), (w, 0)), ((-1, 100), (w, w)), ((0, 13), (w, w)))
    for days, towards in told:
        world = World()
        world.share(Kind.IMAGE, "photo", "a", day=days[0])
        world.share(Kind.IMAGE, "photo", "b", day=days[1])
        found = whole(pairs(world.market(), PRIOR, Parameters()))
        assert (found.to_a[0], found.to_b[0]) == pytest.approx(towards)
        assert found.p[0] == pytest.approx(w)


def test_a_stolen_picture_confirms_nothing_towards_who_had_it_first():
    world = World()
    world.share(Kind.PHONE, "recycled", "ab")
    world.share(Kind.IMAGE, "photo", "a", day=18_000)
    world.share(Kind.IMAGE, "photo", "b", day=18_200)
    found = whole(pairs(world.market(), PRIOR, Parameters()))
    assert found.to_a[0] == pytest.approx(PRIOR.weight(Kind.PHONE, 2, Level.NONE))
    assert found.p[0] == found.to_b[0] >= Parameters().two_type_floor


def test_degree_bins():
    told = {2: 0, 3: 1, 4: 2, 5: 3, 6: 3, 7: 4, 9: 4, 10: 5, 14: 5, 15: 6, 24: 6, 25: 7, 9999: 7}
    assert degree_bin(list(told)).tolist() == list(told.values())


def test_a_calibration_survives_json():
    made = calibrate(shared_ties(planted().market(), Parameters()), Parameters())
    back = Calibration.from_json(json.loads(json.dumps(made.as_json())))
    assert back.source == "self"
    assert np.array_equal(back.pi[Kind.ADDRESS], made.pi[Kind.ADDRESS])
    assert np.array_equal(back.pi[:, :, 0], made.pi[:, :, 0])


@pytest.mark.parametrize("change", [{"source": "guess"}, {"pi": 1.5}])
def test_an_impossible_calibration_is_refused(change):
    told = PRIOR.as_json()
    if "pi" in change:
        told["pi"]["phone"]["exact"][0] = change["pi"]
    else:
        told |= change
    with pytest.raises(ValueError, match="source and weights"):
        Calibration.from_json(told)


def test_an_empty_market_has_no_pairs():
    found = pairs(market([]), PRIOR, Parameters())
    assert found.a.size == found.p.size == found.ties.pair.size == 0
