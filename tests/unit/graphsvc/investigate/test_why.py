"""What a member shares is weighed with the weights of the run that found the ring."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from graphsvc.investigate.uses import day_of, uses_now
from graphsvc.investigate.why import Shared, shared_by_seller, weights_of
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.weigh import PRIOR, Calibration
from queries.rings.views import SharedRow
from queries.schema.findings import DetectionRun


def claim(seller: str, said: str = "observed", first: str | None = None) -> dict[str, Any]:
    names = ("role", "source_system", "source", "last_seen", "written")
    told: dict[str, Any] = dict.fromkeys(names)
    return told | {"seller": seller, "asserted_by": said, "first_seen": first, "source": "f:1"}


def row(name: str, *claims: dict[str, Any], degree: int = 2, label: str = "Phone") -> SharedRow:
    return SharedRow("group", label, name, "…1", None, 1.0, degree, list(claims))


def weigh(rows: list[SharedRow], run: DetectionRun | None = None) -> dict[str, tuple[Shared, ...]]:
    found = shared_by_seller(uses_now(rows), weights_of(run))
    assert all(why.exact for why in found.values())
    return {seller: why.reasons for seller, why in found.items()}


def test_each_member_has_its_own_claims() -> None:
    early, late = claim("a", first="2024-01-02"), claim("a", "self_declared", "2024-02-02")
    found = weigh([row("t", late, early, claim("b", "self_declared"))])
    assert list(found) == ["a", "b"]
    (mine,), (other,) = found["a"], found["b"]
    assert (mine.members, mine.sellers, mine.first_seen) == (1, 2, "2024-01-02")
    assert (mine.asserted_by, mine.own_word) == (("observed", "self_declared"), False)
    assert (other.own_word, other.first_seen, other.claims[0].source) == (True, None, "f:1")


def test_a_hub_counts_for_nothing_and_comes_last() -> None:
    both = claim("a"), claim("b")
    found = weigh([row("hub", *both, degree=21), row("few", *both)])["a"]
    assert [(x.id, x.counts, x.weight > 0) for x in found] == [
        ("few", True, True),
        ("hub", False, False),
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (["observed"], ["observed"], True),
        (["observed"], ["self_declared"], False),
        (["self_declared"], ["observed"], False),
        (["observed"], ["self_declared", "platform_verified"], True),
    ],
)
def test_a_one_sided_tie_weighs_nothing_for_a_ban_of_either_side(
    mine: list[str], theirs: list[str], expected: bool
) -> None:
    claims = [claim("a", said) for said in mine] + [claim("b", said) for said in theirs]
    found = weigh([row("t", *claims)])
    for seller in "ab":
        (shared,) = found[seller]
        assert shared.weight > 0
        assert shared.ban_weight == (shared.weight if expected else 0)


def test_one_firm_tie_among_others_is_enough() -> None:
    three = row("t", claim("a"), claim("b", "self_declared"), claim("c"), degree=3)
    found = weigh([three])
    assert [found[s][0].ban_weight > 0 for s in "abc"] == [True, False, True]


def test_a_picture_speaks_for_no_ban_of_who_had_it_first() -> None:
    for day, spared in (("2024-01-15", True), ("2024-01-14", False), (None, False)):
        both = claim("a", first="2024-01-01"), claim("b", first=day)
        found = weigh([row("p", *both, label="Image")])
        assert (found["a"][0].ban_weight == 0, found["b"][0].ban_weight == 0) == (spared, False)


def test_the_cut_is_what_would_have_to_go() -> None:
    rows = [
        row("account", claim("a"), claim("b"), claim("c"), degree=3, label="PaymentAccount"),
        row("phone", claim("c"), claim("d")),
        row("photo", claim("a"), claim("b"), label="Image"),
        row("hub", claim("a"), claim("d"), degree=900),
    ]
    found = weigh(rows)
    cut = {seller: {x.id for x in each if x.cut} for seller, each in found.items()}
    assert cut == {"a": {"account"}, "b": {"account"}, "c": {"account", "phone"}, "d": {"phone"}}


def test_the_weights_are_those_of_the_run() -> None:
    table = Calibration("self", np.full_like(PRIOR.pi, 0.25))
    parameters = Parameters(cap=(20, 20, 3, 20, 20, 20))
    run = DetectionRun(
        id="r",
        calibration=json.dumps(table.as_json()),
        parameters=json.dumps(parameters.as_json(), sort_keys=True),
    )
    assert weights_of(run).parameters == parameters.weighed_by("self")
    rows = [row("t", claim("a"), claim("b")), row("w", claim("a"), claim("b"), degree=4)]
    found = weigh(rows, run)["a"]
    assert [(x.id, x.weight, x.counts) for x in found] == [("t", 0.25, True), ("w", 0.0, False)]
    assert weights_of(run).calibration.as_json() == table.as_json()
    none = weights_of(DetectionRun(id="r"))
    assert (none.calibration, none.model.coupling, none.parameters) == (PRIOR, None, DEFAULT)


def test_a_run_of_before_linked_every_pair_from_one_theta() -> None:
    told = Parameters(theta=0.4).as_json()
    del told["calibrated_theta"], told["picture_theta"]
    table = json.dumps(Calibration("self", PRIOR.pi).as_json())
    run = DetectionRun(id="r", calibration=table, parameters=json.dumps(told))
    found = weights_of(run).parameters
    assert (found.theta, found.picture_theta) == (0.4, 0.4)


def test_days() -> None:
    assert day_of("1970-01-02T10:00:00Z") == 1
    assert day_of(None) == day_of("") == day_of("no date") == -1
