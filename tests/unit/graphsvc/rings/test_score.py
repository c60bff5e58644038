import math

import numpy as np
import pytest

from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links
from graphsvc.rings.score import learn_risk, report_term, risk_bin, risk_term, score
from tests.unit.graphsvc.rings.ring_worlds import market


def sellers(risk, reports=()):
    names = [f"s{i:05d}" for i in range(len(risk))]
    counts = list(reports) or [0] * len(names)
    return market([], dict(zip(names, counts, strict=True)), dict(zip(names, risk, strict=True)))


def linked(count, edges):
    pairs = sorted(edges)
    p = np.array([edges[e] for e in pairs], dtype=np.float64)
    return Links(
        sellers=count,
        a=np.array([a for a, _ in pairs], dtype=np.int32),
        b=np.array([b for _, b in pairs], dtype=np.int32),
        p=p,
        to_a=p,
        to_b=p,
        weight=-np.log1p(-p),
        pair=np.arange(len(pairs)),
    )


def test_report_term_is_the_log_ratio_of_being_reported_or_not():
    made = sellers([None] * 3, [0, 1, 5])
    told = report_term(made, Parameters(p_report=0.2, p_report_innocent=0.01), told=True)
    yes, no = math.log(20), math.log(0.8 / 0.99)
    assert told == pytest.approx([no, yes, yes])


def test_a_market_without_reports_says_nothing_of_anyone():
    assert report_term(sellers([0.5, 0.9]), Parameters(), told=False).tolist() == [0, 0]
    term = report_term(sellers([0.5, 0.9]), Parameters(), told=True)
    assert term.max() < 0, "where others are reported, not to be is a little in one's favour"


def crowd(seed=3, guilty=400, honest=4000):
    luck = np.random.default_rng(seed)
    risk = np.concatenate([luck.beta(6, 3, guilty), luck.beta(3, 6, honest)])
    suspects = np.arange(guilty + honest) < guilty
    return sellers(risk.tolist()), suspects, np.where(suspects, 5.0, -5.0)


def test_risk_ratio_is_learned_rising_clipped_and_close_to_the_truth():
    made, suspects, belief = crowd()
    ratio = learn_risk(made, suspects, belief, Parameters())
    assert ratio.shape == (20,)
    assert np.all(np.diff(ratio) >= 0)
    assert np.all(np.abs(ratio) <= 3)
    for place in (7, 10, 13):  # bins that hold plenty of both
        inside = risk_bin(made.risk, 20) == place
        true = math.log(inside[suspects].mean() / inside.mean())
        assert ratio[place] == pytest.approx(true, abs=0.3)


def test_risk_ratio_by_hand():
    """Four bins of 40, 30, 20, 10 sellers; suspects 1, 6, 12, 9, each of posterior one half."""
    counts, guilty = np.array([40, 30, 20, 10]), np.array([1, 6, 12, 9])
    risk = np.repeat([0.1, 0.3, 0.6, 0.9], counts)
    suspects = np.concatenate([np.arange(c) < g for c, g in zip(counts, guilty, strict=True)])
    parameters = Parameters(risk_bins=4, min_risk_members=14)
    found = learn_risk(sellers(risk.tolist()), suspects, np.zeros(100), parameters)
    f0 = (counts + 1) / 104
    raw = np.log((guilty / 2 + 4 * f0) / (14 + 4) / f0)
    expected = [
        (3 * raw[0] + raw[1]) / 4,
        (raw[0] + 2 * raw[1] + raw[2]) / 4,
        (raw[1] + 2 * raw[2] + raw[3]) / 4,
        (raw[2] + 3 * raw[3]) / 4,
    ]
    assert found == pytest.approx(expected)


def test_a_smaller_clip_holds():
    made, suspects, belief = crowd()
    ratio = learn_risk(made, suspects, belief, Parameters(risk_clip=0.5))
    assert (ratio.min(), ratio.max()) == (-0.5, 0.5)


def test_members_count_by_their_posterior_and_too_few_teach_nothing():
    made, suspects, belief = crowd(guilty=40)
    assert learn_risk(made, suspects, belief, Parameters()) is not None
    doubtful = np.zeros_like(belief)  # 40 members at one half: 20
    assert learn_risk(made, suspects, doubtful, Parameters()) is None
    assert learn_risk(made, np.zeros_like(suspects), belief, Parameters()) is None


def test_unknown_risk_teaches_nothing_and_weighs_nothing():
    made = sellers([None] * 100)
    assert learn_risk(made, np.ones(100, bool), np.full(100, 9.0), Parameters()) is None
    told = risk_term(sellers([None, 0.0, 0.04, 0.96, 1.0]), np.arange(20.0))
    assert told.tolist() == [0, 0, 0, 19, 19]
    assert risk_term(made, None).tolist() == [0] * 100


def test_scores_are_sums_and_flag_size_and_sum_together():
    label = np.array([0, 0, 0, 3, 3, 5, 6, 6, 6], dtype=np.int32)
    reports = np.array([3, 1, 0, 9, 9, 9, 2, 1, 1], dtype=np.float64)
    risk = np.array([0.5, 0, 0, 1, 1, 1, 0, 0, 0], dtype=np.float64)
    edges = {(0, 1): 0.95, (1, 2): 0.9, (3, 4): 0.99, (6, 7): 0.99, (7, 8): 0.89, (2, 3): 0.4}
    found = score(label, linked(9, edges), reports, risk, Parameters())
    assert found.score[[0, 3, 5, 6]] == pytest.approx([4.5, 20, 10, 4])
    assert found.score_risk[[0, 3, 5, 6]] == pytest.approx([0.5, 2, 1, 0])
    assert np.flatnonzero(found.flagged).tolist() == [0]  # 6 has 4, not more; 3 and 5 are small
    assert np.flatnonzero(found.sure).tolist() == [0]  # the weak link 2-3 leaves the group
    assert found.size[[0, 3, 5, 6]].tolist() == [3, 2, 1, 3]


def test_a_group_that_its_links_do_not_hold_together_is_not_sure():
    found = score(
        np.zeros(4, np.int32),
        linked(4, {(0, 1): 0.99, (2, 3): 0.99}),
        *np.zeros((2, 4)),
        Parameters(),
    )
    assert not found.sure.any()


def test_risk_given_in_round_numbers_teaches_as_much():
    """Bins that nobody is in say nothing: they must not draw the bins beside them down."""
    made, suspects, belief = crowd()
    coarse = sellers(np.round(made.risk, 1).tolist())
    fine = risk_term(made, learn_risk(made, suspects, belief, Parameters()))
    told = risk_term(coarse, learn_risk(coarse, suspects, belief, Parameters()))
    assert told[suspects].mean() > 0.8 * fine[suspects].mean() > 0
