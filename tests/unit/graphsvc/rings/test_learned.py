"""Weights learned from judgements: against a slow reference, out of sample, and what is refused."""

import random
from itertools import combinations

import numpy as np
import pytest

from graphsvc.errors import Conflict
from graphsvc.rings import learned
from graphsvc.rings.columns import Judged, Kind, Market
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.weigh import PRIOR, degree_bin, shared_ties
from tests.unit.graphsvc.rings.ring_worlds import Use, market

TRUE = {Kind.PHONE: 0.5, Kind.DEVICE: 0.1}


def judged_market(groups: int, seed: int = 5, unsure: int = 0) -> Market:
    """Groups of three who share a telephone or a device; all pairs are judged, by TRUE."""
    luck = random.Random(seed)
    uses, verdicts = [], {}
    for number in range(groups):
        kind = luck.choice(list(TRUE))
        trio = [f"s-{number:05}-{place}" for place in range(3)]
        uses += [Use(seller, kind, f"{kind.word}-{number}") for seller in trio]
        for pair in combinations(trio, 2):
            same = luck.random() < TRUE[kind]
            verdicts[pair] = Judged.SAME if same else Judged.DIFFERENT
    for pair in list(verdicts)[:unsure]:
        verdicts[pair] = Judged.UNSURE
    return market(uses, judged=verdicts)


def weight(table, kind: Kind) -> float:
    return float(table.pi[kind, degree_bin(3), 0])


def test_learns_what_people_said_and_leaves_alone_what_nobody_judged():
    table, told = learned.learn(shared_ties(judged_market(1_000), DEFAULT), PRIOR, DEFAULT)
    assert table.source == "judged"
    for kind, true in TRUE.items():
        assert abs(weight(table, kind) - true) < 0.05
        assert abs(weight(PRIOR, kind) - true) > 0.1, "or the test would prove nothing"
    assert np.array_equal(table.pi[Kind.ADDRESS], np.clip(PRIOR.pi[Kind.ADDRESS], 1e-6, 0.95))
    assert told.judged == 3_000
    assert told.brier < told.brier_before
    for each in told.bins:
        assert abs(each.predicted - each.observed) < 0.05


def reference(uses, verdicts):
    """The same by loops: what each verdict blames on what the two share."""
    start = {kind: weight(PRIOR, kind) for kind in TRUE}
    table = dict(start)
    kinds_of = {seller: {kind for s, kind in uses if s == seller} for seller, _ in uses}
    shared = {(a, b): kinds_of[a] & kinds_of[b] for a, b in verdicts}
    for _ in range(learned.ROUNDS):
        told = {kind: learned.TRUST_IN_START * start[kind] for kind in TRUE}
        counts = dict.fromkeys(TRUE, learned.TRUST_IN_START)
        for pair, kinds in shared.items():
            p = 1.0
            for kind in kinds:
                p *= 1 - table[kind]
            for kind in kinds:
                counts[kind] += 1
                told[kind] += table[kind] / (1 - p) if verdicts[pair] == Judged.SAME else 0.0
        table = {kind: min(told[kind] / counts[kind], DEFAULT.max_weight) for kind in TRUE}
    return table


def test_equals_a_slow_reference_where_pairs_share_two_kinds():
    luck = random.Random(7)
    uses, verdicts = [], {}
    for number in range(400):
        trio = [f"s-{number:05}-{place}" for place in range(3)]
        kinds = luck.choice([[Kind.PHONE], [Kind.DEVICE], [Kind.PHONE, Kind.DEVICE]])
        uses += [(seller, kind) for seller in trio for kind in kinds]
        chance = 1 - np.prod([1 - TRUE[kind] for kind in kinds])
        for pair in combinations(trio, 2):
            verdicts[pair] = Judged.SAME if luck.random() < chance else Judged.DIFFERENT
    made = market([Use(s, kind, f"{kind.word}-{s[:7]}") for s, kind in uses], judged=verdicts)
    table, _ = learned.learn(shared_ties(made, DEFAULT), PRIOR, DEFAULT)
    for kind, expected in reference(uses, verdicts).items():
        assert weight(table, kind) == pytest.approx(expected, rel=1e-9)


def test_a_pair_is_foreseen_by_a_model_that_has_not_seen_it():
    """With one kind alone a weight is a mean of verdicts and of where it began: told by hand."""
    luck = random.Random(3)
    uses, verdicts = [], {}
    for number in range(1_200):
        pair = (f"a-{number:05}", f"b-{number:05}")
        uses += [Use(seller, Kind.PHONE, f"p-{number}") for seller in pair]
        verdicts[pair] = luck.choice([Judged.SAME, Judged.DIFFERENT])
    _, told = learned.learn(shared_ties(market(uses, judged=verdicts), DEFAULT), PRIOR, DEFAULT)
    same = np.array([verdicts[pair] == Judged.SAME for pair in sorted(verdicts)])
    fold = np.random.default_rng(0).permutation(same.size) % learned.FOLDS
    start, trust = float(PRIOR.pi[Kind.PHONE, 0, 0]), learned.TRUST_IN_START
    weights = [
        (same[fold != part].sum() + trust * start) / ((fold != part).sum() + trust)
        for part in range(learned.FOLDS)
    ]
    assert told.brier == pytest.approx(np.mean((np.array(weights)[fold] - same) ** 2), rel=1e-12)


@pytest.mark.parametrize(("groups", "unsure"), [(333, 0), (334, 3)])
def test_refuses_too_few_judged_pairs(groups: int, unsure: int) -> None:
    ties = shared_ties(judged_market(groups, unsure=unsure), DEFAULT)
    with pytest.raises(Conflict, match=r"1,000 are needed, 50 of either"):
        learned.learn(ties, PRIOR, DEFAULT)


def test_pairs_that_share_nothing_teach_nothing() -> None:
    uses = [Use(f"s-{n:05}", Kind.PHONE, f"p-{n}") for n in range(3_000)]
    verdicts = {(f"s-{n:05}", f"s-{n + 1:05}"): Judged(1 + n % 2) for n in range(0, 2_998, 2)}
    ties = shared_ties(market(uses, judged=verdicts), DEFAULT)
    with pytest.raises(Conflict, match="0 pairs that share something"):
        learned.learn(ties, PRIOR, DEFAULT)


def test_one_verdict_alone_teaches_nothing() -> None:
    made = judged_market(400)
    ties = shared_ties(made, DEFAULT)
    ties.judged[ties.judged == Judged.DIFFERENT] = Judged.SAME
    with pytest.raises(Conflict, match="and 0 different"):
        learned.learn(ties, PRIOR, DEFAULT)


def test_the_reliability_of_weights_without_a_judgement_is_empty() -> None:
    told = learned.measure(shared_ties(market([]), DEFAULT), PRIOR, DEFAULT)
    assert (told.judged, told.brier, told.bins) == (0, 0.0, ())
