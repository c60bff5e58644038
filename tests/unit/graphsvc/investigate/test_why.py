"""What a member shares is weighed with the weights of the run that found the ring."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from graphsvc.investigate.why import day_of, shared_by_seller, weights_of
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.weigh import PRIOR, Calibration
from queries.rings.views import SharedRow
from queries.schema.findings import DetectionRun


def claim(seller: str, said: str = "observed", first: str | None = None) -> dict[str, Any]:
    names = ("role", "source_system", "source", "last_seen", "written")
    told: dict[str, Any] = dict.fromkeys(names)
    return told | {"seller": seller, "asserted_by": said, "first_seen": first, "source": "f:1"}


def row(name: str, *claims: dict[str, Any], degree: int = 2, label: str = "Phone") -> SharedRow:
    users = len({each["seller"] for each in claims})
    return SharedRow(label, name, "…1", None, users, degree, list(claims))


def test_each_member_has_its_own_claims() -> None:
    early, late = claim("a", first="2024-01-02"), claim("a", "self_declared", "2024-02-02")
    found = shared_by_seller([row("t", late, early, claim("b", "self_declared"))], None)
    assert list(found) == ["a", "b"]
    (mine,), (other,) = found["a"], found["b"]
    assert (mine.members, mine.sellers, mine.first_seen) == (1, 2, "2024-01-02")
    assert (mine.asserted_by, mine.own_word) == (("observed", "self_declared"), False)
    assert (other.own_word, other.first_seen, other.claims[0].source) == (True, None, "f:1")


def test_a_hub_counts_for_nothing_and_comes_last() -> None:
    both = claim("a"), claim("b")
    found = shared_by_seller([row("hub", *both, degree=21), row("few", *both)], None)["a"]
    assert [(x.id, x.counts, x.weight > 0) for x in found] == [
        ("few", True, True),
        ("hub", False, False),
    ]


def test_the_weights_are_those_of_the_run() -> None:
    table = Calibration("self", np.full_like(PRIOR.pi, 0.25))
    parameters = Parameters(cap=(20, 20, 3, 20, 20, 20))
    run = DetectionRun(
        id="r",
        calibration=json.dumps(table.as_json()),
        parameters=json.dumps(parameters.as_json(), sort_keys=True),
    )
    assert weights_of(run)[1] == parameters
    rows = [row("t", claim("a"), claim("b")), row("w", claim("a"), claim("b"), degree=4)]
    found = shared_by_seller(rows, run)["a"]
    assert [(x.id, x.weight, x.counts) for x in found] == [("t", 0.25, True), ("w", 0.0, False)]
    assert weights_of(DetectionRun(id="r")) == (PRIOR, DEFAULT)


def test_days() -> None:
    assert day_of("1970-01-02T10:00:00Z") == 1
    assert day_of(None) == day_of("") == day_of("no date") == -1
